"""What ingest tells the catalogue: the real columns, and that data has arrived."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog.actions import guards
from tongqu.catalog.models import Entry, ObservedColumn
from tongqu.catalog.vocabulary import DataType
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.policy.clauses import measures_2021 as law


@transaction.atomic
def record_observation(code: str, columns: Mapping[str, DataType]) -> None:
    """Replace what is known of the real table: column name → type."""
    entry = guards.locked(code)
    now = clock.now()
    ObservedColumn.objects.filter(entry=entry).delete()
    ObservedColumn.objects.bulk_create(
        ObservedColumn(entry=entry, name=name, data_type=kind, at=now)
        for name, kind in columns.items()
    )


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
