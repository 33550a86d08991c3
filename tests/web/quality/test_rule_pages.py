"""Rules through their pages: written and tried, taken from a contract, looked up with results."""

import json
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories_catalog import published_entry
from tests.world import World
from tongqu.catalog.vocabulary import DataType, ItemView
from tongqu.lake.public import ods_ref, store
from tongqu.quality import public as quality
from tongqu.quality.models import RulePack, RuleResult, Scan

ITEMS = (
    ItemView(1, "编号", "id", DataType.STRING, 20, nullable=False, is_key=True),
    ItemView(2, "车牌", "plate", DataType.STRING, 10),
)
CONTRACT = {
    "apiVersion": "v3.1.0", "kind": "DataContract", "id": "c", "version": "1.0.0",
    "status": "active",
    "schema": [{
        "name": "vehicles",
        "quality": [
            {"type": "library", "metric": "rowCount", "mustBeGreaterThan": 2},
            {"type": "sql", "query": "SELECT 1", "mustBe": 1},
        ],
        "properties": [
            {"name": "id", "logicalType": "string", "required": True, "unique": True},
            {"name": "plate", "logicalType": "string",
             "logicalTypeOptions": {"maxLength": 8},
             "quality": [
                 {"type": "library", "metric": "invalidValues", "id": "known", "unit": "percent",
                  "arguments": {"validValues": ["赣A12345"]}, "mustBeLessThan": 40,
                  "dimension": "conformity"},
                 {"type": "text", "description": "应与行驶证一致"},
             ]},
        ],
    }],
}  # fmt: skip


def page_of(answer) -> str:
    assert answer.status_code in {200, 422}, answer
    return re.sub(r"\s+", " ", answer.content.decode())


def contract(document: object) -> SimpleUploadedFile:
    return SimpleUploadedFile("合约.json", json.dumps(document).encode())


def test_a_rule_is_written_tried_kept_measured_and_looked_up(
    world: World, lake, at, browser_of
) -> None:
    import pyarrow as pa

    entry = published_entry(world, items=ITEMS, table="", name="示例·车辆")
    rows = pa.table({
        "id": ["1", "2", "3", "4"], "plate": ["赣A12345", "赣A12345", "示例车牌", "赣A12345"],
        "_batch_id": ["PC-示例"] * 4, "_line": [2, 3, 4, 5],
    })  # fmt: skip
    store().ensure(ods_ref("vehicles"), rows.schema)
    store().overwrite(ods_ref("vehicles"), rows)
    quality.scan(entry.code, by=world.actor("support"), table=ods_ref("vehicles"))
    support, provider = browser_of("support"), browser_of("provider")
    written = {
        "entry": entry.code, "code": "plate.shape", "title": "车牌应合乎格式", "kind": "pattern",
        "column": "plate", "limits": "pattern = [赣粤][A-Z][0-9]{5}", "tolerance": "0.1",
        "basis": "mot-2021-sharing 第十五条", "remedy": "核对后重报",
    }  # fmt: skip

    tried = page_of(support.post("/manage/quality/rules/new/", {**written, "command": "try"}))

    assert "<b>4</b><span>读取行" in tried
    assert "<b>1</b><span>不符" in tried
    assert ">PC-示例<" in tried
    assert ">4</td>" in tried
    assert "示例车牌" not in tried  # the support unit sees places
    assert "值只向产生数据的部门显示" in tried
    assert not RulePack.objects.exists()
    for wrong, said in (
        ({"limits": "patern = x"}, "不认识的键 patern"),
        ({"limits": "pattern"}, "不是“键 = 值”"),
        ({"column": "plat"}, "表中没有名为 plat 的列"),
    ):
        told = support.post("/manage/quality/rules/new/", {**written, **wrong, "command": "try"})
        assert said in page_of(told)
    assert provider.get("/manage/quality/rules/new/").status_code == 403

    kept = support.post("/manage/quality/rules/new/", {**written, "command": "keep"})
    assert kept.status_code == 302
    view = quality.scan(entry.code, by=world.actor("support"), table=ods_ref("vehicles"))
    result = RuleResult.objects.get(scan__number=view.number, code="plate.shape")
    assert (result.checked, result.wrong, result.is_over) == (4, 1, True)
    assert result.basis == "mot-2021-sharing 第十五条"

    listed = page_of(provider.get("/manage/quality/rules/", {"q": "plate"}))
    assert f"/manage/quality/rules/{entry.code}/plate.shape/" in listed
    assert listed.index("车牌应合乎格式") > 0
    own = page_of(provider.get(f"/manage/quality/rules/{entry.code}/plate.shape/"))
    assert "核对后重报" in own
    assert "0101" in own
    address = f"/manage/quality/runs/{view.number}/rows/{result.pk}/"
    assert "示例车牌" in page_of(provider.get(address))  # the producer sees what stands there
    for other in ("support", "consumer", "auditor"):
        answer = browser_of(other).get(address)
        assert answer.status_code == 403 or "示例车牌" not in page_of(answer)
    history = page_of(provider.get("/manage/quality/runs/", {"entry": entry.code}))
    assert history.count("JC-2026-0924-") >= 2
    assert Scan.objects.count() == 2

    take_contract(world, support, entry.code)


def take_contract(world: World, support: Client, code: str) -> None:
    form = {"entry": code, "file": contract(CONTRACT)}
    taken = page_of(support.post("/manage/quality/rules/contract/", form))
    assert "odcs.vehicles.plate.known" in taken
    assert "其他引擎的 SQL" in taken
    pack = RulePack.objects.filter(entry_code=code).first()
    assert pack is not None
    assert [rule["code"] for rule in pack.rules] == [
        "plate.shape", "odcs.vehicles.rowCount", "odcs.vehicles.id.required",
        "odcs.vehicles.id.unique", "odcs.vehicles.plate.maxLength", "odcs.vehicles.plate.known",
    ]  # fmt: skip
    quality.scan(code, by=world.actor("support"), table=ods_ref("vehicles"))
    counted = {r.code: (r.wrong, r.is_over) for r in Scan.objects.first().results.all()}
    assert counted["odcs.vehicles.plate.known"] == (1, False)  # within 40 %
    assert counted["odcs.vehicles.rowCount"] == (0, False)

    for change in ({"metric": "nullVales"}, {"mustBee": 0}, {"mustBe": 3}):
        bad = json.loads(json.dumps(CONTRACT))
        demand = {"type": "library", "metric": "nullValues", "mustBe": 0} | change
        bad["schema"][0]["properties"][0]["quality"] = [demand]
        form = {"entry": code, "file": contract(bad)}
        refused = support.post("/manage/quality/rules/contract/", form)
        assert refused.status_code == 422
    assert RulePack.objects.filter(entry_code=code).first() == pack
