"""STD-10: a row of the base library is traced to its system, department, batch and load time."""

from pathlib import Path

import pytest

from tests.factories_catalog import published_entry
from tongqu.catalog.vocabulary import DataType, ItemView
from tongqu.ingest import public as ingest
from tongqu.kernel.actor import PLATFORM
from tongqu.lake.public import run_models

ITEMS = (
    ItemView(1, "车牌号", "vehicle_plate", DataType.STRING, 10, nullable=False, is_key=True),
    ItemView(2, "业户名称", "operator_name", DataType.STRING, 60),
)  # fmt: skip
MODEL = """
-- layer: dw
-- name: dw_vehicles
-- title: 示例车辆
-- library: base
-- owner: 990000-MH
-- keys: plate
SELECT vehicle_plate AS plate, max_by(operator_name, _load_time) AS operator
FROM ods_vehicles GROUP BY vehicle_plate
"""


@pytest.mark.req("STD-10")
@pytest.mark.usefixtures("lake", "at")
def test_a_row_of_the_base_library_is_traced_back(world, write, browser_of, tmp_path: Path) -> None:
    entry = published_entry(world, items=ITEMS, source_system="示例运政系统", table="")
    by = world.actor("cataloguer")
    ingest.register_source_for_entry(
        entry.code, code="vehicles", provider_id=world.organisations["990000-MH"].pk, by=by
    )
    head = "vehicle_plate,operator_name\n"
    first = ingest.load("vehicles", write(f"{head}赣A12345,甲\n赣A12346,乙\n"), by=by)
    second = ingest.load("vehicles", write(f"{head}赣A12345,丙\n", "two.csv"), by=by)
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "dw_vehicles.sql").write_text(MODEL)
    assert run_models(folder, by=PLATFORM).ok

    answer = browser_of("support").get(
        "/api/v1/lake/provenance", {"table": "dw_vehicles", "key": "plate=赣A12345"}
    )

    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert [(s["batch"], s["line"]) for s in found["sources"]] == [
        (second.number, 2), (first.number, 2),
    ]  # fmt: skip
    for source in found["sources"]:
        assert source["system"] == "示例运政系统"
        assert source["department"] == "示例省交通运输厅民航处"
        assert source["loaded_at"].startswith("2026-09-24T09:00")
    assert found["untraced"] == []


@pytest.mark.usefixtures("at")
def test_a_row_that_is_not_there_is_told(register, deliver, browser_of) -> None:
    register()
    deliver("id,name,length_km\n1,甲,5\n")
    client = browser_of("support")

    def asked(**query: str) -> tuple[int, str]:
        answer = client.get("/api/v1/lake/provenance", query)
        return answer.status_code, answer.json().get("code", "")

    assert asked(table="ods_roads", key="id=1") == (200, "")
    assert asked(table="ods_roads", key="id=2") == (404, "ROW_UNKNOWN")
    assert asked(table="ods_roads", key="nr=2") == (422, "COLUMN_UNKNOWN")
    assert asked(table="ods_nothing", key="id=2") == (404, "LAKE_TABLE_NOT_FOUND")
