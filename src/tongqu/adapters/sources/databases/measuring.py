"""What a source holds: rows, and the sum of the digests of its rows, in one streamed pass."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from tongqu.adapters.sources.databases import alchemy, postgres
from tongqu.adapters.sources.databases.address import Place
from tongqu.adapters.sources.databases.columns import Described
from tongqu.adapters.sources.databases.paging import Page
from tongqu.ingest.ports import Measure, PullOptions


def measured(where: Place, found: Described, options: PullOptions, digest: str) -> Measure:
    """Return count and checksum. ``digest`` is SQL over the columns, the same on both sides."""
    with _rows(where, found, options) as (con, source):
        row = con.execute(f"SELECT count(*), {digest} FROM {source}").fetchone()  # noqa: S608  # ours
    return Measure(int(row[0]), str(row[1] or 0)) if row else Measure(0)


@contextmanager
def _rows(
    where: Place, found: Described, options: PullOptions
) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    con = duckdb.connect(":memory:", config={"threads": 1})
    con.execute("SET TimeZone = 'UTC'")
    try:
        if where.kind == "postgresql":
            with postgres.reader(where) as reader, postgres.adbc_errors():
                import pyarrow as pa

                schema, batches = reader.batches(postgres.select(found, options.columns))
                con.register("source_rows", pa.RecordBatchReader.from_batches(schema, batches))
                yield con, "source_rows"
        else:
            with TemporaryDirectory() as place, alchemy.connected(where) as opened:
                path = Path(place) / "rows.parquet"
                if alchemy.write(opened, found, options.columns, Page(()), path) is None:
                    con.execute(_empty(found))
                    yield con, "source_rows"
                else:
                    yield con, f"read_parquet('{path}')"
    finally:
        con.close()


def _empty(found: Described) -> str:
    names = ", ".join(f"{postgres.name(c.name)} VARCHAR" for c in found.columns)
    return f"CREATE TABLE source_rows ({names})"
