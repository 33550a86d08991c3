"""The freshness clock (ING-13)."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.db.ingest.test_load import GOOD
from tests.factories_catalog import published_entry
from tongqu.identity.public import messages_for
from tongqu.ingest import public as ingest
from tongqu.kernel import jobs


@pytest.mark.req("ING-13")
def test_a_daily_resource_last_loaded_27_hours_ago_turns_late_and_all_are_told(
    register, deliver, world, at
) -> None:
    actor = world.actor("cataloguer")
    entry = published_entry(world, update_cycle="daily")
    register(entry_code=entry.code)
    deliver(GOOD)
    last = ingest.last_loaded(entry.code)
    at.instant += timedelta(hours=25)
    assert jobs.run("ingest.freshness") == 0

    at.instant += timedelta(hours=2)
    assert jobs.run("ingest.freshness") == 1
    assert jobs.run("ingest.freshness") == 1  # told once

    assert ingest.source("roads").freshness == "late"
    for reader in ("cataloguer", "managing"):
        told = [m for m in messages_for(world.actor(reader)) if m.kind == "数据超期"]
        assert len(told) == 1
        assert "2026-09-24 09:00" in told[0].text
    assert "2026-09-24 09:00" in _open_page(entry.code)
    assert last is not None
    assert [t.kind for t in ingest.todos(actor)] == ["数据超期"]
    deliver(GOOD + "9,新路,1\n", "new.csv")
    assert ingest.source("roads").freshness == "on_time"


def _open_page(code: str) -> str:
    """Read the entry's page as the public does."""
    answer = Client().get(f"/catalog/{code}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_cycle_without_tolerance_is_never_late(register, deliver, at) -> None:
    register(cycle="irregular")
    deliver(GOOD)
    at.instant += timedelta(days=4000)

    assert jobs.run("ingest.freshness") == 0
