"""Repeated work of the trail."""

from django.conf import settings

from tongqu.audit.public import anchor, seal_now
from tongqu.kernel.jobs import job


@job("audit.seal", cron="* * * * *", title="存证封存")
def seal() -> int:
    return seal_now()


@job("audit.anchor", cron=settings.AUDIT_ANCHOR_CRON, title="存证签名")
def anchor_daily() -> int:
    head = anchor()
    return head.size if head else 0
