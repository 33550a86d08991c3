"""Schedules, retries and two workers; what the task view says of a pull (ING-19)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.adapters.contract_sources import COLUMNS, count
from tests.world import World
from tongqu.ingest import public as ingest
from tongqu.ingest.actions import pull as pulls
from tongqu.ingest.actions.connections import Plan
from tongqu.ingest.domain.schedule import MOST_ATTEMPTS, next_after, wait_after
from tongqu.ingest.jobs import due
from tongqu.ingest.models import Run, Source
from tongqu.ingest.vocabulary import Mode, PullState
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.problems import Rejected


@pytest.fixture
def there(tmp_path: Path, settings) -> Iterator[sqlite3.Connection]:
    settings.SCAN_ALLOWED = (str(tmp_path),)
    with closing(sqlite3.connect(tmp_path / "there.db", isolation_level=None)) as file:
        file.execute("PRAGMA synchronous = OFF")  # the disk is not waited for at each row
        file.execute("CREATE TABLE roads (id INTEGER PRIMARY KEY, name TEXT, km REAL)")
        file.executemany("INSERT INTO roads VALUES (?, 'x', 1)", [(n,) for n in range(1, 11)])
        yield file


@pytest.fixture
def hourly(at: clock.FixedClock, world: World, lake: Path, there, tmp_path: Path) -> str:
    by, provider = world.actor("cataloguer"), world.organisations["990000-MH"].pk
    ingest.register_connection(
        code="there", name="示例", connector="database", provider_id=provider, by=by,
        address=f"sqlite:///{tmp_path / 'there.db'}",
    )  # fmt: skip
    ingest.register_source(code="roads", name="示例路网", provider_id=provider, by=by,
                           columns=COLUMNS)  # fmt: skip
    ingest.plan_pull(
        "roads",
        Plan("there", what="roads", mode=Mode.BY_KEY, key=("id",), schedule="0 * * * *"),
        by=by,
    )
    return "roads"


def next_run() -> datetime | None:
    return Source.objects.get(code="roads").next_run_at


def test_a_source_runs_at_its_hour_and_not_before(at: clock.FixedClock, hourly: str) -> None:
    ten = at.instant + timedelta(hours=1)
    assert next_run() == ten
    assert due() == 0

    at.instant = ten
    assert due() == 1  # without a queue the job runs at once
    assert due() == 0

    assert count() == 10
    assert next_run() == ten + timedelta(hours=1)


def test_two_workers_on_one_schedule_run_it_once(at: clock.FixedClock, hourly: str) -> None:
    at.instant += timedelta(hours=1)

    first = ingest.pull_if_due("roads", by=PLATFORM)
    second = ingest.pull_if_due("roads", by=PLATFORM)
    with pulls.guards.exclusive("roads"):
        third = ingest.pull_if_due("roads", by=PLATFORM)

    assert first is not None
    assert (second, third) == (None, None)
    assert Run.objects.count() == 1


def test_a_clock_set_back_an_hour_does_no_harm(
    at: clock.FixedClock, hourly: str, there: sqlite3.Connection
) -> None:
    at.instant += timedelta(hours=1)
    due()
    at.instant -= timedelta(hours=1)
    there.execute("INSERT INTO roads VALUES (11, '新', 2)")
    assert due() == 0  # nothing is run twice
    ingest.pull("roads", by=PLATFORM)  # somebody runs it by hand, with the clock behind

    at.instant += timedelta(hours=2)
    due()

    assert count() == 11
    loads = _moments()
    assert loads == sorted(loads)  # what came later is later, whatever the clock said
    assert len(set(loads)) == 2


def _moments() -> list[datetime]:
    from tongqu.lake import public as lake

    query = "SELECT _load_time AS at FROM t ORDER BY id"
    table = lake.engine().relation(query, tables={"t": lake.ods_ref("ods_roads")}).arrow()
    return [row["at"] for row in table.to_pylist()]


def test_a_source_that_is_away_is_tried_again_ever_later_and_then_goes_on(
    at: clock.FixedClock, hourly: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tongqu.adapters.sources.databases import problems, puller

    def away(*_: object, **__: object) -> object:
        raise problems.unreachable()

    monkeypatch.setattr(puller.DatabasePuller, "pull", away)
    at.instant += timedelta(hours=1)
    waits = []
    for _ in range(3):
        due()
        waits.append(next_run() - at.instant)
        at.instant = next_run()
    assert [wait.total_seconds() for wait in waits] == [30, 60, 120]
    (run,) = Run.objects.all()
    assert (run.state, run.attempt, run.code) == (PullState.RETRY, 3, "SOURCE_UNREACHABLE")
    assert Source.objects.get(code="roads").attempts == 3
    monkeypatch.undo()

    due()

    run.refresh_from_db()
    assert (run.state, run.attempt, run.stored) == (PullState.DONE, 4, 10)
    assert Source.objects.get(code="roads").attempts == 0


def test_a_run_that_a_bug_ended_does_not_look_as_if_it_went_on(
    at: clock.FixedClock, hourly: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tongqu.adapters.sources.databases import puller

    def wrong(*_: object, **__: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(puller.DatabasePuller, "pull", wrong)
    with pytest.raises(ZeroDivisionError):
        ingest.pull("roads", by=PLATFORM)

    (run,) = Run.objects.all()
    assert (run.state, run.code) == (PullState.RETRY, "INTERNAL")
    assert next_run() - at.instant == timedelta(seconds=30)
    monkeypatch.undo()
    at.instant = next_run()
    due()
    run.refresh_from_db()
    assert (run.state, run.stored) == (PullState.DONE, 10)


def test_after_many_failures_it_waits_for_its_schedule_and_tells(
    at: clock.FixedClock, hourly: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tongqu.adapters.sources.databases import problems, puller

    def away(*_: object, **__: object) -> object:
        raise problems.unreachable()

    monkeypatch.setattr(puller.DatabasePuller, "pull", away)
    for _ in range(MOST_ATTEMPTS):
        at.instant = next_run()
        due()

    (run,) = Run.objects.all()
    assert run.state == PullState.FAILED
    assert next_run() == next_after("0 * * * *", at.instant, clock.SHANGHAI)


def test_a_paused_source_is_left_alone(at: clock.FixedClock, hourly: str, world: World) -> None:
    ingest.pause("roads", paused=True, by=world.actor("cataloguer"))
    at.instant += timedelta(hours=3)

    assert due() == 0
    assert ingest.pull_if_due("roads", by=PLATFORM) is None


def test_a_run_that_a_crash_cut_is_taken_up_by_the_scheduler(
    at: clock.FixedClock, hourly: str
) -> None:
    source = Source.objects.get(code="roads")
    Run.objects.create(number="YX-1-1", source=source, actor_key="x", started_at=at.instant)

    assert due() == 1

    assert Run.objects.get().state == PullState.DONE


def test_schedules_are_read_on_chinese_clocks() -> None:
    moment = datetime(2026, 9, 24, 17, 0, tzinfo=UTC)  # 01:00 on the 25th in Shanghai

    assert next_after("0 2 * * *", moment, clock.SHANGHAI) == moment + timedelta(hours=1)
    assert next_after("", moment, clock.SHANGHAI) is None


def test_waits_double_up_to_an_hour_and_end() -> None:
    waits = [wait_after(n) for n in range(1, MOST_ATTEMPTS + 1)]

    assert waits[0] == timedelta(seconds=30)
    assert waits[-1] is None
    assert max(wait for wait in waits if wait) <= timedelta(hours=1)


@pytest.mark.parametrize("schedule", ["x", "* * * *", "61 * * * *", "* * * * * *"])
def test_a_wrong_schedule_is_refused(hourly: str, world: World, schedule: str) -> None:
    plan = Plan("there", what="roads", mode=Mode.FULL, schedule=schedule)

    with pytest.raises(Rejected, match="SCHEDULE_WRONG"):
        ingest.plan_pull("roads", plan, by=world.actor("cataloguer"))


def test_a_password_in_an_address_is_refused_and_one_in_its_place_is_sealed(
    world: World, settings, tmp_path: Path
) -> None:
    from tongqu.ingest.actions.connections import opened
    from tongqu.ingest.models import Connection

    settings.SCAN_ALLOWED = ("localhost",)
    facts = {"code": "pg", "name": "示例", "connector": "database", "by": world.actor("cataloguer"),
             "provider_id": world.organisations["990000-MH"].pk}  # fmt: skip
    with pytest.raises(Rejected, match="CONNECTION_WRONG"):
        ingest.register_connection(address="postgresql://u:tell-me@localhost/d", **facts)

    ingest.register_connection(
        address="postgresql://u@localhost/d", secrets={"password": "tell-me"}, **facts
    )

    held = Connection.objects.get()
    assert "tell-me" not in f"{held.secrets}{held.settings}{held.address}"
    assert opened(held).secrets == {"password": "tell-me"}
    assert "tell-me" not in repr(opened(held))
    ingest.register_connection(address="postgresql://u@localhost/d", secrets={}, **facts)
    assert opened(Connection.objects.get()).secrets == {"password": "tell-me"}  # blank: kept
    with pytest.raises(Rejected, match="SECRET_AGAIN"):  # and never shown to another address
        ingest.register_connection(address="postgresql://v@localhost/d", secrets={}, **facts)


def test_an_address_outside_the_list_is_refused(world: World, settings) -> None:
    settings.SCAN_ALLOWED = ("db.example",)
    for address in ("postgresql://u@169.254.169.254/d", "sqlite:////etc/passwd",
                    "postgresql://u@localhost/d", "mysql://u@[::1]/d"):  # fmt: skip
        with pytest.raises(Rejected, match="ADDRESS_REFUSED"):
            ingest.register_connection(
                code="pg", name="示例", connector="database", address=address,
                by=world.actor("cataloguer"), provider_id=world.organisations["990000-MH"].pk,
            )  # fmt: skip
