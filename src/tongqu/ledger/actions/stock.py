"""Measure the stock (汇聚规模): counted by the engine in the lake, never typed in."""

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.delivery import public as delivery
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.lake import public as lake
from tongqu.lake.vocabulary import ODS_TECHNICAL, TableView
from tongqu.ledger.domain.stock import treated
from tongqu.ledger.models import StockMeasurement
from tongqu.policy.clauses import gd_2024

_COUNT = "SELECT count(*) AS n FROM counted"


def measure(*, by: Actor = PLATFORM) -> StockMeasurement:
    """Count the source layer's tables, data items and rows, and the parts behind the rates.

    The platform's own columns are no data items. Only the source layer counts: what the
    other layers hold was made from it and would be counted twice.
    """
    if by.kind != "platform":
        require(by, Permission.LEDGER_STOCK_MEASURE)
    tables = [table for table in lake.tables() if table.layer is lake.Layer.ODS]
    lines = catalog.lines()
    connected = {line.code for line in lines if line.connected_at is not None}
    shared = {grant.terms.entry_code for grant in delivery.grants(open_only=True)}
    facts = {
        "tables": len(tables),
        "items": sum(_items(table) for table in tables),
        "rows": sum(_rows(table) for table in tables),
        "tables_treated": len(treated([t.name for t in tables], lake.table_steps())),
        "entries": len(lines),
        "entries_connected": len(connected),
        "entries_shared": len(connected & shared),
    }
    return _keep(facts, by=by)


@transaction.atomic
def _keep(facts: dict[str, int], *, by: Actor) -> StockMeasurement:
    made = StockMeasurement.objects.create(at=clock.now(), by=str(by), facts=facts)
    record("ledger.stock.measured", by=by, subject=f"stock-{made.pk}",
           basis=gd_2024.ONE_LEDGER, details=facts)  # fmt: skip
    return made


def _items(table: TableView) -> int:
    return sum(column.name not in ODS_TECHNICAL for column in table.columns)


def _rows(table: TableView) -> int:
    """Let the engine count, rather than believe what a snapshot says of itself."""
    ref = lake.ods_ref(table.name)
    with lake.engine().relation(_COUNT, tables={"counted": ref}) as counted:
        return int(str(counted.scalar()))
