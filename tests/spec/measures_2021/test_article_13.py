"""Article 13: non-sector data is granted by the managing office, and connected by it first."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from tests.factories_catalog import published_entry
from tests.factories_sharing import PURPOSE, filed
from tests.world import World
from tongqu.catalog.models import Entry
from tongqu.delivery import public as delivery
from tongqu.identity.models import Message
from tongqu.kernel.clock import FixedClock
from tongqu.sharing import public as sharing
from tongqu.sharing.models import Decision, ShareRequest
from tongqu.sharing.vocabulary import State

CONNECTED = datetime(2026, 9, 1, tzinfo=UTC)


def post(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(f"/api/v1{path}", json.dumps(body), content_type="application/json")


@pytest.mark.req("SHR-19")
def test_connected_external_data_is_decided_by_the_managing_office_and_not_its_owner(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    entry = published_entry(world, is_external=True, connected_at=CONNECTED, connected_rows=3)
    body = {"entry_code": entry.code, "version_id": entry.version_id, **PURPOSE}

    found = post(browser_of("consumer"), "/sharing/requests", body).json()
    address = f"/sharing/requests/{found['number']}/approve"
    owner = post(browser_of("provider"), address, {})
    owners_page = browser_of("provider").get(f"/desk/todo/{found['number']}/").content.decode()
    waiting = {
        who: [item.reference for item in sharing.todos(world.actor(who))]
        for who in ("provider", "managing", "support")
    }
    done = post(browser_of("managing"), address, {}).json()

    assert found["state"] == "managing_approval"
    assert waiting == {"provider": [], "managing": [found["number"]], "support": []}
    assert (owner.status_code, owner.json()["code"]) == (403, "NOT_YOUR_STEP")
    assert 'name="decision"' not in owners_page
    assert done["state"] == "granted"
    assert done["decisions"][0]["stage"] == "managing_approval"
    assert delivery.grant(done["grant"]) is not None


@pytest.mark.req("ING-15")
def test_unconnected_external_data_is_coordinated_by_the_office_and_never_reviewed_by_its_owner(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    office, page = browser_of("managing"), "/manage/coordination/"
    weather = published_entry(world, is_external=True, name="示例·气象预警")
    tax = published_entry(world, is_external=True, name="示例·纳税信用")
    two = [filed(world, weather), filed(world, weather, who="tourism")]
    third = filed(world, tax)

    tasks = {row["entry_code"]: row for row in office.get("/api/v1/sharing/coordinations").json()}
    assert {row["state_label"] for row in tasks.values()} == {"协调中"}
    # Two departments, one task; nothing waits for the owner or for the first review.
    assert sorted(tasks[weather.code]["requests"]) == sorted(found.number for found in two)
    assert not any(sharing.todos(world.actor(who)) for who in ("provider", "support"))
    assert {found.state for found in (*two, third)} == {State.COORDINATING}
    assert not Decision.objects.exists()
    assert browser_of("provider").get(page).status_code == 403

    early = office.post(page, {"task": tasks[weather.code]["id"], "result": "connected"})
    assert "尚未接入" in early.content.decode()
    Entry.objects.filter(pk=weather.id).update(connected_at=CONNECTED, connected_rows=3)
    office.post(page, {"task": tasks[weather.code]["id"], "result": "connected"})
    silent = office.post(page, {"task": tasks[tax.code]["id"], "result": "unconnectable"})
    assert silent.status_code == 422
    reason = "来源单位书面答复：依规定不向外提供。"
    answer = post(office, f"/sharing/coordinations/{tasks[tax.code]['id']}",
                  {"connected": False, "reason": reason})  # fmt: skip

    states = {row.number: row.state for row in ShareRequest.objects.all()}
    assert [states[found.number] for found in two] == [State.MANAGING_APPROVAL] * 2
    assert states[third.number] == State.UNCONNECTABLE
    assert answer.json()["state_label"] == "无法接入"
    shown = office.get(page).content.decode()
    assert all(word in shown for word in ("已接入", "无法接入", reason))
    mine = browser_of("consumer").get(f"/desk/applications/{third.number}/").content.decode()
    assert reason in mine
    assert Message.objects.filter(key__startswith="sharing.unconnectable.").count() == 1
