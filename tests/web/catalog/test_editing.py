"""The edit page in steps: autosave, two editors, long lists of items, a fixed number of reads."""

import pytest

from tests.factories_catalog import ITEMS, draft_entry, published_entry
from tests.web.catalog.test_pages import METADATA, _items
from tongqu.catalog import public
from tongqu.catalog.models import Entry, EntryVersion, InformationItem
from tongqu.catalog.vocabulary import DataType, ItemView
from tongqu.kernel import clock

BASIC = {
    "step": "basic", "name": "示例航班运行信息", "category": "综合交通/民航", "formats": ["table"],
    "update_cycle": "daily", "source_system": "示例系统", "accountable": "示例·编目岗",
    "admin_level": "province", "mode": "aviation", "business": "transport",
    "strategies": ["belt_road"], "standards": "示例标准 1\n示例标准 2",
}  # fmt: skip


def _many(count: int) -> tuple[ItemView, ...]:
    return tuple(
        ItemView(n, f"示例信息项{n}", f"item_{n}", DataType.STRING, 10) for n in range(1, count + 1)
    )


def _url(code: str) -> str:
    return f"/manage/catalog/{code}/edit/"


def test_a_cataloguer_goes_through_the_four_steps(world, at, browser_of):
    browser = browser_of("cataloguer")

    made = browser.post("/manage/catalog/new/", BASIC | {"domain": "CA", "kind": "formal"})
    code = Entry.objects.get().code
    items = browser.post(
        _url(code), {"step": "items", "next": "1"} | _items({"name_zh": "航班号", "name_en": "no"})
    )
    shared = browser.post(
        _url(code),
        {"step": "sharing", "next": "1", "sharing_type": "unconditional", "scope": "all",
         "manners": ["query"], "level": "1"},
    )  # fmt: skip
    last = browser.get(shared.url).content.decode()
    done = browser.post(f"/manage/catalog/{code}/check/", {"step": "submit"}, follow=True)

    entry = public.entry(code)
    assert made.url == f"{_url(code)}?step=items"
    assert items.url == f"{_url(code)}?step=sharing"
    assert shared.url == f"{_url(code)}?step=submit"
    assert "可以提交" in last
    assert "合规性检测通过" in done.content.decode()
    assert (entry.mode.label, entry.standards) == ("民航", ("示例标准 1", "示例标准 2"))
    assert entry.strategies[0].label == "一带一路"


def test_one_step_leaves_the_fields_of_the_others_alone(world, at, browser_of):
    entry = draft_entry(world, level=3)

    browser_of("cataloguer").post(_url(entry.code), BASIC)

    after = public.entry(entry.code)
    assert (after.level, len(after.items), after.manners) == (3, 6, entry.manners)
    assert after.source_system == "示例系统"


def test_autosave_answers_with_the_edition_and_stops_when_somebody_else_wrote(
    world, at, browser_of
):
    entry = draft_entry(world)
    edition = EntryVersion.objects.get(pk=entry.version_id).edition
    browser = browser_of("cataloguer")
    head = {"X-Autosave": "1"}

    saved = browser.post(_url(entry.code), BASIC | {"edition": edition}, headers=head)
    again = browser.post(
        _url(entry.code), BASIC | {"edition": saved.json()["edition"]}, headers=head
    )
    stale = browser.post(_url(entry.code), BASIC | {"edition": edition}, headers=head)
    wrong = browser.post(_url(entry.code), BASIC | {"mode": "space"}, headers=head)

    assert saved.status_code == again.status_code == 200
    assert saved.json()["edition"] == edition + 1
    assert (stale.status_code, wrong.status_code) == (409, 422)


def test_two_editors_see_both_texts_and_one_of_them_decides(world, at, browser_of):
    entry = draft_entry(world)
    edition = EntryVersion.objects.get(pk=entry.version_id).edition
    public.edit_draft(entry.code, by=world.actor("cataloguer"), fields={"summary": "对方写的摘要"})
    browser = browser_of("cataloguer")
    mine = BASIC | {"summary": "我写的摘要", "edition": str(edition)}

    conflict = browser.post(_url(entry.code), mine)
    page = conflict.content.decode()
    now = EntryVersion.objects.get(pk=entry.version_id).edition
    kept = public.entry(entry.code).summary
    forced = browser.post(_url(entry.code), mine | {"edition": str(now)})

    assert conflict.status_code == 409
    assert "对方写的摘要" in page
    assert "我写的摘要" in page
    assert f'name="edition" value="{now}"' in page
    assert kept == "对方写的摘要"
    assert forced.status_code == 302
    assert public.entry(entry.code).summary == "我写的摘要"


def test_a_page_of_a_long_list_replaces_its_own_rows_only(world, at, browser_of):
    entry = draft_entry(world, items=_many(100))
    browser = browser_of("cataloguer")
    rows = [{"name_zh": f"示例信息项{n}", "name_en": f"item_{n}"} for n in range(41, 81)]
    rows[0]["name_zh"] = "改了名称"
    rows[1]["DELETE"] = "on"

    page = browser.get(_url(entry.code), {"step": "items", "page": "2"}).content.decode()
    answer = browser.post(
        _url(entry.code),
        {"step": "items", "page": "2", "start": "40", "count": "40"} | _items(*rows),
    )

    after = public.entry(entry.code).items
    assert 'value="item_41"' in page
    assert 'value="item_81"' not in page
    assert answer.status_code == 302
    assert len(after) == 99
    assert [item.name_en for item in after[39:42]] == ["item_40", "item_41", "item_43"]
    assert after[40].name_zh == "改了名称"
    assert after[98].name_en == "item_100"


def test_autosave_of_a_page_twice_keeps_the_rows_of_the_next_page(world, at, browser_of):
    entry = draft_entry(world, items=_many(60))
    rows = [{"name_zh": f"示例信息项{n}", "name_en": f"item_{n}"} for n in range(1, 41)]
    rows[0]["DELETE"] = "on"
    given = {"step": "items", "page": "1", "start": "0"} | _items(*rows)
    browser = browser_of("cataloguer")
    head = {"X-Autosave": "1"}

    first = browser.post(_url(entry.code), given | {"count": "40"}, headers=head).json()
    browser.post(_url(entry.code), given | {"count": str(first["count"])}, headers=head)

    names = [item.name_en for item in public.entry(entry.code).items]
    assert first["count"] == 39
    assert names == [f"item_{n}" for n in range(2, 61)]


def test_rows_pasted_from_a_spreadsheet_become_items_and_faults_are_named_by_cell(
    world, at, browser_of
):
    entry = draft_entry(world)
    head = "中文名称\t英文名称\t类型\t长度\t主键\t可空"
    good = f"{head}\n航班号\tno\tＶＡＲＣＨＡＲ\t１０\t是\t否\n时间\tat\t日期时间"
    bad = "航班号\tno\t整型\t-1"
    browser = browser_of("cataloguer")
    post = {"step": "items", "paste": "1"}

    added = browser.post(_url(entry.code), post | {"text": good})
    refused = browser.post(_url(entry.code), post | {"text": bad})
    items = public.entry(entry.code).items
    browser.post(_url(entry.code), post | {"text": good, "replace": "1"})

    assert added.status_code == 302
    assert len(items) == len(ITEMS) + 2
    assert (items[6].data_type, items[6].length, items[6].is_key, items[6].nullable) == (
        DataType.STRING, 10, True, False,
    )  # fmt: skip
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "第 1 行“类型”：不是已知的类型" in page
    assert "第 1 行“长度”：应为正整数" in page
    assert [item.name_en for item in public.entry(entry.code).items] == ["no", "at"]


@pytest.mark.parametrize(
    "path",
    ["edit/?step=basic", "edit/?step=items&page=7", "edit/?step=sharing", "edit/?step=submit",
     "check/"],
)  # fmt: skip
def test_pages_of_a_draft_with_500_items_ask_the_database_at_most_20_times(
    path, *, world, at, browser_of, django_assert_max_num_queries
):
    entry = draft_entry(world, items=_many(500))
    browser = browser_of("cataloguer")

    with django_assert_max_num_queries(20):
        answer = browser.get(f"/manage/catalog/{entry.code}/{path}")

    assert answer.status_code == 200


def test_saving_a_page_of_500_items_asks_the_database_a_fixed_number_of_times(
    world, at, browser_of, django_assert_max_num_queries
):
    entry = draft_entry(world, items=_many(500))
    rows = [{"name_zh": f"示例信息项{n}", "name_en": f"item_{n}"} for n in range(1, 41)]
    given = {"step": "items", "page": "1", "start": "0", "count": "40"} | _items(*rows)
    browser = browser_of("cataloguer")

    with django_assert_max_num_queries(40):
        answer = browser.post(_url(entry.code), given)

    assert answer.status_code == 302
    assert len(public.entry(entry.code).items) == 500


def _thousand(world) -> str:
    """Make 1,000 published entries in a few statements; return the code of one of them."""
    first = published_entry(world, items=_many(500))
    report = EntryVersion.objects.get(pk=first.version_id).passed_report
    owner = world.organisations["990000-MH"]
    entries = Entry.objects.bulk_create(
        Entry(code=f"990000-MH-CA-9{n:05}-0", owner=owner, domain="CA", created_at=clock.now(),
              created_by="示例", is_example=True)
        for n in range(999)
    )  # fmt: skip
    model = EntryVersion.objects.get(pk=first.version_id)
    columns = {
        field.attname: getattr(model, field.attname)
        for field in EntryVersion._meta.concrete_fields
        if field.attname not in {"id", "entry_id", "name"}
    }
    found = EntryVersion.objects.bulk_create(
        EntryVersion(entry=entry, name=f"示例目录第{n:04}号", **columns)
        for n, entry in enumerate(entries)
    )
    InformationItem.objects.bulk_create(
        InformationItem(version=version, position=1, name_zh="编号", name_en="no")
        for version in found
    )
    assert report is not None
    return first.code


def test_lists_of_a_thousand_entries_ask_the_database_at_most_20_times(
    world, at, browser_of, django_assert_max_num_queries
):
    code = _thousand(world)
    browser = browser_of("cataloguer")
    browser.get("/catalog/")  # an index behind the database catches up on its first look

    for path in (
        "/manage/catalog/", "/manage/catalog/?admin_level=none", "/catalog/strategies/",
        "/catalog/", f"/catalog/{code}/", f"/catalog/{code}/versions/1.0..1.0/",
        "/manage/catalog/changes/", "/manage/catalog/rules/", "/manage/catalog/identifiers/",
        "/manage/receipts/", f"/manage/catalog/{code}/change/", f"/manage/catalog/{code}/check/",
    ):  # fmt: skip
        with django_assert_max_num_queries(20):
            answer = browser.get(path)
        assert answer.status_code == 200, path


def test_the_whole_form_in_one_post_still_writes_everything(world, at, browser_of):
    entry = draft_entry(world)

    answer = browser_of("cataloguer").post(
        _url(entry.code), METADATA | _items({"name_zh": "机场代码", "name_en": "faa"})
    )

    assert answer.status_code == 302
    assert [item.name_en for item in public.entry(entry.code).items] == ["faa"]
