"""STD-02: what the standards say acts on a load without a rule written by hand."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories_catalog import published_entry
from tests.factories_standards import element
from tests.world import World
from tongqu.catalog.vocabulary import DataType, ItemView

API = "/api/v1/ingest"
ITEMS = (
    ItemView(1, "车牌号", "vehicle_plate", DataType.STRING, 10, nullable=False, is_key=True,
             element="DE-PLATE"),
    ItemView(2, "车牌颜色代码", "plate_color", DataType.STRING, 2, element="DE-PCOL"),
    ItemView(3, "总质量", "total_mass", DataType.INTEGER),
    ItemView(4, "整备质量", "curb_mass", DataType.INTEGER),
)  # fmt: skip
PLATE = {
    "code": "R-PLATE", "title": "号牌写法不对", "kind": "pattern",
    "pattern": "[\\x{4e00}-\\x{9fff}].{6,7}", "remedy": "核对号牌",
}  # fmt: skip
MASS = {
    "code": "RES-MASS", "title": "总质量不小于整备质量", "kind": "expression",
    "sql": "total_mass >= curb_mass", "effect": "warn", "remedy": "核对登记质量",
}  # fmt: skip


@pytest.fixture
def entry(world: World, lake, at):
    element()
    element(code="DE-PLATE", name_zh="车牌号", name_en="vehicle_plate", length=10, code_table="",
            checks=[PLATE])  # fmt: skip
    return published_entry(world, items=ITEMS, checks=[MASS], table="")


def register(client, **body):
    return client.post(f"{API}/sources", json.dumps(body), content_type="application/json")


def load(client, text: str):
    file = SimpleUploadedFile("vehicles.csv", text.encode())
    answer = client.post(f"{API}/sources/vehicles/load", {"file": file})
    assert answer.status_code == 200, answer.content
    return answer.json()


HEADER = "vehicle_plate,plate_color,total_mass,curb_mass\n"


@pytest.mark.req("STD-02")
def test_colour_7_is_rejected_without_any_hand_written_rule(entry, browser_of) -> None:
    client = browser_of("cataloguer")
    answer = register(client, code="vehicles", entry_code=entry.code)
    assert answer.status_code == 201, answer.content

    batch = load(client, f"{HEADER}赣A12345,2,9000,4000\n赣A12346,7,9000,4000\n")

    assert (batch["stored"], batch["reasons"]) == (1, {"DE-PCOL.codes": 1})
    told = batch["findings"][0]
    assert told["title"] == "车牌颜色应为代码集 CT-PCOL 中的代码"
    assert told["remedy"]
    assert batch["tables"] == {"CT-PCOL": "2019"}


def test_element_and_entry_checks_act_and_the_page_tells_both(entry, browser_of) -> None:
    client = browser_of("cataloguer")
    source = register(client, code="vehicles", entry_code=entry.code).json()
    assert [check["code"] for check in source["checks"]] == ["R-PLATE", "DE-PCOL.codes", "RES-MASS"]

    batch = load(client, f'{HEADER}"赣a·12345 ",2,3000,4000\nA1,2,9000,4000\n')

    assert (batch["reasons"], batch["warnings"]) == ({"R-PLATE": 1}, {"RES-MASS": 1})
    assert batch["fixes"]["plate"] == 1  # a column of plates is normalised before it is judged
    page = client.get(f"/manage/ingest/batches/{batch['number']}/").content.decode()
    assert "号牌写法不对" in page
    assert "总质量不小于整备质量" in page
    assert "核对登记质量" in page
    assert '<td class="mono" data-label="原值">赣a·12345 </td>' in page  # its own department's
    assert '<td class="mono" data-label="修复后">赣A12345</td>' in page
    others = browser_of("support").get(f"/manage/ingest/batches/{batch['number']}/")
    assert "修复记录表格" not in others.content.decode()
    assert "CT-PCOL" in page
    assert "总质量不小于整备质量" in client.get("/manage/ingest/vehicles/").content.decode()


def test_the_page_registers_a_source_for_an_entry(entry, browser_of) -> None:
    client = browser_of("cataloguer")

    answer = client.post("/manage/ingest/new/", {
        "code": "vehicles", "entry_code": entry.code, "delimiter": ",", "header": "on",
    })  # fmt: skip

    assert answer.status_code == 302, answer.content.decode()
    assert "R-PLATE" in client.get("/manage/ingest/vehicles/").content.decode()


def test_another_departments_entry_is_refused(entry, browser_of) -> None:
    answer = register(browser_of("consumer"), code="vehicles", entry_code=entry.code)

    assert answer.status_code in {403, 422}
