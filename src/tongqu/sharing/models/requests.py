"""Requests and their history, decisions, feedback, revocation tasks."""

from typing import Any

from django.db import models
from django.db.models import Q

from tongqu.sharing.vocabulary import (
    FREQUENCY_LABELS,
    MATTER_LABELS,
    RETENTION_LABELS,
    REVOCATION_LABELS,
    STAGE_LABELS,
    STATE_LABELS,
    STATE_TONES,
    Command,
    Frequency,
    Matter,
    Retention,
    RevocationState,
    Stage,
    State,
)


class ShareRequest(models.Model):
    """共享申请. What it says is frozen at filing; what happens to it is in its events.

    ``terms`` holds the numbers in force on the day of filing (GEN-10): a later profile
    does not touch a case that has begun. The stage's clock is ``stage_received_on`` plus
    ``stage_working_days``; ``due_on`` is stored when it is decided.
    """

    number = models.CharField("办件号", max_length=30, unique=True)
    entry_code = models.CharField("资源编码", max_length=60, db_index=True)
    entry_name = models.CharField("资源名称", max_length=200)
    version_id = models.BigIntegerField("目录版本")
    version = models.CharField("版本号", max_length=20)
    sharing_type = models.CharField("共享类型", max_length=20)
    is_external = models.BooleanField("行业外", default=False)
    provider = models.ForeignKey(
        "identity.Organisation", models.PROTECT, related_name="+", verbose_name="提供部门"
    )
    consumer = models.ForeignKey(
        "identity.Organisation", models.PROTECT, related_name="+", verbose_name="使用部门"
    )
    applicant_key = models.CharField("申请人标识", max_length=120)
    applicant_name = models.CharField("申请人", max_length=120)
    state = models.CharField("状态", max_length=30, default=State.DRAFT)
    matter = models.CharField("履职事项", max_length=30)
    purpose = models.CharField("使用用途", max_length=500)
    duty = models.CharField("履职依据", max_length=300, blank=True)
    system_name = models.CharField("接收系统", max_length=120)
    frequency = models.CharField("使用频次", max_length=20)
    retention = models.CharField("留存期限", max_length=20)
    items = models.JSONField("信息项", default=list)  # name_en of the items asked for
    manners = models.JSONField("共享方式", default=list)
    profile = models.CharField("适用制度", max_length=60)
    terms = models.JSONField("适用期限", default=dict)  # name → days, frozen at filing
    filed_at = models.DateTimeField("提交时间")
    stage_received_on = models.DateField("本环节收到日")
    stage_working_days = models.PositiveSmallIntegerField("本环节工作日", null=True)
    paused_days = models.PositiveSmallIntegerField("中止时剩余工作日", null=True)
    supplements = models.PositiveSmallIntegerField("补正次数", default=0)
    asked_materials = models.JSONField("待补材料", default=list)
    due_on = models.DateField("期限", null=True, db_index=True)
    due_provisional = models.BooleanField("期限暂定", default=False)
    overdue_at = models.DateTimeField("超期标记时间", null=True)
    closed_at = models.DateTimeField("办结时间", null=True)
    grant_number = models.CharField("授权编号", max_length=40, blank=True, db_index=True)
    submission_key = models.CharField("防重令牌", max_length=100, null=True)
    submission_digest = models.CharField("提交内容摘要", max_length=64, blank=True)

    class Meta:
        ordering = ["-filed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="request_state_known", condition=Q(state__in=[s.value for s in State])
            ),
            models.CheckConstraint(
                name="request_matter_known", condition=Q(matter__in=[m.value for m in Matter])
            ),
            models.CheckConstraint(
                name="request_frequency_known",
                condition=Q(frequency__in=[f.value for f in Frequency]),
            ),
            models.CheckConstraint(
                name="request_retention_known",
                condition=Q(retention__in=[r.value for r in Retention]),
            ),
            models.CheckConstraint(
                name="request_granted_has_grant",
                condition=~Q(state=State.GRANTED.value) | ~Q(grant_number=""),
            ),
            models.UniqueConstraint(
                fields=["consumer", "applicant_key", "submission_key"], name="request_once"
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="request_open_idx")]

    def __str__(self) -> str:
        return self.number

    @property
    def state_label(self) -> str:
        return STATE_LABELS[State(self.state)]

    @property
    def state_tone(self) -> str:
        return STATE_TONES[State(self.state)]

    @property
    def matter_label(self) -> str:
        return MATTER_LABELS[Matter(self.matter)]

    @property
    def frequency_label(self) -> str:
        return FREQUENCY_LABELS[Frequency(self.frequency)]

    @property
    def retention_label(self) -> str:
        return RETENTION_LABELS[Retention(self.retention)]


class RequestEvent(models.Model):
    """One step in the history of a request; rows are only ever added."""

    request = models.ForeignKey(ShareRequest, models.PROTECT, related_name="events")
    position = models.PositiveIntegerField("序号")
    command = models.CharField("动作", max_length=30)
    label = models.CharField("动作名称", max_length=40)
    source = models.CharField("原状态", max_length=30)
    target = models.CharField("新状态", max_length=30)
    actor_kind = models.CharField("主体类型", max_length=10)
    actor_key = models.CharField("主体", max_length=120)
    actor_name = models.CharField("办理人", max_length=120)
    organisation_name = models.CharField("办理单位", max_length=120, blank=True)
    at = models.DateTimeField("时间")
    reason = models.CharField("理由", max_length=500, blank=True)
    basis = models.CharField("依据", max_length=200, blank=True)
    facts = models.JSONField("要素", default=dict)

    class Meta:
        ordering = ["request", "position"]
        constraints = [
            models.UniqueConstraint(fields=["request", "position"], name="request_event_once"),
            models.CheckConstraint(
                name="request_event_command_known",
                condition=Q(command__in=[c.value for c in Command]),
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("a request's history is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(f"a request's history is append-only: {args} {kwargs}")


class Decision(models.Model):
    """办理意见 of one stage, with the clause as it was cited: frozen in our own words."""

    request = models.ForeignKey(ShareRequest, models.PROTECT, related_name="decisions")
    stage = models.CharField("环节", max_length=30)
    command = models.CharField("决定", max_length=30)
    label = models.CharField("决定名称", max_length=40)
    items = models.JSONField("同意的信息项", default=list)
    basis = models.CharField("依据", max_length=200)
    basis_title = models.CharField("依据名称", max_length=200)
    basis_gist = models.CharField("依据要旨", max_length=300)
    basis_wording = models.TextField("依据原文", blank=True)  # as imported on that day
    reason = models.CharField("理由", max_length=500, blank=True)
    by_key = models.CharField("决定人标识", max_length=120)
    by_name = models.CharField("决定人", max_length=120)
    by_organisation = models.CharField("决定单位", max_length=120, blank=True)
    at = models.DateTimeField("决定时间")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "stage"], name="decision_once_a_stage"),
            models.CheckConstraint(
                name="decision_refusal_has_basis",
                condition=~Q(command=Command.REFUSE.value) | ~Q(basis=""),
            ),
            models.CheckConstraint(
                name="decision_stage_known", condition=Q(stage__in=[s.value for s in Stage])
            ),
        ]

    @property
    def stage_label(self) -> str:
        return STAGE_LABELS[Stage(self.stage)]


class DailyNumber(models.Model):
    """The last number given on a day: two filings at once never share one."""

    day = models.DateField("日期", unique=True)
    last = models.PositiveIntegerField("末号", default=0)


class Feedback(models.Model):
    """使用反馈: the three parts that article 17 names."""

    grant_number = models.CharField("授权编号", max_length=40, db_index=True)
    entry_code = models.CharField("资源编码", max_length=60, db_index=True)
    consumer = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    needs_met = models.PositiveSmallIntegerField("满足需求情况")
    data_quality = models.PositiveSmallIntegerField("数据质量")
    effect = models.CharField("使用效果", max_length=500)
    by_key = models.CharField("反馈人标识", max_length=120)
    by_name = models.CharField("反馈人", max_length=120)
    at = models.DateTimeField("反馈时间")

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                name="feedback_scores_in_range",
                condition=Q(needs_met__range=(1, 5), data_quality__range=(1, 5)),
            ),
            models.CheckConstraint(name="feedback_has_effect", condition=~Q(effect="")),
        ]


class FeedbackDue(models.Model):
    """Where each grant stands in its cycle: kept by the job, read by pages and the notice."""

    grant_number = models.CharField("授权编号", max_length=40, unique=True)
    entry_code = models.CharField("资源编码", max_length=60)
    entry_name = models.CharField("资源名称", max_length=200)
    consumer = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    provider_id = models.BigIntegerField("提供部门")
    since = models.DateField("本周期起算日")
    due_on = models.DateField("应反馈日")
    misses = models.PositiveSmallIntegerField("未反馈次数", default=0)
    noticed_at = models.DateTimeField("列入通报时间", null=True)

    class Meta:
        ordering = ["due_on", "grant_number"]


class RevocationTask(models.Model):
    """撤销任务: a grant unused for three months, for the granting unit to decide (article 17)."""

    grant_number = models.CharField("授权编号", max_length=40, db_index=True)
    entry_code = models.CharField("资源编码", max_length=60)
    entry_name = models.CharField("资源名称", max_length=200)
    unit = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    is_external = models.BooleanField("行业外", default=False)
    consumer = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    idle_since = models.DateField("未使用起算日")
    state = models.CharField("状态", max_length=10, default=RevocationState.OPEN)
    opened_at = models.DateTimeField("生成时间")
    decided_at = models.DateTimeField("决定时间", null=True)
    decided_by = models.CharField("决定人", max_length=120, blank=True)
    reason = models.CharField("理由", max_length=500, blank=True)
    basis = models.CharField("依据", max_length=200)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="revocation_state_known",
                condition=Q(state__in=[s.value for s in RevocationState]),
            ),
            models.UniqueConstraint(
                fields=["grant_number", "idle_since"], name="revocation_once_a_clock"
            ),
            models.CheckConstraint(
                name="revocation_decided_pair",
                condition=Q(state=RevocationState.OPEN.value, decided_at=None)
                | (~Q(state=RevocationState.OPEN.value) & Q(decided_at__isnull=False)),
            ),
        ]

    @property
    def state_label(self) -> str:
        return REVOCATION_LABELS[RevocationState(self.state)]
