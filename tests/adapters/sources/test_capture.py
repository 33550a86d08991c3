"""Batch, then change capture, into the same table: equal to the source at a stop point (LAK-12)."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.servers import Postgres
from tests.world import World

from tongqu.adapters.sources.databases.postgres import Reader
from tongqu.ingest import public as ingest
from tongqu.ingest.actions.connections import Plan
from tongqu.ingest.models import Source
from tongqu.ingest.ports import PullFailed
from tongqu.ingest.vocabulary import Mode, PullState

TABLE = """CREATE TABLE permits (
  region text, id integer, holder text, weight numeric(30, 10), share numeric(8, 4),
  speed real, at timestamp, seen timestamptz, day date, hour time, ok boolean, doc jsonb,
  body text, PRIMARY KEY (region, id))"""
ROW = """INSERT INTO permits SELECT 'r' || (n % 3), n, CASE WHEN n % 7 = 0 THEN NULL WHEN n % 5 = 0
  THEN '' ELSE '企业' || n END, n * 1.0000000001, n / 7.0, n / 3.0,
  '2026-01-01'::timestamp + n * interval '61.123456 seconds',
  '2026-01-01+08'::timestamptz + n * interval '1 hour', '2026-01-01'::date + n,
  '00:00'::time + n * interval '1 second', n % 2 = 0, jsonb_build_object('n', n),
  repeat(md5(n::text), {big}) FROM generate_series({start}, {stop}) n"""


@pytest.fixture
def there(server: Postgres, settings) -> Iterator[psycopg.Connection]:
    settings.SCAN_ALLOWED = (str(server.folder),)
    with server.connect() as connection:
        connection.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots")
        connection.execute("DROP PUBLICATION IF EXISTS tongqu_permits")
        connection.execute("DROP TABLE IF EXISTS permits")
        connection.execute(TABLE)
        yield connection


@pytest.fixture
def plan(world: World, lake: Path, server: Postgres, there) -> Callable[..., None]:
    by = world.actor("cataloguer")
    provider_id = world.organisations["990000-MH"].pk
    ingest.register_connection(
        code="there", name="示例连接", connector="database", address=server.address(),
        provider_id=provider_id, by=by, secrets={"password": server.password},
    )  # fmt: skip
    columns = ingest.probe("there", by=by, plan=Plan("there", what="permits")).columns
    ingest.register_source(
        code="permits", name="示例许可", provider_id=provider_id, by=by, columns=columns
    )

    def change(mode: Mode, **given: Any) -> None:
        given = {"what": "permits", "piece_rows": 300, **given}
        ingest.plan_pull("permits", Plan("there", mode=mode, **given), by=by)

    return change


def insert(there: psycopg.Connection, start: int, stop: int, big: int = 1) -> None:
    there.execute(ROW.format(start=start, stop=stop, big=big))


def pull(world: World) -> Any:
    run = ingest.pull("permits", by=world.actor("cataloguer"))
    assert run.state == PullState.DONE, run
    return run


def is_equal(world: World) -> bool:
    found = ingest.reconcile("permits", by=world.actor("cataloguer"))
    assert found.source_rows == found.hub_rows, found
    return found.is_equal and found.source_checksum == found.hub_checksum


@pytest.mark.req("LAK-12")
def test_a_table_loaded_by_batch_and_then_by_capture_has_the_hashes_of_its_source(
    world: World, plan, there: psycopg.Connection
) -> None:
    insert(there, 1, 1000)
    plan(Mode.FULL)
    pull(world)
    assert is_equal(world)
    there.execute("DELETE FROM permits WHERE id = 1000")  # between batch and capture
    plan(Mode.CDC)
    pull(world)
    assert is_equal(world)

    insert(there, 1001, 1500)
    there.execute("UPDATE permits SET holder = '甲', ok = NOT ok WHERE id % 10 = 0")
    there.execute("UPDATE permits SET holder = '' WHERE id % 20 = 0")
    there.execute("UPDATE permits SET id = id + 100000 WHERE id % 50 = 0")  # of the key
    there.execute("DELETE FROM permits WHERE id % 9 = 0")
    with there.transaction(force_rollback=True):
        insert(there, 5000, 5010)
    assert pull(world).stored > 500

    assert is_equal(world)
    there.execute("UPDATE permits SET holder = 'X'")
    there.execute("UPDATE permits SET holder = '乙' WHERE id = 1")
    there.execute("UPDATE permits SET holder = 'X' WHERE id = 1")  # back to an earlier state
    pull(world)
    assert is_equal(world)
    there.execute("TRUNCATE permits")
    insert(there, 1, 5)
    pull(world)
    assert is_equal(world)


def test_changes_made_while_the_snapshot_is_read_are_neither_lost_nor_doubled(
    world: World, plan, there: psycopg.Connection, server: Postgres
) -> None:
    insert(there, 1, 1000)
    plan(Mode.CDC, piece_rows=100)
    stop = threading.Event()

    def disturb() -> None:
        with server.connect() as other:
            for n in range(10_000, 10_900, 6):  # with an end: the snapshot must reach it
                insert(other, n, n + 5)
                other.execute("UPDATE permits SET holder = 'u' WHERE id = %s", [n % 1000])
                other.execute("DELETE FROM permits WHERE id = %s", [(n * 7) % 1000])
                if stop.wait(0.01):
                    return

    thread = threading.Thread(target=disturb, daemon=True)
    thread.start()
    try:
        pull(world)
    finally:
        stop.set()
        thread.join()
    pull(world)

    assert is_equal(world)


def test_a_snapshot_ends_though_rows_come_faster_than_they_are_read(
    world: World, plan, there: psycopg.Connection, server: Postgres, monkeypatch
) -> None:
    """Every page is followed by twice as many new rows behind it: they are told as changes.

    Also where the run is cut, and goes on in another snapshot of the source.
    """
    insert(there, 1, 600)
    plan(Mode.CDC, piece_rows=100)
    read, pages = Reader.write, list[int]()

    def write(reader: Reader, *given: Any, **named: Any) -> Any:
        if len(pages) == 3:
            pages.append(0)
            raise PullFailed("SOURCE_UNREACHABLE", "示例", "示例", again=True)
        found = read(reader, *given, **named)
        pages.append(found.rows if found else 0)
        if len(pages) < 30:
            with server.connect() as other:
                other.execute(
                    "INSERT INTO permits (region, id)"
                    " SELECT 'z', n FROM generate_series(%s::int, %s::int) n",
                    [200 * len(pages), 200 * len(pages) + 199],
                )
        return found

    monkeypatch.setattr(Reader, "write", write)

    run = ingest.pull("permits", by=world.actor("cataloguer"))
    assert run.state == PullState.RETRY, run
    pull(world)

    assert pages == [100, 100, 100, 0, 100, 100, 100, 0]
    pull(world)
    assert is_equal(world)


def test_a_large_value_left_alone_by_an_update_needs_the_full_identity(
    world: World, plan, there: psycopg.Connection
) -> None:
    insert(there, 1, 5, big=2000)
    plan(Mode.CDC)
    there.execute("ALTER TABLE permits ALTER body SET STORAGE EXTERNAL")
    insert(there, 6, 9, big=2000)
    pull(world)
    there.execute("UPDATE permits SET holder = 'x' WHERE id = 7")

    run = ingest.pull("permits", by=world.actor("cataloguer"))

    assert (run.state, run.code) == (PullState.FAILED, "CDC_IDENTITY")
    assert "REPLICA IDENTITY FULL" in run.note


def test_with_the_full_identity_large_values_are_kept(
    world: World, plan, there: psycopg.Connection
) -> None:
    there.execute("ALTER TABLE permits REPLICA IDENTITY FULL")
    there.execute("ALTER TABLE permits ALTER body SET STORAGE EXTERNAL")
    plan(Mode.CDC)
    insert(there, 1, 9, big=2000)
    pull(world)
    there.execute("UPDATE permits SET holder = 'x' WHERE id = 7")
    pull(world)

    assert is_equal(world)


def test_a_lost_slot_begins_anew_with_a_whole_snapshot(
    world: World, plan, there: psycopg.Connection
) -> None:
    insert(there, 1, 500)
    plan(Mode.CDC)
    pull(world)
    there.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots")
    there.execute("DELETE FROM permits WHERE id < 100")
    insert(there, 600, 700)

    pull(world)

    assert is_equal(world)


def test_another_way_gives_the_slot_back(world: World, plan, there: psycopg.Connection) -> None:
    insert(there, 1, 5)
    plan(Mode.CDC)
    pull(world)
    assert there.execute("SELECT count(*) FROM pg_replication_slots").fetchone() == (1,)

    plan(Mode.FULL)

    assert there.execute("SELECT count(*) FROM pg_replication_slots").fetchone() == (0,)
    there.execute("DELETE FROM permits WHERE id = 3")


def test_late_commits_within_the_overlap_are_found_and_known_rows_are_duplicates(
    world: World, plan, there: psycopg.Connection
) -> None:
    insert(there, 1, 700)
    plan(Mode.BY_TIME, time_column="at", overlap_seconds=3600)
    first = pull(world)
    assert (first.stored, first.pieces) == (700, 3)
    cursor = Source.objects.get(code="permits").cursor
    insert(there, 2000, 2000)
    there.execute("UPDATE permits SET at = (SELECT max(at) FROM permits WHERE id <= 700)"
                  " - interval '30 minutes' WHERE id = 2000")  # fmt: skip

    again = pull(world)

    assert again.stored == 1
    assert 0 < again.duplicate < 100  # only the hour of overlap came again
    assert is_equal(world)
    assert Source.objects.get(code="permits").cursor["time"] == cursor["time"]
