"""The pack of the first batch is whole, and a pack that is not whole is told every fault."""

import shutil
from pathlib import Path

import pytest

from tongqu.kernel.problems import Rejected
from tongqu.project.packs.checking import faults
from tongqu.project.packs.reading import Pack, names, read_pack

NAME = "jiangxi-2026"
# Number of the batch → identifier and number of items, as the requirement rows count them.
ITEMS = {
    1: ("road_vehicle_realtime_position", 20), 2: ("road_vehicle_inspection_grading", 18),
    3: ("road_vehicle_annual_review", 16), 4: ("road_vehicle_basic", 24),
    5: ("road_transport_certificate", 18), 6: ("road_transport_operator", 18),
    7: ("road_transport_operating_licence", 16),
    8: ("oversize_transport_permit_application", 25), 9: ("passenger_route", 20),
    10: ("toll_station_entry_flow", 12), 11: ("toll_station_exit_flow", 14),
    12: ("highway_rest_post", 18), 13: ("parking_area", 18), 14: ("toll_station", 19),
    15: ("service_area", 25),  # 24 and the toilets that its own check asks for
    16: ("maintenance_work_event", 24),
    17: ("toll_station_control", 15), 18: ("traffic_emergency_event", 24),
    19: ("enforcement_case", 22), 20: ("case_ship", 13), 21: ("case_vehicle", 14),
    22: ("case_party", 15), 23: ("ship_basic", 25), 24: ("ship_operating_certificate", 17),
    25: ("waterway_enterprise", 17), 26: ("domestic_waterway_licence", 16),
    27: ("road_transport_staff_assessment", 19), 28: ("highway_construction_staff", 17),
    29: ("waterway_construction_staff", 17), 30: ("road_transport_enterprise_assessment", 16),
    31: ("highway_construction_enterprise", 16),
    32: ("highway_construction_contractor_score", 16),
    33: ("waterway_construction_enterprise", 16),
    34: ("waterway_construction_contractor_score", 16), 35: ("credit_red_black_list", 16),
}  # fmt: skip


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(NAME)


@pytest.fixture
def copy(tmp_path: Path, pack: Pack) -> Path:
    return Path(shutil.copytree(pack.folder, tmp_path / NAME))


def put(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def told(folder: Path) -> str:
    return "\n".join(map(str, faults(read_pack(folder))))


def test_the_pack_comes_with_the_installation() -> None:
    assert NAME in names()


def test_the_pack_has_no_fault(pack: Pack) -> None:
    assert faults(pack) == ()


@pytest.mark.parametrize("number", ITEMS)
def test_a_resource_has_as_many_items_as_its_row_says(pack: Pack, number: int) -> None:
    slug, count = ITEMS[number]

    entry = pack.by_slug[slug]

    assert (entry.number, len(entry.items)) == (number, count)


def test_four_resources_are_real_time_seventeen_daily_ten_monthly_four_yearly(pack: Pack) -> None:
    cycles = [entry.cycle for entry in pack.entries]

    found = [cycles.count(word) for word in ("实时", "每天", "每月", "每年")]

    assert found == [4, 17, 10, 4]
    assert {entry.supply for entry in pack.entries} == {"接口"}


def test_every_limit_names_its_clause_or_says_that_it_is_an_assumption(pack: Pack) -> None:
    checks = [check for entry in pack.entries for check in entry.document.get("checks", [])]

    unfounded = [
        check["code"]
        for check in checks
        if not check["basis"].startswith(("约定（待确认）", "mot-2021-sharing"))
    ]

    assert len(checks) > 200
    assert unfounded == []


def test_the_divisions_are_eleven_cities_and_a_hundred_counties_today(pack: Pack) -> None:
    table = pack.code_tables["CT-DIV"]
    alive = [code.code for code in table.codes if code.code[:2] == "36" and not code.valid_to]

    counties = [code for code in alive if code[4:] != "00"]
    cities = [code for code in alive if code[4:] == "00" and code[2:4] != "00"]

    assert (len(cities), len(counties)) == (11, 100)


def test_an_unknown_key_is_named_with_its_file(copy: Path) -> None:
    put(copy / "entries/04-road-vehicles.toml", "domain =", 'colour = "red"\ndomain =')

    assert told(copy) == "entries/04-road-vehicles.toml：不认识的键 colour"


def test_every_fault_is_told_at_once(copy: Path) -> None:
    vehicles = copy / "entries/04-road-vehicles.toml"
    put(vehicles, 'element = "DE-VIN"', 'element = "DE-NIX"')
    put(vehicles, 'kind = "range"', 'kind = "rnage"')
    put(vehicles, "level = 3\n", "level = 2\n")
    put(copy / "entries/17-toll-station-controls.toml", "@toll_station", "@toll_stations")
    put(copy / "batch.toml", 'name = "执法案件"', 'name = "执法案子"')

    found = told(copy)

    assert "没有数据元 DE-NIX" in found
    assert "rnage" in found
    assert "目录分级 2，信息项最高 3 级" in found
    assert "引用的资源 @toll_stations 不在本包" in found
    assert "执法案子" in found


def test_a_check_over_a_column_that_is_not_there_is_a_fault(copy: Path) -> None:
    put(copy / "entries/02-road-vehicle-inspections.toml", '"valid_to"', '"valid_too"')

    assert "RES-02-VALID：没有名为 valid_to 的信息项" in told(copy)


def test_a_key_that_may_be_empty_is_a_fault(copy: Path) -> None:
    put(
        copy / "entries/09-passenger-routes.toml",
        "nullable = false, is_key = true",
        "nullable = true, is_key = true",
    )

    assert "主键不能为空" in told(copy)


def test_a_conditional_basic_class_is_a_fault(copy: Path) -> None:
    put(copy / "entries/04-road-vehicles.toml", '"unconditional"', '"conditional"')

    found = told(copy)

    assert "有条件共享没有写明条件" in found
    assert "七类基础数据应无条件共享" in found


def test_a_cross_walk_to_a_code_that_is_not_there_is_a_fault(copy: Path) -> None:
    put(copy / "code-tables/plates.toml", 'to = "0"', 'to = "77"')

    assert "CT-PCOL-TOLL 没有代码 77" in told(copy)


@pytest.mark.parametrize(
    ("text", "what"),
    [(b"name = [", "不是合法的 TOML"), (b'name = "\xd6\xd0"', "不是 UTF-8 文本")],
    ids=["broken", "gbk"],
)
def test_a_file_that_cannot_be_read_is_named(copy: Path, text: bytes, what: str) -> None:
    (copy / "elements.toml").write_bytes(text)

    with pytest.raises(Rejected) as refused:
        read_pack(copy)

    assert refused.value.problem.code == "PACK_UNREADABLE"
    assert what in refused.value.problem.title


def test_a_pack_reads_nothing_outside_its_folder(copy: Path) -> None:
    put(copy / "pack.toml", '"batch.toml"', '"../elsewhere.toml"')

    with pytest.raises(Rejected) as refused:
        read_pack(copy)

    assert refused.value.problem.code == "PACK_UNREADABLE"
