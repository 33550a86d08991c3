"""Topics, business data models, and the upkeep of tables."""

from django.db import models
from django.db.models import Q

from tongqu.lake.models.running import one_of
from tongqu.lake.vocabulary import (
    HARM_LABELS,
    STORED_LABELS,
    UPKEEP_LABELS,
    Harm,
    ModelLevel,
    ModelScope,
    RecoveryClass,
    RunState,
    StoredKind,
    UpkeepKind,
)


class TopicTemplate(models.Model):
    """专题模板: indicators that a topic may be made of, as a pack declares them."""

    code = models.CharField("标识", max_length=40, unique=True)
    title = models.CharField("名称", max_length=100)
    pack = models.CharField("模型包", max_length=120)
    indicators = models.JSONField("指标", default=list)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class Topic(models.Model):
    """专题: asked for by a department, made from a template without code."""

    code = models.CharField("标识", max_length=40, unique=True)
    title = models.CharField("名称", max_length=100)
    template = models.ForeignKey(TopicTemplate, models.PROTECT, related_name="topics")
    organisation = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    owner = models.CharField("负责人", max_length=120)
    indicators = models.JSONField("指标", default=list)
    retention_days = models.PositiveIntegerField("保留天数")
    by_key = models.CharField("建立人标识", max_length=120)
    created_at = models.DateTimeField("建立时间")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def table(self) -> str:
        return f"svc_topic_{self.code}"


class BusinessModel(models.Model):
    """业务数据模型: what a business object consists of, at one of three levels."""

    code = models.CharField("标识", max_length=60, unique=True)
    title = models.CharField("名称", max_length=120)
    level = models.CharField("层次", max_length=12)
    scope = models.CharField("范围", max_length=6)
    organisation = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    refines = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["code"]
        constraints = [
            one_of("business_model_level_known", "level", ModelLevel),
            one_of("business_model_scope_known", "scope", ModelScope),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def level_label(self) -> str:
        return ModelLevel(self.level).label

    @property
    def scope_label(self) -> str:
        return ModelScope(self.scope).label


class BusinessModelVersion(models.Model):
    """A published version; it is never edited, the next number is."""

    model = models.ForeignKey(BusinessModel, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField("版本")
    document = models.JSONField("内容")
    note = models.CharField("说明", max_length=500, blank=True)
    published_at = models.DateTimeField("发布时间")
    by_name = models.CharField("发布人", max_length=120)

    class Meta:
        ordering = ["model", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["model", "number"], name="business_model_version_once")
        ]


class ModelAdoption(models.Model):
    """采用: which version an organisation works by; ``wanted`` above it is a migration task."""

    model = models.ForeignKey(BusinessModel, models.CASCADE, related_name="adoptions")
    organisation = models.ForeignKey("identity.Organisation", models.CASCADE, related_name="+")
    number = models.PositiveIntegerField("采用版本")
    wanted = models.PositiveIntegerField("应采用版本")
    asked_at = models.DateTimeField("下达时间")
    adopted_at = models.DateTimeField("采用时间")

    class Meta:
        ordering = ["model", "organisation"]
        constraints = [
            models.UniqueConstraint(fields=["model", "organisation"], name="model_adoption_once"),
            models.CheckConstraint(
                name="model_adoption_not_ahead", condition=Q(wanted__gte=models.F("number"))
            ),
        ]

    @property
    def is_behind(self) -> bool:
        return self.wanted > self.number


class UpkeepRun(models.Model):
    """维护记录: one run of upkeep, a backup or a drill; ``figures`` is what it measured."""

    kind = models.CharField("事项", max_length=10)
    subject = models.CharField("对象", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, default=RunState.RUNNING)
    figures = models.JSONField("结果", default=dict)
    by_key = models.CharField("执行人标识", max_length=120)
    by_name = models.CharField("执行人", max_length=120)
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            one_of("upkeep_run_kind_known", "kind", UpkeepKind),
            one_of("upkeep_run_state_known", "state", RunState),
            models.CheckConstraint(
                name="upkeep_run_finished_pair",
                condition=Q(finished_at=None, state=RunState.RUNNING.value)
                | (Q(finished_at__isnull=False) & ~Q(state=RunState.RUNNING.value)),
            ),
        ]

    @property
    def kind_label(self) -> str:
        return UPKEEP_LABELS[UpkeepKind(self.kind)]


class FileDamage(models.Model):
    """受损文件: found by a scrub; open until the file is again what was committed."""

    table = models.CharField("表名", max_length=120, db_index=True)
    uri = models.CharField("文件", max_length=1000)
    kind = models.CharField("种类", max_length=10)
    harm = models.CharField("受损情况", max_length=10)
    sha256 = models.CharField("应有摘要", max_length=64, blank=True)
    snapshots = models.JSONField("涉及快照", default=list)
    rows = models.BigIntegerField("涉及行数", null=True, blank=True)
    found_at = models.DateTimeField("发现时间")
    healed_at = models.DateTimeField("修复时间", null=True, blank=True)

    class Meta:
        ordering = ["-found_at", "-pk"]
        constraints = [
            one_of("file_damage_kind_known", "kind", StoredKind),
            one_of("file_damage_harm_known", "harm", Harm),
            models.UniqueConstraint(
                fields=["uri"], condition=Q(healed_at=None), name="file_damage_once_open"
            ),
        ]

    @property
    def kind_label(self) -> str:
        return STORED_LABELS[StoredKind(self.kind)]

    @property
    def file_name(self) -> str:
        return self.uri.rsplit("/", 1)[-1]

    @property
    def harm_label(self) -> str:
        return HARM_LABELS[Harm(self.harm)]


class RecoveryTarget(models.Model):
    """恢复目标: how much time of work may be lost, and how long coming back may take."""

    kind = models.CharField("类别", max_length=12, unique=True)
    rpo_minutes = models.PositiveIntegerField("RPO（分钟）")
    rto_minutes = models.PositiveIntegerField("RTO（分钟）")

    class Meta:
        ordering = ["kind"]
        constraints = [one_of("recovery_target_kind_known", "kind", RecoveryClass)]
