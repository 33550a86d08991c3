"""Arrow batches become Parquet files of bounded size."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

# A piece is read once, and from end to end: dictionaries and statistics would cost the most.
_PLAINLY: Mapping[str, Any] = {
    "compression": "lz4", "use_dictionary": False, "write_statistics": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """A file of rows; ``last`` is the last row's values of the columns asked for."""

    path: Path
    rows: int
    last: tuple[Any, ...]


def written(
    batches: Iterator[pa.RecordBatch], path: Path, *, schema: pa.Schema, last: tuple[str, ...] = ()
) -> Written | None:
    """Write batches to one Parquet file; None where there is no row. One batch in memory."""
    rows, end = 0, None
    writer: pq.ParquetWriter | None = None
    try:
        for batch in batches:
            if not batch.num_rows:
                continue
            writer = writer or pq.ParquetWriter(path, schema, **_PLAINLY)
            writer.write_batch(batch)
            rows, end = rows + batch.num_rows, batch
    finally:
        if writer is not None:
            writer.close()
    if end is None:
        return None
    tip = end.slice(end.num_rows - 1)
    return Written(path, rows, tuple(tip.column(name)[0].as_py() for name in last))
