"""A real database is scanned through the catalogue; the ledger keeps what was there."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.world import World
from tongqu.kernel.clock import FixedClock

SYSTEM = "示例许可系统"


@pytest.mark.req("STD-05")
def test_a_new_table_of_a_scanned_database_stands_in_the_ledger(
    world: World, at: FixedClock, browser_of: Any, settings: Any, tmp_path: Path
) -> None:
    settings.SCAN_ALLOWED = (str(tmp_path),)
    path = tmp_path / "permits.db"
    client = browser_of("cataloguer")
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE station (id INTEGER PRIMARY KEY, name VARCHAR(50))")
    first = scan(client, path)
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE permit (permit_no VARCHAR(30) NOT NULL, valid_to DATE)")

    second = scan(client, path)
    found = client.get("/api/v1/ledger/objects?kind=table&q=permit").json()["objects"]
    page = client.get("/manage/ledger/?q=permit&kind=table").content.decode()

    assert first.status_code == second.status_code == 200, second.content
    assert len(found) == 1
    assert found[0]["technical"]["columns"] == "2"
    assert found[0]["business_state_label"] == "待补"
    assert "待补" in page
    items = client.get("/api/v1/ledger/objects?kind=item&q=permit_no").json()["objects"]
    assert "VARCHAR" in items[0]["technical"]["type"].upper()


def scan(client: Any, path: Path) -> Any:
    body = {"secret_address": f"sqlite:///{path}", "source_system": SYSTEM}
    return client.post(
        "/api/v1/catalog/imports/scan", json.dumps(body), content_type="application/json"
    )
