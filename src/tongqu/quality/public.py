"""Doors of quality: measure, read the newest score, file and list tickets."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tongqu.catalog.public import entry as find_entry
from tongqu.catalog.vocabulary import EntryView, Panel
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.actor import Actor
from tongqu.kernel.work import TodoItem
from tongqu.lake.vocabulary import TableRef
from tongqu.quality import ports, queries
from tongqu.quality.actions.incentives import award as _award
from tongqu.quality.actions.packs import save_pack as _save_pack
from tongqu.quality.actions.tickets import department_abolished as _abolished
from tongqu.quality.actions.tickets import file_ticket as _file_ticket
from tongqu.quality.models import RulePack
from tongqu.quality.queries.assessment import improvement_todos
from tongqu.quality.queries.cases import marked
from tongqu.quality.queries.opinions import opinion_of
from tongqu.quality.queries.waiting import loop_todos
from tongqu.quality.vocabulary import (
    DIMENSION_LABELS,
    Channel,
    Dimension,
    ScanView,
    TicketView,
)


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


def failing(dimension: Dimension, share: float) -> list[ScanView]:
    """Return the newest measurements where a rule of a dimension finds more wrong than a share."""
    return [queries.view_of(found) for found in queries.newest_failing(dimension, share)]


def file_ticket(
    entry_code: str, *, title: str, by: Actor, channel: Channel | None = None
) -> TicketView:
    """File a problem; ``channel`` says whence where it is not the actor's own finding."""
    return queries.ticket_view(_file_ticket(entry_code, title=title, by=by, channel=channel))


def rejected_rows(entry_code: str, *, batch: str, rows: int, received: int) -> None:
    """Open a ticket for the rows that a load rejected; for ingest's hook (ING-19, QLT-04)."""
    from tongqu.quality.actions.resubmission import rejected

    rejected(entry_code, batch=batch, rows=rows, received=received)


def rows_came(entry_code: str, *, batch: str) -> None:
    """Look whether a load brought rejected rows corrected; for ingest's hook (QLT-04)."""
    from tongqu.quality.actions.resubmission import resubmitted

    resubmitted(entry_code, batch=batch)


def department_abolished(organisation_id: int, by: Actor) -> int:
    """Hand open tickets to who stands in a department's place; for identity's port."""
    return _abolished(organisation_id, by)


def notes(entry_code: str) -> list[str]:
    """Return what every output of an entry has to carry: items that a subject objects to."""
    found = marked(entry_code)
    if not found:
        return []
    entry = find_entry(entry_code)
    names = {item.name_en: item.name_zh for item in entry.items} if entry else {}
    return [
        f"信息项“{names.get(item, item)}”有异议，正在核实（{number}）" for number, item in found
    ]


def tickets(actor: Actor) -> list[TicketView]:
    """Return the tickets that the asker may see, the most urgent first."""
    return [queries.ticket_view(ticket) for ticket in queries.tickets_for(actor)]


def has_pack(entry_code: str) -> bool:
    """Say whether an entry has rules of its own, of its department's standard or the support's."""
    newest = RulePack.objects.filter(entry_code=entry_code).first()
    return newest is not None and bool(newest.rules)


def pass_layer(target: str, inputs: Mapping[str, int]) -> str:
    """Let snapshots move up into a table, as the lake's gate. Raises ``Rejected`` GATE_HELD."""
    from tongqu.quality.actions.gates import judge

    return judge(target, inputs)


def pass_level(
    *, entry_code: str, batch: str, score: Decimal, gate: Decimal
) -> tuple[Decimal, str]:
    """Return the gate that counts for a batch, and the reason of a waiver; as ingest's gate."""
    from tongqu.quality.actions.gates import judge_batch

    return judge_batch(entry_code=entry_code, batch=batch, score=score, gate=gate)


def award(rule: str, *, organisation_id: int, evidence: str, key: str, url: str = "") -> bool:
    """Add points to the ledger of incentives for sharing or reuse; each ``key`` counts once.

    ``rule``: ``AWARD_SHARED`` or ``AWARD_REUSED``; ``evidence``: a number that can be looked up.
    To be called in the transaction of the fact.
    """
    return _award(rule, organisation_id=organisation_id, evidence=evidence, key=key, url=url)


def todos(actor: Actor) -> list[TodoItem]:
    """Return what waits for the asker: tickets, check requests, objections, improvements."""
    improvements = improvement_todos(actor) if actor.may(Permission.QUALITY_TICKET_HANDLE) else []
    return loop_todos(actor) + improvements


def panel(entry: EntryView, actor: Actor) -> Panel | None:
    """Return the block of an entry's page: machine's scores beside users'; open to everybody."""
    view = score(entry.code)
    opinion = opinion_of(entry.code, view.score if view else None)
    may_rate = actor.may(Permission.QUALITY_STARS_GIVE) and actor.kind == "person"
    if view is None and opinion is None and not may_rate:
        return None
    scores = view.dimensions.items() if view else ()
    held = ports.grants_of(entry.code, actor.organisation_id or 0) if may_rate else ()
    if view is None and opinion is None and not held:
        return None
    context = {
        "view": view,
        "opinion": opinion,
        "rate": entry.code if held else "",
        "dimensions": [(DIMENSION_LABELS[d], value) for d, value in scores],
        "may_open": actor.may(Permission.QUALITY_RESULT_READ),
    }
    return Panel("quality", "数据质量", "quality/_panel.html", context)


def marks_panel(entry: EntryView, actor: Actor) -> Panel | None:
    """Return the mark 有异议 on an entry's page; open to everybody."""
    del actor
    found = notes(entry.code)
    context = {"notes": found, "code": entry.code}
    return Panel("marks", "有异议", "quality/_marks.html", context, aside=True) if found else None
