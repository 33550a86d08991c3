"""Reading security events: only for those who watch over the whole hub."""

from django.db.models import QuerySet

from tongqu.security.models import SecurityEvent


def events(*, kind: str = "", before: int | None = None) -> QuerySet[SecurityEvent]:
    """Return events, newest first, older than ``before``. Asked for with security.event.read."""
    found = SecurityEvent.objects.order_by("-pk")
    if kind:
        found = found.filter(kind=kind)
    return found.filter(pk__lt=before) if before is not None else found
