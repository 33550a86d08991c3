"""Search: who finds what, in which order, with which counts; and that it never drifts."""

from datetime import timedelta

import pytest

from tests.factories_catalog import draft_entry, published_entry
from tongqu.catalog import ports
from tongqu.catalog.actions.draft import refresh_search
from tongqu.catalog.models import EntryVersion, SearchOutbox
from tongqu.catalog.public import edit_draft, publish, search, submit_for_check, suggest
from tongqu.catalog.queries import feed, versions, view_of
from tongqu.catalog.queries.page import page
from tongqu.catalog.vocabulary import Domain, ItemView, SearchFilters
from tongqu.identity.models import Organisation
from tongqu.kernel.actor import PUBLIC

pytestmark = pytest.mark.usefixtures("at")
ANY = SearchFilters()


def names(q: str, actor=PUBLIC, filters: SearchFilters = ANY) -> list[str]:
    return [entry.name for entry in search(q, filters, actor).entries]


def test_the_best_name_comes_first(world) -> None:
    published_entry(world, name="示例道路运输经营许可信息", summary="含营运车辆数。")
    published_entry(world, name="示例营运车辆年度审验信息")
    published_entry(world, name="营运车辆")
    published_entry(world, name="示例车辆营运收入统计")
    published_entry(world, name="示例营业性车辆保险信息")

    assert names("营运车辆") == [
        "营运车辆",
        "示例营运车辆年度审验信息",
        "示例营业性车辆保险信息",
        "示例车辆营运收入统计",
        "示例道路运输经营许可信息",
    ]


def test_pages_of_one_follow_each_other_as_on_one_page(world) -> None:
    """Names that hold the words end on one page, what is found elsewhere begins there."""
    for n in range(3):
        published_entry(world, name=f"示例桥梁检测信息{n}", summary="一")
        published_entry(world, name=f"示例养护信息{n}", summary="用于桥梁检测。")
    draft_entry(world, name="示例桥梁检测草稿")
    by = world.actor("cataloguer")

    whole = names("桥梁 检测", by)
    pages = [names("桥梁 检测", by, SearchFilters(offset=n, limit=1)) for n in range(8)]

    assert len(whole) == 7
    assert ["桥梁" in name for name in whole] == [True] * 4 + [False] * 3
    assert [name for page in pages for name in page] == whole


def test_a_name_with_a_lone_character_as_a_word_comes_first(world) -> None:
    for n in range(3):
        published_entry(world, name=f"示例信息{n}桥", summary="桥信息")
    published_entry(world, name="桥信息")

    assert names("桥信息", filters=SearchFilters(limit=1)) == ["桥信息"]


@pytest.mark.parametrize(
    "q",
    ["营运车", "营运车辆", "營運車輛", "yyc", "YYC", "yingyunche", "ying yun che", "运营车辆",
     "营运 年审", "plate_no", "plate", "pla", "号牌", "车牌", "赣A12345", "ＰＬＡＴＥ", "民航处"],
)  # fmt: skip
def test_an_entry_is_found_by(world, q: str) -> None:
    item = ItemView(1, "号牌号码", "plate_no", "string", 12)
    published_entry(world, name="示例营运车辆年审信息", items=(item,))
    published_entry(
        world, name="示例船闸调度信息", items=(), provider=world.organisations["990100"]
    )

    assert names(q) == ["示例营运车辆年审信息"]


def test_an_entry_is_found_by_its_identifier_and_by_parts_of_it(world) -> None:
    entry = published_entry(world)
    published_entry(world, name="示例其他信息", domain=Domain.POST)

    head = entry.code.rsplit("-", 2)[0]

    assert names(entry.code) == [entry.name]
    assert names(entry.code.lower()) == [entry.name]
    assert names(head) == [entry.name]


def test_drafts_are_found_by_their_department_and_by_oversight_alone(world) -> None:
    draft_entry(world, name="示例草稿信息")

    found = {who: names("草稿", world.actor(who)) for who in ("cataloguer", "managing", "consumer")}

    assert found == {"cataloguer": ["示例草稿信息"], "managing": ["示例草稿信息"], "consumer": []}
    assert names("草稿") == []
    assert names("", world.actor("consumer")) == []
    assert suggest("草稿", PUBLIC) == ()
    assert [s.text for s in suggest("草", world.actor("cataloguer"))] == ["示例草稿信息"]


def test_counts_honour_the_other_facets_and_are_exact(world) -> None:
    for n in range(3):
        published_entry(world, name=f"示例公路信息{n}", domain=Domain.HIGHWAY, level=1)
    published_entry(world, name="示例公路信息九", domain=Domain.HIGHWAY, level=2)
    published_entry(world, name="示例水路信息", domain=Domain.WATERWAY, level=1)
    draft_entry(world, name="示例公路草稿", domain=Domain.HIGHWAY, level=1)

    found = search("信息", SearchFilters(domain=("HW",), level=("1",)), PUBLIC)
    counts = {f.name: {v.value: v.count for v in f.values} for f in found.facets}

    assert found.total == 3
    assert counts["domain"] == {"HW": 3, "WW": 1}  # of level 1
    assert counts["level"] == {"1": 3, "2": 1}  # of the highways
    assert counts["sharing_type"] == {"unconditional": 3}


def test_an_index_and_the_database_count_the_same(world) -> None:
    published_entry(world, name="示例公路信息", domain=Domain.HIGHWAY, strategies=["plan_15"])
    published_entry(world, name="示例水路信息", domain=Domain.WATERWAY, mode="waterway")
    published_entry(world, name="示例港口信息", domain=Domain.WATERWAY, mode="waterway", level=3)
    for version in EntryVersion.objects.all():
        refresh_search(version)  # as the actions do: the factory writes rows directly
    chosen = SearchFilters(mode=("waterway",))

    by_index = search("信息", chosen, PUBLIC)
    index = ports.search_index()
    ports.use_index(None)
    try:
        by_database = search("信息", chosen, PUBLIC)
    finally:
        ports.use_index(index)

    assert by_database.is_from_database
    assert not by_index.is_from_database
    assert by_index.total == by_database.total == 2
    assert by_index.facets == by_database.facets


def test_every_change_is_in_the_next_answer(world) -> None:
    entry = draft_entry(world, name="示例变更信息")
    cataloguer, provider = world.actor("cataloguer"), world.actor("provider")
    before = search("变更", ANY, PUBLIC)

    submit_for_check(entry.code, by=cataloguer)
    publish(entry.code, by=provider)
    after = search("变更", ANY, PUBLIC)

    assert (before.total, after.total) == (0, 1)
    assert before.sequence < after.sequence == SearchOutbox.objects.latest("id").sequence
    assert not after.is_behind


def test_a_renamed_department_is_found_under_its_new_name(world) -> None:
    published_entry(world)
    assert names("低空") == []

    Organisation.objects.filter(code="990000-MH").update(name="示例省交通运输厅低空处")

    assert len(names("低空")) == 1
    assert names("民航处") == []


def test_a_version_is_not_saved_without_being_announced(world) -> None:
    entry = published_entry(world)
    SearchOutbox.objects.all().delete()

    EntryVersion.objects.get(entry_id=entry.id).save(update_fields=["summary"])

    assert SearchOutbox.objects.get().entry_id == entry.id


def test_odd_queries_are_answered(world) -> None:
    published_entry(world)

    for q in ("", " ", "的", "（）", "a" * 200, "营" * 200, "\\", "'\"", "+-&&", "~yyc", "^yy",
              "#99", "𠮷野", "ㄅㄆ", "k12+300", "*", "AND OR NOT", "name:x"):  # fmt: skip
        assert search(q, ANY, PUBLIC).total >= 0


def test_an_edited_entry_is_listed_once_under_its_new_name(world) -> None:
    entry = draft_entry(world, name="示例旧名信息")
    by = world.actor("cataloguer")
    assert names("", by) == ["示例旧名信息"]

    edit_draft(entry.code, by=by, fields={"name": "示例新名信息"})

    assert names("", by) == ["示例新名信息"]
    assert names("旧名", by) == []


def test_old_changes_are_forgotten_once_newer_ones_stand_for_them(world, at) -> None:
    entry = published_entry(world)
    at.instant += timedelta(days=20)
    EntryVersion.objects.get(entry_id=entry.id).save()
    other = published_entry(world, name="示例另一信息")
    assert len(names("")) == 2

    forgotten = feed.prune(before=at.instant)

    assert forgotten >= 1
    assert set(SearchOutbox.objects.values_list("entry_id", flat=True)) == {entry.id, other.id}
    assert len(names("")) == 2


def test_a_page_is_read_in_two_statements_and_says_what_single_entries_say(
    world, django_assert_num_queries
) -> None:
    ids = [
        published_entry(world, name="示例条件共享信息", sharing_type="conditional",
                        conditions="仅限行政审批", scope="listed", scope_codes=["990000-YG"],
                        admin_level="province", mode="aviation", business="safety",
                        strategies=["belt_road"], standards=["JT/T 697"], project="P-1",
                        table="svc_example", is_external=True).version_id,
        published_entry(world, name="示例不予共享信息", sharing_type="withheld",
                        withheld_basis=["2021:7"], materials=["证明"], items=()).version_id,
    ]  # fmt: skip
    draft = draft_entry(world, sharing_type="", scope="", update_cycle="", level=None)
    EntryVersion.objects.filter(pk=draft.version_id).update(provider=None)
    page(ids, PUBLIC)

    with django_assert_num_queries(2):
        found = page(ids[::-1], PUBLIC)

    by_pk = {version.pk: view_of(version) for version in versions()}
    assert found == tuple(by_pk[pk] for pk in ids[::-1])
    assert page([draft.version_id, *ids], PUBLIC) == tuple(by_pk[pk] for pk in ids)
    own = page([draft.version_id, *ids], world.actor("cataloguer"))
    assert own == tuple(by_pk[pk] for pk in (draft.version_id, *ids))
