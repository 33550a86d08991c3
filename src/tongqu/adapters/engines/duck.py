"""The embedded engine: one DuckDB instance a process, one cursor a query.

The instance may touch the lake's folder and the exports and nothing else, cannot load
extensions, and its configuration is locked. Of an object store it sees the planned files
only, through ``PlannedFiles``. What a query may read is told by ``tables``: they become
views of that query's cursor, which no other cursor sees.
"""

import os
import shutil
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import duckdb
import pyarrow as pa
import sqlglot
from django.conf import settings
from sqlglot import exp

from tongqu.adapters.engines.planned import PlannedFiles
from tongqu.adapters.tables.datafiles import COPY_OPTIONS, spill_folder, storage_errors
from tongqu.adapters.tables.types import field_ids, literal, read_files
from tongqu.adapters.tables.warehouse import Bucket, Warehouse
from tongqu.kernel.problems import Problem
from tongqu.kernel.statements import quoted, sources
from tongqu.lake.ports import EngineResult, FileKind, TableStore
from tongqu.lake.vocabulary import (
    Column,
    NotReadable,
    Plan,
    QueryFailed,
    QueryTimeout,
    SchemaChanged,
    TableRef,
)

Tables = Mapping[str, TableRef | tuple[TableRef, int] | Plan | pa.Table | Sequence[str]]
Parameters = Sequence[object] | Mapping[str, object]
TABLE_FUNCTIONS = (exp.Unnest, exp.GenerateSeries, exp.Values, exp.Lateral)


class DuckEngine:
    """See ``tongqu.lake.ports.Engine``."""

    def __init__(
        self, store: TableStore, *, warehouse: Warehouse, writable: Sequence[Path]
    ) -> None:
        self._store = store
        self._scratch = warehouse.folder / ".scratch"
        self._scratch.mkdir(parents=True, exist_ok=True)
        self._folders = (warehouse.folder, *(path.resolve() for path in writable))
        self._planned = PlannedFiles(warehouse.files) if isinstance(warehouse, Bucket) else None
        self._seen = [*map(str, self._folders), *([warehouse.uri] if self._planned else [])]
        self._spill = spill_folder(self._scratch)
        self._instance = _open(self._seen, self._spill, self._planned)

    def relation(
        self,
        sql: str,
        *,
        tables: Tables,
        parameters: Parameters = (),
        seconds: float | None = None,
        memory_mb: int | None = None,
    ) -> "DuckResult":
        check(sql, frozenset(name.lower() for name in tables))
        held = ExitStack()
        try:
            cursor = held.enter_context(closing(self._cursor(held, memory_mb)))
            with storage_errors():
                for alias, source in tables.items():
                    self._show(cursor, alias, source)
        except BaseException:
            held.close()
            raise
        limit = seconds or float(str(settings.LAKE.get("QUERY_SECONDS", 600)))
        return DuckResult(cursor, sql, parameters, limit, folders=self._folders, held=held)

    def _cursor(self, held: ExitStack, memory_mb: int | None) -> duckdb.DuckDBPyConnection:
        """Return a new cursor; of an instance of its own where memory is limited.

        DuckDB counts memory by instance and not by query.
        """
        if not memory_mb:
            return self._instance.cursor()
        spill = spill_folder(self._scratch)
        held.callback(shutil.rmtree, spill, ignore_errors=True)
        return held.enter_context(
            closing(_open(self._seen, spill, self._planned, memory_mb=memory_mb))
        ).cursor()

    def _show(self, cursor: duckdb.DuckDBPyConnection, alias: str, source: Any) -> None:
        match source:
            case TableRef():
                view = self._view(self._store.plan(source))
            case (TableRef() as ref, int() as snapshot_id):
                view = self._view(self._store.plan(ref, snapshot_id))
            case Plan():  # some files of a snapshot
                view = self._view(source)
            case pa.Table():
                cursor.register(alias, source)
                return
            case _:
                listed = ", ".join(literal(str(path)) for path in source)
                view = f"SELECT * FROM read_parquet([{listed}])"  # noqa: S608  # our own files
        cursor.execute(f"CREATE TEMP VIEW {quoted(alias)} AS {view}")

    def _view(self, plan: Plan) -> str:
        if self._planned is not None:
            self._planned.allow(plan.files)
        return _view(plan)

    def scratch(self) -> Path:
        return self._scratch / f"{uuid.uuid4()}.parquet"

    def close(self) -> None:
        self._instance.close()
        shutil.rmtree(self._spill, ignore_errors=True)


def _open(
    seen: Sequence[str], spill: Path, planned: PlannedFiles | None, *, memory_mb: int = 0
) -> duckdb.DuckDBPyConnection:
    limits = {"max_temp_directory_size": f"{memory_mb}MB"} if memory_mb else {}
    instance = duckdb.connect(
        ":memory:",
        config={
            "threads": int(str(settings.LAKE["THREADS"])),
            "memory_limit": f"{memory_mb or settings.LAKE['MEMORY_MB']}MB",
            "temp_directory": str(spill),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            **limits,
        },
    )
    if planned is not None:
        instance.register_filesystem(planned)
    listed = ", ".join(literal(f"{place}/") for place in seen)
    instance.execute(f"SET allowed_directories = [{listed}]")
    instance.execute("SET TimeZone = 'Asia/Shanghai'")  # a legal day is a day there
    instance.execute("SET enable_external_access = false")
    instance.execute("SET parquet_metadata_cache = true")  # data files never change
    instance.execute("SET lock_configuration = true")
    return instance


def _view(plan: Plan) -> str:
    """Return the SELECT that reads a snapshot."""
    columns = ", ".join(quoted(column.name) for column in plan.columns)
    if not plan.files:
        empty = ", ".join(f"CAST(NULL AS {c.type}) AS {quoted(c.name)}" for c in plan.columns)
        return f"SELECT {empty} WHERE false"  # names from the table's schema
    return f"SELECT {columns} FROM {read_files(plan.files, plan.columns)}"  # noqa: S608  # our own files


@lru_cache(maxsize=2000)
def check(sql: str, names: frozenset[str]) -> None:
    """Refuse what is not one SELECT over the named tables.

    Raises: ``NotReadable``.
    """
    try:
        statements = sqlglot.parse(sql, dialect="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise _not_readable("SQL_SYNTAX", "查询语句无法解析。") from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise _not_readable("SQL_NOT_SELECT", "只接受一条查询语句。")
    query = statements[0]
    for table in sources(query):
        if isinstance(table.this, TABLE_FUNCTIONS):
            continue
        if (
            not isinstance(table.this, exp.Identifier)
            or table.db
            or table.name.lower() not in names
        ):
            raise _not_readable("SQL_TABLE", "查询引用了未授予的表或函数。")


def _not_readable(code: str, title: str) -> NotReadable:
    return NotReadable(
        Problem(
            code=code, title=title, next_step="请核对模型或查询所引用的表。", who="技术支持部门"
        )
    )


class DuckResult(EngineResult):
    """See ``tongqu.lake.ports.EngineResult``."""

    def __init__(
        self,
        cursor: duckdb.DuckDBPyConnection,
        sql: str,
        parameters: Parameters,
        seconds: float,
        *,
        folders: Sequence[Path],
        held: ExitStack,
    ) -> None:
        self._cursor = cursor
        self._held = held  # what ends with the result: cursor, and an instance of its own
        self._sql = sql.strip().rstrip(";")
        self._parameters: Any = (
            dict(parameters) if isinstance(parameters, Mapping) else list(parameters)
        )
        self._seconds = seconds
        self._folders = folders

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        self._held.close()

    @contextmanager
    def _run(self, sql: str) -> Iterator[duckdb.DuckDBPyConnection]:
        timer = threading.Timer(self._seconds, self._cursor.interrupt)
        timer.daemon = True
        timer.start()
        try:
            with storage_errors(), _engine_errors():
                yield self._cursor.execute(sql, self._parameters)
        finally:
            timer.cancel()

    def schema(self) -> pa.Schema:
        with self._run(f"SELECT * FROM ({self._sql}) LIMIT 0") as cursor:  # noqa: S608  # checked
            return cursor.to_arrow_table().schema

    def arrow(self) -> pa.Table:
        with self._run(self._sql) as cursor:
            return cursor.to_arrow_table()

    def reader(self, rows_a_batch: int = 100_000) -> pa.RecordBatchReader:
        with self._run(self._sql) as cursor:
            return cursor.to_arrow_reader(rows_a_batch)

    def json_rows(self) -> bytes:
        """Shape: a JSON array. The engine writes every object; their bytes lie side by side in
        the column's buffer and are taken from there without a Python string a row."""
        sql = f"SELECT CAST(to_json(__row) AS VARCHAR) || ',' FROM ({self._sql}) AS __row"  # noqa: S608  # checked
        with self._run(sql) as cursor:
            column = cursor.to_arrow_table().column(0)
        body = b"".join(_bytes(chunk) for chunk in column.chunks)
        return b"[" + body[:-1] + b"]"

    def write(
        self,
        path: Path,
        format: FileKind = "parquet",
        *,
        columns: Sequence[Column] | None = None,
    ) -> int:
        sql, options = self._sql, "FORMAT csv, HEADER true"
        if format == "parquet":
            options = COPY_OPTIONS
        if columns:
            sql = self._as(columns)
            options += f", FIELD_IDS {field_ids(columns)}"
        part = self._part(path.resolve())
        try:
            with self._run(f"COPY ({sql}) TO {literal(str(part))} ({options})") as cursor:
                found = cursor.fetchone()
            _place(part, path.resolve())
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return int(found[0]) if found else 0

    def _as(self, columns: Sequence[Column]) -> str:
        came = set(self.schema().names)
        if unknown := came - {column.name for column in columns}:
            raise SchemaChanged("query", min(unknown), "absent", "present")
        wanted = ", ".join(
            f"CAST({quoted(c.name) if c.name in came else 'NULL'} AS {c.type}) AS {quoted(c.name)}"
            for c in columns
        )
        return f"SELECT {wanted} FROM ({self._sql})"  # noqa: S608  # names from the table's schema

    def _part(self, path: Path) -> Path:
        """Return where to write first: beside the target if allowed, else in the scratch folder."""
        if any(path.is_relative_to(folder) for folder in self._folders):
            return path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
        return self._folders[0] / ".scratch" / f"{uuid.uuid4()}.part"

    def scalar(self) -> object:
        with self._run(self._sql) as cursor:
            row = cursor.fetchone()
        return row[0] if row else None


def _place(part: Path, path: Path) -> None:
    with storage_errors():
        try:
            os.replace(part, path)
        except OSError:
            shutil.move(part, path)


def _bytes(chunk: pa.Array) -> bytes:
    """Return the text of a whole chunk of strings at once."""
    if len(chunk) == 0:
        return b""
    width = 8 if pa.types.is_large_string(chunk.type) else 4
    offsets = memoryview(chunk.buffers()[1]).cast("q" if width == 8 else "i")
    first, last = offsets[chunk.offset], offsets[chunk.offset + len(chunk)]
    return bytes(memoryview(chunk.buffers()[2])[first:last])


@contextmanager
def _engine_errors() -> Iterator[None]:
    """Word the engine's errors without the values that its messages quote."""
    try:
        yield
    except duckdb.InterruptException as error:
        raise QueryTimeout("stopped at the time limit") from error
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
        raise QueryFailed("binding", str(error).splitlines()[0]) from error
    except duckdb.OutOfMemoryException:
        raise QueryFailed("memory", "more memory than is allowed") from None
    except (  # their text quotes the value
        duckdb.ConversionException,
        duckdb.OutOfRangeException,
        duckdb.InvalidInputException,
    ):
        raise QueryFailed("conversion", "a value does not fit its type") from None
