"""Compliance reports, findings, and change applications."""

from django.db import models
from django.db.models import Q

from tongqu.catalog.models.entries import EntryVersion
from tongqu.catalog.models.words import one_of
from tongqu.catalog.vocabulary import ChangeReason, Compatibility, Severity


class ComplianceReport(models.Model):
    """合规性检测报告."""

    version = models.ForeignKey(EntryVersion, models.CASCADE, related_name="reports")
    at = models.DateTimeField("检测时间")
    by = models.CharField("提交人", max_length=120)
    passed = models.BooleanField("通过")
    rules_run = models.PositiveSmallIntegerField("规则数")

    class Meta:
        ordering = ["-pk"]


class ComplianceFinding(models.Model):
    report = models.ForeignKey(ComplianceReport, models.CASCADE, related_name="findings")
    rule = models.CharField("规则", max_length=20)
    group = models.CharField("规则组", max_length=20)
    severity = models.CharField("程度", max_length=10)
    field = models.CharField("字段", max_length=60)
    item = models.CharField("信息项", max_length=120, blank=True)
    message = models.CharField("问题", max_length=300)
    remedy = models.CharField("改正方法", max_length=300)
    clause = models.CharField("依据", max_length=120)

    class Meta:
        ordering = ["pk"]
        constraints = [one_of("finding_severity_known", "severity", Severity)]


class ChangeApplication(models.Model):
    """变更登记: why, from when, and how long the users had notice."""

    version = models.OneToOneField(EntryVersion, models.PROTECT, related_name="change")
    replaces = models.ForeignKey(EntryVersion, models.PROTECT, related_name="+")
    reason = models.CharField("变更原因", max_length=20)
    explanation = models.CharField("说明", max_length=500)
    filed_on = models.DateField("登记日期")
    filed_by = models.CharField("登记人", max_length=120)
    effective_on = models.DateField("变更生效日期")
    earliest_on = models.DateField("最早可生效日期")
    active_grants = models.PositiveIntegerField("在用授权数", default=0)
    compatibility = models.CharField("兼容类别", max_length=12, blank=True)
    override_by = models.CharField("特批人", max_length=120, blank=True)
    override_basis = models.CharField("特批依据", max_length=300, blank=True)

    class Meta:
        constraints = [
            one_of("change_reason_known", "reason", ChangeReason),
            one_of("change_compatibility_known", "compatibility", Compatibility, blank=True),
            models.CheckConstraint(
                name="change_in_time_or_overridden",
                condition=Q(effective_on__gte=models.F("earliest_on")) | ~Q(override_by=""),
            ),
            models.CheckConstraint(
                name="change_override_has_basis",
                condition=Q(override_by="", override_basis="")
                | (~Q(override_by="") & ~Q(override_basis="")),
            ),
        ]
