"""Cases in which an entry and what arrived do not agree."""

from django.db import models
from django.db.models import Q

from tongqu.quality.domain.reality import Aspect, CaseState


class RealityCase(models.Model):
    """目录实际核对事项."""

    number = models.CharField("事项号", max_length=40, unique=True)
    entry_code = models.CharField("目录编码", max_length=60, db_index=True)
    entry_name = models.CharField("目录名称", max_length=200)
    provider = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    aspect = models.CharField("方面", max_length=10)
    declared = models.CharField("目录所报", max_length=300)
    actual = models.CharField("实际", max_length=500)
    state = models.CharField("状态", max_length=10, default=CaseState.OPEN)
    ticket = models.CharField("工单号", max_length=40, blank=True)
    opened_at = models.DateTimeField("发现时间")
    handled_by = models.CharField("处理人", max_length=160, blank=True)
    closed_at = models.DateTimeField("一致时间", null=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry_code", "aspect"], name="quality_reality_one_open",
                condition=~Q(state=CaseState.CLOSED.value),
            ),
            models.CheckConstraint(
                name="quality_reality_state",
                condition=Q(state__in=[state.value for state in CaseState]),
            ),
            models.CheckConstraint(
                name="quality_reality_aspect",
                condition=Q(aspect__in=[aspect.value for aspect in Aspect]),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def aspect_label(self) -> str:
        return Aspect(self.aspect).label

    @property
    def state_label(self) -> str:
        return CaseState(self.state).label
