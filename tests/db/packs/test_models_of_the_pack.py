"""Every model of the pack runs on generated data, and so do topics of every template."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from tests.res import pack as told
from tongqu.adapters.generator import generate as generator
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.clock import SHANGHAI
from tongqu.lake.public import (
    install_models,
    installed_models,
    model_texts,
    ods_ref,
    save_topic_templates,
    store,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 24, 9, tzinfo=SHANGHAI)
BESIDE = {  # sources outside the batch, as the pack agrees on them
    "ship_position": "'413123456' AS mmsi, 116.0 AS lon, 28.9 AS lat,"
    " TIMESTAMP '2026-09-24 08:00:00' AS seen_time",
    "market_entity": "'91360100MA0000001X' AS uscc, '示例' AS entity_name, 'G1' AS register_no,"
    " '存续' AS entity_state, '示例' AS legal_rep_name, '示例路' AS register_address,"
    " 1.0 AS registered_capital_wan, DATE '2015-01-01' AS founded_date,"
    " CAST(NULL AS DATE) AS cancelled_date",
}
POINT = "'示例' AS name, '360100' AS division_code, 115.9 AS lon, 28.7 AS lat"
SPAN = "DATE '2015-01-01' AS opened_on, CAST(NULL AS DATE) AS closed_on"
ON_ROAD = "'G60' AS route_code, 'K1+000' AS stake"
SPANNING = f"{ON_ROAD}, 9.0 AS length_m, '一类' AS technical_state"
LINE = "1.0 AS length_km, '360100' AS division_code"
REGISTERS = {
    "highway": f"'G60' AS route_code, '示例' AS route_name, '高速' AS technical_grade, {LINE}",
    "railway": f"'R1' AS line_code, '示例' AS line_name, '1' AS line_grade, {LINE}",
    "waterway": f"'W1' AS waterway_code, '示例' AS waterway_name, '1' AS waterway_grade, {LINE}",
    "port": f"'P1' AS port_code, {POINT}",
    "terminal": f"'T1' AS terminal_code, {POINT}",
    "bridge": f"'B1' AS bridge_code, {SPANNING}, {POINT}",
    "tunnel": f"'U1' AS tunnel_code, {SPANNING}, {POINT}",
    "service_area": f"'A1' AS area_code, '示例' AS area_name, {ON_ROAD}, '开放' AS state, {POINT}",
    "toll_station": f"'36{0:012}' AS station_code, '示例' AS station_name, {ON_ROAD},"
    f" '开通' AS state, {POINT}",
}
TECHNICAL = (
    "'B1' AS _batch_id, TIMESTAMPTZ '2026-09-24 09:00:00+08' AS _load_time, '示例' AS _source,"
    " row_number() OVER () AS _line, '' AS _row_hash"
)


def fill(slug: str, select: str) -> None:
    rows = duckdb.sql(f"SELECT *, {TECHNICAL} FROM ({select})").to_arrow_table()
    store().ensure(ods_ref(slug), rows.schema)
    store().append(ods_ref(slug), rows)


def test_every_model_runs_on_generated_data(lake: Path, at, tmp_path, world, browser_of) -> None:
    from tongqu.kernel import jobs
    from tongqu.standards.public import save_code_table, save_elements

    truth = generator.generate(generator.order(1_000, 7, tmp_path / "made", at=AT))
    for slug, facts in truth.items():
        if slug != "_":
            files = [str(tmp_path / "made" / file) for file in facts["files"]]
            fill(slug, f"SELECT * FROM read_parquet({files})")
    for slug, select in BESIDE.items():
        fill(slug, f"SELECT {select}")
    for slug, select in REGISTERS.items():
        fill(f"{slug}_register", f"SELECT {select}, {SPAN}")
    for table in told.code_tables().values():
        save_code_table({k: v for k, v in table.items() if k != "assumption"}, by=PLATFORM)
    rows = [{k: v for k, v in one.items() if k != "assumption"} for one in told.elements().values()]
    save_elements(rows, by=PLATFORM)
    install_models("jiangxi-2026", model_texts(told.PACK / "models"), by=PLATFORM)
    templates = told.topics()
    save_topic_templates("jiangxi-2026", templates, by=PLATFORM)
    browser = browser_of("cataloguer")
    for template in templates:
        body = {"code": template["code"], "title": template["title"],
                "template": template["code"], "owner": "示例·数据岗",
                "indicators": [one["code"] for one in template["indicators"]]}  # fmt: skip
        answer = browser.post("/api/v1/lake/topics", body, content_type="application/json")
        assert answer.status_code == 201, answer.content.decode()

    jobs.run("lake.models")

    from tongqu.lake.models import ModelStep

    failed = ModelStep.objects.exclude(state__in=["done", "unchanged"])
    assert [(s.model, s.code, s.message) for s in failed] == []
    states = Counter(row["state"] for row in installed_models())
    assert states == {"done": 108 + 7}
    for template in templates:
        found = browser.get(f"/api/v1/lake/topics/{template['code']}").json()
        seen = {figure["indicator"] for figure in found["figures"]}
        assert seen <= set(found["indicators"])
        assert seen, template["code"]
    assert jobs.run("lake.models") == 0
