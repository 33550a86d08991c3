"""Which parts of a model's table have to be computed again since its last run."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tongqu.lake.domain import partition
from tongqu.lake.domain.living import SEQ
from tongqu.lake.domain.packs import Model
from tongqu.lake.ports import engine, store
from tongqu.lake.vocabulary import Edge, Layer, Snapshot, TableRef, ref_of


@dataclass(frozen=True, slots=True)
class Parts:
    """The values of the partition column to compute again, in a Parquet file of one column."""

    driver: str  # the table that tells the parts
    path: Path
    count: int


def parts_of(
    model: Model, edges: Sequence[Edge], inputs: Mapping[str, int], built: Snapshot, *, since: str
) -> Parts | None:
    """Return the parts that changed since the last run; None: everything must be computed.

    ``since`` asks for all parts from a value on, whether they changed or not.
    """
    part = model.partition
    if part is None or built.summary.get("digest") != model.digest:
        return None
    driver = {e.source_table for e in edges if e.target_column == part.column}
    before: dict[str, int] = json.loads(built.summary.get("reads", "{}"))
    if len(driver) != 1 or set(before) != set(inputs):
        return None
    name = driver.pop()
    others_moved = any(before[t] != inputs[t] for t in inputs if t != name)
    ref = ref_of(name)
    if others_moved or ref is None or not _is_kept(ref, before[name]) or _is_captured(ref):
        return None
    moved = _changed_sql(ref, part.expression)
    tables = {"now": (ref, inputs[name]), "before": (ref, before[name])}
    if since:
        moved = (
            f"SELECT part FROM ({moved}) AS m UNION SELECT part FROM ("  # noqa: S608
            f"SELECT DISTINCT {part.expression} AS part FROM now) AS whole"
            " WHERE CAST(part AS VARCHAR) >= $since"
        )
    path = engine().scratch()
    with engine().relation(moved, tables=tables, parameters={"since": since} if since else {}) as r:
        count = r.write(path)
    return Parts(name, path, count)


def _is_kept(ref: TableRef, snapshot_id: int) -> bool:
    return any(snapshot.id == snapshot_id for snapshot in store().snapshots(ref))


def _is_captured(ref: TableRef) -> bool:
    """Tell whether deletions name their keys alone: not the part that lost a row."""
    return ref.layer is Layer.ODS and any(c.name == SEQ for c in store().columns(ref))


def _changed_sql(ref: TableRef, expression: str) -> str:
    columns = {column.name for column in store().columns(ref)}
    if ref.layer is Layer.ODS and "_batch_id" in columns:
        return partition.changed_by_batch(expression)
    return partition.changed_by_rows(expression)
