"""Record a security event, in the trail too, and tell the security officers."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.urls import reverse

from tongqu.audit.public import Outcome, record
from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.security.models import SecurityEvent
from tongqu.security.vocabulary import EVENT_LABELS, EventKind


@transaction.atomic
def raise_event(
    kind: EventKind,
    *,
    by: Actor,
    subject: str,
    details: Mapping[str, object],
    organisations: Sequence[int] = (),
) -> SecurityEvent:
    """Return the event, once recorded. ``by`` is who caused it; ``details`` holds no row value.

    An action that refuses by raising must raise the event outside the transaction it rolls
    back, or the event goes with it.
    """
    event = SecurityEvent.objects.create(
        kind=kind,
        at=clock.now(),
        actor_kind=by.kind,
        actor_key=by.key,
        organisation_code=by.organisation_code,
        subject=subject[:200],
        organisations=list(organisations),
        details=dict(details),
    )
    record(
        "security.event",
        by=by,
        subject=subject,
        outcome=Outcome.REFUSED,
        code=kind.value.upper(),
        details=dict(details),
    )
    _tell(event, organisations)
    return event


def _tell(event: SecurityEvent, organisations: Sequence[int]) -> None:
    text = f"安全事件：{EVENT_LABELS[EventKind(event.kind)]}（{event.subject}）"[:300]
    for organisation_id in [None, *organisations]:
        # Without an organisation: every security officer; with one: whoever works there.
        notify(
            text,
            key=f"security-event-{event.pk}-{organisation_id or 'officers'}",
            kind="安全事件",
            url=reverse("security:events"),
            organisation_id=organisation_id,
            role=Role.SECURITY_OFFICER.value if organisation_id is None else "",
        )
