"""One fact of several sources, compared: how far they agree, and each conflict with its ticket."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests import factories_masters as made
from tongqu.quality.models import Ticket

pytestmark = pytest.mark.django_db
CARD = {"vehicle_plate": "车辆号牌", "plate_color": "号牌颜色", "load_kg": "核定载质量",
        "owner_phone": "联系电话"}  # fmt: skip


def put(client: Any, **given: Any) -> Any:
    return client.put("/api/v1/cross-checks", json.dumps(given), content_type="application/json")


@pytest.mark.req("QLT-03")
def test_four_of_two_hundred_loads_differ_and_each_shows_both_words(
    world, lake, at, browser_of, django_assert_max_num_queries
) -> None:
    basic = made.entry(world, "示例·车辆基本信息", CARD, owner_phone=3)
    cert = made.entry(world, "示例·道路运输证", CARD, owner_phone=3)
    plates = [f"赣A{n:05}" for n in range(200)]
    made.table("dw_vehicle_basic", [
        {"vehicle_plate": plate, "plate_color": "2", "load_kg": 4900.0,
         "owner_phone": f"139000{n:05}", "loaded_at": datetime(2026, 8, 1, tzinfo=UTC)}
        for n, plate in enumerate(plates)
    ], keys="vehicle_plate,plate_color")  # fmt: skip
    made.table("dw_road_cert", [
        {"plate": f" {plate.lower()}", "plate_color": "2", "load_kg": 5000 if n < 4 else 4900,
         "owner_phone": None if n == 9 else f"139000{n:05}" if n != 7 else "13999999999",
         "issued": datetime(2026, 9, 1, 1, tzinfo=UTC)}
        for n, plate in enumerate([*plates, "赣A99999"])
    ])  # fmt: skip
    support, provider = browser_of("support"), browser_of("provider")
    body = {
        "code": "vehicle_load", "title": "示例·核定载质量校核",
        "keys": ["vehicle_plate", "plate_color"],
        "sources": [
            {"name": "车辆基本信息", "entry": basic.code, "table": "dw_vehicle_basic"},
            {"name": "道路运输证", "entry": cert.code, "table": "dw_road_cert", "updated": "issued",
             "as": {"vehicle_plate": "plate"}},
        ],
        "items": {"load_kg": {"title": "核定载质量"},
                  "owner_phone": {"title": "联系电话", "rule": "newest"}},
    }  # fmt: skip
    assert put(support, **body | {"items": {"load_kg": {"first": ["没有"]}}}).status_code == 422
    assert put(support, **body).status_code == 200

    run = support.post("/api/v1/cross-checks/vehicle_load/runs").json()

    assert (run["shared"], run["conflicts"]) == (200, 5)
    assert run["held"] == {"车辆基本信息": 200, "道路运输证": 201}
    load, phone = run["items"]
    assert (load["compared"], load["conflicts"], load["rate"]) == (200, 4, 0.98)
    assert (phone["compared"], phone["conflicts"], phone["alone"]) == (199, 1, 1)
    asked = {"item": "load_kg"}
    found = provider.get("/api/v1/cross-checks/vehicle_load/conflicts", asked).json()
    assert found["total"] == len(found["items"]) == 4
    for n, one in enumerate(found["items"]):
        assert one["key"] == f"赣A{n:05}|2"
        assert (one["winner"], one["reason"]) == ("车辆基本信息", "来源优先（第 1 位）")
        first, second = one["said"]
        assert (first["value"], second["value"]) == ("4900.0", "5000")
        assert (first["rank"], second["rank"]) == (1, 2)
        assert first["told_at"].startswith("2026-08-01")
        assert first["is_suggested"]
        assert second["told_at"].startswith("2026-09-01")
        assert not second["is_suggested"]
        assert Ticket.objects.get(number=second["ticket"]).entry_code == cert.code
    assert "核定载质量 4 处" in Ticket.objects.get(entry_code=cert.code).title
    with django_assert_max_num_queries(20):
        page = provider.get("/manage/cross-checks/vehicle_load/").content.decode()
    for word in (
        "98.0%",
        "赣A00003|2",
        "5000",
        "优先次序 2",
        "来源优先（第 1 位）",
        "2026-09-01 09:00",
    ):
        assert word in page
    assert "139****9999" in page
    assert "13999999999" not in page
    assert "最近报送" in page
    refused = browser_of("city").get("/api/v1/cross-checks/vehicle_load")
    assert refused.status_code == 403
    listed = support.get("/manage/cross-checks/").content.decode()
    assert "示例·核定载质量校核" in listed
