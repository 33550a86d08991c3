"""What auto-fix changed in a batch: values as they came and as they are (QLT-11)."""

from typing import Any

from tongqu.ingest.models import Batch
from tongqu.lake import public as lake

SHOWN = 50


def fixed_values(batch: Batch, *, limit: int = SHOWN) -> list[dict[str, Any]]:
    """Return the first changes: line, column, rule, before, after.

    They are values of rows: for who may download what was kept apart, and nobody else.
    """
    ref = lake.quarantine_ref(f"quarantine_{batch.source.code}__fixes")
    if not batch.fixed or lake.store().current(ref) is None:
        return []
    with lake.engine().relation(
        'SELECT line, "column", rule, "before", "after" FROM fixes WHERE batch = ? '
        'ORDER BY line, "column" LIMIT ?',
        tables={"fixes": ref}, parameters=[batch.number, limit],
    ) as found:  # fmt: skip
        rows: list[dict[str, Any]] = found.arrow().to_pylist()
    return rows
