"""Reads of tickets, each starting from what the asker may see."""

from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from tongqu.identity.vocabulary import Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.quality.models import CorrectionNotice, Ticket
from tongqu.quality.vocabulary import PROVED, Channel, TicketState, TicketView

OPEN_STATES = frozenset(set(TicketState) - {TicketState.CLOSED, TicketState.UNFOUNDED})
HANDLED = (TicketState.ASSIGNED, TicketState.CHECKING, TicketState.CORRECTING)
SEES_ALL = frozenset({Role.MANAGING_OFFICE, Role.SUPPORT, Role.SUPERVISOR, Role.AUDITOR})


def tickets_for(actor: Actor) -> QuerySet[Ticket]:
    """Return the tickets of the asker's department and those it filed; all, for oversight."""
    found = Ticket.objects.select_related("provider", "scan")
    if actor.roles & SEES_ALL or actor.kind == "platform":
        return found
    unit = actor.organisation_id
    if unit is None:
        return found.none()
    return found.filter(Q(provider_id=unit) | Q(filer_organisation_id=unit))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list asks for; an unknown word asks for nothing in particular."""

    state: str = ""
    channel: str = ""
    only: str = ""  # "overdue", "open" or everything
    q: str = ""


def listed(actor: Actor, wanted: Wanted) -> QuerySet[Ticket]:
    """Return tickets with those overdue first, then open ones by their last day."""
    today = clock.today()
    late = Q(state__in=HANDLED, due_on__lt=today)
    found = tickets_for(actor).annotate(
        is_late=Case(When(late, then=Value(True)), default=Value(False),
                     output_field=BooleanField()),
        is_done=Case(When(state__in=OPEN_STATES, then=Value(False)), default=Value(True),
                     output_field=BooleanField()),
    )  # fmt: skip
    if wanted.state in set(TicketState):
        found = found.filter(state=wanted.state)
    if wanted.channel in {channel.value for channel in Channel}:
        found = found.filter(channel=wanted.channel)
    if wanted.only == "overdue":
        found = found.filter(late)
    if wanted.only == "open":
        found = found.filter(state__in=OPEN_STATES)
    for word in wanted.q.split()[:5]:
        found = found.filter(
            Q(number__icontains=word) | Q(entry_name__icontains=word) | Q(title__icontains=word)
            | Q(provider__name__icontains=word)
        )  # fmt: skip
    return found.order_by("-is_late", "is_done", "due_on", "number")


def waiting_for(actor: Actor) -> QuerySet[Ticket]:
    """Return what waits for the asker: to correct, to verify, and what is overdue."""
    unit = actor.organisation_id
    if unit is None:
        return Ticket.objects.none()
    mine = Q(provider_id=unit, state__in=HANDLED)
    verify = Q(filer_organisation_id=unit, state=TicketState.CORRECTED)
    wanted = mine | (verify & ~Q(channel__in=PROVED))
    if Role.MANAGING_OFFICE in actor.roles:
        wanted |= Q(state__in=HANDLED, escalated_at__isnull=False)
    return Ticket.objects.select_related("provider").filter(wanted)


def open_ticket(entry_code: str) -> Ticket | None:
    """Return the open ticket of an entry's scans."""
    return Ticket.objects.filter(
        entry_code=entry_code, state__in=OPEN_STATES, channel=Channel.SCAN
    ).first()


def is_overdue(ticket: Ticket, today: date) -> bool:
    return ticket.state in HANDLED and ticket.due_on < today


def ticket_view(ticket: Ticket) -> TicketView:
    return TicketView(
        number=ticket.number,
        entry_code=ticket.entry_code,
        entry_name=ticket.entry_name,
        provider_id=ticket.provider_id,
        state=TicketState(ticket.state),
        title=ticket.title,
        wrong=ticket.wrong,
        opened_at=ticket.opened_at,
        due_on=ticket.due_on,
        due_provisional=ticket.due_provisional,
        scan=ticket.scan.number if ticket.scan else "",
        channel=Channel(ticket.channel),
        item=ticket.item,
        is_overdue=is_overdue(ticket, clock.today()),
        reopened=ticket.reopened,
        provider_name=ticket.provider.name,
    )


def notices_for(actor: Actor) -> QuerySet[CorrectionNotice]:
    """Return the corrections that the asker's organisation was told of, newest first."""
    found = CorrectionNotice.objects.select_related("ticket")
    return found.filter(organisation_id=actor.organisation_id or 0).order_by("-pk")
