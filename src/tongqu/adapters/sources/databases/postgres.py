# ruff: noqa: S608  # names are quoted, values are literals cast to their columns' types
"""PostgreSQL by ADBC: COPY in binary, Arrow all the way, a snapshot for the whole run."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from tongqu.adapters.sources.databases import problems
from tongqu.adapters.sources.databases.address import Place
from tongqu.adapters.sources.databases.columns import Described
from tongqu.adapters.sources.databases.paging import Page
from tongqu.adapters.sources.databases.pieces import Written, written
from tongqu.catalog.vocabulary import DataType
from tongqu.ingest.vocabulary import OP, SEQ, ColumnSpec

CONNECT_SECONDS = 10
BATCH_BYTES = 8 << 20
SNAPSHOT = "S"


def conninfo(where: Place, **settings: str) -> str:
    """Return a libpq connection string; the host as it was looked up, not by its name."""
    url = where.url
    host = {"host": where.numeric} if url.host is None else {
        "host": url.host, "hostaddr": where.numeric, "port": str(url.port or 5432)
    }  # fmt: skip
    options = " ".join(f"-c {key}={value}" for key, value in settings.items())
    parts = {
        **host, "user": url.username, "password": url.password, "dbname": url.database,
        "connect_timeout": str(CONNECT_SECONDS), "options": options,
    }  # fmt: skip
    return " ".join(f"{key}={_quoted(str(value))}" for key, value in parts.items() if value)


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def table(found: Described) -> str:
    return f"{name(found.schema)}.{name(found.name)}" if found.schema else name(found.name)


def literal(value: Any, kind: Any) -> str:
    """Return a value of a cursor as SQL, cast to its column's type."""
    text = "NULL" if value is None else "'" + str(value).replace("'", "''") + "'"
    return f"{text}::{kind.compile(dialect=postgresql.dialect())}"  # type: ignore[no-untyped-call]


def expression(column: ColumnSpec, kind: Any) -> str:
    """Return how a column is asked for: in a type that Arrow carries, else as its text."""
    quoted = name(column.name)
    match column.data_type:
        case DataType.INTEGER | DataType.BOOLEAN | DataType.DATE | DataType.TIME:
            return quoted
        case DataType.DATETIME:
            return quoted
        case DataType.DECIMAL:
            if isinstance(kind, sa.REAL):  # as it is spelled, not as its bits widen
                return f"{quoted}::text::float8 AS {quoted}"
            return quoted if isinstance(kind, sa.Float) else f"{quoted}::float8 AS {quoted}"
    is_text = isinstance(kind, sa.String)
    return quoted if is_text else f"{quoted}::text AS {quoted}"


def select(
    found: Described, agreed: Sequence[ColumnSpec], *, seq: str = "", skip: Sequence[str] = ()
) -> str:
    """Return the beginning of a query over all columns: one that nobody agreed on is drift.

    ``seq`` fills the columns of change capture, which are NULL in other pulls.
    """
    specs = {column.name: column for column in agreed}
    picks = [
        expression(specs.get(column.name, column), found.types[column.name])
        for column in found.columns
        if column.name not in skip
    ]
    if seq:
        picks += [f"'{SNAPSHOT}'::text AS {name(OP)}", f"'{seq}'::text AS {name(SEQ)}"]
    elif OP in specs:
        picks += [f"NULL::text AS {name(OP)}", f"NULL::text AS {name(SEQ)}"]
    return f"SELECT {', '.join(picks)} FROM {table(found)}"


def where(page: Page, types: Mapping[str, Any]) -> str:
    """Return the rest of a query: what the page leaves behind, its order, its size."""
    conditions = [f"{name(page.time_column)} IS NOT NULL"] if page.time_column else []
    if page.since is not None:
        time = page.time_column
        conditions.append(f"{name(time)} >= {literal(page.since, types[time])}")
    for sign, place in ((">", page.after), ("<=", page.until)):
        if place:
            left = ", ".join(name(column) for column in page.order)
            right = ", ".join(
                literal(value, types[column])
                for column, value in zip(page.order, place, strict=True)
            )
            conditions.append(f"({left}) {sign} ({right})")
    text = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    if page.order:
        text += f" ORDER BY {', '.join(name(column) for column in page.order)}"
    return text + (f" LIMIT {int(page.limit)}" if page.limit else "")


class Reader:
    """One read-only connection and one snapshot, for the pages of a run."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def batches(self, query: str) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
        cursor = self.connection.cursor()
        cursor.adbc_statement.set_options(
            **{"adbc.postgresql.batch_size_hint_bytes": str(BATCH_BYTES)}
        )
        cursor.execute(query)
        reader = cursor.fetch_record_batch()
        return reader.schema, _closing(cursor, reader)

    def write(self, query: str, path: Path, *, last: tuple[str, ...]) -> Written | None:
        with adbc_errors():
            schema, batches = self.batches(query)
            return written(batches, path, schema=schema, last=last)


def _closing(cursor: Any, reader: Any) -> Iterator[pa.RecordBatch]:
    try:
        yield from reader
    finally:
        cursor.close()


@contextmanager
def reader(where_to: Place) -> Iterator[Reader]:
    """Open a connection that only reads, in one snapshot that lasts for the whole run."""
    from adbc_driver_postgresql import dbapi

    settings = {
        "default_transaction_read_only": "on", "lock_timeout": "5s", "TimeZone": "UTC",
        "default_transaction_isolation": "repeatable\\ read", "extra_float_digits": "3",
    }  # fmt: skip
    with adbc_errors():
        connection = dbapi.connect(conninfo(where_to, **settings))
    try:
        yield Reader(connection)
    finally:
        connection.close()


@contextmanager
def adbc_errors() -> Iterator[None]:
    import adbc_driver_manager as manager

    try:
        yield
    except manager.Error as error:
        raise problems.of_state(error.sqlstate or "", str(error)) from None
