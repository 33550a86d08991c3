"""What makes a row a duplicate: which rows of the table count, and how their hashes were made."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tongqu.ingest import ports
from tongqu.ingest.domain.ledger import PREFIX
from tongqu.ingest.models import Batch
from tongqu.ingest.vocabulary import OP, ColumnSpec
from tongqu.kernel.statements import quoted
from tongqu.lake import public as lake
from tongqu.lake.vocabulary import TableRef

if TYPE_CHECKING:  # Arrow is loaded by who hands rows out
    import pyarrow as pa

SCHEME = f"{PREFIX}row_hash"  # property of a table: how its ``_row_hash`` was made


def stored(
    batch: Batch, ref: TableRef, columns: Sequence[ColumnSpec], *, contents: bool = False
) -> "pa.RecordBatchReader | None":
    """Return the rows, or their hashes, that make a row a duplicate; None where there are none.

    For a file: of every row stored. For a pull of a table with keys, and for full states: of each
    key's newest row, since a row that goes back to an earlier state is news.
    """
    store = lake.store()
    if batch.facts.get("fresh") or store.current(ref) is None:
        return None
    keys = [column.name for column in columns if column.is_key]
    is_ours = store.properties(ref).get(SCHEME) == _scheme(batch)
    names = [quoted(column.name) for column in columns]
    picks = ", ".join(names) if contents or not is_ours else "_row_hash"
    is_newest = is_state(batch) and all(c.name != OP for c in columns)
    query = lake.newest_sql(keys if is_newest else ())
    # A row withdrawn is not there any more: its like is news.
    marks = any(c.name == OP for c in store.columns(ref)) and all(c.name != OP for c in columns)
    there = f" WHERE coalesce({OP}, '') <> 'D'" if marks else ""
    query = f"SELECT {picks} FROM ({query}){there}"  # noqa: S608  # quoted
    return lake.engine().relation(query, tables={"stored": ref}).reader()


def _scheme(batch: Batch) -> str:
    return ports.connector(batch.source.form).hash_scheme()


def scheme_after(batch: Batch, ref: TableRef) -> str:
    """Return the mark of the table's hashes once this batch is in: one scheme, or mixed."""
    store = lake.store()
    if not store.exists(ref) or store.current(ref) is None:
        return _scheme(batch)
    return _scheme(batch) if store.properties(ref).get(SCHEME) == _scheme(batch) else "mixed"


def is_state(batch: Batch) -> bool:
    """Tell whether a batch says how things stand, rather than what happened once."""
    told = batch.contract.get("options", {})
    return batch.run_id is not None or bool(told.get("full_state")) or "withdraws" in batch.facts
