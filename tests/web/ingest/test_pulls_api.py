"""Connections, pulls, reconciliation and migrations by API."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tongqu.ingest.models import Source
from tongqu.supervision.models import RectificationDraft

API = "/api/v1/ingest"


def post(client, path: str, body: dict | None = None):
    return client.post(f"{API}{path}", json.dumps(body or {}), content_type="application/json")


@pytest.fixture
def there(tmp_path: Path, settings) -> Iterator[sqlite3.Connection]:
    settings.SCAN_ALLOWED = (str(tmp_path),)
    with closing(sqlite3.connect(tmp_path / "there.db", isolation_level=None)) as file:
        file.execute("PRAGMA synchronous = OFF")  # the disk is not waited for at each row
        file.execute("CREATE TABLE roads (id INTEGER PRIMARY KEY, name TEXT)")
        file.executemany("INSERT INTO roads VALUES (?, ?)", [(n, f"路{n}") for n in range(990)])
        yield file


@pytest.fixture
def provider(browser_of, lake, at, there, tmp_path: Path):
    client = browser_of("cataloguer")
    answer = post(client, "/connections", {
        "code": "there", "name": "示例库", "connector": "database",
        "address": f"sqlite:///{tmp_path / 'there.db'}",
    })  # fmt: skip
    assert answer.status_code == 201, answer.content
    found = post(client, "/connections/there/probe", {"connection": "there"})
    assert found.json()["choices"] == ["roads"]
    seen = post(client, "/connections/there/probe", {"connection": "there", "what": "roads"})
    register(client, "roads", seen.json()["columns"])
    return client


def register(client, code: str, columns: list, what: str = "roads") -> None:
    known = {"name", "data_type", "is_key", "nullable", "fixes"}
    body = {"code": code, "name": "示例路网",
            "columns": [{k: v for k, v in c.items() if k in known} for c in columns]}  # fmt: skip
    assert post(client, "/sources", body).status_code == 201
    planned = post(client, f"/sources/{code}/plan", {"connection": "there", "what": what})
    assert planned.status_code == 200, planned.content


@pytest.mark.req("QLT-12")
def test_a_source_of_1000_and_a_hub_of_990_open_a_draft_with_evidence(provider, there) -> None:
    run = post(provider, "/sources/roads/pull").json()
    assert (run["state"], run["stored"]) == ("done", 990)
    assert post(provider, "/sources/roads/reconcile").json()["is_equal"] is True
    assert not RectificationDraft.objects.exists()
    there.executemany("INSERT INTO roads VALUES (?, 'x')", [(n,) for n in range(1000, 1010)])

    found = post(provider, "/sources/roads/reconcile").json()

    assert (found["source_rows"], found["hub_rows"]) == (1000, 990)
    assert (found["difference"], found["tolerance"]) == (0.01, 0.001)
    draft = RectificationDraft.objects.get()
    assert draft.case == "三"
    assert draft.evidence["source_rows"] == 1000
    assert draft.evidence["hub_rows"] == 990
    assert draft.evidence["difference"] == "1.00%"
    assert draft.evidence["source_checksum"] != draft.evidence["hub_checksum"]
    post(provider, "/sources/roads/reconcile")
    assert RectificationDraft.objects.count() == 1


def test_equal_counts_with_other_content_are_told_apart(provider, there) -> None:
    post(provider, "/sources/roads/pull")
    there.execute("UPDATE roads SET name = '改' WHERE id = 5")

    found = post(provider, "/sources/roads/reconcile").json()

    assert found["is_equal"] is False
    assert found["source_rows"] == found["hub_rows"]
    post(provider, "/sources/roads/pull")
    assert post(provider, "/sources/roads/reconcile").json()["is_equal"] is True


def test_runs_are_read_and_hold_no_value(provider) -> None:
    number = post(provider, "/sources/roads/pull").json()["number"]

    (run,) = provider.get(f"{API}/sources/roads/runs").json()
    assert provider.get(f"{API}/runs/{number}").json() == run
    assert [line["step"] for line in run["log"]] == ["started", "piece", "done"]
    assert "路" not in json.dumps(run["log"], ensure_ascii=False).replace("路网", "")


def test_connections_are_listed_without_secrets(provider) -> None:
    (found,) = provider.get(f"{API}/connections").json()

    assert set(found) == {"code", "name", "connector", "address", "settings"}


def test_another_department_sees_and_runs_nothing(provider, browser_of) -> None:
    other = browser_of("consumer")

    assert provider.get(f"{API}/runs/YX-none").status_code == 404
    assert post(other, "/sources/roads/pull").status_code in {403, 404}


NUMBERS = [f"JK-{n:02d}" for n in range(1, 13)]


@pytest.mark.req("ING-14")
def test_a_legacy_exchange_of_12_interfaces_is_cut_over_when_all_are_equal(
    provider, there, at
) -> None:
    columns = Source.objects.get(code="roads").columns
    register(provider, "oldroads", columns)
    for code in ("roads", "oldroads"):
        post(provider, f"/sources/{code}/pull")
    made = post(provider, "/migrations", {
        "code": "oldexchange", "name": "示例原有交换系统", "parallel_days": 2,
        "interfaces": [{"number": n, "name": f"示例接口{n}"} for n in NUMBERS],
    })  # fmt: skip
    assert made.json()["state"] == "waiting"
    link = {"old": "oldroads", "new": "roads", "mapping": {"id": "id", "name": "name"}}
    for number in NUMBERS[:11]:
        post(provider, "/migrations/oldexchange/mapping", {"number": number, **link})
    assert post(provider, "/migrations/oldexchange/parallel").status_code == 422  # 11 of 12
    assert post(provider, "/migrations/oldexchange/cut-over").status_code == 409
    moving = post(provider, "/migrations/oldexchange/mapping", {"number": NUMBERS[11], **link})
    assert (moving.json()["state"], moving.json()["mapped"]) == ("moving", 12)
    assert post(provider, "/migrations/oldexchange/parallel").json()["state"] == "parallel"

    compared = post(provider, "/migrations/oldexchange/compare").json()
    assert [row["is_equal"] for row in compared] == [True] * 12
    early = post(provider, "/migrations/oldexchange/cut-over")
    assert (early.status_code, early.json()["code"]) == (409, "MIGRATION_NOT_EQUAL")
    at.instant += timedelta(days=1)
    there.execute("UPDATE roads SET name = '改' WHERE id = 5")
    post(provider, "/sources/roads/pull")  # the old way has not brought it yet
    unequal = post(provider, "/migrations/oldexchange/compare").json()
    assert [row["is_equal"] for row in unequal] == [False] * 12
    assert post(provider, "/migrations/oldexchange/cut-over").status_code == 409
    post(provider, "/sources/oldroads/pull")
    post(provider, "/migrations/oldexchange/compare")
    signed = post(provider, "/migrations/oldexchange/cut-over")

    assert signed.status_code == 200, signed.content
    assert signed.json()["state"] == "moved"
    assert signed.json()["open_points"] == []
    (listed,) = provider.get(f"{API}/migrations").json()
    assert listed == provider.get(f"{API}/migrations/oldexchange").json()


def test_the_log_of_a_long_run_keeps_its_last_pieces_and_counts_them_all(
    provider, monkeypatch
) -> None:
    from tongqu.ingest.actions import pull

    monkeypatch.setattr(pull, "PIECE_LINES", 2)
    Source.objects.update(pulling={**Source.objects.get().pulling, "piece_rows": 300})

    run = post(provider, "/sources/roads/pull").json()

    assert [line["step"] for line in run["log"]] == ["started", "piece", "piece", "done"]
    assert run["log"][1]["text"].startswith("第 3 片入湖")
    assert (run["pieces"], run["stored"]) == (4, 990)
