"""Tickets with their history, what was corrected, and who was told of it."""

from django.db import models
from django.db.models import Q

from tongqu.quality.vocabulary import Channel, TicketState

ENDED = [TicketState.CLOSED.value, TicketState.UNFOUNDED.value]


class Ticket(models.Model):
    """质量问题工单. ``provider`` is the department that has to act now."""

    number = models.CharField("工单号", max_length=40, unique=True)
    entry_code = models.CharField("目录编码", max_length=60, db_index=True)
    entry_name = models.CharField("目录名称", max_length=200)
    provider = models.ForeignKey(
        "identity.Organisation", models.PROTECT, related_name="quality_tickets"
    )
    state = models.CharField("状态", max_length=20, default=TicketState.ASSIGNED)
    channel = models.CharField("来源", max_length=20, default=Channel.SCAN)
    title = models.CharField("问题", max_length=200)
    item = models.CharField("信息项", max_length=80, blank=True, default="")
    text = models.CharField("情况说明", max_length=1000, blank=True, default="")
    wrong = models.BigIntegerField("不符数", default=0)
    scan = models.ForeignKey("quality.Scan", models.PROTECT, null=True, related_name="tickets")
    filed_by = models.CharField("提出人", max_length=120)
    filer_key = models.CharField("提出人标识", max_length=120, blank=True, default="")
    filer_organisation_id = models.BigIntegerField("提出单位", null=True, db_index=True)
    routed = models.CharField("派单依据", max_length=300, blank=True, default="")
    opened_at = models.DateTimeField("时间")
    due_on = models.DateField("截止日")
    due_provisional = models.BooleanField("暂定", default=False)
    corrected_at = models.DateTimeField("更正时间", null=True)
    verify_by = models.DateField("核验截止日", null=True)
    closed_at = models.DateTimeField("关闭时间", null=True)
    escalated_at = models.DateTimeField("超期上报时间", null=True)
    reopened = models.PositiveSmallIntegerField("退回次数", default=0)
    is_appealed = models.BooleanField("已申诉", default=False)

    class Meta:
        ordering = ["due_on", "number"]
        constraints = [
            models.CheckConstraint(
                name="quality_ticket_state",
                condition=Q(state__in=[state.value for state in TicketState]),
            ),
            models.CheckConstraint(
                name="quality_ticket_channel",
                condition=Q(channel__in=[channel.value for channel in Channel]),
            ),
            # What data find is one ticket an entry; people may find several things at once.
            models.UniqueConstraint(
                fields=["entry_code", "channel"],
                name="quality_ticket_one_open",
                condition=~Q(state__in=ENDED)
                & Q(channel__in=[Channel.SCAN.value, Channel.LOAD.value]),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class TicketEvent(models.Model):
    """工单经过: who did what, when; only ever added."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="events")
    command = models.CharField("动作", max_length=20)
    actor = models.CharField("办理人", max_length=160)
    note = models.CharField("说明", max_length=300, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ["pk"]


class TicketBatch(models.Model):
    """隔离批次: the rejected rows that a ticket asks to be corrected. ``left`` are still open."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="batches")
    batch = models.CharField("批次号", max_length=40, unique=True)
    rejected = models.BigIntegerField("隔离行数")
    left = models.BigIntegerField("未更正行数")
    settled_by = models.CharField("更正批次", max_length=40, blank=True, default="")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="ticket_batch_left_within_rejected",
                condition=Q(left__gte=0) & Q(left__lte=models.F("rejected")),
            )
        ]


class Affected(models.Model):
    """受影响的成果: a table made from what was corrected, and when it was computed anew."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="affected")
    table = models.CharField("表", max_length=120)
    entry_code = models.CharField("目录编码", max_length=60, blank=True, default="")
    title = models.CharField("名称", max_length=200, blank=True, default="")
    snapshot_id = models.BigIntegerField("更正时的快照", null=True)
    recomputed_at = models.DateTimeField("重算时间", null=True)

    class Meta:
        ordering = ["table"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "table"], name="ticket_affected_once")
        ]


class CorrectionNotice(models.Model):
    """更正通知: a subscriber that was told of a correction, and when."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="notices")
    organisation = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    text = models.CharField("内容", max_length=300)
    at = models.DateTimeField("时间", db_index=True)

    class Meta:
        ordering = ["pk"]
