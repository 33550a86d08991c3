"""What every engine must keep: the contract of ``lake.ports.Engine``."""

import json
import os
import threading
import time
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from tongqu.lake.public import engine, ods_ref, reset, store
from tongqu.lake.vocabulary import NotReadable, QueryFailed, QueryTimeout

TABLE = ods_ref("things")
ROWS = pa.table(
    {
        "id": pa.array([1, 2, 3], pa.int64()),
        "name": ['引号"与\\', "换\n行", None],
        "price": pa.array([Decimal("1.50"), None, Decimal("0.10")], pa.decimal128(9, 2)),
    }
)


@pytest.fixture
def things(lake: Path) -> Path:
    store().ensure(TABLE, ROWS.schema)
    store().append(TABLE, ROWS)
    return lake


def ask(sql: str, *parameters: object, **tables: object):
    return engine().relation(sql, tables=tables or {"t": TABLE}, parameters=parameters)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_parquet('/tmp/x.parquet')",
        "SELECT * FROM t, read_text('/etc/passwd')",
        "SELECT (SELECT content FROM read_text('/etc/passwd')) FROM t",
        "SELECT * FROM ods_things",
        "SELECT * FROM main.t",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM query('SELECT 1')",
        "SELECT 1; SELECT 2",
        "CREATE TABLE x AS SELECT 1",
        "COPY t TO '/tmp/x.csv'",
        "ATTACH '/tmp/x.db'",
        "INSTALL httpfs",
        "SET memory_limit = '1TB'",
        "PRAGMA version",
        "not sql at all (",
        "",
    ],
)
def test_sql_reaches_the_tables_handed_in_and_nothing_else(things: Path, sql: str) -> None:
    with pytest.raises(NotReadable):
        ask(sql)


def test_the_instance_itself_has_no_way_out(things: Path) -> None:
    """Even past the check of the text, DuckDB's own locks hold."""
    raw = engine()._instance.cursor()

    for sql in (
        "SELECT * FROM read_text('/etc/passwd')",
        f"COPY (SELECT 1) TO '{things.parent}/x.csv'",
        "ATTACH '/tmp/other.db'",
        "SET enable_external_access = true",
        "SET memory_limit = '1TB'",
        "INSTALL httpfs",
    ):
        with pytest.raises(duckdb.Error):
            raw.execute(sql)


def test_a_view_is_seen_by_its_own_query_only(things: Path) -> None:
    with ask("SELECT count(*) FROM t") as one:
        with pytest.raises(NotReadable):
            ask("SELECT count(*) FROM t", other=TABLE)
        raw = engine()._instance.cursor()
        with pytest.raises(duckdb.CatalogException):
            raw.execute("SELECT * FROM t")
        assert one.scalar() == 3


def test_values_are_bound_not_pasted(things: Path) -> None:
    with ask("SELECT id FROM t WHERE name = ?", "' OR 1=1 --") as found:
        assert found.arrow().num_rows == 0
    with ask("SELECT id FROM t WHERE name = ?", '引号"与\\') as found:
        assert found.scalar() == 1


def test_rows_become_json_in_the_engine(things: Path) -> None:
    with ask("SELECT id, name, price FROM t ORDER BY id") as found:
        body = found.json_rows()

    assert json.loads(body) == [
        {"id": 1, "name": '引号"与\\', "price": 1.5},
        {"id": 2, "name": "换\n行", "price": None},
        {"id": 3, "name": None, "price": 0.1},
    ]
    with ask("SELECT id FROM t WHERE false") as found:
        assert found.json_rows() == b"[]"


def test_json_of_many_rows_is_whole_and_in_order(things: Path) -> None:
    numbers = pa.table({"n": pa.array(range(300_000), pa.int64())})

    with ask("SELECT n FROM numbers ORDER BY n DESC", numbers=numbers) as found:
        rows = json.loads(found.json_rows())

    assert [row["n"] for row in rows] == list(range(299_999, -1, -1))


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_file_is_written_whole_or_not_at_all(things: Path, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"rows.{kind}"

    with ask("SELECT id, name FROM t ORDER BY id") as found:
        assert found.write(path, kind) == 3
    with ask("SELECT CAST(name AS INTEGER) AS n FROM t") as broken, pytest.raises(QueryFailed):
        broken.write(tmp_path / "broken", kind)

    assert path.exists()
    assert not (tmp_path / "broken").exists()
    assert list((things / ".scratch").glob("*")) == []


def test_a_value_that_does_not_fit_is_not_quoted_in_the_error(things: Path) -> None:
    with ask("SELECT CAST(name AS INTEGER) FROM t") as found, pytest.raises(QueryFailed) as caught:
        found.arrow()

    assert "引号" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_query_stops_at_its_time_limit(things: Path) -> None:
    numbers = pa.table({"n": pa.array(range(20_000), pa.int64())})
    sql = "SELECT count(*) FROM numbers a, numbers b, numbers c WHERE a.n + b.n + c.n = -1"
    started = time.monotonic()

    with (
        engine().relation(sql, tables={"numbers": numbers}, seconds=0.3) as found,
        pytest.raises(QueryTimeout),
    ):
        found.scalar()

    assert time.monotonic() - started < 20


def test_a_column_the_query_does_not_know_is_named(things: Path) -> None:
    with ask("SELECT nothing FROM t") as found, pytest.raises(QueryFailed, match="nothing"):
        found.arrow()


def test_batches_stream(things: Path) -> None:
    numbers = pa.table({"n": pa.array(range(250_000), pa.int64())})

    with ask("SELECT n FROM numbers", numbers=numbers) as found:
        sizes = [batch.num_rows for batch in found.reader(100_000)]

    assert sum(sizes) == 250_000
    assert len(sizes) > 1


def test_threads_ask_at_once(things: Path) -> None:
    answers: list[object] = []

    def work() -> None:
        for number in range(10):
            with ask("SELECT count(*) + ? FROM t", number) as found:
                answers.append(found.scalar())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == sorted([3 + n for n in range(10)] * 4)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")  # we close what must close
def test_a_forked_process_opens_its_own(things: Path) -> None:
    mine = engine()
    child = os.fork()
    if child == 0:  # in the child: never return into pytest
        code = 1
        try:
            with ask("SELECT count(*) FROM t") as found:
                code = 0 if found.scalar() == 3 and engine() is not mine else 2
        finally:
            os._exit(code)

    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    with ask("SELECT count(*) FROM t") as found:
        assert found.scalar() == 3


def test_what_does_not_fit_into_memory_lies_in_a_folder_of_the_engines_own(things: Path) -> None:
    """Two processes that spilled into one folder took each other's blocks for their own."""
    first = engine()._spill
    reset()
    second = engine()._spill
    assert first.parent == second.parent == things / ".scratch"
    assert first != second
    with engine().relation("SELECT * FROM t", tables={"t": TABLE}, memory_mb=20) as limited:
        place, limit = limited._cursor.execute(
            "SELECT current_setting('temp_directory'), current_setting('max_temp_directory_size')"
        ).fetchone()
        assert place not in {str(first), str(second)}
        assert limit == "19.0 MiB"
        Path(place).mkdir()
        assert limited.arrow().num_rows == 3
    assert not Path(place).exists()
    first.mkdir()
    (first / "duckdb_temp_storage_DEFAULT-0.tmp").write_bytes(b"left by a kill")

    store().clean(older_than_seconds=0)

    assert not first.exists()
