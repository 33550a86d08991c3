"""Assessments with their improvement tasks, and the ledger of incentives."""

from typing import Any

from django.db import models
from django.db.models import Q

from tongqu.quality.domain.assessing import TaskState
from tongqu.quality.domain.periods import Cycle, Period


class Assessment(models.Model):
    """评估结果 of one department in one period that has closed."""

    cycle = models.CharField("周期", max_length=10)
    opens = models.DateField("起")
    label = models.CharField("期次", max_length=10)
    organisation = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    score = models.DecimalField("得分", max_digits=4, decimal_places=1)
    months = models.JSONField("各月得分", default=list)  # [["2026-07", "78.5"], …]
    rank = models.PositiveIntegerField("名次")
    ranked = models.PositiveIntegerField("参评部门数")
    made_at = models.DateTimeField("评估时间")

    class Meta:
        ordering = ["-opens", "cycle", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "opens", "organisation"], name="quality_assessment_once"
            ),
            models.CheckConstraint(
                name="quality_assessment_cycle",
                condition=Q(cycle__in=[cycle.value for cycle in Cycle]),
            ),
        ]

    @property
    def period(self) -> Period:
        return Period(Cycle(self.cycle), self.opens)

    @property
    def cycle_label(self) -> str:
        return Cycle(self.cycle).label


class ImprovementTask(models.Model):
    """质量改进任务: made when a quarter closes, compared with the department's next score."""

    number = models.CharField("任务号", max_length=40, unique=True)
    organisation = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    quarter = models.DateField("季度")
    basis = models.JSONField("不达标的月份", default=list)  # [["2026-07", "78.5"], …]
    score = models.DecimalField("季度得分", max_digits=4, decimal_places=1)
    target = models.DecimalField("应达到", max_digits=4, decimal_places=1)
    state = models.CharField("状态", max_length=10, default=TaskState.OPEN)
    measures = models.CharField("改进措施", max_length=500, blank=True)
    measures_by = models.CharField("填报人", max_length=160, blank=True)
    opened_at = models.DateTimeField("生成时间")
    compared_month = models.DateField("复评月份", null=True)
    compared_score = models.DecimalField("复评得分", max_digits=4, decimal_places=1, null=True)
    ended_at = models.DateTimeField("办结时间", null=True)

    class Meta:
        ordering = ["-quarter", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "quarter"], name="quality_improvement_once"
            ),
            models.CheckConstraint(
                name="quality_improvement_state",
                condition=Q(state__in=[state.value for state in TaskState]),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PointRule(models.Model):
    """激励规则: a version of what earns points; only ever added."""

    code = models.CharField("规则", max_length=40)
    version = models.PositiveIntegerField("版本")
    title = models.CharField("名称", max_length=120)
    value = models.PositiveIntegerField("分值")
    author = models.CharField("设定人", max_length=160)
    created_at = models.DateTimeField("设定时间")

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="quality_point_rule_version")
        ]


class PointEntry(models.Model):
    """激励台账: one occurrence that earned points. Only ever added, never changed."""

    organisation = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    rule = models.CharField("规则", max_length=40)
    rule_version = models.PositiveIntegerField("规则版本")
    points = models.PositiveIntegerField("分值")
    evidence = models.CharField("依据", max_length=200)  # a number that can be looked up
    url = models.CharField("链接", max_length=300, blank=True)
    key = models.CharField("去重键", max_length=200, unique=True)
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ["-at", "-pk"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("the ledger of incentives is append-only")
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("the ledger of incentives is append-only")
