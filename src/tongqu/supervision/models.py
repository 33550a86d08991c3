"""IT projects, receipts shown at their gates, and drafts of rectification notices."""

from typing import Any

from django.db import models
from django.db.models import Q

from tongqu.kernel.words import Word
from tongqu.supervision.vocabulary import DraftState, Facility, Gate, Stage, Together


def _one_of(name: str, field: str, words: type[Word]) -> Any:
    return models.CheckConstraint(
        name=name, condition=Q(**{f"{field}__in": [word.value for word in words]})
    )


class Beat(models.Model):
    """One minute of the platform: whether its parts answered. A minute without a row is down."""

    minute = models.DateTimeField("时间", unique=True)
    is_up = models.BooleanField("正常")
    millis = models.PositiveIntegerField("应答毫秒")
    failed = models.CharField("未应答", max_length=300, blank=True)

    class Meta:
        ordering = ["-minute"]
        constraints = [
            models.CheckConstraint(
                name="beat_down_says_why",
                condition=Q(is_up=True, failed="") | (Q(is_up=False) & ~Q(failed="")),
            )
        ]


class Project(models.Model):
    """信息化项目. ``connect_due_on`` is stored when trial operation begins (article 20)."""

    code = models.CharField("项目编号", max_length=40, unique=True)
    name = models.CharField("项目名称", max_length=200, unique=True)
    organisation = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    system_name = models.CharField("系统名称", max_length=120)
    summary = models.CharField("建设内容", max_length=1000, blank=True)
    stage = models.CharField("阶段", max_length=20, default=Stage.APPROVAL)
    created_at = models.DateTimeField("登记时间")
    created_by = models.CharField("登记人", max_length=120)
    trial_started_on = models.DateField("试运行开始", null=True, blank=True)
    connect_due_on = models.DateField("接入期限", null=True, blank=True, db_index=True)
    connected_at = models.DateTimeField("接入时间", null=True, blank=True)
    late_since = models.DateTimeField("逾期未接入标记", null=True, blank=True)
    is_example = models.BooleanField("示例", default=False)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            _one_of("project_stage_known", "stage", Stage),
            models.CheckConstraint(
                name="project_trial_has_due_day",
                condition=Q(trial_started_on=None, connect_due_on=None)
                | Q(trial_started_on__isnull=False, connect_due_on__isnull=False),
            ),
            models.CheckConstraint(
                name="project_before_trial_has_no_start",
                condition=~Q(stage__in=[Stage.APPROVAL.value, Stage.BUILDING.value])
                | Q(trial_started_on=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProjectEntry(models.Model):
    """项目的目录条目."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="entries")
    entry_code = models.CharField("目录标识", max_length=60, unique=True)

    class Meta:
        ordering = ["entry_code"]


class ProjectEvent(models.Model):
    """项目时间线; rows are only ever added."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="events")
    at = models.DateTimeField("时间")
    title = models.CharField("事项", max_length=120)
    note = models.CharField("说明", max_length=500, blank=True)
    by = models.CharField("经办", max_length=120)
    basis = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]


class Construction(models.Model):
    """新建交通基础设施: makes a project one that the checklist of 四同步 is kept for."""

    project = models.OneToOneField(Project, models.CASCADE, related_name="construction")
    facility = models.CharField("设施类别", max_length=20)
    set_at = models.DateTimeField("登记时间")
    set_by = models.CharField("登记人", max_length=120)

    class Meta:
        constraints = [_one_of("construction_facility", "facility", Facility)]


class TogetherItem(models.Model):
    """四同步 of a construction project, one row an item that was filled in."""

    construction = models.ForeignKey(Construction, models.CASCADE, related_name="items")
    item = models.CharField("事项", max_length=20)
    content = models.CharField("落实情况", max_length=500)
    filled_at = models.DateTimeField("填报时间")
    filled_by = models.CharField("填报人", max_length=120)

    class Meta:
        ordering = ["pk"]
        constraints = [
            _one_of("together_item", "item", Together),
            models.UniqueConstraint(fields=["construction", "item"], name="together_once"),
            models.CheckConstraint(name="together_said", condition=~Q(content="")),
        ]


class GateCheck(models.Model):
    """已核验: a receipt shown at a gate, and what its number said then."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="checks")
    gate = models.CharField("关口", max_length=20)
    number = models.CharField("回执编号", max_length=30, blank=True)
    state = models.CharField("回执状态", max_length=20, blank=True)
    version = models.CharField("版本", max_length=20, blank=True)
    newer_version = models.CharField("更新的版本", max_length=20, blank=True)
    passed = models.BooleanField("通过")
    why = models.CharField("说明", max_length=300, blank=True)
    at = models.DateTimeField("核验时间")
    by = models.CharField("核验人", max_length=120)

    class Meta:
        ordering = ["-pk"]
        constraints = [_one_of("gate_known", "gate", Gate)]


class RectificationDraft(models.Model):
    """整改线索: what points to one of the seven cases of article 23. ``key`` makes it once."""

    key = models.CharField("去重键", max_length=120, unique=True)
    organisation = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="drafts"
    )
    case = models.CharField("情形", max_length=10)  # 一 … 七
    basis = models.CharField("依据", max_length=200)
    title = models.CharField("事由", max_length=200)
    evidence = models.JSONField("证据", default=dict)
    state = models.CharField("状态", max_length=20, default=DraftState.CLUE)
    made_at = models.DateTimeField("生成时间")
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)
    decided_by = models.CharField("处理人", max_length=120, blank=True)
    reason = models.CharField("处理说明", max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            _one_of("rectification_state_known", "state", DraftState),
            models.CheckConstraint(
                name="rectification_has_basis", condition=~Q(basis="") & ~Q(case="")
            ),
            models.CheckConstraint(
                name="rectification_decided_whole",
                condition=Q(state=DraftState.CLUE, decided_at=None, decided_by="")
                | (~Q(state=DraftState.CLUE) & Q(decided_at__isnull=False) & ~Q(decided_by="")),
            ),
        ]
