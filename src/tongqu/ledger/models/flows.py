"""The provision-and-update flow (政务数据提供与更新流程): definitions and instances."""

from django.db import models
from django.db.models import Q

from tongqu.ledger.models.words import one_of
from tongqu.ledger.vocabulary import TONES, FlowState


class FlowDefinition(models.Model):
    """流程版本. Never changed once kept: an edit makes the next version."""

    version = models.PositiveSmallIntegerField("版本", unique=True)
    steps = models.JSONField("步骤")  # FlowStep as JSON, in order
    note = models.CharField("修订说明", max_length=300, blank=True)
    created_at = models.DateTimeField("建立时间")
    created_by = models.CharField("建立人", max_length=120)

    class Meta:
        ordering = ["-version"]


class FlowInstance(models.Model):
    """流程实例: one entry on its way, on the definition with which it began."""

    definition = models.ForeignKey(FlowDefinition, models.PROTECT, related_name="instances")
    entry_code = models.CharField("目录标识", max_length=60, db_index=True)
    owner = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField("当前步骤", default=0)
    state = models.CharField("状态", max_length=20, default=FlowState.RUNNING)
    started_at = models.DateTimeField("开始时间")
    started_by = models.CharField("发起人", max_length=120)
    ended_at = models.DateTimeField("办结时间", null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            one_of("flow_state_known", "state", FlowState),
            models.UniqueConstraint(
                fields=["entry_code"], condition=Q(state=FlowState.RUNNING), name="flow_one_running"
            ),
        ]

    @property
    def state_label(self) -> str:
        return FlowState(self.state).label

    @property
    def state_tone(self) -> str:
        return TONES[self.state]


class FlowDone(models.Model):
    """办理记录 of one step."""

    instance = models.ForeignKey(FlowInstance, models.CASCADE, related_name="done")
    code = models.CharField("步骤", max_length=40)
    title = models.CharField("步骤名称", max_length=60)
    at = models.DateTimeField("时间")
    by = models.CharField("经办人", max_length=120)
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["instance", "code"], name="flow_step_done_once")
        ]
