"""Any database with a SQLAlchemy dialect: server-side cursor, turned into Arrow by columns."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from tongqu.adapters.sources.databases import problems
from tongqu.adapters.sources.databases.address import Place
from tongqu.adapters.sources.databases.columns import Described
from tongqu.adapters.sources.databases.paging import Page
from tongqu.adapters.sources.databases.pieces import Written, written
from tongqu.adapters.sources.databases.scanner import engine_of
from tongqu.catalog.vocabulary import DataType
from tongqu.ingest.vocabulary import OP, SEQ, ColumnSpec

ROWS_A_BATCH = 20_000


@contextmanager
def connected(where: Place) -> Iterator[sa.Connection]:
    """Open a connection that only reads; what breaks becomes a problem without secrets."""
    with problems.alchemy_errors(where.kind):
        engine = engine_of(where)
        try:
            with engine.connect() as connection:
                if where.kind in {"mysql", "mariadb"}:
                    connection.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")
                    connection.exec_driver_sql("SET time_zone = '+00:00'")
                    connection.commit()
                yield connection
        finally:
            engine.dispose()


def write(
    connection: sa.Connection,
    found: Described,
    columns: Sequence[ColumnSpec],
    page: Page,
    path: Path,
) -> Written | None:
    """Write one page of a table to a Parquet file: all columns, since a new one is drift."""
    specs = {column.name: column for column in columns}
    wanted = [specs.get(column.name, column) for column in found.columns]
    schema = pa.schema([pa.field(column.name, _arrow(column)) for column in wanted])
    if any(column.name == OP for column in columns):
        schema = schema.append(pa.field(OP, pa.string())).append(pa.field(SEQ, pa.string()))
    query = _query(found, wanted, page)
    streamed = connection.execution_options(stream_results=True, max_row_buffer=ROWS_A_BATCH)
    with problems.alchemy_errors(connection.dialect.name):
        result = streamed.execute(query)
        try:
            batches = _batches(result, wanted, schema)
            first = next(batches, None)
            if first is None:
                return None
            # Text where the values did not fit their declared type: the load tells which rows.
            return written(_with(first, batches), path, schema=first.schema, last=page.order)
        finally:
            result.close()


def _with(first: pa.RecordBatch, rest: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield first
    for batch in rest:
        yield batch.cast(first.schema) if batch.schema != first.schema else batch


def _query(found: Described, columns: Sequence[ColumnSpec], page: Page) -> sa.Select[Any]:
    table = sa.table(
        found.name,
        *(sa.column(name, kind) for name, kind in found.types.items()),
        schema=found.schema or None,
    )
    query = sa.select(*(table.c[column.name] for column in columns))
    if page.time_column:
        query = query.where(table.c[page.time_column].is_not(None))
    if page.since is not None:
        query = query.where(
            table.c[page.time_column] >= _bound(table, page.time_column, page.since)
        )
    if page.after:
        query = query.where(_behind(table, page))
    if page.order:
        query = query.order_by(*(table.c[name] for name in page.order))
    return query.limit(page.limit) if page.limit else query


def _bound(table: Any, name: str, value: Any) -> Any:
    """Return a cursor's value in its column's Python type: JSON made a text of it."""
    from datetime import date, datetime

    kind = table.c[name].type
    if isinstance(kind, sa.DateTime) and isinstance(value, str):
        return datetime.fromisoformat(value)
    if isinstance(kind, sa.Date) and isinstance(value, str):
        return date.fromisoformat(value[:10])
    if isinstance(kind, sa.Numeric) and not isinstance(kind, sa.Float) and value is not None:
        return Decimal(str(value))
    return value


def _behind(table: Any, page: Page) -> sa.ColumnElement[bool]:
    """Return ``(a, b) > (x, y)`` spelled out: not every dialect compares rows."""
    values = [_bound(table, n, v) for n, v in zip(page.order, page.after, strict=True)]
    parts = []
    for n, name in enumerate(page.order):
        equal = [table.c[page.order[m]] == values[m] for m in range(n)]
        parts.append(sa.and_(*equal, table.c[name] > values[n]))
    return sa.or_(*parts)


def _arrow(column: ColumnSpec) -> pa.DataType:
    kinds: Mapping[DataType, pa.DataType] = {
        DataType.INTEGER: pa.int64(), DataType.DECIMAL: pa.float64(), DataType.DATE: pa.date32(),
        DataType.DATETIME: pa.timestamp("us", tz="UTC" if column.zoned else None),
        DataType.BOOLEAN: pa.bool_(), DataType.TIME: pa.time64("us"),
    }  # fmt: skip
    return kinds.get(column.data_type, pa.string())


def _batches(
    result: sa.CursorResult[Any], columns: Sequence[ColumnSpec], schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    """Yield Arrow batches: rows are turned into columns at once, each converted as a whole."""
    while rows := result.fetchmany(ROWS_A_BATCH):
        arrays = [
            _array(values, schema.field(column.name).type)
            for column, values in zip(columns, zip(*rows, strict=True), strict=True)
        ]
        arrays += [pa.nulls(len(rows), pa.string())] * (len(schema) - len(arrays))
        yield pa.record_batch(arrays, names=schema.names)


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_string(kind):
        return pa.array([_text(value) for value in values], kind)
    convert = _CONVERT.get(str(kind))
    try:
        return pa.array([convert(v) for v in values] if convert else values, kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError, ValueError, OverflowError,
            KeyError):  # fmt: skip
        return pa.array([_text(value) for value in values], pa.string())


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _bool(value: Any) -> bool | None:
    return None if value is None else {0: False, 1: True}[value]


_CONVERT: Mapping[str, Callable[[Any], Any]] = {"double": _float, "bool": _bool}


def _text(value: Any) -> str | None:
    match value:
        case None:
            return None
        case bytes() | bytearray() | memoryview():
            return bytes(value).hex()
        case dict() | list():
            import json

            return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
        case _:
            return str(value)
