"""Cities' entries of the same thing become one of the province."""

import json
from typing import Any

import pytest

from tests.factories_catalog import published_entry
from tests.factories_ledger import second_city
from tests.world import World
from tongqu.audit.models import AuditEntry
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import DataType, EntryView, ItemView
from tongqu.kernel import jobs
from tongqu.kernel.clock import FixedClock
from tongqu.ledger.models import Merge

API = "/api/v1/ledger"
NAME = "客运站基本信息"
FIRST = (
    ItemView(1, "客运站名称", "station_name", DataType.STRING, 100, nullable=False, is_key=True),
    ItemView(2, "站级", "grade", DataType.STRING, 2, code_table="站级代码"),
    ItemView(3, "发车位数", "bays", DataType.INTEGER, 10),
)
SECOND = (
    ItemView(1, "客运站名称", "station_name", DataType.STRING, 50, nullable=False, is_key=True),
    ItemView(2, "车站等级", "grade", DataType.INTEGER, 2, level=2),
    ItemView(3, "经度", "longitude", DataType.DECIMAL, 10),
)


def two_cities(world: World) -> tuple[EntryView, EntryView]:
    other = second_city(world)
    return (
        published_entry(world, name=NAME, items=FIRST, owner=world.organisations["990100"]),
        published_entry(world, name=NAME, items=SECOND, owner=other),
    )


def post(client: Any, path: str, body: object) -> Any:
    return client.post(f"{API}{path}", json.dumps(body), content_type="application/json")


@pytest.mark.req("CAT-17")
def test_two_cities_entries_make_one_with_both_sources_and_their_conflicts_listed(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    one, two = two_cities(world)
    managing = browser_of("managing")
    listed = managing.get("/manage/merges/").content.decode()
    form = {"codes": f"{one.code}\n{two.code}", "name": NAME, "year": "2026", "owner": "990000-MH"}
    made = managing.post("/manage/merges/", form)
    merge = managing.get(made.url).content.decode()
    told = managing.get(f"{API}/merges/{Merge.objects.get().pk}").json()

    assert one.code in listed  # found by name and items, before anybody asked
    assert two.code in listed
    assert told["state_label"] == "冲突"
    found = {(c["item"], c["kind"]) for c in told["conflicts"]}
    assert found == {
        ("客运站名称", "length"), ("站级", "name"), ("站级", "type"), ("站级", "level"),
        ("站级", "code_table"), ("发车位数", "only_in_some"), ("经度", "only_in_some"),
    }  # fmt: skip
    for words in ("长度不同", "类型不同", "分级不同", "码表不同", "仅部分来源有", "名称不同"):
        assert words in merge

    for conflict in told["conflicts"]:
        choice = "keep" if conflict["kind"] == "only_in_some" else one.code
        managing.post(made.url, {"conflict": conflict["id"], "choice": choice, "reason": "示例"})
    managing.post(made.url, {"make": ""})

    entry = catalog.entry(Merge.objects.get().entry_code)
    assert entry is not None
    assert entry.provider_code == "990000-MH"
    assert [i.name_zh for i in entry.items] == ["客运站名称", "站级", "发车位数", "经度"]
    assert entry.items[0].length == 100
    page = browser_of("cataloguer").get(f"/catalog/{entry.code}/").content.decode()
    assert one.code in page
    assert two.code in page
    assert AuditEntry.objects.filter(action="ledger.merge.decided").count() == 7


@pytest.mark.req("CAT-17")
def test_the_merged_draft_takes_the_ordinary_way_to_publication(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    one, two = two_cities(world)
    managing = browser_of("managing")
    body = {"codes": [one.code, two.code], "name": NAME, "year": 2026, "owner": "990000-MH"}
    merge = post(managing, "/merges", body).json()
    too_soon = post(managing, f"/merges/{merge['id']}/entry", {})
    for conflict in merge["conflicts"]:
        choice = "drop" if conflict["kind"] == "only_in_some" else one.code
        post(managing, f"/merge-conflicts/{conflict['id']}/decision", {"choice": choice})
    code = post(managing, f"/merges/{merge['id']}/entry", {}).json()["code"]
    before = managing.get(f"{API}/merges/{merge['id']}").json()["state_label"]

    checked = browser_of("cataloguer").post(f"/api/v1/catalog/entries/{code}/check").json()
    published = browser_of("provider").post(f"/api/v1/catalog/entries/{code}/publish")
    after = managing.get(f"{API}/merges/{merge['id']}").json()["state_label"]
    jobs.run("ledger.merges")

    assert checked["passed"], checked
    assert published.status_code == 200, published.content
    assert too_soon.json()["code"] == "CONFLICTS_OPEN"
    assert (before, after) == ("已融合", "已发布")
    assert Merge.objects.get().state == "published"
    assert "2026" in managing.get("/manage/merges/").content.decode()


def test_what_cannot_be_merged_says_why(world: World, at: FixedClock, browser_of: Any) -> None:
    one, two = two_cities(world)
    managing = browser_of("managing")
    body = {"codes": [one.code, two.code], "name": NAME, "year": 2026, "owner": "990000-MH"}

    alone = post(managing, "/merges", body | {"codes": [one.code]})
    no_province = post(managing, "/merges", body | {"owner": "990100"})
    merged = post(managing, "/merges", body)
    again = post(managing, "/merges", body)
    conflict = merged.json()["conflicts"][0]["id"]
    wrong = post(managing, f"/merge-conflicts/{conflict}/decision", {"choice": "nobody"})
    stranger = browser_of("tourism").post("/manage/merges/", {})

    assert alone.json()["code"] == "TOO_FEW_SOURCES"
    assert "owner" in no_province.json()["fields"]
    assert again.json()["code"] == "ALREADY_MERGED"
    assert wrong.status_code == 422
    assert stranger.status_code == 403


def test_a_city_sees_the_merge_of_its_entry_and_cannot_decide(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    one, two = two_cities(world)
    body = {"codes": [one.code, two.code], "name": NAME, "year": 2026, "owner": "990000-MH"}
    merge = post(browser_of("managing"), "/merges", body).json()
    conflict = merge["conflicts"][0]["id"]

    assert browser_of("city").get(f"/manage/merges/{merge['id']}/").status_code == 200
    refused = post(
        browser_of("city"), f"/merge-conflicts/{conflict}/decision", {"choice": one.code}
    )
    assert refused.status_code == 403


def test_the_choice_holds_whichever_source_was_named_first(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    one, two = two_cities(world)
    managing = browser_of("managing")
    body = {"codes": [two.code, one.code], "name": NAME, "year": 2026, "owner": "990000-MH"}
    merge = post(managing, "/merges", body).json()
    for conflict in merge["conflicts"]:
        choice = "drop" if conflict["kind"] == "only_in_some" else two.code
        post(managing, f"/merge-conflicts/{conflict['id']}/decision", {"choice": choice})

    code = post(managing, f"/merges/{merge['id']}/entry", {}).json()["code"]

    entry = catalog.entry(code)
    assert entry is not None
    assert [(i.name_zh, i.length) for i in entry.items] == [("客运站名称", 50), ("车站等级", 2)]


def test_a_step_nobody_named_makes_no_entry(world: World, at: FixedClock, browser_of: Any) -> None:
    one, two = two_cities(world)
    same = {"codes": [one.code, two.code], "name": NAME, "year": 2026, "owner": "990000-MH"}
    merge = post(browser_of("managing"), "/merges", same).json()
    Merge.objects.update(state="waiting")

    answer = browser_of("managing").post(f"/manage/merges/{merge['id']}/", {"surprise": ""})

    assert answer.status_code == 422
    assert Merge.objects.get().state == "waiting"
