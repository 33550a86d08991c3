"""Pages of the catalogue as a browser without scripts meets them."""

import pytest

from tests.factories_catalog import ITEMS, draft_entry, published_entry
from tongqu.catalog import public
from tongqu.catalog.models import Entry, EntryVersion
from tongqu.catalog.vocabulary import Panel
from tongqu.kernel import clock

METADATA = {
    "name": "示例机场基本信息", "domain": "CA", "kind": "formal", "category": "综合交通/民航/机场",
    "formats": ["table"], "update_cycle": "yearly", "sharing_type": "unconditional",
    "scope": "all", "manners": ["query"], "source_system": "示例机场系统", "level": "1",
    "summary": "示例", "basic_class": "", "conditions": "", "materials": "", "scope_codes": "",
    "withheld_note": "", "accountable": "示例·编目岗",
}  # fmt: skip


def _items(*rows: dict[str, str]) -> dict[str, str]:
    found = {"items-TOTAL_FORMS": str(len(rows)), "items-INITIAL_FORMS": "0"}
    for n, row in enumerate(rows):
        given = {"data_type": "string", "level": "1", "mask": "none", "is_shareable": "on"} | row
        found |= {f"items-{n}-{name}": value for name, value in given.items()}
    return found


def test_a_cataloguer_writes_checks_and_a_reviewer_publishes_by_form(world, at, browser_of):
    cataloguer, provider = browser_of("cataloguer"), browser_of("provider")
    rows = _items({"name_zh": "机场代码", "name_en": "faa", "is_key": "on"}, {"name_en": "Name"})

    made = cataloguer.post("/manage/catalog/new/", METADATA | rows)
    code = Entry.objects.get().code
    edit = f"/manage/catalog/{code}/edit/"
    form = cataloguer.get(edit, {"step": "items"}).content.decode()
    failed = cataloguer.post(edit, METADATA | rows | {"check": "1"}, follow=True)
    better = _items(
        {"name_zh": "机场代码", "name_en": "faa", "is_key": "on"},
        {"name_zh": "机场名称", "name_en": "name"},
        {"name_zh": "删去的", "name_en": "gone", "DELETE": "on"},
    )
    passed = cataloguer.post(edit, METADATA | better | {"check": "1"}, follow=True)
    published = provider.post(
        f"/manage/catalog/{code}/check/", {"step": "publish"}, follow=True
    ).content.decode()

    assert made.status_code == 302
    assert 'value="faa"' in form
    assert "CAT-R31" in failed.content.decode()
    assert "合规性检测通过" in passed.content.decode()
    assert "已发布" in published
    assert [item.name_en for item in public.published(code).items] == ["faa", "name"]


def test_a_wrong_field_keeps_what_was_typed_and_says_so_beside_it(world, at, browser_of):
    rows = _items({"name_zh": "机场代码", "name_en": "faa", "level": "9"})

    answer = browser_of("cataloguer").post("/manage/catalog/new/", METADATA | rows)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert 'value="示例机场系统"' in page
    assert not Entry.objects.exists()


def test_a_form_opened_before_somebody_elses_edit_is_refused_with_409(world, at, browser_of):
    entry = draft_entry(world)
    edition = EntryVersion.objects.get(pk=entry.version_id).edition
    public.edit_draft(entry.code, by=world.actor("cataloguer"), fields={"summary": "先改"})

    answer = browser_of("cataloguer").post(
        f"/manage/catalog/{entry.code}/edit/",
        METADATA | _items() | {"edition": str(edition)},
    )

    assert answer.status_code == 409
    assert EntryVersion.objects.get(pk=entry.version_id).summary == "先改"


def test_the_edit_page_of_a_published_entry_points_to_the_change_form(world, at, browser_of):
    entry = published_entry(world)

    answer = browser_of("cataloguer").get(f"/manage/catalog/{entry.code}/edit/")

    assert answer.status_code == 409
    assert "登记变更" in answer.content.decode()


def test_a_change_is_registered_by_form(world, at, browser_of):
    entry = published_entry(world)
    url = f"/manage/catalog/{entry.code}/change/"
    given = {
        "reason": "system_upgrade",
        "explanation": "示例：系统升级",
        "effective_on": "2026-09-24",
    }
    browser = browser_of("cataloguer")

    shown = browser.get(url).content.decode()
    past = browser.post(url, given | {"effective_on": "2026-09-01"})
    answer = browser.post(url, given)

    assert "目前没有在用授权" in shown
    assert past.status_code == 422
    assert answer.status_code == 302
    assert EntryVersion.objects.filter(state="change_registered").count() == 1


@pytest.mark.parametrize("word", ["航班", "机场", "承运人", "hangban", "hbyx", "民航处", "tailnum"])
def test_two_character_words_pinyin_and_columns_find_the_entry(word: str, world, at, browser_of):
    made = public.new_draft(
        name="示例航班运行信息", owner_id=world.organisations["990000-MH"].pk,
        by=world.actor("cataloguer"), fields={"items": ITEMS},
    )  # fmt: skip

    page = browser_of("cataloguer").get("/catalog/", {"q": word}).content.decode()
    other = browser_of("cataloguer").get("/catalog/", {"q": "船舶"}).content.decode()

    assert made.code in page
    assert made.code not in other
    assert "没有找到" in other


def test_facets_narrow_and_keep_their_counts(world, at, client):
    published_entry(world, name="示例甲信息")
    published_entry(world, name="示例乙信息", sharing_type="conditional", conditions="限执法")

    both = client.get("/api/v1/catalog/entries").json()
    one = client.get("/api/v1/catalog/entries", {"sharing_type": "conditional"}).json()
    page = client.get("/catalog/", {"sharing_type": "conditional"}).content.decode()

    counts = {v["value"]: v["count"] for v in one["facets"][0]["values"]}
    assert both["total"] == 2
    assert [entry["name"] for entry in one["entries"]] == ["示例乙信息"]
    assert counts == {"unconditional": 1, "conditional": 1}
    assert "移除条件：有条件共享" in page
    assert "示例甲信息" not in page


@pytest.mark.parametrize(
    ("username", "sees"),
    [("cataloguer", True), ("managing", True), ("support", True), ("tourism", False),
     ("firm", False), (None, False)],
)  # fmt: skip
def test_a_draft_is_seen_by_its_own_department_only(
    username, sees, *, world, at, browser_of, client
):
    entry = draft_entry(world)
    browser = browser_of(username) if username else client

    found = browser.get("/api/v1/catalog/entries").json()["total"]
    detail = browser.get(f"/catalog/{entry.code}/").status_code

    assert (found, detail) == ((1, 200) if sees else (0, 404))


def test_another_department_cannot_edit_check_or_change(world, at, browser_of):
    entry = published_entry(world)
    draft = draft_entry(world, name="示例草稿目录")
    browser = browser_of("city")

    answers = [
        browser.put(f"/api/v1/catalog/entries/{code}", {}, content_type="application/json")
        for code in (entry.code, draft.code)
    ]

    assert [answer.status_code for answer in answers] == [403, 404]


def test_the_detail_page_shows_the_twelve_items_and_panels_of_other_rooms(world, at, client):
    from tongqu.catalog import ports

    entry = published_entry(world)

    def panel(found, actor):
        return Panel("quality", "数据质量", "components/kv.html", {"rows": []})

    public.register_panel(panel)
    try:
        page = client.get(f"/catalog/{entry.code}/").content.decode()
    finally:
        ports._panels.remove(panel)

    assert page.count("data-n=") >= 12 + len(entry.items)
    for words in ("核心元数据", "共享条件", "机尾号", "遮盖", "数据质量", "申请使用"):
        assert words in page


def test_a_page_of_results_asks_the_database_a_fixed_number_of_times(
    world, at, client, django_assert_max_num_queries
):
    for n in range(25):
        published_entry(world, name=f"示例目录第{n:02}号")

    client.get("/catalog/")  # the first look lets the index catch up, once
    with django_assert_max_num_queries(20):
        answer = client.get("/catalog/", {"q": "示例"})

    assert answer.status_code == 200


def test_lists_of_the_workbench_open_for_those_who_work_there(world, at, browser_of):
    entry = published_entry(world)
    public.mark_connected(entry.code, rows=5, at=clock.now(), by=world.actor("cataloguer"))
    receipt = public.issue_receipt(entry.code, by=world.actor("cataloguer"))
    browser = browser_of("cataloguer")

    manage = browser.get("/manage/catalog/").content.decode()
    receipts = browser.get("/manage/receipts/").content.decode()
    check = browser.get(f"/manage/catalog/{entry.code}/check/").content.decode()

    assert entry.name in manage
    assert receipt.number in receipts
    assert "下载正式编目回执" in check
    assert browser_of("consumer").get("/manage/catalog/").status_code == 403


def test_an_unknown_receipt_is_not_found(world, at, client):
    assert client.get("/receipts/HZ-2026-999999/").status_code == 404
    assert client.get("/receipts/HZ-2026-999999.pdf").status_code == 404
