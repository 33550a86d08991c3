"""Schemes, decisions about records, subscribers and their proposals, checks.

Values of rows lie in the lake; here are keys, decisions and counts.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q

from tongqu.kernel.words import Word
from tongqu.masters.vocabulary import (
    ClashState,
    LikenessState,
    MasterDomain,
    ProposalState,
)


def _one_of(name: str, field: str, words: type[Word]) -> Any:
    return models.CheckConstraint(
        name=name, condition=Q(**{f"{field}__in": [word.value for word in words]})
    )


class Scheme(models.Model):
    """主数据方案: one kind of thing; a new version is a new row, the highest is in force."""

    code = models.CharField("方案", max_length=40)
    version = models.PositiveIntegerField("版本")
    domain = models.CharField("主数据域", max_length=20)
    title = models.CharField("名称", max_length=80)
    document = models.JSONField("规则")
    digest = models.CharField("摘要", max_length=64)
    saved_by = models.CharField("保存人", max_length=120)
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        ordering = ["domain", "code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="master_scheme_version"),
            _one_of("master_scheme_domain", "domain", MasterDomain),
        ]

    def __str__(self) -> str:
        return self.title


class Consolidation(models.Model):
    """归集: one run over the sources of a scheme."""

    scheme = models.CharField("方案", max_length=40, db_index=True)
    version = models.PositiveIntegerField("方案版本")
    at = models.DateTimeField("时间")
    by = models.CharField("执行人", max_length=120)
    records = models.BigIntegerField("金记录")
    rows = models.BigIntegerField("来源记录")
    events = models.JSONField("变更数", default=dict)
    likenesses = models.BigIntegerField("疑似重复", default=0)
    clashes = models.BigIntegerField("标识冲突", default=0)
    snapshot_id = models.BigIntegerField("快照")

    class Meta:
        ordering = ["-pk"]


class Likeness(models.Model):
    """疑似重复: two golden records that may be one thing. No value of a row is kept here."""

    scheme = models.CharField("方案", max_length=40)
    first_key = models.CharField("记录一", max_length=60)
    second_key = models.CharField("记录二", max_length=60)
    score = models.FloatField("匹配度")
    reasons = models.JSONField("理由", default=list)  # [field, level, weight]
    state = models.CharField("状态", max_length=10, default=LikenessState.OPEN.value)
    note = models.CharField("意见", max_length=300, blank=True)
    decided_by = models.CharField("认定人", max_length=160, blank=True)
    decided_at = models.DateTimeField("认定时间", null=True, blank=True)
    found_at = models.DateTimeField("发现时间")

    class Meta:
        ordering = ["-score", "pk"]
        indexes = [models.Index(fields=["scheme", "state", "-score"], name="master_likeness_open")]
        constraints = [
            _one_of("master_likeness_state", "state", LikenessState),
            models.UniqueConstraint(
                fields=["scheme", "first_key", "second_key"], name="master_likeness_once"
            ),
            models.CheckConstraint(
                name="master_likeness_in_order", condition=Q(first_key__lt=F("second_key"))
            ),
            models.CheckConstraint(
                name="master_likeness_decided_by_somebody",
                condition=Q(state=LikenessState.OPEN.value) | ~Q(decided_by=""),
            ),
        ]


class Redirect(models.Model):
    """合并: the old key leads to the new one until it is split off again. Rows stay as history."""

    scheme = models.CharField("方案", max_length=40)
    old_key = models.CharField("原标识", max_length=60)
    new_key = models.CharField("现标识", max_length=60, db_index=True)
    likeness = models.ForeignKey(
        Likeness, models.PROTECT, null=True, blank=True, related_name="redirects"
    )
    reason = models.CharField("理由", max_length=300, blank=True)
    merged_at = models.DateTimeField("合并时间")
    merged_by = models.CharField("合并人", max_length=160)
    split_at = models.DateTimeField("拆分时间", null=True, blank=True)
    split_by = models.CharField("拆分人", max_length=160, blank=True)
    split_reason = models.CharField("拆分理由", max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "old_key"],
                condition=Q(split_at=None),
                name="master_redirect_one_open",
            ),
            models.CheckConstraint(
                name="master_redirect_elsewhere", condition=~Q(old_key=F("new_key"))
            ),
            models.CheckConstraint(
                name="master_redirect_split_whole",
                condition=Q(split_at=None, split_by="")
                | (Q(split_at__isnull=False) & ~Q(split_by="")),
            ),
        ]


class Clash(models.Model):
    """标识冲突: one key, several identities. Which values: the page asks the lake."""

    scheme = models.CharField("方案", max_length=40)
    key = models.CharField("标识", max_length=60)
    field = models.CharField("标识字段", max_length=63)
    sources = models.JSONField("来源", default=list)
    ticket = models.CharField("工单号", max_length=40, blank=True)
    state = models.CharField("状态", max_length=10, default=ClashState.OPEN.value)
    note = models.CharField("意见", max_length=300, blank=True)
    found_at = models.DateTimeField("发现时间")
    ended_at = models.DateTimeField("办结时间", null=True, blank=True)
    ended_by = models.CharField("办结人", max_length=160, blank=True)

    class Meta:
        ordering = ["-found_at", "pk"]
        constraints = [
            _one_of("master_clash_state", "state", ClashState),
            models.UniqueConstraint(
                fields=["scheme", "key", "field"],
                condition=~Q(state=ClashState.SETTLED.value),
                name="master_clash_one_open",
            ),
        ]


class Subscription(models.Model):
    """订阅: who is told of changes, on which grant. ``ended_at`` NULL: in force."""

    scheme = models.CharField("方案", max_length=40)
    organisation = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    grant = models.CharField("授权编号", max_length=40)
    cursor = models.BigIntegerField("已取到", default=0)
    since = models.DateTimeField("订阅时间")
    by = models.CharField("订阅人", max_length=160)
    ended_at = models.DateTimeField("终止时间", null=True, blank=True)

    class Meta:
        ordering = ["scheme", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "organisation"], condition=Q(ended_at=None),
                name="master_subscription_one_open",
            )
        ]  # fmt: skip


class Proposal(models.Model):
    """更正建议. The proposed value is sealed: it is a value of a row."""

    number = models.CharField("编号", max_length=40, unique=True)
    scheme = models.CharField("方案", max_length=40)
    key = models.CharField("标识", max_length=60, db_index=True)
    field = models.CharField("字段", max_length=63)
    sealed = models.TextField("建议值（密封）")
    reason = models.CharField("理由", max_length=300)
    version = models.PositiveIntegerField("所见版本")
    organisation = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=10, default=ProposalState.FILED.value)
    ticket = models.CharField("工单号", max_length=40, blank=True)
    note = models.CharField("意见", max_length=300, blank=True)
    filed_by = models.CharField("提出人", max_length=160)
    filed_at = models.DateTimeField("提出时间")
    decided_by = models.CharField("办理人", max_length=160, blank=True)
    decided_at = models.DateTimeField("办理时间", null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [_one_of("master_proposal_state", "state", ProposalState)]


class CrossCheck(models.Model):
    """多源校核: one fact of several sources, compared."""

    code = models.CharField("编码", max_length=40, unique=True)
    title = models.CharField("名称", max_length=120)
    document = models.JSONField("规则")
    saved_by = models.CharField("保存人", max_length=120)
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class CrossRun(models.Model):
    """一次校核: exact counts by item; the conflicting rows lie in the lake."""

    check_of = models.ForeignKey(CrossCheck, models.CASCADE, related_name="runs")
    number = models.CharField("校核号", max_length=40, unique=True)
    at = models.DateTimeField("时间")
    by = models.CharField("执行人", max_length=120)
    held = models.JSONField("各来源行数", default=dict)
    shared = models.BigIntegerField("共有主键")
    conflicts = models.BigIntegerField("冲突数")
    items = models.JSONField("各项", default=list)
    tickets = models.JSONField("工单", default=dict)  # entry → number
    snapshot_id = models.BigIntegerField("快照", null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
