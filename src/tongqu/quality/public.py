"""Doors of quality: measure, read the newest score, file and list tickets."""

from collections.abc import Mapping, Sequence
from typing import Any

from tongqu.catalog.vocabulary import EntryView, Panel
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.actor import Actor
from tongqu.kernel.work import TodoItem
from tongqu.lake.vocabulary import TableRef
from tongqu.quality import queries
from tongqu.quality.actions.packs import save_pack as _save_pack
from tongqu.quality.actions.tickets import file_ticket as _file_ticket
from tongqu.quality.vocabulary import (
    DIMENSION_LABELS,
    ScanView,
    TicketState,
    TicketView,
)

HANDLED = (TicketState.ASSIGNED, TicketState.CHECKING, TicketState.CORRECTING)


def save_pack(entry_code: str, rules: Sequence[Mapping[str, Any]], *, by: Actor) -> int:
    """Store the rules of an entry; return the version. Raises BAD_RULE."""
    return _save_pack(entry_code, rules, by=by).version


def scan(entry_code: str, *, by: Actor, table: TableRef | None = None) -> ScanView:
    """Measure an entry's table now (article 15). Raises NOT_CONNECTED, NOT_PUBLISHED."""
    from tongqu.quality.actions.scan import scan as measure

    return queries.view_of(measure(entry_code, by=by, table=table))


def score(entry_code: str) -> ScanView | None:
    """Return the newest measurement of an entry; None before the first."""
    found = queries.newest_scan(entry_code)
    return queries.view_of(found) if found else None


def file_ticket(entry_code: str, *, title: str, by: Actor) -> TicketView:
    return queries.ticket_view(_file_ticket(entry_code, title=title, by=by))


def tickets(actor: Actor) -> list[TicketView]:
    """Return the tickets that the asker may see, the most urgent first."""
    return [queries.ticket_view(ticket) for ticket in queries.tickets_for(actor)]


def todos(actor: Actor) -> list[TodoItem]:
    """Return the tickets that wait for the asker's department."""
    if not actor.may(Permission.QUALITY_TICKET_HANDLE):
        return []
    waiting = queries.tickets_for(actor).filter(
        provider_id=actor.organisation_id, state__in=HANDLED
    )
    return [
        TodoItem(
            kind="质量整改",
            reference=ticket.number,
            title=f"{ticket.entry_name}：{ticket.title}",
            url=f"/manage/quality/issues/{ticket.number}/",
            received_at=ticket.opened_at,
            due_on=ticket.due_on,
            due_provisional=ticket.due_provisional,
            from_whom=ticket.filed_by,
        )
        for ticket in waiting
    ]


def panel(entry: EntryView, actor: Actor) -> Panel | None:
    """Return the block of an entry's page with its newest scores; open to everybody."""
    view = score(entry.code)
    if view is None:
        return None
    context = {
        "view": view,
        "dimensions": [(DIMENSION_LABELS[d], value) for d, value in view.dimensions.items()],
        "may_open": actor.may(Permission.QUALITY_RESULT_READ),
    }
    return Panel("quality", "数据质量", "quality/_panel.html", context)
