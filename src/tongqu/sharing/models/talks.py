"""What stands beside a request: minutes of a negotiation, entrustment, coordination, purposes."""

from typing import Any

from django.db import models
from django.db.models import Q

from tongqu.sharing.models.requests import ShareRequest
from tongqu.sharing.vocabulary import COORDINATION_LABELS, CoordinationState


class TalkNote(models.Model):
    """协商记录: what one side put on record; rows are only ever added."""

    request = models.ForeignKey(ShareRequest, models.PROTECT, related_name="talks")
    organisation_name = models.CharField("单位", max_length=120)
    by_key = models.CharField("记录人标识", max_length=120)
    by_name = models.CharField("记录人", max_length=120)
    at = models.DateTimeField("记录时间")
    text = models.CharField("内容", max_length=1000)

    class Meta:
        ordering = ["at", "pk"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("the record of a negotiation is append-only")
        super().save(*args, **kwargs)


class Coordination(models.Model):
    """协调接入任务 for non-sector data that is not connected: one an entry, whoever asks."""

    entry_code = models.CharField("资源编码", max_length=60, db_index=True)
    entry_name = models.CharField("资源名称", max_length=200)
    owner_name = models.CharField("数据来源单位", max_length=120)
    state = models.CharField("状态", max_length=20, default=CoordinationState.RUNNING)
    opened_at = models.DateTimeField("生成时间")
    closed_at = models.DateTimeField("办结时间", null=True)
    closed_by = models.CharField("办结人", max_length=120, blank=True)
    outcome = models.CharField("结果说明", max_length=500, blank=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="coordination_state_known",
                condition=Q(state__in=[s.value for s in CoordinationState]),
            ),
            models.UniqueConstraint(
                fields=["entry_code"],
                condition=Q(state=CoordinationState.RUNNING.value),
                name="coordination_once_an_entry",
            ),
            models.CheckConstraint(
                name="coordination_closed_pair",
                condition=Q(state=CoordinationState.RUNNING.value, closed_at=None)
                | (~Q(state=CoordinationState.RUNNING.value) & Q(closed_at__isnull=False)),
            ),
        ]

    @property
    def state_label(self) -> str:
        return COORDINATION_LABELS[CoordinationState(self.state)]


class Entrustment(models.Model):
    """委托审核 of one entry for a period (article 14). Both days are inclusive."""

    entry_code = models.CharField("资源编码", max_length=60, db_index=True)
    entry_name = models.CharField("资源名称", max_length=200)
    provider = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    starts_on = models.DateField("委托起")
    ends_on = models.DateField("委托止")
    note = models.CharField("说明", max_length=300, blank=True)
    made_by = models.CharField("委托人", max_length=120)
    made_at = models.DateTimeField("登记时间")
    ended_at = models.DateTimeField("收回时间", null=True)
    ended_by = models.CharField("收回人", max_length=120, blank=True)

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="entrustment_period", condition=Q(ends_on__gte=models.F("starts_on"))
            )
        ]


class ReviewDigest(models.Model):
    """委托审核月报: what the support unit decided for a provider in one month, as sent."""

    provider = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    month = models.DateField("月份")  # its first day
    decisions = models.JSONField("审核结果", default=list)
    made_at = models.DateTimeField("生成时间")

    class Meta:
        ordering = ["-month", "provider"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "month"], name="digest_once_a_month")
        ]


class PurposeChange(models.Model):
    """变更用途: which request asks for another purpose than a grant was given for."""

    grant_number = models.CharField("原授权编号", max_length=40, db_index=True)
    request = models.OneToOneField(ShareRequest, models.PROTECT, related_name="purpose_change")
    old_matter = models.CharField("原履职事项", max_length=30)
    old_purpose = models.CharField("原使用用途", max_length=500)
    at = models.DateTimeField("提出时间")

    class Meta:
        ordering = ["-at"]
