"""The index beside real transactions: killed processes, writers at the same time, a rollback."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from threading import Barrier, Event

import pytest
from django.db import connection, connections, transaction

from tests import forks
from tests import world as worlds
from tests.factories_catalog import draft_entry
from tongqu.catalog.models import EntryVersion, SearchOutbox
from tongqu.catalog.public import search
from tongqu.catalog.queries.feed import Feed
from tongqu.catalog.vocabulary import SearchFilters
from tongqu.kernel.actor import PLATFORM
from tongqu.policy.public import seed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at")]


@pytest.fixture
def folder(settings, tmp_path: Path) -> Path:
    settings.SEARCH = {"FOLDER": str(tmp_path / "search"), "IN_TRANSACTION": False}
    return tmp_path / "search"


def found(q: str = "") -> list[str]:
    result = search(q, SearchFilters(), PLATFORM)
    assert not result.is_from_database
    assert not result.is_behind
    assert result.total == len(result.entries)
    return sorted(entry.name for entry in result.entries)


@pytest.mark.parametrize(
    "point", ["after the transaction", "before the commit", "after the commit", "before the swap"]
)
def test_a_process_killed_anywhere_leaves_the_index_right(
    folder: Path, point: str, settings
) -> None:
    seed()
    world = worlds.build()
    entry = draft_entry(world, name="示例改前信息")
    draft_entry(world, name="示例其他信息")
    if point != "before the swap":  # then the killed process builds the first index
        assert found() == ["示例其他信息", "示例改前信息"]

    name = str(connection.settings_dict["NAME"])
    done = forks.parent(os.environ.get("DATABASE_URL", "")).run(
        "tests.db.catalog.search_process:main", name, point, entry.code, SEARCH=settings.SEARCH
    )

    assert done.returncode == -9, done.err
    assert found() == ["示例其他信息", "示例改后信息"]
    assert found("改前") == []


def test_what_is_rolled_back_is_never_found(folder: Path) -> None:
    seed()
    world = worlds.build()
    entry = draft_entry(world, name="示例改前信息")
    assert found() == ["示例改前信息"]

    with transaction.atomic():
        _rename(entry.id, "示例未提交信息")
        search("", SearchFilters(), PLATFORM)  # sees the row, and must not index it
        transaction.set_rollback(True)

    assert found() == ["示例改前信息"]
    assert found("未提交") == []


def test_a_change_that_commits_late_is_not_passed_by(folder: Path) -> None:
    """The first writer begins earlier and commits later, where the database lets both write."""
    seed()
    world = worlds.build()
    slow, fast = (draft_entry(world, name=f"示例{n}信息") for n in ("慢", "快"))
    assert len(found()) == 2
    is_parallel = connection.vendor == "postgresql"
    has_written, may_commit = Event(), Event()

    def write_slowly() -> None:
        try:
            with transaction.atomic():
                _rename(slow.id, "示例慢后信息")
                has_written.set()
                if is_parallel:
                    may_commit.wait(20)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(copy_context().run, write_slowly)
        has_written.wait(20)
        _rename(fast.id, "示例快后信息")
        between = found()
        passed = Feed().head()
        may_commit.set()
        run.result()

    assert "示例快后信息" in between
    assert found() == ["示例快后信息", "示例慢后信息"]
    assert Feed().head().sequence >= passed.sequence
    if is_parallel:
        assert "示例慢信息" in between
        assert Feed().head().sequence > passed.sequence


def test_many_writers_at_once_leave_no_gap_and_no_doubt(folder: Path) -> None:
    seed()
    world = worlds.build()
    entries = [draft_entry(world, name=f"示例{n}号信息") for n in range(6)]
    together = Barrier(2)

    def work(mine: list) -> None:
        try:
            together.wait()
            for entry in mine:
                _rename(entry.id, entry.name.replace("信息", "数据"))
                search("数据", SearchFilters(), PLATFORM)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        runs = [
            pool.submit(copy_context().run, work, half) for half in (entries[::2], entries[1::2])
        ]
        for run in runs:
            run.result()

    assert found("数据") == [f"示例{n}号数据" for n in range(6)]
    numbers = SearchOutbox.objects.order_by("sequence").values_list("sequence", flat=True)
    assert len(set(numbers)) == len(numbers)
    assert None not in numbers


def _rename(entry_id: int, name: str) -> None:
    version = EntryVersion.objects.get(entry_id=entry_id)
    version.name = name
    version.save()
