"""Tables of standards: the library, its workflow, code tables, elements, message formats."""

from typing import Any

from django.db import models
from django.db.models import Q

from tongqu.kernel.words import Word
from tongqu.standards.vocabulary import (
    Answer,
    ElementType,
    RuleKind,
    RuleSubject,
    StandardKind,
    StandardState,
    SubjectKind,
    Topic,
    Vote,
)


def one_of(name: str, field: str, words: type[Word], *, blank: bool = False) -> Any:
    """Return the constraint that a column holds a word of the enum."""
    values = [word.value for word in words] + ([""] if blank else [])
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": values}))


class Standard(models.Model):
    """标准规范 or 管理制度, one version. ``edition`` guards against two editors at once."""

    code = models.CharField("编号", max_length=120, unique=True)  # with its version
    version = models.CharField("版本", max_length=40)
    title = models.CharField("名称", max_length=200)
    kind = models.CharField("类别", max_length=20)
    topic = models.CharField("专题", max_length=20)
    state = models.CharField("状态", max_length=20, default=StandardState.PROPOSED)
    summary = models.TextField("摘要", blank=True)
    draft = models.TextField("草案", blank=True)
    working_group = models.JSONField("工作组", default=list)  # names of units or posts
    replaces = models.JSONField("替代", default=list)  # codes of the versions it replaces
    replaced_by = models.CharField("被替代", max_length=120, blank=True)
    issued_on = models.DateField("发布日期", null=True, blank=True)
    effective_on = models.DateField("实施日期", null=True, blank=True)
    abolished_on = models.DateField("废止日期", null=True, blank=True)
    # 制度 (STD-12): whose, of which kind, over what, governing which processes.
    organisation = models.ForeignKey(
        "identity.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    rule_kind = models.CharField("制度类别", max_length=20, blank=True)
    rule_subject = models.CharField("制度事项", max_length=20, blank=True)
    scope = models.CharField("适用范围", max_length=300, blank=True)
    processes = models.JSONField("关联流程", default=list)  # [{"name", "url"}]
    is_own = models.BooleanField("走本平台制修订流程", default=False)
    is_example = models.BooleanField("示例", default=False)
    edition = models.PositiveIntegerField("修改次数", default=0)
    changed_at = models.DateTimeField("修改时间")
    changed_by = models.CharField("修改人", max_length=160)

    class Meta:
        ordering = ["code"]
        constraints = [
            one_of("standard_kind_known", "kind", StandardKind),
            one_of("standard_topic_known", "topic", Topic),
            one_of("standard_state_known", "state", StandardState),
            one_of("standard_rule_kind_known", "rule_kind", RuleKind, blank=True),
            one_of("standard_rule_subject_known", "rule_subject", RuleSubject, blank=True),
            models.CheckConstraint(
                name="standard_rule_is_somebodys",
                condition=~Q(kind=StandardKind.RULE)
                | (Q(organisation__isnull=False) & ~Q(rule_kind="") & ~Q(rule_subject="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class StandardEvent(models.Model):
    """经过: every step of a standard; only ever added."""

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="events")
    command = models.CharField("动作", max_length=20)
    state = models.CharField("到达状态", max_length=20)
    note = models.CharField("说明", max_length=300, blank=True)
    actor = models.CharField("办理人", max_length=160)
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ["pk"]


class Comment(models.Model):
    """征求意见: one opinion and its answer; 部分采纳 and 不采纳 give a reason."""

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="comments")
    place = models.CharField("条款", max_length=120, blank=True)
    text = models.CharField("意见", max_length=1000)
    author = models.CharField("提出人", max_length=160)
    organisation_id = models.IntegerField("提出单位", null=True)
    at = models.DateTimeField("提出时间")
    answer = models.CharField("处理", max_length=20, blank=True)
    reason = models.CharField("理由", max_length=500, blank=True)
    answered_by = models.CharField("处理人", max_length=160, blank=True)
    answered_at = models.DateTimeField("处理时间", null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("comment_answer_known", "answer", Answer, blank=True),
            models.CheckConstraint(
                name="comment_refusal_has_reason",
                condition=Q(answer__in=["", Answer.ACCEPTED]) | ~Q(reason=""),
            ),
        ]


class Ballot(models.Model):
    """表决: one member of the standards committee, one vote a round of review."""

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="ballots")
    round = models.PositiveSmallIntegerField("轮次", default=1)
    member = models.CharField("委员", max_length=160)
    member_key = models.CharField("委员帐号", max_length=120)
    vote = models.CharField("表决", max_length=20)
    note = models.CharField("意见", max_length=300, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("ballot_vote_known", "vote", Vote),
            models.UniqueConstraint(fields=["standard", "round", "member_key"], name="ballot_once"),
        ]


class Review(models.Model):
    """复核: what refers to a standard that was replaced, until somebody has looked at it."""

    old = models.ForeignKey(Standard, models.CASCADE, related_name="reviews")
    new_code = models.CharField("新标准", max_length=120, blank=True)
    subject_kind = models.CharField("对象类别", max_length=20)
    subject_code = models.CharField("对象编码", max_length=120)
    subject_name = models.CharField("对象名称", max_length=200)
    url = models.CharField("地址", max_length=300, blank=True)
    owner_id = models.IntegerField("负责单位", default=0)  # 0: the managing office
    opened_at = models.DateTimeField("时间")
    done_at = models.DateTimeField("复核时间", null=True)
    done_by = models.CharField("复核人", max_length=160, blank=True)
    note = models.CharField("结论", max_length=300, blank=True)

    class Meta:
        ordering = ["subject_kind", "subject_code"]
        constraints = [
            one_of("review_subject_known", "subject_kind", SubjectKind),
            models.UniqueConstraint(
                fields=["old", "new_code", "subject_kind", "subject_code"], name="review_once"
            ),
        ]


class CodeTableVersion(models.Model):
    """代码集, one version. ``codes``: [code, label, parent, valid_from, valid_to] rows."""

    name = models.CharField("代码集", max_length=60, db_index=True)
    version = models.CharField("版本", max_length=40)
    title = models.CharField("名称", max_length=200)
    standard = models.CharField("标准编号", max_length=120, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("失效日期", null=True, blank=True)
    codes = models.JSONField("代码", default=list)
    is_example = models.BooleanField("示例", default=False)
    edition = models.PositiveIntegerField("修改次数", default=0)
    changed_at = models.DateTimeField("修改时间")
    changed_by = models.CharField("修改人", max_length=160)

    class Meta:
        ordering = ["name", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="code_table_version_once"),
            models.UniqueConstraint(fields=["name", "valid_from"], name="code_table_day_once"),
            models.CheckConstraint(
                name="code_table_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from")),
            ),
        ]


class Crosswalk(models.Model):
    """对照: from the codes of one table to those of another. ``pairs``: [from, to, note] rows."""

    source = models.CharField("来源代码集", max_length=60)
    target = models.CharField("目标代码集", max_length=60)
    title = models.CharField("名称", max_length=200, blank=True)
    pairs = models.JSONField("对照", default=list)
    is_example = models.BooleanField("示例", default=False)
    edition = models.PositiveIntegerField("修改次数", default=0)
    changed_at = models.DateTimeField("修改时间")
    changed_by = models.CharField("修改人", max_length=160)

    class Meta:
        ordering = ["source", "target"]
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], name="crosswalk_once"),
            models.CheckConstraint(
                name="crosswalk_joins_two_tables", condition=~Q(source=models.F("target"))
            ),
        ]


class DataElement(models.Model):
    """数据元."""

    code = models.CharField("编码", max_length=60, unique=True)
    name_zh = models.CharField("中文名称", max_length=120)
    name_en = models.CharField("英文名称", max_length=120)
    data_type = models.CharField("类型", max_length=20)
    length = models.PositiveIntegerField("长度", null=True, blank=True)
    code_table = models.CharField("代码集", max_length=60, blank=True)
    standard = models.CharField("标准编号", max_length=120, blank=True, db_index=True)
    definition = models.CharField("定义", max_length=500, blank=True)
    checks = models.JSONField("校验", default=list)
    is_example = models.BooleanField("示例", default=False)
    edition = models.PositiveIntegerField("修改次数", default=0)
    changed_at = models.DateTimeField("修改时间")
    changed_by = models.CharField("修改人", max_length=160)

    class Meta:
        ordering = ["code"]
        constraints = [one_of("element_type_known", "data_type", ElementType)]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class MessageFormat(models.Model):
    """电子单据格式: a message made of elements, with a sample (STD-14)."""

    code = models.CharField("编码", max_length=60, unique=True)
    title = models.CharField("名称", max_length=120)
    standard = models.CharField("标准编号", max_length=120, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)
    fields = models.JSONField("要素", default=list)  # [{path, name, element, required}]
    sample = models.JSONField("样例", default=dict)
    is_example = models.BooleanField("示例", default=False)
    edition = models.PositiveIntegerField("修改次数", default=0)
    changed_at = models.DateTimeField("修改时间")
    changed_by = models.CharField("修改人", max_length=160)

    class Meta:
        ordering = ["code"]


class RuleCheck(models.Model):
    """制度年度检查: which units have no current rule on what is asked for."""

    year = models.PositiveSmallIntegerField("年度")
    at = models.DateTimeField("时间")
    by = models.CharField("检查人", max_length=160)
    units = models.PositiveIntegerField("单位数")
    missing = models.JSONField("缺少", default=list)  # [{organisation, name, subject}]

    class Meta:
        ordering = ["-pk"]
