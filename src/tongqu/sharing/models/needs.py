"""共享需求池: needs that no entry meets yet, and the supply tasks they become together."""

from django.db import models
from django.db.models import Q

from tongqu.sharing.vocabulary import SUPPLY_LABELS, SUPPLY_TONES, Frequency, Matter, SupplyState


class SupplyTask(models.Model):
    """供给任务: one for all who need the same data. ``entry_code`` once an entry meets it."""

    number = models.CharField("任务号", max_length=30, unique=True)
    title = models.CharField("数据名称", max_length=120)
    provider = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=20, default=SupplyState.ASSIGNED)
    entry_code = models.CharField("资源编码", max_length=60, blank=True)
    due_on = models.DateField("办理期限")
    due_provisional = models.BooleanField("期限暂定", default=False)
    made_by = models.CharField("生成人", max_length=120)
    made_at = models.DateTimeField("生成时间")
    closed_at = models.DateTimeField("办结时间", null=True)
    reason = models.CharField("说明", max_length=500, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="supply_state_known", condition=Q(state__in=[s.value for s in SupplyState])
            ),
            models.CheckConstraint(
                name="supply_met_has_entry",
                condition=~Q(state=SupplyState.MET.value) | ~Q(entry_code=""),
            ),
        ]

    @property
    def state_label(self) -> str:
        return SUPPLY_LABELS[SupplyState(self.state)]

    @property
    def state_tone(self) -> str:
        return SUPPLY_TONES[SupplyState(self.state)]


class Need(models.Model):
    """共享需求 of one department: what it looked for and did not find."""

    number = models.CharField("需求号", max_length=30, unique=True)
    consumer = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    applicant_key = models.CharField("提出人标识", max_length=120)
    applicant_name = models.CharField("提出人", max_length=120)
    name = models.CharField("数据名称", max_length=120)
    items = models.JSONField("信息项", default=list)
    source = models.CharField("可能的来源", max_length=120, blank=True)
    matter = models.CharField("履职事项", max_length=30)
    purpose = models.CharField("使用用途", max_length=500)
    duty = models.CharField("履职依据", max_length=300)
    frequency = models.CharField("使用频次", max_length=20)
    filed_at = models.DateTimeField("提出时间")
    task = models.ForeignKey(SupplyTask, models.PROTECT, null=True, related_name="needs")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        ordering = ["-filed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="need_matter_known", condition=Q(matter__in=[m.value for m in Matter])
            ),
            models.CheckConstraint(
                name="need_frequency_known",
                condition=Q(frequency__in=[f.value for f in Frequency]),
            ),
        ]
