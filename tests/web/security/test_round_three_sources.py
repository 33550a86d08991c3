"""Connections: a secret was given for one place, and no other gets to see it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.sources.http_server import Interface, Reply, running
from tongqu.ingest.models import Connection


@pytest.fixture
def site(lake: Any, at: Any, settings: Any) -> Iterator[Interface]:
    settings.SCAN_ALLOWED = ("127.0.0.1",)
    with running() as interface:
        interface.answer = lambda asked: Reply([{"a": 1}])
        yield interface


def register(client: Any, address: str, secret: str = "", **settings: object) -> Any:
    body = {
        "code": "there", "name": "示例接口", "connector": "http", "address": address,
        "settings": {"auth": "header", "key_name": "X-Key", "per_second": 1000, **settings},
        "secrets": {"secret": secret},
    }  # fmt: skip
    return client.post("/api/v1/ingest/connections", json.dumps(body),
                       content_type="application/json")  # fmt: skip


def test_a_connection_that_leads_elsewhere_asks_for_its_secret_again(
    site: Interface, browser_of: Any
) -> None:
    client = browser_of("cataloguer")
    assert register(client, site.address, "key-of-the-first").status_code == 201
    assert register(client, site.address, per_second=9).status_code == 201, "blank: it stays"
    evil = site.address.replace("127.0.0.1", "localhost")

    for answer in (register(client, evil), register(client, site.address, auth="query")):
        assert answer.status_code == 422
        assert answer.json()["code"] in {"SECRET_AGAIN", "ADDRESS_REFUSED"}

    assert Connection.objects.get().address == site.address
    assert Connection.objects.get().settings["auth"] == "header"
    assert register(client, f"{site.address}/v2").json()["code"] == "SECRET_AGAIN"
    assert register(client, f"{site.address}/v2", "key-of-the-second").status_code == 201
    assert site.asked == []


@pytest.mark.parametrize("word", ["p/q", "p q", "p:q", "p"])
def test_a_password_in_an_address_is_refused_however_it_is_spelled(
    site: Interface, browser_of: Any, word: str, tmp_path: Path
) -> None:
    body = {"code": "there", "name": "示例库", "connector": "database",
            "address": f"postgresql://u:{word}@127.0.0.1/d"}  # fmt: skip

    answer = browser_of("cataloguer").post(
        "/api/v1/ingest/connections", json.dumps(body), content_type="application/json"
    )

    assert answer.status_code == 422
    assert "address" in answer.json().get("fields", {}) or "口令" in answer.json()["title"]
    assert not Connection.objects.exists()
