"""The wizard of a source, its runs, and the task view (ING-19), as people see them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.factories_catalog import published_entry
from tongqu.ingest.models import Connection, LegacySystem, Run, Source
from tongqu.quality.models import Ticket

TASKS = "/manage/ingest/"


@pytest.fixture
def there(tmp_path: Path, settings) -> Iterator[sqlite3.Connection]:
    settings.SCAN_ALLOWED = (str(tmp_path),)
    with closing(sqlite3.connect(tmp_path / "there.db", isolation_level=None)) as file:
        file.execute("PRAGMA synchronous = OFF")  # the disk is not waited for at each row
        file.execute("CREATE TABLE roads (id INTEGER PRIMARY KEY, name TEXT, km INTEGER)")
        rows = [(n, f"路{n}", "坏" if n < 3 else n) for n in range(100)]
        file.executemany("INSERT INTO roads VALUES (?, ?, ?)", rows)
        yield file


@pytest.fixture
def client(browser_of, lake, at, there, tmp_path: Path):
    """A cataloguer who has registered a connection by its page."""
    client = browser_of("cataloguer")
    answer = client.post(f"{TASKS}connections/new/database/", {
        "code": "there", "name": "示例库", "address": f"sqlite:///{tmp_path / 'there.db'}",
        "set_password": "",
    })  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    return client


SOURCE = {
    "code": "roads", "name": "示例路网", "what": "roads", "mode": "full", "overlap_seconds": "0",
    "reject_percent": "1", "tolerance_percent": "0.1", "schedule": "0 2 * * *",
}  # fmt: skip


@pytest.mark.req("ING-19")
def test_a_job_with_3_percent_of_rejects_is_partly_done_and_opens_a_ticket(client, world) -> None:
    entry = published_entry(world, update_cycle="daily")
    tested = client.post(f"{TASKS}connections/there/", {"do": "test"})
    assert "roads" in tested.content.decode()
    probed = client.post(f"{TASKS}connections/there/", {**SOURCE, "do": "probe"})
    assert "100 行" in probed.content.decode()
    made = client.post(f"{TASKS}connections/there/", {**SOURCE, "do": "register"})
    assert made.url == f"{TASKS}roads/"
    Source.objects.update(entry_code=entry.code)

    run = client.post(f"{TASKS}roads/act/", {"do": "pull"}, follow=True).content.decode()

    assert "接收 <b>100</b> = 入湖 <b>97</b> + 隔离 <b>3</b>" in run
    listed = client.get(TASKS).content.decode()
    for words in ("部分成功", "100", "97", "09-25", "距今"):
        assert words in listed, words
    batch = Run.objects.get().batches.get()
    rejected = client.get(f"{TASKS}batches/{batch.number}/rejected.csv")
    lines = b"".join(rejected.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 3
    ticket = Ticket.objects.get()
    assert ticket.entry_code == entry.code
    assert "3.00%" in ticket.title


def test_below_the_threshold_no_ticket_is_opened(client, world) -> None:
    entry = published_entry(world, update_cycle="daily")
    client.post(f"{TASKS}connections/there/", {**SOURCE, "reject_percent": "5", "do": "register"})
    Source.objects.update(entry_code=entry.code)

    client.post(f"{TASKS}roads/act/", {"do": "pull"})

    assert Run.objects.get().rejected == 3
    assert not Ticket.objects.exists()


def test_late_data_and_a_failed_pull_are_told_in_the_list(client, at, there) -> None:
    client.post(f"{TASKS}connections/there/", {**SOURCE, "do": "register"})
    client.post(f"{TASKS}roads/act/", {"do": "pull"})
    Source.objects.update(freshness="late")
    assert "延迟" in client.get(TASKS).content.decode()

    there.execute("ALTER TABLE roads ADD COLUMN surface TEXT")
    at.instant += timedelta(days=1)
    page = client.post(f"{TASKS}roads/act/", {"do": "pull"}, follow=True).content.decode()

    assert "SCHEMA_DRIFT" in page
    assert "失败" in client.get(TASKS).content.decode()
    assert Source.objects.get().attempts == 0


def test_a_source_is_reconciled_paused_and_continued_by_its_page(client) -> None:
    client.post(f"{TASKS}connections/there/", {**SOURCE, "do": "register"})
    client.post(f"{TASKS}roads/act/", {"do": "pull"})

    page = client.post(f"{TASKS}roads/act/", {"do": "reconcile"}, follow=True).content.decode()
    assert "对账不一致" in page
    client.post(f"{TASKS}roads/act/", {"do": "pause"})
    assert Source.objects.get().is_paused
    client.post(f"{TASKS}roads/act/", {"do": "continue"})
    assert not Source.objects.get().is_paused
    assert client.post(f"{TASKS}roads/act/", {"do": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"what": "none"}, "没有这张表"),
        ({"mode": "by_time"}, "时间列"),
        ({"schedule": "soon"}, "计划的写法不对"),
        ({"mode": "cdc"}, "不支持变更捕获"),
    ],
)
def test_what_cannot_work_is_told_before_anything_is_registered(client, change, told) -> None:
    answer = client.post(f"{TASKS}connections/there/", {**SOURCE, **change, "do": "register"})

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Source.objects.exists()


def test_a_missing_driver_names_the_package(browser_of, lake, at, settings) -> None:
    settings.SCAN_ALLOWED = ("localhost",)
    client = browser_of("cataloguer")
    client.post(f"{TASKS}connections/new/database/", {
        "code": "dm", "name": "示例达梦", "address": "dm://reader@localhost:5236/x",
        "set_password": "secret-word",
    })  # fmt: skip
    assert Connection.objects.get().secrets

    page = client.post(f"{TASKS}connections/dm/", {"do": "test"}).content.decode()

    assert "dmPython" in page
    assert "secret-word" not in page


def test_a_legacy_system_is_migrated_by_its_pages(client) -> None:
    client.post(f"{TASKS}connections/there/", {**SOURCE, "do": "register"})
    client.post(f"{TASKS}roads/act/", {"do": "pull"})
    made = client.post(f"{TASKS}migrations/new/", {
        "code": "old", "name": "示例原有系统", "parallel_days": "1", "interfaces": "JK-1 示例接口",
    })  # fmt: skip
    assert made.url == f"{TASKS}migrations/old/"
    page = f"{TASKS}migrations/old/"
    early = client.post(page, {"do": "cut_over"}, follow=True).content.decode()
    assert "还不能割接" in early
    client.post(page, {"do": "map", "number": "JK-1", "old": "roads", "new": "roads",
                       "mapping": "id=id\nname=name"})  # fmt: skip
    for step in ("parallel", "compare", "cut_over"):
        client.post(page, {"do": step})

    assert LegacySystem.objects.get().state == "moved"
    assert "签署割接" in client.get(page).content.decode()
    assert "已迁移" in client.get(f"{TASKS}migrations/").content.decode()
