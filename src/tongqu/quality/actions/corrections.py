"""What follows from a correction: who is told, what was made from the wrong data, is it anew."""

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.catalog.ports import consumers
from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Role
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM
from tongqu.lake.public import Direction, lineage, ref_of, store
from tongqu.policy.clauses import jx_2026 as plan
from tongqu.quality.models import Affected, CorrectionNotice, Ticket


def announce(ticket: Ticket) -> None:
    """List what was made from the data, and tell every subscriber of the data and of those."""
    found = _list_affected(ticket)
    entries = {ticket.entry_code: ticket.entry_name}
    entries |= {one.entry_code: one.title for one in found if one.entry_code}
    told: set[int] = set()
    for code, name in entries.items():
        text = f"{name}的数据已更正（工单 {ticket.number}），请核对已取得的数据"[:300]
        for consumer in consumers(code):
            if consumer in told:
                continue
            told.add(consumer)
            CorrectionNotice.objects.create(
                ticket=ticket, organisation_id=consumer, text=text, at=clock.now()
            )
            notify(
                text,
                key=f"correction:{ticket.number}:{consumer}:{ticket.reopened}",
                kind="更正通知",
                url=f"/catalog/{code}/",
                organisation_id=consumer,
                role=Role.CONSUMER,
            )
    record("quality.correction.announced", by=PLATFORM, subject=ticket.number,
           basis=plan.QUALITY_LOOP,
           details={"subscribers": len(told), "affected": len(found)})  # fmt: skip


def _list_affected(ticket: Ticket) -> list[Affected]:
    """Keep the tables downstream with the snapshot they stood at: a newer one is made anew."""
    names = sorted(_downstream(ticket))
    if not names:
        ticket.affected.all().delete()
        return []
    entries = {line.table: line for line in catalog.lines() if line.table}
    ticket.affected.all().delete()
    made = []
    for name in names:
        line, current = entries.get(name), _current(name)
        if current is None:  # declared, never computed: nothing wrong stands there
            continue
        made.append(
            Affected(
                ticket=ticket, table=name, snapshot_id=current,
                entry_code=line.code if line else "", title=line.name if line else name,
            )
        )  # fmt: skip
    return Affected.objects.bulk_create(made)


def _downstream(ticket: Ticket) -> set[str]:
    entry = catalog.entry(ticket.entry_code)
    served = entry.table if entry else ""
    measured = ticket.scan.table.rpartition(".")[2] if ticket.scan else ""
    starts = {name for name in (served, measured) if name}
    found = {edge.target_table for name in starts for edge in lineage(name)}
    down = {
        edge.target_table for name in starts for edge in lineage(name, direction=Direction.DOWN)
    }
    if served and (served in found or measured not in {"", served}):
        down.add(served)  # made from what was corrected, like the rest
    return down - {measured}


def _current(name: str) -> int | None:
    ref = ref_of(name)
    snapshot = store().current(ref) if ref else None
    return snapshot.id if snapshot else None


def stale(ticket: Ticket) -> list[Affected]:
    """Return what was not computed anew since the correction; note what was."""
    waiting = []
    for one in ticket.affected.filter(recomputed_at=None):
        if _current(one.table) == one.snapshot_id:
            waiting.append(one)
        else:
            one.recomputed_at = clock.now()
            one.save(update_fields=["recomputed_at"])
    return waiting
