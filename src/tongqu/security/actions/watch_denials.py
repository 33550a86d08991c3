"""Raise an event for everybody who was refused too often in a short time."""

from collections.abc import Mapping

from django.db.models import Count

from tongqu.audit.public import EntryQuery, Outcome, entries
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.security.actions.raise_event import raise_event
from tongqu.security.domain.bursts import BURST, MOST_REFUSED, WINDOW
from tongqu.security.models import SecurityEvent
from tongqu.security.vocabulary import EventKind


def watch_denials() -> list[SecurityEvent]:
    """Return the events raised: one an actor, address and window, however often it runs."""
    since = clock.now() - WINDOW
    refused = entries(EntryQuery(outcome=Outcome.REFUSED, kind="call")).filter(at__gte=since)
    # Grain: one row an actor and address.
    rows = (
        refused.order_by()
        .values("actor_kind", "actor_key", "organisation_code", "address")
        .annotate(count=Count("pk"))
        .filter(count__gte=MOST_REFUSED)
    )
    known = {
        (event.actor_kind, event.actor_key, event.subject)
        for event in SecurityEvent.objects.filter(kind=EventKind.DENIED_BURST, at__gte=since)
    }
    return [
        _raise(row)
        for row in rows
        if (row["actor_kind"], row["actor_key"], row["address"]) not in known
    ]


def _raise(row: Mapping[str, object]) -> SecurityEvent:
    actor = Actor(
        kind=str(row["actor_kind"]),
        key=str(row["actor_key"]),
        name=str(row["actor_key"]),
        organisation_code=str(row["organisation_code"]),
    )
    return raise_event(
        EventKind.DENIED_BURST,
        by=actor,
        subject=str(row["address"]),
        details={"被拒次数": row["count"], "口径": BURST.says},
    )
