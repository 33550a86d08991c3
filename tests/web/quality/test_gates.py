"""What scores too low does not move up: between layers of the lake, between levels of hubs."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.factories_catalog import published_entry
from tests.factories_quality import ITEMS, PLATES, _table
from tests.web.ingest import test_supply as supply
from tests.world import World
from tongqu.audit.models import AuditEntry
from tongqu.identity.vocabulary import Level
from tongqu.ingest.models import Batch, Passage
from tongqu.kernel import jobs
from tongqu.kernel.actor import PLATFORM
from tongqu.lake.models import ModelStep
from tongqu.lake.public import changed, install_models, ods_ref, store

pytestmark = pytest.mark.usefixtures("lake", "at")
Open = Callable[[str], Client]
JSON = "application/json"
MODELS = [
    ("a.sql", "-- layer: dw\n-- name: dw_vehicles\n-- title: 示例车辆\n-- library: base\n"
     "-- owner: 990000-MH\nSELECT id, plate FROM ods_vehicles"),
    ("b.sql", "-- layer: dw\n-- name: dw_others\n-- title: 示例其他\n-- library: base\n"
     "-- owner: 990000-MH\nSELECT id, plate FROM ods_others"),
]  # fmt: skip
REASON = "应急处置急需，号牌问题不影响统计，限本批次"


def fill(name: str, *defects: int) -> None:
    ref, rows = ods_ref(name), _table(*defects).drop(["_row_hash", "_seq", "_op"])
    store().ensure(ref, rows.schema)
    store().overwrite(ref, rows)
    changed(ref)


def steps() -> dict[str, tuple[str, str, str]]:
    """Return each model's last step: state, code, words."""
    jobs.run("lake.models")
    return {s.model: (s.state, s.code, s.message) for s in ModelStep.objects.order_by("pk")}


@pytest.mark.req("QLT-13")
def test_a_snapshot_of_82_stays_below_a_gate_of_90_but_for_a_waiver_with_a_reason(
    world: World, browser_of: Open
) -> None:
    managing, support = browser_of("managing"), browser_of("support")
    entry = published_entry(world, name="示例·车辆基本信息", items=ITEMS, domain="RT")
    url = f"/api/v1/quality/entries/{entry.code}"
    support.put(f"{url}/rules", {"rules": [PLATES]}, JSON)
    gate = {"gate": "90", "table": "ods_vehicles"}
    assert support.put(f"{url}/gate", gate, JSON).status_code == 403
    assert managing.put(f"{url}/gate", gate, JSON).status_code == 200
    fill("vehicles", 49, 30, 14)
    fill("others", 49, 30, 14)  # no gate was set and nobody measured it
    install_models("示例", MODELS, by=PLATFORM)

    found = steps()

    assert found["dw_others"][0] == "done", found
    state, code, words = found["dw_vehicles"]
    assert (state, code) == ("blocked", "GATE_HELD")
    assert "质量分 82.0，低于门槛 90.0" in words
    case = support.get("/api/v1/quality/gates").json()[0]
    assert (case["score"], case["gate"], case["state"]) == ("82.00", "90.00", "held")
    waive = f"/api/v1/quality/gates/{case['number']}/waive"
    assert support.post(waive, {"reason": REASON}, JSON).status_code == 403
    silent = managing.post(waive, {"reason": "急需"}, JSON)
    assert (silent.status_code, "reason" in silent.json()["fields"]) == (422, True)
    page = managing.post("/manage/quality/gates/", {"number": case["number"], "reason": "急"})
    assert page.status_code == 422
    assert steps()["dw_vehicles"][1] == "GATE_HELD"  # nothing was let pass

    given = {"number": case["number"], "reason": REASON}
    assert managing.post("/manage/quality/gates/", given).status_code == 302
    state, _, words = steps()["dw_vehicles"]
    assert state == "done"
    assert REASON in words
    assert REASON in support.get("/manage/models/dw_vehicles/").content.decode()
    audited = AuditEntry.objects.get(action="quality.gate.waived")
    assert audited.details["reason"] == REASON

    fill("vehicles", 49, 30, 14)  # the next batch is another one
    assert steps()["dw_vehicles"][1] == "GATE_HELD"
    assert "质量门槛未过" in support.get("/manage/models/dw_vehicles/").content.decode()
    fill("vehicles", 0, 0, 0)
    assert steps()["dw_vehicles"][:2] == ("done", "")
    assert len(managing.get("/api/v1/quality/gates").json()) == 2


def test_a_batch_of_82_goes_up_a_level_by_waiver_alone(world: World, browser_of: Open) -> None:
    city = supply.enter(world, "city2", "990101", Level.CITY)
    supply.register(world, "roads_city", "city2")
    supply.register(world, "roads_province", "cataloguer")
    given = {"source": "roads_city", "upstream": "roads_province", "gate": "90"}
    assert city.post("/manage/ingest/layers/", given).status_code == 302
    rows = [f"{n},{'x' if n <= 18 else n}" for n in range(1, 101)]
    batch = supply.upload(city, "roads_city", "id,value\n" + "\n".join(rows) + "\n")
    supply.pass_up(city, batch)
    managing = browser_of("managing")

    case = managing.get("/api/v1/quality/gates").json()[0]
    assert (case["passage"], case["subject"], case["score"]) == ("level", batch.number, "82.00")
    assert Passage.objects.get().state == "held"
    body = {"reason": REASON}
    waived = managing.post(f"/api/v1/quality/gates/{case['number']}/waive", body, JSON)
    assert waived.status_code == 200
    supply.pass_up(city, batch)

    assert Passage.objects.latest("pk").state == "passed"
    assert Batch.objects.get(source__code="roads_province").stored == 82
    page = city.get("/manage/ingest/layers/").content.decode()
    assert "原门槛 90" in page
    assert REASON in page
