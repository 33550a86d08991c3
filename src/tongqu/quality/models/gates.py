"""Gates of promotion, and what they held back."""

from django.db import models
from django.db.models import Q

from tongqu.quality.domain.gates import GateState, Passage


class PromotionGate(models.Model):
    """质量门槛 of a dataset, where it is not the usual one. ``table``: what is measured for it."""

    entry_code = models.CharField("目录编码", max_length=60, unique=True)
    gate = models.DecimalField("门槛", max_digits=4, decimal_places=1)
    table = models.CharField("表", max_length=120, blank=True)  # bare name, such as ods_flights
    set_by = models.CharField("设定人", max_length=160)
    set_at = models.DateTimeField("设定时间")

    class Meta:
        ordering = ["entry_code"]
        constraints = [
            models.CheckConstraint(
                name="quality_gate_in_range", condition=Q(gate__gte=0) & Q(gate__lte=100)
            )
        ]


class GateCase(models.Model):
    """门槛事项: a snapshot or batch that did not move up, and by whose leave it may."""

    number = models.CharField("事项号", max_length=40, unique=True)
    passage = models.CharField("环节", max_length=10)
    subject = models.CharField("对象", max_length=200, unique=True)  # table@snapshot, or a batch
    entry_code = models.CharField("目录编码", max_length=60, blank=True)
    table = models.CharField("表", max_length=120, blank=True)
    target = models.CharField("去向", max_length=120, blank=True)
    score = models.DecimalField("得分", max_digits=5, decimal_places=2)
    gate = models.DecimalField("门槛", max_digits=5, decimal_places=2)
    scan = models.CharField("检测号", max_length=40, blank=True)
    state = models.CharField("状态", max_length=10, default=GateState.HELD)
    held_at = models.DateTimeField("时间")
    reason = models.CharField("放行理由", max_length=500, blank=True)
    waived_by = models.CharField("放行人", max_length=160, blank=True)
    waived_at = models.DateTimeField("放行时间", null=True)

    class Meta:
        ordering = ["-held_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="quality_gate_case_passage",
                condition=Q(passage__in=[passage.value for passage in Passage]),
            ),
            models.CheckConstraint(
                name="quality_gate_waiver_has_reason",
                condition=Q(state=GateState.HELD.value, waived_at__isnull=True)
                | (Q(state=GateState.WAIVED.value, waived_at__isnull=False) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def state_label(self) -> str:
        return GateState(self.state).label

    @property
    def passage_label(self) -> str:
        return Passage(self.passage).label
