"""Tell others what runs: events of OpenLineage, kept with what they tell of, then sent.

Off until an address is set. An event is written in the transaction of what it tells, and goes
out in order of writing, again until the receiver has taken it: at least once, and with the same
identifier each time.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from tongqu.kernel import clock
from tongqu.kernel.problems import Rejected, Unavailable
from tongqu.lake import ports
from tongqu.lake.actions.alone import alone
from tongqu.lake.models import LineageEvent
from tongqu.lake.vocabulary import Column, JobRun, RunEvent, ref_of

MOST = 500  # events of one pass
DAYS = 7  # that a sent event is kept


def is_on() -> bool:
    return bool(settings.OPENLINEAGE["URL"])


def tell(run: JobRun, kind: RunEvent, at: datetime | None = None) -> None:
    """Keep an event for sending; the same event of the same run once."""
    if not is_on():
        return
    from tongqu.lake.domain.telling import event  # loads the client's words

    moment = at or clock.now()
    body = event(run, kind, moment, place=_place(), columns_of=_columns)
    told = {"job": run.job, "at": moment, "body": body}
    LineageEvent.objects.get_or_create(run_key=run.key, kind=kind.value, defaults=told)


def _place() -> dict[str, str]:
    return {
        "namespace": settings.OPENLINEAGE["NAMESPACE"],
        "producer": settings.OPENLINEAGE["PRODUCER"],
        "uri": f"iceberg:{settings.LAKE['CATALOG_NAME']}",  # no path of this machine
    }


def _columns(name: str) -> tuple[Column, ...]:
    ref = ref_of(name)
    return ports.store().columns(ref) if ref and ports.store().exists(ref) else ()


def send() -> int:
    """Send what waits, oldest first, and stop at the first that is not taken."""
    if not is_on():
        return 0
    with alone("lineage-events") as is_ours:
        return _send() if is_ours else 0


def _send() -> int:
    sent, emit = 0, ports.emitter()
    for waiting in LineageEvent.objects.filter(sent_at=None).order_by("pk")[:MOST]:
        try:
            emit(_body(waiting))
        except (Rejected, Unavailable, OSError):
            LineageEvent.objects.filter(pk=waiting.pk).update(attempts=waiting.attempts + 1)
            break
        LineageEvent.objects.filter(pk=waiting.pk).update(
            attempts=waiting.attempts + 1, sent_at=clock.now()
        )
        sent += 1
    with transaction.atomic():
        LineageEvent.objects.filter(sent_at__lt=clock.now() - timedelta(days=DAYS)).delete()
    return sent


def _body(event: LineageEvent) -> dict[str, Any]:
    return dict(event.body)
