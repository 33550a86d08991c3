"""Reads of quality, always starting from what the asker may see."""

from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery

from tongqu.identity.vocabulary import Role
from tongqu.kernel.actor import Actor
from tongqu.quality.domain import scores
from tongqu.quality.models import RuleResult, Scan, Ticket
from tongqu.quality.vocabulary import (
    Dimension,
    RuleResultView,
    ScanView,
    TicketState,
    TicketView,
)

OPEN_STATES = frozenset(set(TicketState) - {TicketState.CLOSED, TicketState.UNFOUNDED})
SEES_ALL = frozenset({Role.MANAGING_OFFICE, Role.SUPPORT, Role.SUPERVISOR, Role.AUDITOR})


def tickets_for(actor: Actor) -> QuerySet[Ticket]:
    """Return the tickets of the asker's department; of all, for support and oversight."""
    found = Ticket.objects.select_related("provider", "scan")
    if actor.roles & SEES_ALL or actor.kind == "platform":
        return found
    return found.filter(provider_id=actor.organisation_id)


def open_ticket(entry_code: str) -> Ticket | None:
    return Ticket.objects.filter(entry_code=entry_code, state__in=OPEN_STATES).first()


def newest_scan(entry_code: str) -> Scan | None:
    return Scan.objects.filter(entry_code=entry_code).prefetch_related("results").first()


def view_of(scan: Scan) -> ScanView:
    found = {d: _number(scan.dimensions.get(d.value)) for d in Dimension}
    ticket = scan.tickets.first()
    return ScanView(
        number=scan.number,
        entry_code=scan.entry_code,
        table=scan.table,
        snapshot_id=scan.snapshot_id,
        rows=scan.rows,
        at=scan.at,
        score=scan.score,
        dimensions=found,
        results=tuple(_result(row) for row in scan.results.all()),
        ticket=ticket.number if ticket else "",
    )


def _result(row: RuleResult) -> RuleResultView:
    return RuleResultView(
        code=row.code,
        title=row.title,
        dimension=Dimension(row.dimension),
        column=row.column,
        checked=row.checked,
        wrong=row.wrong,
        share=scores.share(row.checked, row.wrong),
        basis=row.basis,
    )


def _number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


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
    )


def newest_scans() -> list[Scan]:
    """Return each entry's newest scan, the lowest score first."""
    last = Scan.objects.filter(entry_code=OuterRef("entry_code")).order_by("-at", "-pk")
    newest = Scan.objects.filter(pk=Subquery(last.values("pk")[:1]))
    return sorted(newest, key=lambda scan: (scan.score is None, scan.score or 0))
