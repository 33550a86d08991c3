"""Legacy exchange systems on their way to the platform (ING-14)."""

from django.db import models
from django.db.models import Q

from tongqu.ingest.models.sources import Source
from tongqu.ingest.vocabulary import (
    Migration,
)


class LegacySystem(models.Model):
    """原有共享交换系统: moved onto the platform when it is upgraded (article 11)."""

    code = models.CharField("系统代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=120)
    provider = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=20, default=Migration.WAITING.value)
    parallel_days = models.PositiveSmallIntegerField("并行天数", default=30)
    parallel_from = models.DateField("并行开始", null=True, blank=True)
    moved_at = models.DateTimeField("割接", null=True, blank=True)
    signed_by = models.CharField("签署人", max_length=120, blank=True)
    created_at = models.DateTimeField("登记时间")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="migration_state", condition=Q(state__in=[m.value for m in Migration])
            ),
            models.CheckConstraint(
                name="migration_signed",
                condition=Q(state=Migration.MOVED.value, moved_at__isnull=False) & ~Q(signed_by="")
                | ~Q(state=Migration.MOVED.value) & Q(moved_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LegacyInterface(models.Model):
    """One interface of a legacy system: what the old way brings, and the source that replaces it.

    ``mapping``: column of the old → column of the new; both are compared over these alone.
    """

    system = models.ForeignKey(LegacySystem, models.CASCADE, related_name="interfaces")
    number = models.CharField("接口编号", max_length=60)
    name = models.CharField("名称", max_length=120)
    old = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="原有来源"
    )
    new = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="平台来源"
    )
    mapping = models.JSONField("列对应", default=dict)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="legacy_interface_once", fields=["system", "number"])
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class LegacyComparison(models.Model):
    """并行比对: one interface on one day, both ways counted and summed."""

    interface = models.ForeignKey(LegacyInterface, models.CASCADE, related_name="comparisons")
    day = models.DateField("日期")
    old_rows = models.BigIntegerField("原有行数")
    new_rows = models.BigIntegerField("平台行数")
    is_equal = models.BooleanField("一致")
    made_at = models.DateTimeField("时间")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.interface_id} {self.day}"
