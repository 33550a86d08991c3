"""The five libraries through pages and API: topics, service objects, business models."""

import json
from pathlib import Path

import pyarrow as pa
import pytest

from tests.db.lake import test_models as models
from tongqu.kernel import jobs
from tongqu.kernel.actor import PLATFORM
from tongqu.lake.models import ModelRun
from tongqu.lake.public import (
    changed,
    dw_ref,
    install_models,
    save_topic_templates,
    store,
    svc_ref,
)

pytestmark = pytest.mark.django_db
pack = models.pack
JSON = "application/json"
TEMPLATE = {
    "code": "punctuality", "title": "示例准点",
    "indicators": [
        {"code": "flights", "title": "航班", "unit": "班", "table": "dw_flights",
         "value": "count(*)", "area": "s.carrier"},
        {"code": "late", "title": "晚点", "unit": "班", "table": "dw_flights",
         "value": "count(*)", "where": "s.delay > 0"},
        {"code": "trains", "title": "列车", "unit": "列", "table": "dw_trains",
         "value": "count(*)"},
    ],
}  # fmt: skip
V1 = """vehicle, plate, 车牌号, string, DE-PLATE, 是
vehicle, seats, 座位数, string, , 否
vehicle, note, 备注, text, , 否"""
V2 = """vehicle, plate, 车牌号, string, DE-PLATE, 是
vehicle, seats, 座位数, integer, , 是
vehicle, energy, 能源种类, string, DE-ENERGY, 否
trip, number, 班次, string, , 是"""


def post(client, path: str, body: object):
    return client.post(f"/api/v1{path}", json.dumps(body), content_type=JSON)


@pytest.mark.req("LAK-06")
def test_a_theme_table_without_its_theme_fails_the_check(lake: Path, browser_of) -> None:
    def check(header: str):
        text = models.DW.replace("library: base", header)
        return post(browser_of("support"), "/lake/models/validate",
                    {"files": [{"name": "a.sql", "sql": text}]})  # fmt: skip

    refused = check("library: theme")

    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (422, "THEME_MISSING")
    assert problem["clause"] == "gd-2024-governance 三（三）"
    themes = ("交通规划", "建设管养", "综合运输", "行政执法", "安全应急")
    for theme in themes:
        assert theme in problem["next_step"]
        assert check(f"library: theme\n-- theme: {theme}").status_code == 200
    assert check("library: theme\n-- theme: 其他").json()["code"] == "MODEL_HEADER"


@pytest.mark.req("LAK-07")
def test_a_department_asks_for_a_topic_and_its_table_fills_without_code(
    pack: Path, browser_of, at
) -> None:
    install_models("示例", [("b.sql", models.DW.lstrip())], by=PLATFORM)
    save_topic_templates("示例", [TEMPLATE], by=PLATFORM)
    jobs.run("lake.models")
    browser = browser_of("consumer")
    page = browser.get("/manage/topics/?template=punctuality").content.decode()
    assert "晚点（班）" in page
    form = {"template": "punctuality", "code": "delays", "title": "示例晚点专题",
            "indicators": ["flights", "late", "trains"], "owner": "示例处·数据岗",
            "retention_days": "90"}  # fmt: skip

    wrong = browser.post("/manage/topics/", form | {"owner": ""})
    made = browser.post("/manage/topics/", form)
    assert (wrong.status_code, made.status_code) == (422, 302)
    assert made["location"] == "/manage/topics/delays/"
    jobs.run("lake.models")

    found = browser.get("/api/v1/lake/topics/delays").json()
    assert store().exists(svc_ref("topic_delays"))
    assert found["indicators"] == ["flights", "late", "trains"]
    assert (found["owner"], found["retention_days"]) == ("示例处·数据岗", 90)
    assert found["department"] == "示例省应急管理厅"
    figures = {(f["indicator"], f["area"], f["value"]) for f in found["figures"]}
    assert figures == {("flights", "UA", 2.0), ("flights", "AA", 1.0), ("late", "全省", 1.0)}
    shown = browser.get("/manage/topics/delays/").content.decode()
    for word in ("示例晚点专题", "svc_topic_delays", "90 天", "2026-09-24"):
        assert word in shown

    models.load({2: ("AA", "7")}, hour=2)  # the indicators follow the data by themselves
    changed(models.FLIGHTS)
    jobs.run("lake.models")
    again = browser.get("/api/v1/lake/topics/delays").json()["figures"]
    assert [f["value"] for f in again if f["indicator"] == "late"] == [2.0]

    others = browser_of("tourism").get("/api/v1/lake/topics/delays").json()
    assert others["figures"] is None  # figures are the department's that asked
    assert post(browser, "/lake/topics", {**form, "retention_days": 1}).json()["code"] == (
        "TOPIC_EXISTS"
    )


@pytest.mark.parametrize(
    "wrong",
    [{"value": "delay"}, {"value": "(SELECT 1)"}, {"where": "1=1) UNION SELECT (1"},
     {"title": "坏'"}, {"table": "dw; DROP"}, {"period": "now(), 1"}, {"more": "x"}],
    ids=lambda value: next(iter(value)),
)  # fmt: skip
def test_a_template_that_is_no_indicator_is_refused(db, wrong: dict[str, str]) -> None:
    from tongqu.kernel.problems import Rejected

    row = {**TEMPLATE, "indicators": [TEMPLATE["indicators"][0] | wrong]}  # type: ignore[operator]  # a list of dicts

    with pytest.raises(Rejected, match="TEMPLATE_WRONG"):
        save_topic_templates("示例", [row], by=PLATFORM)


@pytest.mark.req("LAK-04")
@pytest.mark.req("LAK-08")
def test_one_dataset_opened_and_shared_shows_its_new_version_in_both_objects(
    pack: Path, world, browser_of
) -> None:
    from tests import factories_catalog
    from tongqu.catalog.models import Entry
    from tongqu.catalog.vocabulary import DataType, ItemView

    items = [
        ItemView(1, "编号", "id", DataType.INTEGER, is_key=True, nullable=False, is_openable=True),
        ItemView(2, "航司", "airline", DataType.STRING, is_openable=True),
        ItemView(3, "延误", "delay", DataType.INTEGER, level=2),
    ]
    install_models("示例", [("b.sql", models.DW.lstrip()), ("a.sql", models.SVC.lstrip())],
                   by=PLATFORM)  # fmt: skip
    jobs.run("lake.models")
    entry = factories_catalog.published_entry(world, items=items, table="")
    Entry.objects.filter(code=entry.code).update(table="svc_flights")
    browser = browser_of("support")

    def objects() -> dict[str, dict[str, object]]:
        rows = browser.get("/api/v1/lake/services").json()
        return {f"{row['group']}-{row['kind']}": row for row in rows}

    before = objects()
    assert {"opening-interface", "sharing-interface"} <= set(before)
    opened, shared = before["opening-interface"], before["sharing-interface"]
    assert {row["table"] for row in before.values()} == {"svc_flights"}
    current = store().current(svc_ref("flights"))
    assert opened["snapshot_id"] == shared["snapshot_id"] == str(current.id)
    assert [f["name"] for f in opened["fields"]] == ["id", "airline"]
    assert [f["name"] for f in shared["fields"]] == ["id", "airline", "delay"]
    assert opened["contract"].startswith("HY-")
    assert opened["contract"] != shared["contract"]

    models.load({1: ("UA", "9")}, hour=2)
    changed(models.FLIGHTS)
    jobs.run("lake.models")

    after = objects()
    new = str(store().current(svc_ref("flights")).id)
    assert new != str(current.id)
    for name in ("opening-interface", "sharing-interface"):
        assert after[name]["snapshot_id"] == new
        assert after[name]["version"].startswith("2@")
        assert after[name]["contract"] == before[name]["contract"]  # the form did not change
        assert after[name]["fields"] == before[name]["fields"]
    page = browser.get("/manage/service-objects/").content.decode()
    for word in ("开放", "共享", "接口", "svc_flights", new, str(opened["contract"])):
        assert word in page


@pytest.mark.req("LAK-10")
def test_a_city_sees_what_the_new_core_model_changes_and_migrates(world, browser_of, at) -> None:
    province, city = browser_of("managing"), browser_of("city")
    form = {"code": "passenger_vehicle", "title": "示例客运车辆", "level": "logical",
            "scope": "core", "refines": "", "note": ""}  # fmt: skip
    address = "/manage/business-models/passenger_vehicle/"
    refused = city.post("/manage/business-models/", form | {"lines": V1})
    assert refused.status_code == 422
    assert "核心模型由省级发布" in refused.content.decode()
    assert province.post("/manage/business-models/", form | {"lines": V1})["location"] == address
    assert city.post(address).status_code == 302  # adopts the first version
    assert "模型迁移" not in city.get("/desk/todo/").content.decode()

    assert province.post("/manage/business-models/", form | {"lines": V2}).status_code == 302

    told = city.get("/api/v1/lake/business-models/passenger_vehicle").json()
    assert (told["version"], told["adopted"]) == (2, 1)
    found = {(d["change"], d["place"]) for d in told["differences"]}
    assert found == {
        ("新增实体", "trip"), ("新增属性", "trip.number"), ("新增属性", "vehicle.energy"),
        ("删除属性", "vehicle.note"), ("类型改变", "vehicle.seats"), ("改为必填", "vehicle.seats"),
    }  # fmt: skip
    assert all(d["task"] for d in told["differences"])
    todo = city.get("/desk/todo/").content.decode()
    assert "由第 1 版迁移到第 2 版" in todo
    assert address in todo
    page = city.get(address).content.decode()
    for word in ("差异清单与迁移任务", "vehicle.energy", "核对存量数据能否转换", "已完成迁移"):
        assert word in page
    assert "由第 1 版迁移" not in province.get("/desk/todo/").content.decode()

    assert city.post(address).status_code == 302  # migrated
    assert city.get("/api/v1/lake/business-models/passenger_vehicle").json()["adopted"] == 2
    assert "由第 1 版迁移" not in city.get("/desk/todo/").content.decode()
    assert "差异清单" not in city.get(address).content.decode()


def test_levels_refine_each_other_and_versions_never_go_back(world, browser_of) -> None:
    province, city = browser_of("managing"), browser_of("city")
    attribute = {"entity": "road", "name": "code", "title": "编号", "type": "string"}
    body = {"code": "road_concept", "title": "示例公路", "level": "conceptual", "scope": "core",
            "attributes": [attribute]}  # fmt: skip
    logical = body | {"code": "road_logical", "level": "logical", "refines": "road_concept"}
    assert post(province, "/lake/business-models", logical).json()["code"] == "MODEL_LEVEL"
    assert post(province, "/lake/business-models", body).status_code == 201
    assert post(province, "/lake/business-models", logical).status_code == 201
    assert post(province, "/lake/business-models", body).json()["code"] == "NOT_CHANGED"
    more = body | {"attributes": [attribute, attribute | {"name": "name"}]}
    assert post(province, "/lake/business-models", more).json()["version"] == 2
    assert post(city, "/lake/business-models/road_concept/adopt", {"version": 2}).status_code == 200
    back = post(city, "/lake/business-models/road_concept/adopt", {"version": 1})
    assert back.json()["code"] == "ADOPTED_BACKWARDS"
    assert post(city, "/lake/business-models", more | {"scope": "own"}).json()["code"] == (
        "NOT_YOUR_MODEL"
    )
    assert post(browser_of("consumer"), "/lake/business-models", body).status_code == 403


def test_a_model_has_a_page_with_its_statement_checks_runs_and_neighbours(
    pack: Path, browser_of
) -> None:
    install_models("示例", [("b.sql", models.DW.lstrip()), ("a.sql", models.SVC.lstrip())],
                   by=PLATFORM)  # fmt: skip
    jobs.run("lake.models")
    browser = browser_of("support")

    listed = browser.get("/manage/models/").content.decode()
    page = browser.get("/manage/models/dw_flights/").content.decode()

    assert "示例航班" in listed
    for word in ("unique(id)", "in_range(delay, -60, 2000)", "ods_flights", "svc_flights",
                 "QUALIFY", f"第 {ModelRun.objects.get().pk} 次", "物理模型"):  # fmt: skip
        assert word in page
    assert browser.get("/manage/models/dw_none/").status_code == 404
    assert browser.post("/manage/models/dw_flights/").status_code == 302
    assert browser_of("cataloguer").post("/manage/models/dw_flights/").status_code == 403
    assert store().current(dw_ref("flights")).rows == 3
    assert browser.get("/manage/libraries/").status_code == 200


def test_a_topic_over_a_table_that_is_not_there_yet_waits(lake: Path, browser_of) -> None:
    save_topic_templates("示例", [TEMPLATE], by=PLATFORM)
    body = {"code": "early", "title": "示例专题", "template": "punctuality",
            "indicators": ["late"], "owner": "示例岗"}  # fmt: skip
    browser = browser_of("consumer")
    assert post(browser, "/lake/topics", body).status_code == 201

    assert jobs.run("lake.models") == 0

    assert "等待来源数据" in browser.get("/manage/topics/early/").content.decode()
    table = pa.table({"id": [1], "carrier": ["UA"], "delay": [5]})
    store().ensure(dw_ref("flights"), table.schema)
    store().append(dw_ref("flights"), table)
    changed(dw_ref("flights"))
    jobs.run("lake.models")
    assert browser.get("/api/v1/lake/topics/early").json()["figures"][0]["value"] == 1.0
