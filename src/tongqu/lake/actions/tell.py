"""Tell others what runs: events of OpenLineage, kept with what they tell of, then sent.

Off until an address is set. An event is written in the transaction of what it tells, and goes
out in order of writing, again until the receiver has taken it: at least once, and with the same
identifier each time. One that the receiver refuses again and again is put aside, and so is one
that waited too long: they stay for a while, and the page of chains names them.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from tongqu.kernel import clock
from tongqu.kernel.problems import Rejected, Unavailable
from tongqu.lake import ports
from tongqu.lake.actions.alone import alone
from tongqu.lake.models import LineageEvent
from tongqu.lake.queries.chains import waiting_events as waiting
from tongqu.lake.vocabulary import Column, EventRefused, JobRun, RunEvent, ref_of

MOST = 500  # events of one pass
DAYS = 7  # that an event waits, and that it is kept once it was sent or given up
REFUSALS = 5  # after which an event is given up: the receiver will not take it tomorrow either


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
    """Send what waits, oldest first, and stop at the first that is not taken (yet)."""
    if not is_on():
        return 0
    with alone("lineage-events") as is_ours:
        return _send() if is_ours else 0


def _send() -> int:
    _forget()
    sent, emit = 0, ports.emitter()
    for event in waiting()[:MOST]:
        told: dict[str, Any] = {"attempts": event.attempts + 1}
        try:
            emit(_body(event))
        except EventRefused as refused:
            told |= _refused(event, refused)
        except (Rejected, Unavailable, OSError):
            pass
        else:
            told["sent_at"] = clock.now()
            sent += 1
        LineageEvent.objects.filter(pk=event.pk).update(**told)
        if not told.keys() & {"sent_at", "given_up_at"}:
            break
    return sent


def _refused(event: LineageEvent, refused: EventRefused) -> dict[str, Any]:
    told: dict[str, Any] = {"refusals": event.refusals + 1}
    if event.refusals + 1 >= REFUSALS:
        reason = f"接收方 {event.refusals + 1} 次拒收（HTTP {refused.status}）"
        told |= {"given_up_at": clock.now(), "given_up_for": reason}
    return told


@transaction.atomic
def _forget() -> None:
    """Give up on what waited too long; drop what was sent, or given up, as long ago."""
    old = clock.now() - timedelta(days=DAYS)
    LineageEvent.objects.filter(Q(sent_at__lt=old) | Q(given_up_at__lt=old)).delete()
    waiting().filter(at__lt=old).update(given_up_at=clock.now(), given_up_for=f"{DAYS} 天未能送达")


def _body(event: LineageEvent) -> dict[str, Any]:
    return dict(event.body)
