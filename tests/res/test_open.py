"""Resources of the batch through the open door: no log-in, no grant, real load and models."""

import csv
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from tests.res.pack import IDCARD, right, rights
from tests.web.opening.conftest import Door
from tongqu.adapters.generator import generate as generator
from tongqu.adapters.generator.sizes import LEAST
from tongqu.kernel.clock import SHANGHAI

AREAS, LISTS = "service_area", "credit_red_black_list"
UNITS = {"item": "subject_type", "operator": "in", "values": ["法人", "非法人组织"]}
STANDING = [
    {"item": "valid_to", "operator": "min", "values": ["{today}"]},
    {"item": "remove_date", "operator": "empty"},
    {"item": "public_state", "operator": "not", "values": ["已移出"]},
]


@pytest.fixture
def door(browser_of) -> Door:
    cache.clear()
    return Door(browser_of)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("generated")
    at = datetime(2026, 9, 24, 9, 0, tzinfo=SHANGHAI)
    generator.generate(generator.order(LEAST, 15, place, file_format="csv", at=at))
    return place


@pytest.mark.req("RES-15")
def test_service_areas_open_as_geojson_with_filters_that_find_the_planted_sets(
    res, door, made: Path
) -> None:
    truth = json.loads((made / "truth.json").read_text())[AREAS]
    seed = made / truth["files"][0]
    res.send(AREAS, seed.read_bytes())
    res.build(AREAS)
    entry = res.serve(AREAS, f"svc_{AREAS}")
    door.open(entry, [item.name_en for item in entry.items])
    with seed.open(encoding="utf-8-sig") as file:  # what the load keeps of the seed list
        rows = {row["area_code"]: row for row in csv.DictReader(file) if is_right(row)}
    public = Client()
    place = f"/api/v1/open/sets/{entry.code}"

    file = public.get(f"{place}/file?form=geojson")
    whole = json.loads(b"".join(file.streaming_content))

    assert file["Content-Type"] == "application/geo+json"
    assert whole["type"] == "FeatureCollection"
    assert len(whole["features"]) == len(rows) > 20
    for feature in whole["features"]:
        row = rows[feature["properties"]["area_code"]]
        assert feature["geometry"]["coordinates"] == [float(row["lon"]), float(row["lat"])]

    def found(**query: str) -> set[str]:
        answer = public.get(f"{place}/features", query).json()
        return {feature["properties"]["area_code"] for feature in answer["features"]}

    def planted(test) -> set[str]:
        names = {code for code, row in rows.items() if test(row)}
        assert 0 < len(names) < len(rows), "a filter that keeps all or none proves nothing"
        return names

    assert found(fuel_kinds__has="LNG") == planted(lambda r: "LNG" in r["fuel_kinds"].split(","))
    assert found(fuel_kinds__has="氢") == planted(lambda r: "氢" in r["fuel_kinds"].split(","))
    assert found(charger_count__min="1") == planted(lambda r: int(r["charger_count"]) >= 1)
    assert found(has_toilet="true") == planted(lambda r: r["has_toilet"].lower() == "true")
    assert found(has_toilet="false", charger_count__max="0") == planted(
        lambda r: r["has_toilet"].lower() == "false" and int(r["charger_count"]) == 0
    )


def is_right(row: dict[str, str]) -> bool:
    has_power = float(row["charger_power_kw"]) > 0
    return float(row["land_area_m2"]) > 0 and has_power == (int(row["charger_count"]) > 0)


def opened_lists(res, door) -> str:
    """Put the lists on the open list as the law has them published; return the address."""
    res.build(LISTS)
    entry = res.serve(LISTS, f"svc_{LISTS}")
    shown = [
        {"item": item.name_en} for item in entry.items
        if item.name_en not in {"subject_name", "person_id_no", "remove_date", "remove_reason"}
    ]  # fmt: skip
    shown += [
        {"item": "subject_name", "mask": "cover", "unless": UNITS},
        {"item": "person_id_no", "mask": "cover", "part": True},
    ]
    door.open(entry, shown, row_filter=STANDING, disclosure="示例：严重失信主体名单公示规定")
    return f"/api/v1/open/sets/{entry.code}/rows"


@pytest.mark.req("RES-35")
def test_the_public_api_gives_neither_past_nor_repaired_entries_nor_a_persons_name(
    res, door, at
) -> None:
    rows = rights(LISTS, 7)
    rows[1]["valid_to"] = "2026-09-23"  # past since yesterday
    rows[2] |= {"public_state": "已移出", "remove_date": "2026-09-01", "remove_reason": "信用修复"}
    rows[3] |= {
        "subject_type": "自然人", "subject_name": "张示例", "person_id_no": IDCARD, "uscc": "",
    }  # fmt: skip
    rows[4]["valid_to"] = "2026-09-24"  # its last day
    rows[5] |= {"remove_date": "2026-09-20", "remove_reason": "信用修复"}  # repaired, not yet told
    res.load(LISTS, rows)
    path = opened_lists(res, door)
    public = Client()

    def served() -> dict[str, dict]:
        answer = public.get(path)
        assert answer.status_code == 200
        for secret in ("张示例", IDCARD):
            assert secret not in answer.content.decode()
        return {row["list_no"]: row for row in answer.json()["rows"]}

    named = [row["list_no"] for row in rows]
    found = served()
    assert set(found) == {named[n] for n in (0, 3, 4, 6)}
    person, unit = found[named[3]], found[named[0]]
    assert person["subject_name"] == "张**"
    assert person["person_id_no_part"] == IDCARD[:3] + "*" * 11 + IDCARD[-4:]
    assert "person_id_no" not in person
    assert unit["subject_name"] == rows[0]["subject_name"]
    at.instant += timedelta(days=1)  # nobody runs anything: the rule stands in the query
    assert set(served()) == {named[n] for n in (0, 3, 6)}
    repaired = rows[6] | {"remove_date": "2026-09-25", "remove_reason": "信用修复"}
    res.load(LISTS, [repaired])
    res.build(LISTS)
    assert set(served()) == {named[n] for n in (0, 3)}
    for form in ("csv", "json"):
        file = public.get(path.replace("/rows", f"/file?form={form}"))
        text = b"".join(file.streaming_content).decode("utf-8-sig")
        assert "张示例" not in text
        assert IDCARD not in text
        assert named[6] not in text
    page = public.get(path.removeprefix("/api/v1").replace("/sets", "").replace("rows", ""))
    assert "张**" in page.content.decode()
    assert IDCARD not in page.content.decode()


def test_a_subject_of_unknown_kind_is_masked_as_a_person(res, door, at) -> None:
    """What no rule recognises is not shown in clear; a name cannot be guessed by a filter."""
    rows = [right(LISTS, 1), right(LISTS, 2, subject_type="自然人", subject_name="李示例", uscc="")]
    res.load(LISTS, rows)
    path = opened_lists(res, door)
    public = Client()

    guessed = public.get(path, {"subject_name": "李示例"}).json()["rows"]
    shown = public.get(path, {"subject_name__prefix": "李"}).json()["rows"]
    by_number = public.get(path, {"person_id_no_part__prefix": "1"})

    assert guessed == []
    assert [row["subject_name"] for row in shown] == ["李**"]
    assert by_number.status_code == 422


@pytest.mark.req("QLT-15")
def test_three_public_figures_and_the_true_day_of_the_last_update(res, door, at) -> None:
    """A monthly set, two cycles late; what a model run writes later is no update of the data."""
    from tongqu.opening.public import watch
    from tongqu.quality import public as quality

    rows = rights(LISTS, 4)
    res.load(LISTS, rows)
    path = opened_lists(res, door)
    page_path = path.removeprefix("/api/v1").replace("/sets", "").replace("rows", "")
    rules = [
        {"code": "QLT-15-A", "title": "示例完整", "kind": "not_null", "column": "decision_no",
         "remedy": "补填"},
        {"code": "QLT-15-B", "title": "示例准确", "kind": "pattern", "column": "uscc",
         "pattern": f"{rows[0]['uscc']}|{rows[1]['uscc']}", "remedy": "更正"},
    ]  # fmt: skip
    code = res.entries[LISTS].code
    quality.save_pack(code, rules, by=res.world.actor("support"))
    view = quality.scan(code, by=res.world.actor("support"))
    public = Client()
    on_time = public.get(page_path).content.decode()
    assert "及时性</span><b>100.0%" in on_time

    at.instant += timedelta(days=3 * 31)
    res.build(LISTS)
    assert watch()["late"]
    late = public.get(page_path).content.decode()

    assert "及时性</span><b>33.0%" in late
    assert "最近更新</span><b>2026-09-24 09:00" in late
    assert "已开放·超期" in late
    for dimension, label in (("completeness", "完整性"), ("accuracy", "准确性")):
        value = view.dimensions.get(dimension)
        told = "未检测" if value is None else f"{value:.1f}%"
        assert f"{label}</span><b>{told}" in late
    assert view.dimensions["completeness"] == 100
    res.load(LISTS, rights(LISTS, 2, first=20))
    assert watch()["updated"]
    assert "及时性</span><b>100.0%" in public.get(page_path).content.decode()
