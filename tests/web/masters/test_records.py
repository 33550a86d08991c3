"""Golden records: what is one thing, what is not, and what subscribers are told of it."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from tests import factories_masters as made
from tests.factories_delivery import grant
from tongqu.kernel.actor import PLATFORM
from tongqu.masters import public as masters
from tongqu.masters.models import Clash, Likeness, Proposal, Redirect
from tongqu.quality.models import Ticket

pytestmark = pytest.mark.django_db
API = "/api/v1/masters"
Row = dict[str, Any]


def vin(n: int) -> str:
    return f"LEXAMPLE0000{n:05}"


def row(plate: str, color: str, number: int, **given: Any) -> Row:
    held = {"vehicle_plate": plate, "plate_color": color, "vin": vin(number)}
    return held | {"rated_load_kg": 4900, "owner_name": f"示例业户{number}"} | given


def permit(number: str, plate: str, color: str, vin_no: int, **given: Any) -> Row:
    held = {"permit_no": number, "vehicle_plate": plate, "plate_color": color, "vin": vin(vin_no)}
    return held | {"rated_load_kg": 4900} | given


@pytest.fixture
def fleet(world, lake, at) -> Any:
    """Two systems: A and B are one lorry under an old and a new plate, as its VIN says."""
    files = made.entry(world, "示例·车辆档案", made.VEHICLE, vin=3)
    permits = made.entry(world, "示例·道路运输证", made.VEHICLE, vin=3)
    masters.save_scheme(made.vehicle_scheme(files, permits), by=PLATFORM)
    made.table("dw_vehicle_file", [
        row("赣A12345", "2", 101), row("赣A12345", "1", 102), row("赣B00001", "2", 103),
        row("赣C70001", "2", 104),
    ])  # fmt: skip
    made.table("dw_vehicle_permit", [
        permit("P-1", "赣Ｂ00001 ", "2", 103, rated_load_kg=5000),
        permit("P-2", "赣B99999", "2", 103),
        permit("P-3", "赣C70001", "2", 888),
    ])  # fmt: skip
    masters.consolidate("vehicle", by=PLATFORM)
    return files


def key_of(client: Client, source: str, key: str) -> str:
    answer = client.get(f"{API}/vehicle/lookup", {"source": source, "key": key})
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.json()["key"])


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


@pytest.mark.req("STD-07")
def test_two_colours_are_two_vehicles_and_two_vins_under_one_plate_a_task(
    fleet, browser_of, django_assert_max_num_queries
) -> None:
    desk = browser_of("support")

    yellow, blue = (key_of(desk, "车辆档案", vin(n)) for n in (101, 102))

    records = {key: desk.get(f"{API}/vehicle/records/{key}").json() for key in (yellow, blue)}
    assert yellow != blue
    assert [r["values"]["vehicle_plate"] for r in records.values()] == ["赣A12345"] * 2
    assert [r["values"]["plate_color"] for r in records.values()] == ["2", "1"]
    assert not Likeness.objects.filter(first_key__in=[yellow, blue], second_key__in=[yellow, blue])
    clash = desk.get("/api/v1/masters-clashes", {"state": "open"}).json()
    assert clash["total"] == 1
    task = clash["items"][0]
    assert task["key"] == key_of(desk, "车辆档案", vin(104)) == key_of(desk, "道路运输证", "P-3")
    assert (task["field"], task["sources"]) == ("vin", ["车辆档案", "道路运输证"])
    assert Ticket.objects.get(number=task["ticket"]).provider.code == "990000-MH"
    assert desk.get(API).json()[0] | {"fields": {}} == {
        "code": "vehicle", "version": 1, "domain": "carriers", "title": "示例·营运车辆",
        "fields": {}, "records": 5, "open_likenesses": 1, "open_clashes": 1,
    }  # fmt: skip
    with django_assert_max_num_queries(20):
        page = desk.get("/manage/masters/clashes/").content.decode()
    for word in ("赣C70001 2", "LEX**********0104", "LEX**********0888", task["ticket"]):
        assert word in page
    assert vin(104) not in page  # level 3: masked for the desk, too
    overview = desk.get("/manage/masters/").content.decode()
    for word in ("基础设施", "运载工具", "经营业户", "从业人员", "综合管理", "示例·营运车辆"):
        assert word in overview

    number = {"clash": task["id"], "note": "示例：已函请运证部门核实"}
    assert desk.post("/manage/masters/clashes/", number | {"note": "短"}).status_code == 422
    assert desk.post("/manage/masters/clashes/", number).status_code == 302
    made.table("dw_vehicle_permit", [permit("P-3", "赣C70001", "2", 104)])
    masters.consolidate("vehicle", by=PLATFORM)
    assert Clash.objects.get().state == "settled"  # by the source, not by the click


@pytest.mark.req("STD-08")
def test_who_asks_for_a_merged_key_is_sent_on_and_told_of_every_change(
    fleet, world, browser_of, django_assert_max_num_queries, django_capture_on_commit_callbacks
) -> None:
    desk, consumer = browser_of("support"), browser_of("consumer")
    a, b = key_of(desk, "车辆档案", vin(103)), key_of(desk, "道路运输证", "P-2")
    events = f"{API}/vehicle/events"
    assert consumer.get(events).json()["code"] == "NOT_SUBSCRIBED"
    assert consumer.put(f"{API}/vehicle/subscription").json()["code"] == "NO_MASTER_GRANT"
    items = ("vehicle_plate", "plate_color", "vin", "rated_load_kg")
    grant(world, fleet, items=items)
    assert consumer.put(f"{API}/vehicle/subscription").status_code == 200
    first = consumer.get(events, {"limit": 3}).json()
    rest = consumer.get(events, {"after": first["next_cursor"]}).json()
    told = [*first["events"], *rest["events"]]
    assert (first["has_more"], rest["has_more"]) == (True, False)
    assert [(e["seq"], e["kind"], e["version"]) for e in told] == [
        (n, "added", 1) for n in range(1, 6)
    ]

    with django_capture_on_commit_callbacks(execute=True):
        the_desk_merges_by_keyboard(desk, a, b, django_assert_max_num_queries)

    old, new = (a, b) if Redirect.objects.get().old_key == a else (b, a)
    moved = consumer.get(f"{API}/vehicle/records/{old}")
    assert (moved.status_code, moved.json()["moved_to"]) == (301, new)
    golden = consumer.get(moved["Location"]).json()
    assert (golden["key"], golden["version"], golden["source_count"]) == (new, 2, 2)
    assert set(golden["values"]) == set(items)  # the owner's name is not granted
    assert golden["values"]["vin"] == "LEX**********0103"
    assert key_of(consumer, "道路运输证", "P-2") == key_of(consumer, "车辆档案", vin(103)) == new
    since = {"after": rest["next_cursor"]}
    told = consumer.get(events, since).json()["events"]
    assert {(e["kind"], e["key"], e["into_key"], e["version"]) for e in told} == {
        ("changed", new, "", 2), ("merged", old, new, 2),
    }  # fmt: skip

    with django_capture_on_commit_callbacks(execute=True):
        the_history_is_on_the_page_and_undone(desk, old, new)

    told = consumer.get(events, {"after": told[-1]["seq"]}).json()["events"]
    assert {(e["kind"], e["key"], e["version"]) for e in told} == {
        ("changed", new, 3), ("added", old, 3),
    }  # fmt: skip
    assert consumer.get(f"{API}/vehicle/records/{old}").status_code == 200
    made.table("dw_vehicle_permit", [permit("P-3", "赣C70001", "2", 888)])
    masters.consolidate("vehicle", by=PLATFORM)
    told = consumer.get(events, {"after": told[-1]["seq"]}).json()["events"]
    assert ("stopped", key_of_plate(b)) in {(e["kind"], e["key"]) for e in told}
    a_correction_is_proposed_decided_and_done(consumer, desk, a)


def key_of_plate(key: str) -> str:
    """The permit's record is gone from its source: its key stays the same for ever."""
    return key


def the_desk_merges_by_keyboard(desk: Client, a: str, b: str, at_most: Any) -> None:
    pair = Likeness.objects.get()
    assert {pair.first_key, pair.second_key} == {a, b}
    with at_most(20):
        page = desk.get(f"/manage/masters/desk/{pair.pk}/").content.decode()
    for key in ("m", "k", "l"):
        assert f'data-key="{key}"' in page
    assert "masters/keys.js" in page
    assert "<mark>赣B00001</mark>" in page
    assert "<mark>赣B99999</mark>" in page
    assert re.search(r"车架号.*?LEX\*{10}0103.*?相同", page, re.S)
    assert "分值" in page
    assert vin(103) not in page
    listed = desk.get("/manage/masters/desk/").content.decode()
    assert f"ZS-{pair.pk:06}" in listed
    assert "共 1 对" in listed
    path = f"/manage/masters/desk/{pair.pk}/"
    assert desk.post(path, {"command": "later"}).status_code == 302
    assert desk.post(path, {"command": "merge", "note": "示例：换牌"}).status_code == 302
    assert Likeness.objects.get().state == "merged"
    assert desk.post(path, {"command": "merge"}).status_code == 409


def the_history_is_on_the_page_and_undone(desk: Client, old: str, new: str) -> None:
    answer = desk.get(f"/manage/masters/records/vehicle/{old}/", follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(f"/manage/masters/records/vehicle/{new}/", 302)]
    for word in (
        "示例：换牌",
        "车辆档案",
        "道路运输证",
        "取最长",
        "不一致，未取用",
        "变更",
        old[:8],
    ):
        assert word in page
    pair = Likeness.objects.get()
    assert (
        post(desk, f"/api/v1/masters-likenesses/{pair.pk}/split", note="示例：误并").json()["state"]
        == "open"
    )
    ended = Redirect.objects.get()
    assert ended.split_at
    assert ended.split_reason == "示例：误并"


def a_correction_is_proposed_decided_and_done(consumer: Client, desk: Client, key: str) -> None:
    body = {"key": key, "field": "rated_load_kg", "value": "5200", "reason": "示例：实车铭牌为准"}
    wrong = post(consumer, f"{API}/vehicle/proposals", **body | {"field": "owner_name"})
    assert wrong.status_code == 422
    filed = post(consumer, f"{API}/vehicle/proposals", **body)
    assert (filed.status_code, filed.json()["state"]) == (201, "filed")
    number = filed.json()["number"]
    assert "5200" not in Proposal.objects.get().sealed
    page = desk.get("/manage/masters/proposals/").content.decode()
    assert number in page
    assert "5200" in page
    path = f"/api/v1/masters-proposals/{number}"
    assert post(consumer, f"{path}/accept").status_code == 403
    accepted = post(desk, f"{path}/accept", note="示例：请档案部门更正").json()
    assert accepted["state"] == "accepted"
    assert Ticket.objects.filter(number=accepted["ticket"]).exists()
    made.table("dw_vehicle_file", [row("赣B00001", "2", 103, rated_load_kg=5200)])
    masters.consolidate("vehicle", by=PLATFORM)
    listed = consumer.get("/api/v1/masters-proposals").json()["items"]
    assert [(one["number"], one["state"]) for one in listed] == [(number, "done")]
