"""Weights of the dimensions, and the index of each month."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from tongqu.quality.vocabulary import Dimension, IndexScope


class WeightSet(models.Model):
    """维度权重: a version; only ever added. Counts from ``from_month`` until the next one does."""

    version = models.PositiveIntegerField("版本", unique=True)
    from_month = models.DateField("起用月份")  # its first day
    conformity = models.PositiveSmallIntegerField("规范性")
    completeness = models.PositiveSmallIntegerField("完整性")
    accuracy = models.PositiveSmallIntegerField("准确性")
    consistency = models.PositiveSmallIntegerField("一致性")
    timeliness = models.PositiveSmallIntegerField("时效性")
    accessibility = models.PositiveSmallIntegerField("可访问性")
    note = models.CharField("说明", max_length=300, blank=True)
    author = models.CharField("设定人", max_length=160)
    created_at = models.DateTimeField("设定时间")

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(
                name="quality_weights_sum_to_100",
                condition=Q(
                    conformity=100
                    - F("completeness") - F("accuracy") - F("consistency")
                    - F("timeliness") - F("accessibility")
                ),
            )
        ]  # fmt: skip

    @property
    def weights(self) -> dict[Dimension, Decimal]:
        return {d: Decimal(getattr(self, d.value)) for d in Dimension}


class IndexValue(models.Model):
    """质量指数: one dataset, system, department or level in one month.

    The running month is written anew every day; a month once closed stays as it is, with the
    weights that it was computed with. A name is kept as it was.
    """

    month = models.DateField("月份")
    scope = models.CharField("范围", max_length=12)
    key = models.CharField("标识", max_length=200)
    name = models.CharField("名称", max_length=200)
    department_id = models.BigIntegerField("部门", null=True)
    system = models.CharField("系统", max_length=200, blank=True)
    level = models.CharField("层级", max_length=20, blank=True)
    score = models.DecimalField("得分", max_digits=4, decimal_places=1)
    trend = models.DecimalField("趋势值", max_digits=4, decimal_places=1)
    dimensions = models.JSONField("维度得分", default=dict)
    datasets = models.PositiveIntegerField("数据集数", default=1)
    weights = models.ForeignKey(
        WeightSet,
        models.PROTECT,
        null=True,
        related_name="+",  # NULL: all alike
    )
    scan = models.CharField("检测号", max_length=40, blank=True)
    as_of = models.DateField("截至")
    is_closed = models.BooleanField("已结算", default=False)

    class Meta:
        ordering = ["scope", "score", "key"]
        constraints = [
            models.UniqueConstraint(fields=["month", "scope", "key"], name="quality_index_once"),
            models.CheckConstraint(
                name="quality_index_scope",
                condition=Q(scope__in=[scope.value for scope in IndexScope]),
            ),
        ]
        indexes = [
            models.Index(fields=["scope", "key", "month"], name="quality_index_trend_idx"),
            models.Index(fields=["month", "department_id"], name="quality_index_department_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.scope} {self.key}"

    @property
    def scope_label(self) -> str:
        return IndexScope(self.scope).label
