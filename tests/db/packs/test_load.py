"""A pack becomes standards, code tables, elements and drafts, once; publishing is its owner's."""

from pathlib import Path
from shutil import copytree

import pytest

from tests.unit.packs.test_pack import ITEMS, NAME, put
from tests.world import World
from tongqu.catalog import public as catalog
from tongqu.catalog.models import Entry
from tongqu.catalog.vocabulary import EntryState
from tongqu.kernel.clock import FixedClock
from tongqu.kernel.problems import Rejected
from tongqu.project.packs.loading import Outcome, load_pack, publish_loaded
from tongqu.project.packs.reading import read_pack
from tongqu.quality.models import RulePack
from tongqu.standards import public as standards

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(world: World, at: FixedClock) -> int:
    return int(world.organisations["990000-MH"].pk)


def test_loading_gives_35_drafts_with_their_items(provider: int) -> None:
    loaded = load_pack(NAME, provider_id=provider)

    drafts = {slug: catalog.entry(code) for slug, code in loaded.codes.items()}

    assert Entry.objects.count() == 35
    assert {draft.state for draft in drafts.values() if draft} == {EntryState.DRAFT}
    counts = {slug: len(draft.items) for slug, draft in drafts.items() if draft}
    assert counts == dict(ITEMS.values())


def test_the_second_load_changes_nothing_and_says_so(provider: int) -> None:
    first = load_pack(NAME, provider_id=provider)
    packs = RulePack.objects.count()

    second = load_pack(NAME, provider_id=provider)

    assert second.codes == first.codes
    assert second.count(Outcome.UNCHANGED) == len(second.things) == len(first.things)
    assert (Entry.objects.count(), RulePack.objects.count()) == (35, packs)


def test_a_newer_pack_proposes_and_overwrites_nothing(provider: int, tmp_path: Path) -> None:
    codes = load_pack(NAME, provider_id=provider).codes
    newer = Path(copytree(read_pack(NAME).folder, tmp_path / NAME))
    vehicles = newer / "entries/04-road-vehicles.toml"
    put(vehicles, 'name_zh = "发动机号"', 'name_zh = "发动机编号"')
    put(newer / "code-tables/plates.toml", 'label = "渐变绿"', 'label = "渐变绿色"')
    put(newer / "elements.toml", 'name_zh = "车牌号"', 'name_zh = "号牌号码"')
    put(newer / "pack.toml", '"1.0.0"', '"1.1.0"')

    loaded = load_pack(newer, provider_id=provider)

    proposed = {(one.kind, one.name): one.differences for one in loaded.proposals}
    assert proposed == {
        ("目录条目", "道路运输车辆基本信息"): ("信息项 engine_no",),
        ("代码集", "CT-PCOL"): ("代码 94",),
        ("数据元", "DE-PLATE"): ("name_zh",),
    }
    kept = catalog.entry(codes["road_vehicle_basic"])
    assert kept is not None
    assert kept.items[3].name_zh == "发动机号"
    table = standards.code_table("CT-PCOL")
    assert table is not None
    assert table.label("94") == "渐变绿"


def test_a_pack_with_a_fault_loads_nothing(provider: int, tmp_path: Path) -> None:
    broken = Path(copytree(read_pack(NAME).folder, tmp_path / NAME))
    put(broken / "entries/35-credit-lists.toml", 'kind = "expression"', 'kind = "magic"')

    with pytest.raises(Rejected) as refused:
        load_pack(broken, provider_id=provider)

    assert refused.value.problem.code == "PACK_WRONG"
    assert Entry.objects.count() == 0
    assert standards.code_table("CT-PCOL") is None


def test_all_35_pass_the_compliance_check_dry_and_are_published_by_their_owner(
    world: World, provider: int
) -> None:
    codes = list(load_pack(NAME, provider_id=provider).codes.values())
    cataloguer, reviewer = world.actor("cataloguer"), world.actor("provider")

    blocking = {
        code: [f.message for f in catalog.dry_run(code, by=cataloguer).blocking] for code in codes
    }
    published = publish_loaded(codes, cataloguer=cataloguer, reviewer=reviewer)

    assert {code: found for code, found in blocking.items() if found} == {}
    assert published == 35
    assert all(catalog.published(code).is_published for code in codes)


def test_what_rests_on_memory_says_so_where_it_is_read(provider: int) -> None:
    codes = load_pack(NAME, provider_id=provider).codes

    scores = catalog.entry(codes["highway_construction_contractor_score"])
    element = standards.element("DE-WLIC")

    assert scores is not None
    assert "约定（待确认）：等级分数线凭记忆拟定" in scores.summary
    grade = next(check for check in scores.checks if check["code"] == "RES-32-GRADE")
    assert str(grade["basis"]).startswith("约定（待确认）")
    assert element is not None
    assert element.checks[-1].basis.startswith("约定（待确认）")


def test_plate_colours_are_translated_for_toll_systems(provider: int) -> None:
    load_pack(NAME, provider_id=provider)

    pairs = dict(standards.crosswalk("CT-PCOL", "CT-PCOL-TOLL"))

    assert (pairs["1"], pairs["2"], pairs["94"]) == ("0", "1", "4")
