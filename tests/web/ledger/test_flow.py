"""The provision-and-update flow: configured, versioned, and finished as it began."""

import json
from typing import Any

import pytest

from tests.factories_catalog import published_entry
from tests.world import World
from tongqu.kernel.clock import FixedClock

API = "/api/v1/ledger/flow"


def call(client: Any, method: str, path: str, body: object = None) -> Any:
    return getattr(client, method)(
        f"{API}{path}", json.dumps(body or {}), content_type="application/json"
    )


@pytest.mark.req("CAT-16")
def test_a_step_inserted_by_configuration_holds_for_new_instances_only(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    managing, writer = browser_of("managing"), browser_of("cataloguer")
    first, second = published_entry(world).code, published_entry(world).code
    old = call(writer, "post", "/instances", {"entry_code": first}).json()
    current = managing.get(API).json()
    text = "\n".join(
        f"{s['code']},{s['title']},{w}"
        for s, w in zip(
            current["steps"],
            ("提供部门编目员", "提供部门编目员", "提供部门审核人", "提供部门编目员", "技术支持部门",
             "提供部门编目员", "提供部门编目员"),
            strict=True,
        )
    )  # fmt: skip
    inserted = text.replace("notify,", "rehearse,演练核对,提供部门编目员\nnotify,")
    form = {"define": "", "steps": inserted, "note": "示例：加一步", "base": "1"}

    made = managing.post("/manage/flow/", form)
    stale = managing.post("/manage/flow/", form)
    new = call(writer, "post", "/instances", {"entry_code": second}).json()

    assert made.status_code == 302
    assert stale.status_code in {409, 422}  # somebody was faster
    assert (old["definition"], new["definition"]) == (1, 2)
    assert finished(browser_of, old["id"]) == [s["code"] for s in current["steps"]]
    assert "rehearse" in finished(browser_of, new["id"])
    page = writer.get(f"/manage/flow/{new['id']}/").content.decode()
    assert "演练核对" in page
    assert "演练核对" not in writer.get(f"/manage/flow/{old['id']}/").content.decode()


def finished(browser_of: Any, number: int) -> list[str]:
    """Finish the instance step by step, each by whom its step names; return the steps."""
    clients = [browser_of(name) for name in ("cataloguer", "provider", "support")]
    told = clients[0].get(f"{API}/instances/{number}").json()
    connect_all()
    while told["due"]:
        answers = [call(c, "post", f"/instances/{number}/steps/{told['due']}") for c in clients]
        good = [answer for answer in answers if answer.status_code == 200]
        assert good, [answer.content.decode() for answer in answers]
        told = clients[0].get(f"{API}/instances/{number}").json()
    assert told["state"] == "done"
    return list(told["done"])


def connect_all() -> None:
    from tongqu.catalog.models import Entry
    from tongqu.kernel import clock

    Entry.objects.update(connected_at=clock.now(), connected_rows=1)


def test_a_step_whose_fact_does_not_hold_cannot_be_finished(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    writer, reviewer = browser_of("cataloguer"), browser_of("provider")
    code = published_entry(world).code
    number = call(writer, "post", "/instances", {"entry_code": code}).json()["id"]
    for client, step in ((writer, "compile"), (writer, "check"), (reviewer, "publish")):
        assert call(client, "post", f"/instances/{number}/steps/{step}").status_code == 200

    not_connected = call(writer, "post", f"/instances/{number}/steps/connect")
    out_of_turn = call(writer, "post", f"/instances/{number}/steps/notify")
    stranger = call(browser_of("city"), "post", "/instances", {"entry_code": code})

    assert not_connected.json()["code"] == "STEP_NOT_DONE"
    assert out_of_turn.json()["code"] == "FLOW_CHANGED"
    assert stranger.status_code in {403, 404}


def test_a_definition_with_a_fault_is_refused(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    managing = browser_of("managing")

    unknown = managing.post(
        "/manage/flow/", {"define": "", "steps": "a1,示例,无此岗位", "base": "1"}
    )
    twice = call(managing, "put", "", {"base": 1, "steps": [
        {"code": "same", "title": "一", "who": "cataloguer"},
        {"code": "same", "title": "二", "who": "cataloguer"},
    ]})  # fmt: skip

    assert unknown.status_code == twice.status_code == 422
    assert "第 1 行" in unknown.content.decode()


def test_the_managing_office_finishes_the_step_that_is_its_own(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    managing, writer = browser_of("managing"), browser_of("cataloguer")
    call(managing, "put", "", {"base": 1, "steps": [
        {"code": "approve", "title": "示例：主管部门核定", "who": "managing_office"},
    ]})  # fmt: skip
    code = published_entry(world).code
    number = call(writer, "post", "/instances", {"entry_code": code}).json()["id"]
    waits = managing.get("/desk/todo/").content.decode()

    not_theirs = call(writer, "post", f"/instances/{number}/steps/approve")
    done = call(managing, "post", f"/instances/{number}/steps/approve")

    assert "示例：主管部门核定" in waits
    assert "示例：主管部门核定" not in writer.get("/desk/todo/").content.decode()
    assert not_theirs.json()["code"] == "NOT_YOUR_FLOW"
    assert done.json()["state"] == "done"
