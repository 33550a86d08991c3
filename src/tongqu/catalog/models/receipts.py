"""Receipts of cataloguing."""

from django.db import models
from django.db.models import Q

from tongqu.catalog.models.checks import ComplianceReport
from tongqu.catalog.models.entries import EntryVersion
from tongqu.catalog.models.words import one_of
from tongqu.catalog.vocabulary import ReceiptKind, ReceiptState


class Receipt(models.Model):
    """编目回执: what was proved on the day of issue, as signed facts and a PDF."""

    number = models.CharField("编号", max_length=30, unique=True)
    kind = models.CharField("类别", max_length=10)
    state = models.CharField("状态", max_length=10, default=ReceiptState.VALID)
    version = models.ForeignKey(EntryVersion, models.PROTECT, related_name="receipts")
    report = models.ForeignKey(ComplianceReport, models.PROTECT, related_name="+")
    rows = models.PositiveBigIntegerField("行数", default=0)
    facts = models.JSONField("事实")
    digest = models.CharField("SHA-256", max_length=64)
    digest_sm3 = models.CharField("SM3", max_length=64)
    issued_at = models.DateTimeField("签发时间")
    issued_by = models.CharField("签发人", max_length=120)
    newer = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField("更新或作废时间", null=True, blank=True)
    void_reason = models.CharField("作废原因", max_length=300, blank=True)
    document = models.BinaryField("PDF")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            one_of("receipt_kind_known", "kind", ReceiptKind),
            one_of("receipt_state_known", "state", ReceiptState),
            models.UniqueConstraint(
                fields=["version", "kind"], condition=~Q(state="void"), name="receipt_once"
            ),
            models.CheckConstraint(
                name="receipt_formal_has_rows",
                condition=~Q(kind=ReceiptKind.FORMAL) | Q(rows__gt=0),
            ),
            models.CheckConstraint(
                name="receipt_void_has_reason",
                condition=~Q(state=ReceiptState.VOID) | ~Q(void_reason=""),
            ),
        ]
