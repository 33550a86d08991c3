"""The distributed engine: the same SELECT, computed by a Spark that is there already.

Spoken over Spark Connect, to Apache Spark or to Sail. Only the computing is done there: what
a query reads is planned by our store, column types are those that DuckDB binds, the rows come
back as Arrow, and every commit goes through the store. The server must see the warehouse.
"""

import sys
import threading
import uuid
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from tongqu.adapters.engines.duck import Parameters, Tables
from tongqu.adapters.engines.saying import carried
from tongqu.lake.ports import Engine, EngineResult, FileKind, TableStore
from tongqu.lake.vocabulary import (
    Column,
    Plan,
    QueryFailed,
    QueryTimeout,
    StoreUnreachable,
    TableRef,
)

ROWS_A_BATCH = 100_000
RETRIES = 6  # some eight seconds together
SETTINGS = {
    "spark.sql.ansi.enabled": "true",  # a cast that does not fit fails, as on DuckDB
    "spark.sql.session.timeZone": "Asia/Shanghai",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",  # a moment without a zone is wall clock
    "spark.sql.caseSensitive": "false",
}
SPARK_TYPES = {
    "BOOLEAN": "boolean", "INTEGER": "int", "BIGINT": "bigint", "FLOAT": "float",
    "DOUBLE": "double", "DATE": "date", "TIMESTAMP": "timestamp_ntz", "VARCHAR": "string",
    "TIMESTAMP WITH TIME ZONE": "timestamp", "BLOB": "binary", "UUID": "string",
    "TIME": "string",
}  # fmt: skip
_loading = threading.Lock()


class SparkEngine:
    """See ``tongqu.lake.ports.Engine``. ``duck``, the embedded engine, binds and writes."""

    def __init__(self, duck: Engine, store: TableStore, *, remote: str) -> None:
        self._duck = duck
        self._store = store
        self._remote = remote
        self._session: Any = None
        self._lock = threading.Lock()

    def relation(
        self,
        sql: str,
        *,
        tables: Tables,
        parameters: Parameters = (),
        seconds: float | None = None,
        memory_mb: int | None = None,
    ) -> "SparkResult":
        if memory_mb:  # of the server's memory a query has what its operators set
            raise NotImplementedError("Spark gives no single query a limit of its own")
        twin = self._duck.relation(sql, tables=tables, parameters=parameters, seconds=seconds)
        try:
            text = carried(sql, parameters, views := _views(tables))
            session = self._open()
            for alias, source in tables.items():
                self._show(session, views[alias.lower()], source)
        except BaseException:
            twin.close()
            raise
        limit = seconds or float(str(settings.LAKE.get("QUERY_SECONDS", 600)))
        return SparkResult(
            session, text, twin, self._duck, names=tuple(views.values()), seconds=limit
        )

    def _open(self) -> Any:
        with self._lock:
            if self._session is None:
                self._session = connect(self._remote)
            return self._session

    def _show(self, session: Any, view: str, source: Any) -> None:
        with spark_errors():
            match source:
                case TableRef():
                    frame = _planned(session, self._store.plan(source))
                case (TableRef() as ref, int() as snapshot_id):
                    frame = _planned(session, self._store.plan(ref, snapshot_id))
                case Plan():  # some files of a snapshot
                    frame = _planned(session, source)
                case pa.Table():
                    frame = session.createDataFrame(plain(source))
                case _:
                    frame = session.read.parquet(*[str(path) for path in source])
            frame.createOrReplaceTempView(view)

    def scratch(self) -> Path:
        return self._duck.scratch()

    def close(self) -> None:
        if self._session is not None:
            self._session.stop()
            self._session = None


def connect(remote: str) -> Any:
    """Open a session with a Spark Connect server, set as DuckDB means things."""
    default_policy, spark_session = client()
    with spark_errors(), warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        session = spark_session.builder.remote(remote).create()
        # Its own patience is ten minutes, also for the farewell at the end of the process.
        session.client.set_retry_policies([default_policy(max_retries=RETRIES)])
        for key, value in SETTINGS.items():
            session.conf.set(key, value)
    return session


def client() -> tuple[Any, Any]:
    """Load the client: the classes of its retry policy and of its session.

    Raises: ``ImportError``, also where the client would have ended the process instead.
    """
    with as_a_program(), warnings.catch_warnings():
        # It warns of a pandas that it is never asked to use here.
        warnings.simplefilter("ignore", FutureWarning)
        try:
            from pyspark.sql.connect.client.retries import DefaultPolicy
            from pyspark.sql.connect.session import SparkSession
        except SystemExit as left:
            raise ImportError("the client of Spark Connect gave up while it loaded") from left
    return DefaultPolicy, SparkSession


@contextmanager
def as_a_program() -> Iterator[None]:
    """Give ``__main__`` a spec if it has neither spec nor file.

    Such it is in ``python -c``, in a server that embeds Python, in a worker of pytest-xdist.
    There pyspark believes that its own doctests run, loads its testing tools, and they end the
    process, since beside the client lies no Spark.
    """
    main: Any = sys.modules["__main__"]
    with _loading:
        if main.__spec__ is not None or hasattr(main, "__file__"):
            yield
            return
        main.__spec__ = ModuleSpec("__main__", loader=None)
        try:
            yield
        finally:
            main.__spec__ = None


def _views(tables: Tables) -> dict[str, str]:
    """Return names of views of this query's own: a session is shared, a view must not be."""
    mark = uuid.uuid4().hex[:12]
    return {alias.lower(): f"q{mark}_{at}" for at, alias in enumerate(tables)}


def _planned(session: Any, plan: Plan) -> Any:
    """Read a snapshot by field id: files of one shape together, each under today's names."""
    if not plan.files:
        empty = ", ".join(
            f"CAST(NULL AS {spark_type(c.type)}) AS {_tick(c.name)}" for c in plan.columns
        )
        return session.sql(f"SELECT {empty} WHERE false")  # names of the schema
    shapes: dict[tuple[tuple[int, str], ...], list[str]] = {}
    for path in plan.files:
        shapes.setdefault(_shape(path), []).append(path)
    frames = [
        session.read.parquet(*paths).selectExpr(*_renamed(dict(shape), plan.columns))
        for shape, paths in shapes.items()
    ]
    whole = frames[0]
    for frame in frames[1:]:
        whole = whole.unionAll(frame)
    return whole


def _shape(path: str) -> tuple[tuple[int, str], ...]:
    """Return field ids and names of a file; a file without ids is read by its names."""
    fields = pq.read_schema(path)
    ids = [(field.metadata or {}).get(b"PARQUET:field_id") for field in fields]
    return tuple(
        (int(i) if i else -1 - at, f.name)
        for at, (i, f) in enumerate(zip(ids, fields, strict=True))
    )


def _renamed(named: Mapping[int, str], columns: Sequence[Column]) -> list[str]:
    by_name = {name for field_id, name in named.items() if field_id < 0}
    found = []
    for column in columns:
        source = named.get(column.field_id) or (column.name if column.name in by_name else None)
        value = _tick(source) if source else "NULL"
        found.append(f"CAST({value} AS {spark_type(column.type)}) AS {_tick(column.name)}")
    return found


def spark_type(kind: str) -> str:
    return SPARK_TYPES.get(kind) or kind.lower()


def _tick(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def plain(table: pa.Table) -> pa.Table:
    """Return the table in types that Spark Connect takes."""
    swaps = {pa.large_string(): pa.string(), pa.null(): pa.string()}
    fields = [pa.field(f.name, swaps.get(f.type, f.type)) for f in table.schema]
    return table.cast(pa.schema(fields))


class SparkResult(EngineResult):
    """See ``tongqu.lake.ports.EngineResult``: rows from Spark in the types that DuckDB gives."""

    def __init__(
        self,
        session: Any,
        sql: str,
        twin: EngineResult,
        duck: Engine,
        *,
        names: Sequence[str],
        seconds: float,
    ) -> None:
        self._session = session
        self._sql = sql
        self._twin = twin
        self._duck = duck
        self._names = names
        self._seconds = seconds

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        for name in self._names:
            self._session.catalog.dropTempView(name)
        self._names = ()
        self._twin.close()

    def schema(self) -> pa.Schema:
        return self._twin.schema()

    def arrow(self) -> pa.Table:
        schema = self.schema()
        return pa.Table.from_batches(self._batches(schema), schema)

    def reader(self, rows_a_batch: int = ROWS_A_BATCH) -> pa.RecordBatchReader:  # noqa: ARG002  # Spark decides
        schema = self.schema()
        return pa.RecordBatchReader.from_batches(schema, self._batches(schema))

    def _batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        with self._limited(), spark_errors():
            frame = self._session.sql(self._sql)
            for batch in streamed(frame):
                yield fitted(batch, schema)

    @contextmanager
    def _limited(self) -> Iterator[None]:
        """Let the server stop what takes too long. Raises: ``QueryTimeout``."""
        tag, late = f"q{uuid.uuid4().hex}", threading.Event()

        def stop() -> None:
            late.set()
            with suppress(Exception):  # a server that cannot: then its own limits hold
                self._session.interruptTag(tag)

        timer = threading.Timer(self._seconds, stop)
        timer.daemon = True
        self._session.addTag(tag)
        timer.start()
        try:
            yield
        except (QueryFailed, StoreUnreachable):
            if late.is_set():
                raise QueryTimeout("stopped at the time limit") from None
            raise
        finally:
            timer.cancel()
            self._session.removeTag(tag)

    def json_rows(self) -> bytes:
        with (
            self._kept() as path,
            self._duck.relation("SELECT * FROM came", tables={"came": [str(path)]}) as came,
        ):
            return bytes(came.json_rows())

    def write(
        self, path: Path, format: FileKind = "parquet", *, columns: Sequence[Column] | None = None
    ) -> int:
        with (
            self._kept() as kept,
            self._duck.relation("SELECT * FROM came", tables={"came": [str(kept)]}) as came,
        ):
            return came.write(path, format, columns=columns)

    @contextmanager
    def _kept(self) -> Iterator[Path]:
        """Keep the rows in a file of the engine's scratch folder while they are used."""
        path, schema = self._duck.scratch(), self.schema()
        try:
            with pq.ParquetWriter(path, schema) as writer:
                for batch in self._batches(schema):
                    writer.write_batch(batch)
            yield path
        finally:
            path.unlink(missing_ok=True)

    def scalar(self) -> object:
        table = self.arrow()
        return table.column(0)[0].as_py() if table.num_rows else None


def streamed(frame: Any) -> Iterator[pa.RecordBatch]:
    """Yield batches as they come. ``toArrow`` would hold them all; the client can stream."""
    query = frame._plan.to_proto(frame._session.client)  # no public door
    for found in frame._session.client.to_table_as_iterator(query, frame._plan.observations):
        if isinstance(found, pa.Table):
            yield from found.to_batches()


def fitted(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Return the batch in the types that DuckDB gives; a value that does not fit is an error."""
    columns = []
    for at, field in enumerate(schema):
        column = batch.column(at)
        if pa.types.is_timestamp(field.type) and pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp(column.type.unit, field.type.tz))
        if pa.types.is_null(field.type):  # a column that is NULL throughout has no type
            columns.append(pa.nulls(batch.num_rows))
            continue
        columns.append(column.cast(field.type))
    return pa.RecordBatch.from_arrays(columns, schema=schema)


@contextmanager
def spark_errors() -> Iterator[None]:
    """Word Spark's errors without the values that its messages quote."""
    try:
        yield
    except Exception as error:
        kind = type(error).__name__
        if not type(error).__module__.startswith(("pyspark", "grpc")):
            raise
        text = str(error)
        if "UNAVAILABLE" in text or kind in {"RetriesExceeded", "_MultiThreadedRendezvous"}:
            raise StoreUnreachable("the distributed engine does not answer") from None
        if "DEADLINE" in text:
            raise QueryTimeout("stopped at the time limit") from None
        if kind in {"AnalysisException", "ParseException", "UnsupportedOperationException"}:
            raise QueryFailed(
                "binding", f"the distributed engine cannot read it: {kind}"
            ) from error
        raise QueryFailed("conversion", "a value does not fit its type") from error
