"""Tickets with their history."""

from django.db import models

from tongqu.quality.vocabulary import TicketState


class Ticket(models.Model):
    """质量问题工单."""

    number = models.CharField("工单号", max_length=40, unique=True)
    entry_code = models.CharField("目录编码", max_length=60, db_index=True)
    entry_name = models.CharField("目录名称", max_length=200)
    provider = models.ForeignKey(
        "identity.Organisation", models.PROTECT, related_name="quality_tickets"
    )
    state = models.CharField("状态", max_length=20, default=TicketState.ASSIGNED)
    title = models.CharField("问题", max_length=200)
    wrong = models.BigIntegerField("不符数", default=0)
    scan = models.ForeignKey("quality.Scan", models.PROTECT, null=True, related_name="tickets")
    filed_by = models.CharField("提出人", max_length=120)
    opened_at = models.DateTimeField("时间")
    due_on = models.DateField("截止日")
    due_provisional = models.BooleanField("暂定", default=False)

    class Meta:
        ordering = ["due_on", "number"]
        constraints = [
            models.CheckConstraint(
                name="quality_ticket_state",
                condition=models.Q(state__in=[state.value for state in TicketState]),
            ),
            models.UniqueConstraint(
                fields=["entry_code"],
                name="quality_ticket_one_open",
                condition=~models.Q(state__in=["closed", "unfounded"]),
            ),
        ]


class TicketEvent(models.Model):
    """工单经过: who did what, when; only ever added."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="events")
    command = models.CharField("动作", max_length=20)
    actor = models.CharField("办理人", max_length=160)
    note = models.CharField("说明", max_length=300, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ["pk"]
