"""Runs of models, column lineage, flags, and what is known about tables beyond snapshots."""

from enum import StrEnum
from typing import Any

from django.db import models
from django.db.models import Q

from tongqu.lake.vocabulary import (
    GATE_HELD,
    LIBRARY_LABELS,
    STEP_LABELS,
    Library,
    RunEvent,
    RunState,
    StepState,
    Transform,
)


def one_of(name: str, field: str, words: type[StrEnum]) -> Any:
    """Return the constraint that a column holds one of the words."""
    return models.CheckConstraint(
        name=name, condition=Q(**{f"{field}__in": [word.value for word in words]})
    )


class LakeTable(models.Model):
    """表: what a model or a load declared about a table. Rows and snapshots are in Iceberg."""

    name = models.CharField("表名", max_length=120, unique=True)
    library = models.CharField("所属库", max_length=10, blank=True)
    title = models.CharField("中文名", max_length=200, blank=True)
    owner = models.CharField("责任单位", max_length=120, blank=True)
    keys = models.JSONField("主键", default=list)
    theme = models.CharField("主题", max_length=60, blank=True)
    clauses = models.JSONField("依据", default=list)
    model_digest = models.CharField("模型摘要", max_length=64, blank=True)
    updated_at = models.DateTimeField("更新时间")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="lake_table_library_known",
                condition=Q(library__in=["", *(word.value for word in Library)]),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def library_label(self) -> str:
        return LIBRARY_LABELS[Library(self.library)] if self.library else ""


class ModelRun(models.Model):
    """模型运行: one pass over a pack."""

    pack = models.CharField("模型包", max_length=120)
    state = models.CharField("状态", max_length=10, default=RunState.RUNNING)
    by_key = models.CharField("执行人标识", max_length=120)
    by_name = models.CharField("执行人", max_length=120)
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            one_of("model_run_state_known", "state", RunState),
            models.CheckConstraint(
                name="model_run_finished_pair",
                condition=Q(finished_at=None, state=RunState.RUNNING.value)
                | (Q(finished_at__isnull=False) & ~Q(state=RunState.RUNNING.value)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pack} #{self.pk}"

    @property
    def ok(self) -> bool:
        return self.state == RunState.DONE


class ModelStep(models.Model):
    """One model within a run. ``message`` names the failed check, never a value."""

    run = models.ForeignKey(ModelRun, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField("次序")
    model = models.CharField("模型", max_length=120)
    state = models.CharField("状态", max_length=10)
    rows = models.BigIntegerField("行数", null=True, blank=True)
    changed_rows = models.BigIntegerField("变化行数", null=True, blank=True)
    snapshot_id = models.BigIntegerField("快照", null=True, blank=True)
    inputs = models.JSONField("输入快照", default=dict)
    code = models.CharField("代码", max_length=40, blank=True)
    message = models.CharField("说明", max_length=500, blank=True)
    seconds = models.FloatField("用时（秒）", default=0)

    class Meta:
        ordering = ["run", "position"]
        constraints = [
            one_of("model_step_state_known", "state", StepState),
            models.UniqueConstraint(fields=["run", "model"], name="model_step_once_a_run"),
        ]

    @property
    def state_label(self) -> str:
        return "质量门槛未过" if self.code == GATE_HELD else STEP_LABELS[StepState(self.state)]


class LineageEdge(models.Model):
    """血缘: column to column. The edges of a target are replaced by the job that writes it."""

    source_table = models.CharField("来源表", max_length=120)
    source_column = models.CharField("来源列", max_length=120)
    target_table = models.CharField("目标表", max_length=120)
    target_column = models.CharField("目标列", max_length=120)
    transform = models.CharField("方式", max_length=10)
    job = models.CharField("作业", max_length=120)
    run = models.ForeignKey(ModelRun, models.SET_NULL, null=True, blank=True, related_name="edges")

    class Meta:
        ordering = ["target_table", "target_column", "source_table", "source_column"]
        constraints = [
            one_of("lineage_transform_known", "transform", Transform),
            models.UniqueConstraint(
                fields=["source_table", "source_column", "target_table", "target_column"],
                name="lineage_edge_once",
            ),
        ]
        indexes = [
            models.Index(fields=["target_table", "target_column"], name="lineage_up_idx"),
            models.Index(fields=["source_table", "source_column"], name="lineage_down_idx"),
        ]


class TableFlag(models.Model):
    """断链标记: a table that may be out of date, because the job of ``cause`` is broken."""

    table = models.CharField("表名", max_length=120, db_index=True)
    cause = models.CharField("起因表", max_length=120)
    reason = models.CharField("原因", max_length=500)
    raised_at = models.DateTimeField("标记时间")
    cleared_at = models.DateTimeField("解除时间", null=True, blank=True)

    class Meta:
        ordering = ["-raised_at", "table"]
        constraints = [
            models.UniqueConstraint(
                fields=["table", "cause"],
                condition=Q(cleared_at=None),
                name="table_flag_once_open",
            )
        ]


class InstalledModel(models.Model):
    """已安装的模型: it runs by itself when a table that it reads has changed, or at its moment.

    The text is kept, so that what runs never depends on a folder; ``reads`` and the words of
    the header are read from it at installation.
    """

    name = models.CharField("表名", max_length=120, unique=True)
    pack = models.CharField("模型包", max_length=120)
    file = models.CharField("文件", max_length=160)
    text = models.TextField("模型文本")
    title = models.CharField("中文名", max_length=200, blank=True)
    layer = models.CharField("层", max_length=10)
    library = models.CharField("所属库", max_length=10)
    theme = models.CharField("主题", max_length=60, blank=True)
    topic = models.CharField("专题", max_length=60, blank=True)
    owner = models.CharField("责任单位", max_length=120)
    object = models.CharField("业务对象", max_length=20, blank=True)
    level = models.CharField("层次", max_length=10)
    scope = models.CharField("范围", max_length=10)
    version = models.CharField("版本", max_length=20)
    retention_days = models.PositiveIntegerField("保留天数", default=0)
    moment = models.CharField("时刻单位", max_length=10, blank=True)
    reads = models.JSONField("读取的表", default=list)
    digest = models.CharField("摘要", max_length=64)
    ran_for = models.CharField("已运行的时刻", max_length=30, blank=True)
    installed_at = models.DateTimeField("安装时间")

    class Meta:
        ordering = ["layer", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def library_label(self) -> str:
        return LIBRARY_LABELS[Library(self.library)] if self.library else ""


class TableTouch(models.Model):
    """待运行: a table that changed and whose models have not run since."""

    table = models.CharField("表名", max_length=120, unique=True)
    mark = models.CharField("标记", max_length=36)  # another one at every change
    touched_at = models.DateTimeField("变化时间")

    class Meta:
        ordering = ["touched_at"]


class LineageEvent(models.Model):
    """血缘事件: an event of OpenLineage, written with what it tells of and sent afterwards.

    ``run_key`` names the run that it is of; the same run tells each of its states once.
    """

    run_key = models.CharField("运行", max_length=200)
    kind = models.CharField("事件", max_length=10)
    job = models.CharField("作业", max_length=120)
    at = models.DateTimeField("发生时间")
    body = models.JSONField("事件内容")
    attempts = models.PositiveIntegerField("发送次数", default=0)
    sent_at = models.DateTimeField("发送时间", null=True, blank=True, db_index=True)
    refusals = models.PositiveIntegerField("被拒次数", default=0)
    given_up_at = models.DateTimeField("放弃时间", null=True, blank=True, db_index=True)
    given_up_for = models.CharField("放弃原因", max_length=60, blank=True, default="")

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("lineage_event_kind_known", "kind", RunEvent),
            models.UniqueConstraint(fields=["run_key", "kind"], name="lineage_event_once"),
        ]
