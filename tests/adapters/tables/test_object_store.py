"""The lake over an S3-compatible store, by settings alone: the same contract, the same locks."""

import hashlib
from collections.abc import Iterator
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import duckdb
import pyarrow as pa
import pytest
from django.conf import settings as django_settings
from pyarrow import fs

from tests import forks
from tests.adapters import s3
from tests.world import World
from tongqu.adapters.tables.catalogue import catalogue_uri
from tongqu.adapters.tables.warehouse import Bucket
from tongqu.catalog.vocabulary import DataType
from tongqu.ingest import public as ingest
from tongqu.ingest.vocabulary import ColumnSpec, FileOptions
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.problems import Unavailable
from tongqu.lake.public import engine, ods_ref, reset, run_models, store, svc_ref
from tongqu.lake.vocabulary import Conflict, NotReadable
from tongqu.project import doctor

FLIGHTS = ods_ref("flights")
ROWS = pa.table({"id": [1, 2, 3], "name": ["民航", "公路", None], "km": [1.5, None, 3.0]})
SECRET = b"another system's object"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with s3.running() as address:
        yield address


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in s3.KEYS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def outside(server: str, credentials: None) -> fs.S3FileSystem:
    """The server as somebody else sees it."""
    return fs.S3FileSystem(endpoint_override=server, region="us-east-1")


@pytest.fixture
def bucket(server: str, outside: fs.S3FileSystem, lake: Path, settings, tmp_path: Path) -> str:
    """A lake of this test's own in a bucket of its own, which the lake has to make."""
    name = f"b{abs(hash(str(tmp_path))) % 10**12}"
    settings.LAKE = {
        **settings.LAKE,
        "WAREHOUSE": f"s3://{name}/some/lake",
        "FOLDER": str(lake),
        "S3_ENDPOINT": server,
    }
    reset()
    return name


@pytest.fixture
def table(bucket: str) -> str:
    store().ensure(FLIGHTS, ROWS.schema, {"tongqu.keys": "id"})
    return bucket


def rows(sql: str = "SELECT * FROM t ORDER BY id", **tables: object) -> list[dict[str, object]]:
    with engine().relation(sql, tables=tables or {"t": FLIGHTS}) as result:
        return result.arrow().to_pylist()


def keys(outside: fs.S3FileSystem, bucket: str, ending: str = ".parquet") -> list[str]:
    found = outside.get_file_info(fs.FileSelector(bucket, recursive=True))
    return [file.path for file in found if file.is_file and file.path.endswith(ending)]


# -- the contract of the store --------------------------------------------------------------


def test_what_was_appended_is_read_back_exactly(table: str, outside: fs.S3FileSystem) -> None:
    snapshot = store().append(FLIGHTS, ROWS, summary={"batch": "B-1"})

    assert rows() == ROWS.to_pylist()
    assert store().current(FLIGHTS) == snapshot
    assert store().find(FLIGHTS, "batch", "B-1") == snapshot
    assert store().find(FLIGHTS, "batch", "B-2") is None
    (path,) = store().plan(FLIGHTS).files
    assert keys(outside, table) == [path.removeprefix("s3://")]
    assert path.startswith(f"s3://{table}/some/lake/")


def test_nothing_of_the_data_stays_on_this_machine(table: str, lake: Path) -> None:
    store().append(FLIGHTS, ROWS)

    assert [path.name for path in lake.rglob("*") if path.suffix in {".parquet", ".avro"}] == []


def test_an_empty_table_can_be_read(table: str) -> None:
    assert rows() == []
    assert store().current(FLIGHTS) is None


def test_an_older_snapshot_stays_readable(table: str) -> None:
    first = store().append(FLIGHTS, ROWS.slice(0, 1))
    store().append(FLIGHTS, ROWS.slice(1))

    assert [row["id"] for row in rows(t=(FLIGHTS, first.id))] == [1]
    assert [row["id"] for row in rows()] == [1, 2, 3]
    assert [s.rows for s in store().snapshots(FLIGHTS)] == [1, 3]


def test_overwrite_replaces_all_rows_in_one_snapshot(table: str) -> None:
    store().append(FLIGHTS, ROWS)
    store().overwrite(FLIGHTS, ROWS.slice(2))

    assert [row["id"] for row in rows()] == [3]
    assert len(store().snapshots(FLIGHTS)) == 2


def test_overwrite_refuses_when_the_table_moved_on_and_leaves_no_file(
    table: str, lake: Path
) -> None:
    first = store().append(FLIGHTS, ROWS)
    store().append(FLIGHTS, ROWS)

    with pytest.raises(Conflict):
        store().overwrite(FLIGHTS, ROWS, expected=first.id)

    assert store().current(FLIGHTS).rows == 6
    assert store().orphans(older_than_seconds=0) == []
    assert list(lake.rglob("*.parquet")) == []


def test_a_dropped_table_leaves_files_that_are_listed(table: str) -> None:
    store().append(FLIGHTS, ROWS)
    files = store().files(FLIGHTS)

    store().drop(FLIGHTS)

    assert store().orphans(older_than_seconds=0) == files


def test_files_are_taken_and_those_of_others_stay(table: str, tmp_path: Path) -> None:
    mine, staged = tmp_path / "mine.parquet", store().staging(FLIGHTS)
    with engine().relation("SELECT * FROM t", tables={"t": ROWS}) as found:
        found.write(mine, columns=store().columns(FLIGHTS))
    with engine().relation("SELECT * FROM t", tables={"t": ROWS}) as found:
        found.write(staged, columns=store().columns(FLIGHTS))

    store().append(FLIGHTS, [mine, staged])

    assert store().current(FLIGHTS).rows == 6
    assert mine.exists()
    assert not staged.exists()


def test_a_new_column_is_null_in_old_files(table: str) -> None:
    store().append(FLIGHTS, ROWS)
    store().ensure(FLIGHTS, ROWS.schema.append(pa.field("new", pa.string())))

    assert {row["new"] for row in rows()} == {None}


def test_pyiceberg_reads_the_same_rows(table: str) -> None:
    store().append(FLIGHTS, ROWS)

    other = store()._catalog.load_table(("ods", "ods_flights")).scan().to_arrow()

    assert other.sort_by("id").to_pylist() == ROWS.to_pylist()


def test_two_processes_that_append_at_once_all_land(table: str, lake: Path) -> None:
    body = """
        for batch in range(4):
            rows = pa.table({"id": [writer] * 7})
            store().append(ods_ref("flights"), rows, summary={"batch": f"{writer}-{batch}"})
    """
    settings = {**django_settings.LAKE, "CATALOG_URI": catalogue_uri(lake)}
    both = [
        forks.parent().start("tests.adapters.tables.writer:run", body, n, s3.KEYS, LAKE=settings)
        for n in (1, 2)
    ]

    ends = [process.wait() for process in both]

    assert [end.returncode for end in ends] == [0, 0], ends
    found = rows("SELECT id, count(*) AS rows FROM t GROUP BY id ORDER BY id")
    assert found == [{"id": 1, "rows": 28}, {"id": 2, "rows": 28}]
    assert store().orphans(older_than_seconds=0) == []


def test_uploads_are_plain_requests_that_every_compatible_store_takes(
    credentials: None, tmp_path: Path
) -> None:
    """Neither chunks nor trailers: they are refused by many stores that call themselves S3."""
    seen: list[Message] = []

    class Store(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            seen.append(self.headers)
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    file = tmp_path / "file"
    file.write_bytes(b"12345")
    with HTTPServer(("127.0.0.1", 0), Store) as store_server:
        Thread(target=store_server.serve_forever, daemon=True).start()
        bucket = Bucket(
            "s3://plain/lake", tmp_path, region="us-east-1",
            endpoint=f"http://127.0.0.1:{store_server.server_port}",
        )  # fmt: skip
        bucket.place(file, bucket.uri)
        store_server.shutdown()

    (headers,) = seen
    assert headers["Content-Length"] == "5"
    assert headers["x-amz-content-sha256"] == hashlib.sha256(b"12345").hexdigest()
    assert "Content-Encoding" not in headers


# -- the engine -----------------------------------------------------------------------------


def test_a_large_table_is_aggregated_filtered_and_written_out(table: str, tmp_path: Path) -> None:
    count = 400_000
    many = pa.table({"id": range(count), "name": ["甲", "乙"] * (count // 2), "km": [1.0] * count})
    store().append(FLIGHTS, many)

    totals = rows("SELECT name, count(*) AS n, sum(km) AS km FROM t GROUP BY name ORDER BY name")
    assert [(row["n"], row["km"]) for row in totals] == [(count // 2, count / 2)] * 2
    assert rows("SELECT name FROM t WHERE id = 399999") == [{"name": "乙"}]
    with engine().relation("SELECT * FROM t WHERE id < 10", tables={"t": FLIGHTS}) as found:
        assert found.write(tmp_path / "ten.csv", "csv") == 10
    with engine().relation("SELECT id FROM t WHERE id < 2", tables={"t": FLIGHTS}) as found:
        assert found.json_rows() == b'[{"id":0},{"id":1}]'


def test_a_cut_of_columns_and_rows_does_not_fetch_the_whole_file(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tongqu.adapters.engines import planned

    count = 1_000_000
    texts = pa.array([f"{n * 2654435761 % 2**32:x}" for n in range(count)])
    store().append(FLIGHTS, pa.table({"id": range(count), "name": texts}))
    fetched: list[int] = []
    read = planned._Reader.read

    def counted(self: planned._Reader, size: int = -1) -> bytes:
        found = read(self, size)
        fetched.append(len(found))
        return found

    monkeypatch.setattr(planned._Reader, "read", counted)

    assert rows("SELECT id FROM t WHERE id = 777777") == [{"id": 777777}]

    (path,) = store().files(FLIGHTS)
    size = engine()._planned.size(path)
    assert sum(fetched) < size / 4


@pytest.mark.parametrize("way", ["{key}", "some/lake/../../{key}", "some/lake/{key}"])
def test_a_query_reads_no_other_key_of_the_bucket(
    table: str, outside: fs.S3FileSystem, way: str
) -> None:
    """Past the check of the SQL text, on the engine's own connection."""
    store().append(FLIGHTS, ROWS)
    assert len(rows()) == 3
    for key in ("secret.csv", "some/lake/secret.csv"):
        with outside.open_output_stream(f"{table}/{key}") as stream:
            stream.write(SECRET)
    key = f"s3://{table}/{way.format(key='secret.csv')}"

    for function in ("read_csv", "read_text", "read_blob", "read_parquet"):
        with pytest.raises((duckdb.Error, PermissionError)) as caught:
            engine()._instance.cursor().execute(f"SELECT * FROM {function}('{key}')").fetchall()
        assert SECRET.decode() not in str(caught.value)
    with pytest.raises(NotReadable):
        rows(f"SELECT * FROM read_text('{key}')")


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO 's3://{bucket}/some/lake/new.parquet'",
        "COPY (SELECT 1) TO '{file}'",
        "SELECT * FROM read_parquet('http://127.0.0.1:1/x.parquet')",
        "SELECT * FROM read_text('/etc/hostname')",
        "INSTALL httpfs",
        "LOAD httpfs",
        "CREATE SECRET (TYPE s3, KEY_ID 'a', SECRET 'b')",
        "SET enable_external_access = true",
    ],
)
def test_the_engine_has_no_other_way_out(table: str, outside: fs.S3FileSystem, sql: str) -> None:
    store().append(FLIGHTS, ROWS)
    assert len(rows()) == 3
    (file,) = store().files(FLIGHTS)

    with pytest.raises((duckdb.Error, PermissionError)):
        engine()._instance.cursor().execute(sql.format(bucket=table, file=file)).fetchall()

    assert len(keys(outside, table)) == 1
    assert len(rows()) == 3


def test_no_key_to_the_store_is_known_to_the_engine(table: str) -> None:
    store().append(FLIGHTS, ROWS)
    assert len(rows()) == 3
    cursor = engine()._instance.cursor()

    told = str(cursor.execute("SELECT * FROM duckdb_settings()").fetchall())
    assert all(value not in told for value in s3.KEYS.values())
    with pytest.raises((duckdb.Error, NotReadable)):  # not even the list of secrets opens
        cursor.execute("SELECT * FROM duckdb_secrets()").fetchall()
    for sql in ("SELECT * FROM duckdb_secrets()", "SELECT getenv('AWS_SECRET_ACCESS_KEY')"):
        with pytest.raises(Exception) as caught:  # noqa: PT011  # refused or unknown, never told
            rows(sql)
        assert all(value not in str(caught.value) for value in s3.KEYS.values())


# -- in use -----------------------------------------------------------------------------------

MODEL = """-- layer: dw
-- name: dw_roads
-- title: 示例路段
-- library: base
-- owner: 990000-MH
-- keys: id
SELECT id AS id, name AS name, length_km AS km FROM ods.ods_roads
"""
SERVICE = """-- layer: svc
-- name: svc_roads
-- library: service
-- owner: 990000-MH
-- keys: id
SELECT id, name, km FROM dw_roads WHERE km > 100
"""


def test_a_file_is_loaded_modelled_and_queried(bucket: str, world: World, tmp_path: Path) -> None:
    columns = (
        ColumnSpec("id", DataType.INTEGER, is_key=True, nullable=False),
        ColumnSpec("name", DataType.STRING, length=20),
        ColumnSpec("length_km", DataType.DECIMAL),
    )
    by = world.actor("cataloguer")
    ingest.register_source(
        code="roads", name="示例路网", provider_id=world.organisations["990000-MH"].pk, by=by,
        columns=columns, options=FileOptions(),
    )  # fmt: skip
    file = tmp_path / "roads.csv"
    file.write_text("id,name,length_km\n1,甲,138\n2,乙,575\n3,丙,1\n四,丁,1\n", "utf-8")
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "dw.sql").write_text(MODEL, "utf-8")
    (pack / "svc.sql").write_text(SERVICE, "utf-8")

    batch = ingest.load("roads", file, by=by)
    again = ingest.load("roads", file, by=by)
    runs = [run_models(pack, by=PLATFORM) for _ in range(2)]

    assert (batch.received, batch.stored, batch.rejected) == (4, 3, 1)
    assert again.stored == 0
    assert [run.state for run in runs] == ["done", "done"]
    found = rows("SELECT name, _op FROM t ORDER BY name", t=svc_ref("roads"))
    assert found == [{"name": "乙", "_op": "I"}, {"name": "甲", "_op": "I"}]
    assert store().orphans(older_than_seconds=0) == []


@pytest.mark.django_db
def test_the_doctor_writes_and_reads_in_the_bucket(bucket: str, outside: fs.S3FileSystem) -> None:
    finding = doctor._lake()

    assert finding.ok
    assert f"s3://{bucket}/some/lake" in finding.found
    assert keys(outside, bucket, "") == []


@pytest.mark.django_db
def test_a_store_that_does_not_answer_is_said_so(bucket: str, settings) -> None:
    store().ensure(FLIGHTS, ROWS.schema)
    settings.LAKE = {**settings.LAKE, "S3_ENDPOINT": "http://127.0.0.1:1"}
    reset()

    with pytest.raises(Unavailable):
        store().append(FLIGHTS, ROWS)
    finding = doctor._lake()

    assert not finding.ok
    assert "TONGQU_S3_ENDPOINT" in finding.next_step


def test_a_store_that_fails_under_a_query_is_said_so(table: str, settings) -> None:
    with s3.running() as mortal:
        settings.LAKE = {**settings.LAKE, "S3_ENDPOINT": mortal, "CATALOG_NAME": "mortal"}
        reset()
        store().ensure(FLIGHTS, ROWS.schema)
        store().append(FLIGHTS, ROWS)
        query = engine().relation("SELECT sum(km) FROM t", tables={"t": FLIGHTS})

    with query, pytest.raises(Unavailable):
        query.scalar()
    engine()._planned._opened.cache_clear()
    with pytest.raises(Unavailable):
        engine().relation("SELECT count(*) FROM t", tables={"t": FLIGHTS})
