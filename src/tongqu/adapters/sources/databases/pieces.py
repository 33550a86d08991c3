"""Arrow batches become Parquet files of bounded size; the next is read while one is loaded."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

T = TypeVar("T")
_END = object()


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
            writer = writer or pq.ParquetWriter(path, schema, compression="lz4")
            writer.write_batch(batch)
            rows, end = rows + batch.num_rows, batch
    finally:
        if writer is not None:
            writer.close()
    if end is None:
        return None
    tip = end.slice(end.num_rows - 1)
    return Written(path, rows, tuple(tip.column(name)[0].as_py() for name in last))


def ahead(items: Iterator[T], *, depth: int = 1) -> Iterator[T]:
    """Yield items that a thread makes ``depth`` ahead; its failure is raised here.

    A reader that stops early stops the thread at its next item.
    """
    queue: Queue[Any] = Queue(maxsize=depth)
    stop = threading.Event()

    def work() -> None:
        try:
            for item in items:
                if not _put(queue, item, stop):
                    return
            _put(queue, _END, stop)
        except BaseException as error:
            _put(queue, _Failed(error), stop)
        finally:
            close: Callable[[], None] | None = getattr(items, "close", None)
            if close is not None:
                close()

    thread = threading.Thread(target=work, name="pull-ahead", daemon=True)
    thread.start()
    try:
        while (item := queue.get()) is not _END:
            if isinstance(item, _Failed):
                raise item.error
            yield item
    finally:
        stop.set()
        thread.join(timeout=60)


@dataclass(frozen=True, slots=True)
class _Failed:
    error: BaseException


def _put(queue: "Queue[Any]", item: object, stop: threading.Event) -> bool:
    from queue import Full

    while not stop.is_set():
        try:
            queue.put(item, timeout=0.2)
        except Full:
            continue
        return True
    return False
