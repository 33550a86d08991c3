"""A peer that was refused because its certificate does not hold: reported once an hour."""

from datetime import timedelta

from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM
from tongqu.security.actions.raise_event import raise_event
from tongqu.security.models import SecurityEvent
from tongqu.security.vocabulary import EventKind

QUIET = timedelta(hours=1)  # a peer that tries again every second is one event


def report_refused_peer(peer: str, reason: str) -> None:
    """Tell the security officers. ``reason`` is the library's, without anything of the peer's."""
    since = clock.now() - QUIET
    known = SecurityEvent.objects.filter(
        kind=EventKind.PEER_REFUSED, subject=peer[:200], at__gte=since
    )
    if not known.exists():
        raise_event(
            EventKind.PEER_REFUSED,
            by=PLATFORM,
            subject=peer,
            details={"peer": peer[:200], "reason": reason[:200]},
        )
