"""What is told of several rows or tables: stopped issues, reconciliation, states, open controls."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.factories_delivery import PURPOSE, grant
from tests.res import pack
from tests.res.pack import right, rights

LICENCE, CERTIFICATE = "road_transport_operating_licence", "road_transport_certificate"
ENTRY, EXIT = "toll_station_entry_flow", "toll_station_exit_flow"
CONTROL, EVENT, STAFF = (
    "toll_station_control", "traffic_emergency_event", "road_transport_staff_assessment",
)  # fmt: skip
Scan = dict[str, Any]


@pytest.fixture
def measure(res, browser_of: Callable[[str], Client]) -> Callable[[str], Scan]:
    """Keep the pack's rules of a resource and measure its service table, through the API."""
    support = browser_of("support")

    def measured(slug: str) -> Scan:
        entry = res.serve(slug, f"svc_{slug}")
        rules = [
            rule | ({"table": rule["table"].replace("@", "svc_")} if "table" in rule else {})
            for rule in pack.resources()[slug]["rules"]
        ]
        address = f"/api/v1/quality/entries/{entry.code}"
        kept = support.put(f"{address}/rules", {"rules": rules}, content_type="application/json")
        assert kept.status_code == 200, kept.content.decode()
        answer = support.post(f"{address}/scan")
        assert answer.status_code == 201, answer.content.decode()
        return answer.json()

    return measured


def found(scan: Scan, code: str) -> tuple[int, int]:
    return next((r["checked"], r["wrong"]) for r in scan["results"] if r["code"] == code)


def tasks(client: Client) -> list[dict[str, Any]]:
    return client.get("/api/v1/quality/tickets").json()


@pytest.mark.req("RES-07")
def test_res_07_dangerous_goods_without_a_vehicle_and_issues_under_a_cancelled_licence(
    res, measure
) -> None:
    rows = rights(LICENCE, 4, business_scope="030")
    rows[3] |= {"licence_state": "注销", "last_change_date": "2026-08-01"}
    res.load(LICENCE, rows)
    held = rights(CERTIFICATE, 5, business_scope="030")
    held[1]["business_scope"] = "021"  # its licence has no vehicle in the scope of dangerous goods
    held[3] |= {"issue_date": "2026-09-01", "valid_from": "2026-09-01"}
    held[4] |= {"operating_licence_no": rows[3]["operating_licence_no"]}  # issued before
    res.load(CERTIFICATE, held)
    res.build(LICENCE)
    res.build(CERTIFICATE)

    warned, stopped = measure(LICENCE), measure(CERTIFICATE)

    assert found(warned, "RES-07-R-VEHICLE") == (4, 1)
    assert not warned["ticket"]  # a warning, no task
    # The new certificate is not served; the one issued before its licence ended still is.
    served = {row["transport_cert_no"] for row in res.ask(CERTIFICATE)}
    assert served == {held[n]["transport_cert_no"] for n in (0, 1, 2, 4)}
    assert found(stopped, "RES-05-R-CANCELLED") == (4, 0)
    # What the department delivered is measured, too, and goes back to it as a task.
    assert res.scan(CERTIFICATE)["RES-05-R-CANCELLED"] == (5, 1)
    assert any("注销" in ticket["title"] for ticket in tasks(res.client))


def flows(exit_count: str) -> tuple[list[pack.Row], list[pack.Row]]:
    """Return eight days at three stations; in the last seven, two of them let fewer leave."""
    days = [f"2026-09-{day}" for day in range(16, 24)]
    came, went = [], []
    for day in days:
        for station in (1, 2, 3):
            for hour in range(24):
                given = {"stat_date": day, "stat_hour": f"{hour}"}
                came.append(right(ENTRY, station, entry_count="100", **given))
                left = "100" if station == 1 or day == days[0] else exit_count
                went.append(right(EXIT, station, exit_count=left, **given))
            came.append(right(ENTRY, station, stat_date=day, stat_hour="99", entry_count="2400"))
    return came, went


@pytest.mark.req("RES-11")
def test_res_11_a_week_apart_by_more_than_5_percent_becomes_a_task(res, measure) -> None:
    came, went = flows("93")  # 14 of 300 an hour: 4.7 %
    res.load(ENTRY, came)
    res.load(EXIT, went)
    res.build(ENTRY, EXIT)
    within = measure(EXIT)
    assert found(within, "RES-11-R-WEEK") == (3, 0)
    assert not within["ticket"]

    res.load(EXIT, [row | {"exit_count": "92"} for row in went if row["exit_count"] == "93"])
    res.build(EXIT)  # 16 of 300: 5.3 %

    beyond = measure(EXIT)
    assert found(beyond, "RES-11-R-WEEK") == (3, 2)
    (task,) = tasks(res.client)
    assert task["number"] == beyond["ticket"]
    stations = [right(EXIT, n)["station_code"] for n in (1, 2, 3)]
    assert [code in task["title"] for code in stations] == [False, True, True]
    page = res.client.get(f"/manage/quality/issues/{task['number']}/").content.decode()
    assert stations[1] in page
    assert stations[2] in page


def test_res_17_a_closed_entry_is_not_on_offer_until_the_lift_message(res) -> None:
    """The routing that asks (PRD03) is not here yet: what it will read is; unmarked."""
    station = "toll_station"
    res.load(station, rights(station, 3))
    closed = right(
        CONTROL, 2, station_code=right(station, 2)["station_code"], control_measure="关闭",
        control_side="入口", control_state="生效",
    )  # fmt: skip
    exit_only = closed | {
        "control_id": "EX9", "control_side": "出口",
        "station_code": right(station, 3)["station_code"],
    }  # fmt: skip
    res.load(CONTROL, [closed, exit_only])
    names = (f"dw_{station}", f"dw_{CONTROL}", "svc_toll_entry_available")
    res.run(*names)

    def offered() -> set[str]:
        return {row["station_code"] for row in res.ask(station, "svc_toll_entry_available")}

    codes = [right(station, n)["station_code"] for n in (1, 2, 3)]
    assert offered() == {codes[0], codes[2]}
    lifted = {"control_state": "解除", "actual_end": "2026-09-24 08:30:00"}
    res.load(CONTROL, [closed | lifted])
    res.run(*names)
    assert offered() == set(codes)


@pytest.mark.req("RES-17")
def test_res_17_a_control_open_for_more_than_72_hours_becomes_a_task(res, measure, at) -> None:
    opened = {"control_state": "生效", "start_time": "2026-09-24 08:00:00", "expect_end": ""}
    res.load(CONTROL, rights(CONTROL, 3, **opened))
    res.build(CONTROL)
    at.instant += timedelta(hours=71)
    assert found(measure(CONTROL), "RES-17-R-OPEN") == (3, 0)
    assert not tasks(res.client)
    lifted = {"control_state": "解除", "actual_end": "2026-09-26 08:00:00"}
    res.load(CONTROL, [right(CONTROL, 1, **opened | lifted)])
    res.build(CONTROL)

    at.instant += timedelta(hours=2)

    assert found(measure(CONTROL), "RES-17-R-OPEN") == (3, 2)
    assert "72" in tasks(res.client)[0]["title"]


@pytest.mark.req("RES-18")
def test_res_18_fused_events_without_casualties_and_their_path_of_states(res) -> None:
    first = right(
        EVENT, 1, info_source="路政", occur_time="2026-09-24 08:00:00", event_state="新增",
        report_time="2026-09-24 08:05:00", deaths="77", injuries="88", description="示例：77 人",
    )  # fmt: skip
    again = right(
        EVENT, 2, info_source="交警", occur_time="2026-09-24 08:10:00", event_state="新增",
        report_time="2026-09-24 08:12:00", lat="28.7020", deaths="77", injuries="88",
    )  # fmt: skip  # 222 m north, ten minutes later
    far = again | {"event_id": "EX00000003", "lat": "28.7060"}  # 667 m
    late = again | {
        "event_id": "EX00000004", "occur_time": "2026-09-24 08:41:00",
        "report_time": "2026-09-24 08:42:00",
    }  # fmt: skip
    same = first | {"event_id": "EX00000005", "occur_time": "2026-09-24 08:01:00"}  # one source
    res.load(EVENT, [first, again, far, late, same])
    models = (f"dw_{EVENT}", "dw_traffic_event_fused", "svc_traffic_event_public")
    res.run(*models)

    pushed = res.ask(EVENT, "svc_traffic_event_public")

    fused = {
        row["event_id"]: row["event_ids"]
        for row in res.product("示例融合", "svc_traffic_event_public", "event_id", "event_ids")
    }
    assert fused.pop("EX00000001") == "EX00000001,EX00000002"
    assert fused == {name: name for name in ("EX00000003", "EX00000004", "EX00000005")}
    assert not {"deaths", "injuries", "description"} & {name for row in pushed for name in row}
    assert "77" not in str(pushed)
    assert "88" not in str(pushed)

    updated = first | {"event_state": "更新", "report_time": "2026-09-24 08:20:00"}
    lifted = first | {
        "event_state": "解除", "report_time": "2026-09-24 08:50:00",
        "end_time": "2026-09-24 08:45:00",
    }  # fmt: skip
    res.load(EVENT, [updated])
    res.load(EVENT, [lifted])
    assert res.scan(EVENT)["RES-18-R-PATH"] == (7, 0)
    res.run(*models)
    (now,) = res.ask(EVENT, "svc_traffic_event_public", event_id="EX00000001")
    assert now["event_state"] == "解除"
    res.load(EVENT, [updated | {"queue_km": "3"}, far | {"event_state": "更新"}])
    res.load(EVENT, [right(EVENT, 6, event_state="解除")])  # never told as new
    assert res.scan(EVENT)["RES-18-R-PATH"] == (10, 2)
    assert res.view.ticket


def test_res_15_service_areas_as_geojson(res, world) -> None:
    """Through a grant, as a department's map asks; the open door is tried in test_open."""
    slug = "service_area"
    rows = rights(slug, 6)
    rows[1] |= {"lon": "116.123456", "lat": "28.654321", "fuel_kinds": "92,LNG"}
    rows[2] |= {"charger_count": "0", "charger_power_kw": "0"}
    rows[3] |= {"fuel_kinds": "LNG"}
    rows[4] |= {"has_barrier_free": "false"}
    res.load(slug, rows)
    res.build(slug)
    entry = res.serve(slug, f"svc_{slug}")
    terms = {"items": tuple(i.name_en for i in entry.items), "manners": entry.manners}
    number = grant(world, entry, **terms).number

    def asked(**query: str) -> dict[str, Any]:
        return res.consumer.get(
            f"/api/v1/data/{number}/features", {"purpose": PURPOSE} | query
        ).json()

    def codes(**query: str) -> set[str]:
        return {f["properties"]["area_code"] for f in asked(**query)["features"]}

    whole = asked()
    assert (whole["type"], len(whole["features"])) == ("FeatureCollection", 6)
    places = {f["properties"]["area_code"]: f["geometry"] for f in whole["features"]}
    assert places[rows[1]["area_code"]] == {"type": "Point", "coordinates": [116.123456, 28.654321]}
    assert {f["type"] for f in whole["features"]} == {"Feature"}
    named = [row["area_code"] for row in rows]
    assert codes(fuel_kinds__has="LNG") == {named[1], named[3]}
    assert codes(fuel_kinds__has="98") == set()
    assert codes(charger_count__between="1,999") == {*named} - {named[2]}
    assert codes(has_barrier_free="false") == {named[4]}
    assert asked(x="area_name")["code"] == "NO_POINT"
