"""The base library of the pack: objects, fused rows, and how they came about."""

from datetime import timedelta
from typing import Any

import pytest

from tests.res import pack
from tests.res.pack import right, uscc

VEHICLE, CERTIFICATE = "road_vehicle_basic", "road_transport_certificate"
INSPECTION, OPERATOR = "road_vehicle_inspection_grading", "road_transport_operator"
MARKET = (
    "uscc", "entity_name", "register_no", "entity_state", "legal_rep_name", "register_address",
    "registered_capital_wan", "founded_date", "cancelled_date",
)  # fmt: skip


def rows_of(res, table: str) -> list[dict[str, Any]]:
    from tongqu.lake.public import engine, ref_of

    sql = "SELECT * FROM t ORDER BY ALL"
    return engine().relation(sql, tables={"t": ref_of(table)}).arrow().to_pylist()


@pytest.mark.req("LAK-03")
def test_vehicles_of_three_sources_become_one_row_with_source_and_conflict(res, browser_of) -> None:
    plate = right(VEHICLE, 1)["vehicle_plate"]
    res.load(VEHICLE, [right(VEHICLE, 1, vin=pack.VIN, kerb_mass_kg="4000"), right(VEHICLE, 2)])
    res.load(CERTIFICATE, [right(CERTIFICATE, 1, operator_uscc=uscc(7), cert_state="注销")])
    res.load(INSPECTION, [right(INSPECTION, 1, kerb_mass_measured="4100", tech_grade="一级")])
    res.install("dw_base_vehicle", f"dw_{VEHICLE}", f"dw_{CERTIFICATE}", f"dw_{INSPECTION}")

    res.work()

    rows = {(r["vehicle_plate"], r["plate_color"]): r for r in rows_of(res, "dw_base_vehicle")}
    assert set(rows) == {(plate, "2"), (right(VEHICLE, 2)["vehicle_plate"], "2")}
    one = rows[plate, "2"]
    assert one["source_count"] == 3
    assert (one["kerb_mass_kg"], one["kerb_mass_kg_from"]) == (4100, "综合性能检测")
    assert (one["vehicle_type_from"], one["owner_uscc_from"]) == ("车辆档案", "道路运输证")
    assert one["tech_grade_from"] == "综合性能检测"
    marked = set(one["conflicts"].split(","))
    assert {"kerb_mass_kg", "operating_state"} <= marked
    assert not {"vin", "vehicle_type", "brand_model"} & marked
    alone = rows[right(VEHICLE, 2)["vehicle_plate"], "2"]
    assert (alone["source_count"], alone["conflicts"]) == (1, None)


def test_a_source_that_comes_later_brings_the_types_of_its_fields(res) -> None:
    res.load(VEHICLE, [right(VEHICLE, 1)])
    res.install("dw_base_vehicle", f"dw_{VEHICLE}", f"dw_{INSPECTION}")
    res.work()
    before = rows_of(res, "dw_base_vehicle")[0]

    res.load(INSPECTION, [right(INSPECTION, 1, tech_grade="一级")])
    res.work()

    after = rows_of(res, "dw_base_vehicle")[0]
    assert (before["tech_grade"], after["tech_grade"]) == (None, "一级")
    assert after["source_count"] == 2


@pytest.mark.req("LAK-11")
@pytest.mark.req("STD-10")
def test_one_company_of_two_systems_is_one_golden_row_that_explains_itself(
    res, world, browser_of, at
) -> None:
    same = uscc(1)
    ours = right(OPERATOR, 1, operator_name="示例甲运输", register_address="示例路一号甲楼三层")
    batch = res.load(OPERATOR, [ours, right(OPERATOR, 2)])
    at.instant += timedelta(minutes=1)
    load_market(res, world)
    res.install("dw_base_unit", f"dw_{OPERATOR}")

    res.work()

    golden = {row["uscc"]: row for row in rows_of(res, "dw_base_unit")}
    assert len(golden) == 2
    one = golden[same]
    assert one["sources"] == f"道路运政={ours['operator_key']}; 市场监管=GS-0001"
    assert (one["unit_name"], one["unit_name_from"]) == ("示例甲运输有限公司", "市场监管")
    assert one["register_address_from"] == "市场监管"  # the longer one, though second in rank
    assert one["operating_state_from"] == "市场监管"  # told last
    assert {"unit_name", "register_address"} <= set(one["conflicts"].split(","))

    asked = {"table": "dw_base_unit", "key": f"uscc={same}"}
    its_decisions_are_told(browser_of("support"), asked, one)
    its_origin_is_told(browser_of("support"), asked, res.entries[OPERATOR], batch["number"])


def load_market(res, world) -> None:
    """Load the second system's word on the first company."""
    from tongqu.catalog.vocabulary import DataType
    from tongqu.ingest import public as ingest
    from tongqu.ingest.vocabulary import ColumnSpec

    by = world.actor("cataloguer")
    ingest.register_source(
        code="market_entity", name="示例市场主体登记", provider_id=by.organisation_id, by=by,
        columns=tuple(
            ColumnSpec(n, DataType.DATE if n.endswith("_date")
                       else DataType.DECIMAL if n.endswith("_wan") else DataType.STRING)
            for n in MARKET
        ),
    )  # fmt: skip
    file = res.place / "market.csv"
    facts = "GS-0001,存续,示例,示例路一号甲楼三层三零一室,500,2015-03-01,"
    file.write_text(",".join(MARKET) + f"\n{uscc(1)},示例甲运输有限公司,{facts}\n")
    ingest.load("market_entity", file, by=by)


def its_decisions_are_told(browser, asked: dict[str, str], one: dict[str, Any]) -> None:
    told = browser.get("/api/v1/lake/decisions", asked).json()
    name = [(d["source"], d["source_key"], d["rule"], d["outcome"]) for d in told
            if d["field"] == "unit_name"]  # fmt: skip
    order, key = "依次取 市场监管、道路运政", right(OPERATOR, 1)["operator_key"]
    assert name == [
        ("市场监管", "GS-0001", order, "取用"),
        ("道路运政", key, order, "不一致，未取用"),
    ]
    fields = {d["field"] for d in told}
    assert fields == {k.removesuffix("_from") for k in one if k.endswith("_from")} - {"valid"}
    taken = {d["field"]: d["source"] for d in told if d["is_taken"]}
    assert taken == {f: one[f"{f}_from"] for f in fields if one[f"{f}_from"]}
    assert "示例甲运输" not in str(told)  # no value of a row


def its_origin_is_told(browser, asked: dict[str, str], entry, batch: str) -> None:
    """STD-10: system, department, batch and load time of the very row."""
    traced = browser.get("/api/v1/lake/provenance", asked).json()
    found = {row["table"]: row for row in traced["sources"]}
    assert set(found) == {"ods_road_transport_operator", "ods_market_entity"}
    source = found["ods_road_transport_operator"]
    assert (source["system"], source["department"]) == (entry.source_system, entry.provider_name)
    assert source["batch"] == batch
    assert source["loaded_at"].startswith("2026-09-24T")
    key = asked["key"].removeprefix("uscc=")
    page = browser.get("/manage/models/dw_base_unit/", {"key_uscc": key}).content.decode()
    for word in (batch, entry.source_system, "市场监管", "不一致，未取用", "取最长"):
        assert word in page


@pytest.mark.req("LAK-05")
def test_every_object_of_the_base_library_says_what_it_must(res, browser_of) -> None:
    from tongqu.kernel.actor import PLATFORM
    from tongqu.kernel.problems import Rejected
    from tongqu.lake.public import check_models, install_models, model_texts
    from tongqu.lake.vocabulary import OBJECTS
    from tongqu.standards.public import save_code_table, save_elements

    for table in pack.code_tables().values():
        save_code_table({k: v for k, v in table.items() if k != "assumption"}, by=PLATFORM)
    elements = [
        {k: v for k, v in one.items() if k != "assumption"} for one in pack.elements().values()
    ]
    texts = model_texts(pack.PACK / "models")
    with pytest.raises(Rejected, match="ELEMENT_UNKNOWN"):
        install_models("jiangxi-2026", texts, by=PLATFORM)
    save_elements(elements, by=PLATFORM)
    install_models("jiangxi-2026", texts, by=PLATFORM)

    found = browser_of("support").get("/api/v1/lake/libraries/base").json()

    assert {one["object"] for one in found} == set(OBJECTS)
    assert len(OBJECTS) == 12
    for one in found:
        assert one["keys"]
        assert len(one["validity"]) == 2
        assert one["priority"]
        assert one["elements"]
    page = browser_of("support").get("/manage/libraries/").content.decode()
    for word in (*OBJECTS, "车辆档案 › 道路运输证 › 综合性能检测", "DE-PLATE"):
        assert word in page
    bridge = dict(texts)["dw_base_bridge.toml"]
    for was in ('keys = ["bridge_code"]', 'validity = ["valid_from", "valid_to"]', "elements = "):
        cut = "\n".join(line for line in bridge.splitlines() if not line.startswith(was))
        with pytest.raises(Rejected, match=r"OBJECT_INCOMPLETE|MODEL_HEADER"):
            check_models([("dw_base_bridge.toml", cut)])
