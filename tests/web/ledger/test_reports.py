"""Coverage, the two ledgers, the stock, the crossings: through page, API and export."""

import csv
import io
import json
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories_catalog import published_entry
from tests.factories_ledger import person, unit
from tests.factories_sharing import PURPOSE, conditional_entry, filed
from tests.world import World
from tongqu.catalog.models import Entry
from tongqu.catalog.vocabulary import DataType, ItemView, ScannedColumn, ScannedTable
from tongqu.identity.vocabulary import Level, Role
from tongqu.kernel import jobs
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.clock import FixedClock
from tongqu.lake.public import engine, ods_ref, store
from tongqu.ledger import public as ledger
from tongqu.ledger.models import MetadataObject, ResourceState

API = "/api/v1/ledger"


def lines(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.req("CAT-20")
def test_an_entry_with_two_demands_and_no_pipeline_is_listed_with_both(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    entry = conditional_entry(world, name="示例·旅客疏运资源")
    first, second = filed(world, entry), filed(world, entry, who="tourism")
    published_entry(world, name="示例·无人需要")
    published_entry(world, name="示例·已接入", connected_at=at.now(), connected_rows=9)
    managing = browser_of("managing")

    page = managing.get("/manage/coverage/?state=missing").content.decode()
    told = managing.get(f"{API}/coverage?state=missing").json()
    file = lines(managing.get("/manage/coverage/export/csv/"))

    assert told["total"] == 1
    assert told["rows"][0]["state_label"] == "应归未归"
    assert {d["number"] for d in told["rows"][0]["demands"]} == {first.number, second.number}
    assert first.number in page
    assert second.number in page
    row = next(line for line in file if line[0] == entry.code)
    assert row[3] == "应归未归"
    assert row[6] == f"{first.number}、{second.number}"
    assert {line[3] for line in file[1:]} == {"应归未归", "无需求", "已归集"}
    assert told["boards"][0] | {"name": ""} == {
        "name": "", "entries": 3, "collected": 1, "missing": 1, "no_demand": 1, "share": "0.500000",
    }  # fmt: skip


def test_the_seven_basic_classes_are_owed_without_any_demand(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    entry = published_entry(world, basic_class="permits")

    told = browser_of("managing").get(f"{API}/coverage?state=missing").json()

    assert [row["code"] for row in told["rows"]] == [entry.code]
    assert told["rows"][0]["required_by"] == "行政许可信息"


def test_a_department_sees_its_own_coverage_only(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    published_entry(world)

    assert browser_of("cataloguer").get(f"{API}/coverage").json()["total"] == 1
    assert browser_of("city").get(f"{API}/coverage").json()["total"] == 0
    assert browser_of("consumer").get("/manage/coverage/").status_code == 403


SCANNED = ScannedTable(
    "public", "permits",
    (
        ScannedColumn("permit_no", 1, "varchar", DataType.STRING, 30, nullable=False, is_key=True),
        ScannedColumn("valid_to", 2, "date", DataType.DATE),
    ),
    comment="许可证", rows=1200,
)  # fmt: skip


@pytest.mark.req("STD-05")
def test_a_table_found_by_a_scan_has_its_technical_part_and_waits_for_the_business_part(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    provider = world.organisations["990000-MH"].pk
    by = world.actor("cataloguer")
    old = ScannedTable("public", "stations", SCANNED.columns)
    ledger.keep_scan("示例许可库", [old], owner_id=provider, by=by)

    new = ledger.keep_scan("示例许可库", [old, SCANNED], owner_id=provider, by=by)
    client = browser_of("cataloguer")
    found = client.get(f"{API}/objects?q=permits&kind=table").json()["objects"][0]
    page = client.get(f"/manage/ledger/{found['id']}/")
    text = page.content.decode()

    assert new == 3  # the table and its two items
    assert found["technical"]["rows"] == "1200"
    assert found["business_state_label"] == "待补"
    for word in ("基础元数据", "业务元数据", "技术元数据", "管理元数据", "1200", "待补"):
        assert word in text
    assert "待补" in client.get("/manage/ledger/?q=permits").content.decode()
    item = client.get(f"{API}/objects?q=permit_no&kind=item").json()["objects"][0]
    assert item["technical"] == {
        "type": "varchar", "length": "30", "nullable": "False", "key": "True",
    }  # fmt: skip


@pytest.mark.req("STD-05")
def test_what_a_person_wrote_outlives_the_next_scan_and_what_is_gone_is_marked(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    provider, by = world.organisations["990000-MH"].pk, world.actor("cataloguer")
    ledger.keep_scan("示例许可库", [SCANNED], owner_id=provider, by=by)
    row = MetadataObject.objects.get(identifier="示例许可库/public.permits")
    client = browser_of("cataloguer")
    client.post(f"/manage/ledger/{row.pk}/", {"title": "示例许可证", "meaning": "经营许可的证件"})
    at.instant = at.instant.replace(hour=at.instant.hour + 1)

    ledger.keep_scan("示例许可库", [], owner_id=provider, by=by)
    row.refresh_from_db()
    file = lines(client.get("/manage/ledger/export/csv/"))

    assert row.business_state == "filled"
    assert row.business["meaning"] == "经营许可的证件"
    assert row.gone_at is not None
    assert any("业务含义：经营许可的证件" in cell for line in file for cell in line)


def test_another_department_neither_sees_nor_describes_an_object(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    ledger.keep_scan("示例许可库", [SCANNED], owner_id=world.organisations["990000-MH"].pk,
                     by=PLATFORM)  # fmt: skip
    row = MetadataObject.objects.first()
    assert row is not None

    assert browser_of("city").get(f"/manage/ledger/{row.pk}/").status_code == 404
    refused = browser_of("city").put(
        f"{API}/objects/{row.pk}", json.dumps({"business": {"meaning": "示例"}}),
        content_type="application/json",
    )  # fmt: skip
    assert refused.status_code == 403


@pytest.mark.req("STD-06")
def test_the_ledgers_totals_equal_the_catalogue_and_differences_are_listed(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    published_entry(world, name="示例一")
    gone = published_entry(world, name="示例二", sharing_type="conditional", conditions="示例")
    managing = browser_of("managing")
    managing.post("/manage/ledger/resources/", {})

    equal = managing.get(f"{API}/resources").json()
    file = lines(managing.get("/manage/ledger/resources/export/csv/"))
    late = published_entry(world, name="示例三")
    ResourceState.objects.filter(entry_code=gone.code).update(grading="4 级")
    differs = managing.get(f"{API}/resources").json()
    page = managing.get("/manage/ledger/resources/").content.decode()
    file_after = lines(managing.get("/manage/ledger/resources/export/csv/"))

    assert (equal["total"], equal["catalogue_total"], equal["differences"]) == (2, 2, [])
    assert equal["rows"][0]["grading"] == "2 级"
    assert equal["rows"][0]["sharing"] == "无条件共享·未用"
    assert equal["rows"][0]["opening"] == "可开放 1 项"
    assert equal["rows"][0]["operation"] == "未列入"
    assert file[-1][:3] == ["合计", "2 个资源", "与目录差异 0 处"]
    listed = {(d["code"], d["what"]) for d in differs["differences"]}
    assert listed == {(gone.code, "grading"), (late.code, "条目")}
    assert late.code in page
    assert [line[1] for line in file_after if line[0] == "差异"] == sorted([gone.code, late.code])


def load_table(name: str, rows: int, columns: int) -> None:
    table = pa.table(
        {f"c{n}": pa.array(range(rows), pa.int64()) for n in range(columns)}
        | {"_batch_id": pa.array(["b"] * rows, pa.string())}
    )
    ref = ods_ref(name)
    store().ensure(ref, table.schema, {})
    store().append(ref, table)


def test_a_lake_table_gets_the_owner_its_entry_has_and_waits_for_its_meaning(
    world: World, at: FixedClock, browser_of: Any, lake: Any
) -> None:
    load_table("one", 3, 2)
    ledger.collect_lake()
    client = browser_of("cataloguer")
    before = client.get(f"{API}/objects?kind=table").json()["total"]
    name = MetadataObject.objects.get(kind="table").name
    published_entry(world, name="示例目录", table=name, source_system="示例系统")

    ledger.collect_lake()
    found = client.get(f"{API}/objects?kind=table").json()["objects"]

    assert before == 0  # nobody's yet
    assert [(f["title"], f["business_state_label"]) for f in found] == [("示例目录", "待补")]
    assert found[0]["business"] == {}
    assert found[0]["basic"]["system"] == "示例系统"
    assert found[0]["basic"]["first_seen"] == "2026-09-24"
    assert client.get(f"{API}/objects?kind=item&q=c1").json()["total"] == 1


@pytest.mark.req("STD-05")
def test_a_file_that_was_loaded_stands_in_the_ledger(
    world: World, at: FixedClock, browser_of: Any, lake: Any
) -> None:
    items = (ItemView(1, "许可证号", "permit_no", DataType.STRING, 20, is_key=True),)
    entry = published_entry(world, items=items, table="")
    client = browser_of("cataloguer")
    body = {"code": "permits", "entry_code": entry.code}
    made = client.post("/api/v1/ingest/sources", json.dumps(body), content_type="application/json")
    assert made.status_code == 201, made.content

    def load(text: str) -> None:
        file = SimpleUploadedFile("permits.csv", text.encode())
        client.post("/api/v1/ingest/sources/permits/load", {"file": file})
        at.instant = at.instant + timedelta(days=1)
        jobs.run("ledger.metadata")

    load("permit_no\nA1\nA2\n")
    load("permit_no\nA3\n")
    told = client.get(f"{API}/objects?kind=file").json()

    assert told["total"] == 1
    file = told["objects"][0]
    assert (file["name"], file["entry_code"]) == ("permits.csv", entry.code)
    assert file["technical"] == {"size": "13", "rows": "1", "format": "csv"}
    assert file["business_state_label"] == "待补"
    assert "permits.csv" in client.get("/manage/ledger/?kind=file").content.decode()
    assert browser_of("city").get(f"{API}/objects?kind=file").json()["total"] == 0


@pytest.mark.req("GEN-12")
def test_the_stock_page_shows_what_the_engine_counts_and_when(
    world: World, at: FixedClock, browser_of: Any, client: Any, lake: Any
) -> None:
    for name, rows, columns in (("one", 1200, 3), ("two", 34, 5), ("three", 7, 2)):
        load_table(name, rows, columns)
    published_entry(world)
    Entry.objects.update(connected_at=at.now(), connected_rows=7)
    empty = client.get("/stats/").content.decode()

    jobs.run("ledger.stock")
    page = client.get("/stats/").content.decode()
    told = client.get(f"{API}/stock").json()
    counts = [
        int(str(engine().relation("SELECT count(*) FROM t", tables={"t": ods_ref(n)}).scalar()))
        for n in ("one", "two", "three")
    ]

    assert "尚未测量" in empty
    assert (told["tables"], told["items"], told["rows"]) == (3, 10, sum(counts))
    assert sum(counts) == 1241
    assert "1,241" in page
    assert "2026-09-24 09:00" in page
    assert {r["label"]: r["value"] for r in told["rates"]} == {
        "汇聚率": "1.000000", "治理率": "0.000000", "共享率": "0.000000",
    }  # fmt: skip
    for rate in told["rates"]:
        assert rate["definition"] in page


def test_only_those_who_may_measure_do(world: World, at: FixedClock, browser_of: Any, client: Any,
                                       lake: Any) -> None:  # fmt: skip
    assert client.post("/stats/").status_code in {302, 401}
    assert browser_of("cataloguer").post("/stats/").status_code == 403
    assert browser_of("support").post("/stats/").status_code == 302


@pytest.mark.req("GEN-14")
def test_a_share_from_a_city_to_another_department_of_the_province_crosses_two_of_the_five(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    city = unit(world, "990700", "示例省赣州市交通运输局", Level.CITY, division_code="990700")
    entry = published_entry(world, owner=city, provider=city, source_system="示例市运政系统")
    inside = published_entry(world, source_system=PURPOSE["system_name"])
    consumer, managing = browser_of("consumer"), browser_of("managing")
    numbers = []
    for wanted in (entry, inside):  # shared without conditions: filing is enough
        body = PURPOSE | {"entry_code": wanted.code, "version_id": wanted.version_id}
        answer = consumer.post("/api/v1/sharing/requests", json.dumps(body),
                               content_type="application/json")  # fmt: skip
        assert answer.status_code == 201, answer.content
        numbers.append(answer.json()["grant"])

    told = managing.get(f"{API}/crossings").json()
    page = managing.get("/manage/crossings/").content.decode()

    flows = {flow["number"]: set(flow["labels"].split("＋")) for flow in told["flows"]}
    assert flows[numbers[0]] == {"跨系统", "跨部门", "跨层级"}
    assert flows[numbers[0]] >= {"跨部门", "跨层级"}
    assert flows[numbers[1]] == {"跨部门"}  # its own system's data, of its own level
    assert told["statistics"] == {
        "system": 1, "department": 2, "business": 0, "level": 1, "region": 0,
    }  # fmt: skip
    assert "跨部门＋跨层级" in page


@pytest.mark.req("GEN-02")
def test_a_function_on_trial_in_one_city_is_hidden_from_another_and_refused_by_api(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    there = unit(world, "990100-X", "示例省南昌市某局", Level.CITY, division_code="990100")
    elsewhere = unit(world, "990700", "示例省赣州市交通运输局", Level.CITY, division_code="990700")
    person(world, "nanchang", Role.HUB_ADMIN, there)
    person(world, "ganzhou", Role.HUB_ADMIN, elsewhere)
    managing = browser_of("managing")
    form = {"key": "ledger.crossings", "divisions": "990100", "departments": "",
            "since": "2026-09-01", "until": "2026-12-31"}  # fmt: skip
    assert managing.post("/sys/pilots/", form).status_code == 302

    inside, outside = browser_of("nanchang"), browser_of("ganzhou")
    refused = outside.get(f"{API}/crossings")

    assert inside.get("/manage/crossings/").status_code == 200
    assert "/manage/crossings/" in inside.get("/desk/").content.decode()
    assert "/manage/crossings/" not in outside.get("/desk/").content.decode()
    assert outside.get("/manage/crossings/").status_code == 403
    assert (refused.status_code, refused.json()["code"]) == (403, "PILOT_SCOPE")

    at.instant = FixedClock.on(date(2027, 1, 5)).instant
    assert inside.get(f"{API}/crossings").status_code == 403  # its days are over
    managing.post("/sys/pilots/", {"key": "ledger.crossings", "end": "promote", "reason": ""})
    assert outside.get(f"{API}/crossings").status_code == 403  # no reason given
    managing.post("/sys/pilots/", {"key": "ledger.crossings", "end": "promote", "reason": "示例"})
    assert outside.get(f"{API}/crossings").status_code == 200
    managing.post("/sys/pilots/", {"key": "ledger.crossings", "end": "withdraw", "reason": "示例"})
    assert inside.get(f"{API}/crossings").json()["code"] == "PILOT_SCOPE"
