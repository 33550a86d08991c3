"""What ingest tells the catalogue: the real columns, and that data has arrived."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import queries
from tongqu.catalog.actions import guards
from tongqu.catalog.actions.linked import mark_to_update
from tongqu.catalog.domain.drift import ColumnChange, drift
from tongqu.catalog.models import Entry, ObservedColumn
from tongqu.catalog.vocabulary import ChangeReason, DataType
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.policy.clauses import measures_2021 as law


@transaction.atomic
def record_observation(
    code: str, columns: Mapping[str, DataType], *, by: Actor = PLATFORM
) -> tuple[ColumnChange, ...]:
    """Replace what is known of the real table (column name → type, in the table's order).

    A published entry that no longer fits turns 待更新, with the columns named (CAT-04).
    """
    entry = guards.locked(code)
    before = {
        column.name: DataType(column.data_type)
        for column in ObservedColumn.objects.filter(entry=entry).order_by("position", "name")
    }
    found = _changes(code, before, columns)
    now = clock.now()
    ObservedColumn.objects.filter(entry=entry).delete()
    ObservedColumn.objects.bulk_create(
        ObservedColumn(entry=entry, name=name, data_type=kind, position=n, at=now)
        for n, (name, kind) in enumerate(columns.items())
    )
    if found:
        mark_to_update(
            code, by=by, cause=_cause(found), reason=ChangeReason.DATA_CHANGE, columns=found
        )
    return found


def report_observation(
    code: str, columns: Mapping[str, DataType], *, by: Actor
) -> tuple[ColumnChange, ...]:
    """Take a scan's result from outside: of one's own entry, or by those who look after all."""
    guards.may_work(code, by=by, permission=Permission.CATALOG_ENTRY_CHECK)
    return record_observation(code, columns, by=by)


def _changes(
    code: str, before: Mapping[str, DataType], after: Mapping[str, DataType]
) -> tuple[ColumnChange, ...]:
    version = queries.in_force(code)
    if version is None or before == after:
        return ()
    return drift([queries.item_view(item) for item in version.items.all()], before, after)


def _cause(found: tuple[ColumnChange, ...]) -> str:
    named = "；".join(str(change) for change in found[:8])
    more = f"；等 {len(found)} 处" if len(found) > 8 else ""
    return f"扫描发现库表变化：{named}{more}"


@transaction.atomic
def mark_connected(code: str, *, rows: int, at: datetime, table: str = "", by: Actor) -> None:
    """Note a successful load. ``rows`` is what the store now holds; 0 connects nothing.

    Safe to repeat: the first connection keeps its instant, later loads update the rest.
    """
    if rows <= 0:
        return
    entry: Entry = guards.locked(code)
    is_first = entry.connected_at is None
    entry.connected_at = entry.connected_at or at
    entry.connected_rows = rows
    entry.last_loaded_at = at
    entry.table = table or entry.table
    entry.save(update_fields=["connected_at", "connected_rows", "last_loaded_at", "table"])
    if is_first:
        record("catalog.entry.connected", by=by, subject=code, rows=rows, basis=law.CONNECT_IN_TIME)
