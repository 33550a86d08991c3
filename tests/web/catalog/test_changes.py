"""Changes: what they break, from when they hold, who is told; and how an entry ends."""

from datetime import date

import pytest

from tests.factories_catalog import ITEMS, published_entry
from tests.factories_delivery import grant
from tongqu.catalog import public
from tongqu.catalog.models import EntryVersion
from tongqu.catalog.vocabulary import ChangeReason
from tongqu.identity.models import Message
from tongqu.kernel import clock
from tongqu.kernel.clock import FixedClock


def _items(*, without: str = "", **changed):
    rows = []
    for item in ITEMS:
        if item.name_en == without:
            continue
        row = {name: getattr(item, name) for name in item.__slots__ if name != "position"}
        rows.append(row | changed.get(item.name_en, {}))
    return rows


@pytest.mark.req("STD-13")
def test_a_dropped_field_is_classed_incompatible_and_needs_three_months(world, at, browser_of):
    entry = published_entry(world)
    grant(world, entry)
    url = f"/api/v1/catalog/entries/{entry.code}/changes"
    browser = browser_of("cataloguer")

    proposed = browser.post(
        f"{url}/propose", {"items": _items(without="dest")}, content_type="application/json"
    ).json()
    change = {
        "reason": "data_change",
        "explanation": "示例：删除一列",
        "effective_on": "2026-12-23",
    }
    early = browser.post(url, change, content_type="application/json")

    assert proposed["compatibility"] == "breaking"
    assert [i["subject"] for i in proposed["impacts"]] == ["dest"]
    assert proposed["impacts"][0]["reason"].startswith("删除信息项")
    assert proposed["earliest_on"] == "2026-12-24"
    assert early.status_code == 422
    assert early.json()["facts"]["earliest_on"] == "2026-12-24"
    assert public.published(entry.code).version == "1.0", "nothing was written"


@pytest.mark.req("STD-13")
@pytest.mark.parametrize(
    ("item", "changed", "compatibility"),
    [
        ("carrier", {"length": 3}, "compatible"),
        ("carrier", {"length": 1}, "breaking"),
        ("distance", {"data_type": "decimal"}, "compatible"),
        ("distance", {"data_type": "string"}, "breaking"),
        ("distance", {"nullable": False}, "breaking"),
        ("carrier", {"nullable": True}, "breaking"),
        ("flight", {"is_key": False}, "breaking"),
        ("origin", {"level": 2}, "breaking"),
        ("tailnum", {"level": 1}, "compatible"),
        ("origin", {"is_shareable": False}, "breaking"),
        ("origin", {"code_table": "另一码表"}, "breaking"),
        ("origin", {"name_zh": "出发机场"}, "compatible"),
    ],
)
def test_each_kind_of_change_has_its_class(item, changed, compatibility, *, world, at, browser_of):
    entry = published_entry(world)

    found = browser_of("cataloguer").post(
        f"/api/v1/catalog/entries/{entry.code}/changes/propose",
        {"items": _items(**{item: changed})}, content_type="application/json",
    ).json()  # fmt: skip

    assert found["compatibility"] == compatibility
    assert [i["subject"] for i in found["impacts"]] == [item]


def test_a_new_nullable_item_is_compatible_and_a_new_required_one_is_not(world, at, browser_of):
    entry = published_entry(world)
    url = f"/api/v1/catalog/entries/{entry.code}/changes/propose"
    new = {"name_zh": "登机口", "name_en": "gate"}
    browser = browser_of("cataloguer")

    classes = [
        browser.post(
            url, {"items": [*_items(), new | {"nullable": nullable}]},
            content_type="application/json",
        ).json()["compatibility"]
        for nullable in (True, False)
    ]  # fmt: skip

    assert classes == ["compatible", "breaking"]


@pytest.mark.req("CAT-11", "STD-13")
def test_a_grant_given_after_the_filing_holds_a_breaking_change_back_and_it_can_be_moved(
    world, at, browser_of
):
    entry = published_entry(world)
    url = f"/api/v1/catalog/entries/{entry.code}"
    browser = browser_of("cataloguer")
    change = {"reason": "data_change", "explanation": "示例", "effective_on": "2026-09-25"}
    browser.post(f"{url}/changes", change, content_type="application/json")
    browser.patch(url, {"items": _items(without="dest")}, content_type="application/json")
    browser.post(f"{url}/check")
    grant(world, entry)

    held = browser_of("provider").post(f"{url}/publish")
    moved = browser.patch(
        f"{url}/changes", {"effective_on": "2026-12-24"}, content_type="application/json"
    )
    approved = browser_of("provider").post(f"{url}/publish")

    assert held.status_code == 422
    assert held.json()["code"] == "CHANGE_TOO_EARLY"
    assert moved.status_code == 200, moved.content
    assert approved.json()["state"] == "change_pending"
    told = browser_of("consumer").get("/desk/messages/").content.decode()
    assert "2026-12-24" in told
    assert "不兼容" in told


@pytest.mark.req("CAT-11")
def test_an_emergency_override_is_reported_to_supervisors_and_users_and_kept_in_the_register(
    world, at, browser_of
):
    entry = published_entry(world)
    grant(world, entry)
    change = {
        "reason": "data_change", "explanation": "示例：应急", "effective_on": "2026-09-25",
        "override_basis": "示例：应急处置要求",
    }  # fmt: skip

    answer = browser_of("managing").post(
        f"/api/v1/catalog/entries/{entry.code}/changes/override", change,
        content_type="application/json",
    )  # fmt: skip
    register = browser_of("supervisor").get("/desk/messages/").content.decode()
    page = browser_of("managing").get("/manage/catalog/changes/").content.decode()
    listed = browser_of("managing").get("/api/v1/catalog/changes").json()

    assert answer.status_code == 201, answer.content
    assert "特批" in register
    assert "示例：应急处置要求" in page
    assert listed[0]["override_basis"] == "示例：应急处置要求"
    assert Message.objects.filter(kind="变更特批", organisation__code="990000-YJ").exists()


@pytest.mark.req("CAT-08")
def test_the_diff_shows_exactly_the_two_items_with_old_and_new_in_words(
    world, at, client, browser_of
):
    entry = published_entry(world)
    by = world.actor("cataloguer")
    public.register_change(entry.code, reason=ChangeReason.OTHER, explanation="示例",
                           effective_on=clock.today(), by=by)  # fmt: skip
    url = f"/api/v1/catalog/entries/{entry.code}"
    changed = _items(carrier={"length": 3, "nullable": True}, tailnum={"mask": "hash"})
    browser_of("cataloguer").patch(url, {"items": changed}, content_type="application/json")
    submit = browser_of("cataloguer").get(
        f"/manage/catalog/{entry.code}/edit/", {"step": "submit"}
    ).content.decode()  # fmt: skip
    public.submit_for_check(entry.code, by=by)
    public.publish(entry.code, by=world.actor("provider"))

    found = client.get(f"{url}/versions/1.0/diff/1.1").json()
    page = client.get(f"/catalog/{entry.code}/versions/1.0..1.1/").content.decode()
    old = client.get(f"{url}/versions/1.0").json()

    assert [d["subject"] for d in found["differences"]] == ["carrier", "tailnum"]
    assert found["differences"][0]["attributes"] == [
        {"label": "长度", "before": "2", "after": "3"},
        {"label": "可空", "before": "否", "after": "是"},
    ]
    assert page.count("data-subject=") == 2
    assert "不可空变为可空" in page
    assert "与 V1.0 相比，2 处变化" in submit
    assert old["items"][1]["length"] == 2, "the earlier version stays readable"


def test_an_entry_without_users_stops_with_two_signatures_and_goes_to_the_archive(
    world, at, browser_of
):
    entry = published_entry(world)
    url = f"/api/v1/catalog/entries/{entry.code}/stop"
    stop = {"reason": "示例：系统下线", "effective_on": "2026-09-24"}

    alone = browser_of("managing").post(f"{url}/approve")
    not_theirs = browser_of("cataloguer").post(url, stop, content_type="application/json")
    asked = browser_of("provider").post(url, stop, content_type="application/json")
    approved = browser_of("managing").post(f"{url}/approve")

    assert alone.status_code == 404
    assert not_theirs.status_code == 403
    assert asked.json()["state"] == "published"
    assert approved.json()["state"] == "stopped"
    refused = browser_of("consumer").get(f"/catalog/{entry.code}/")
    assert "停用" in refused.content.decode(), "never deleted, still readable"
    assert public.archive_stopped() == 0
    at.instant = FixedClock.on(date(2026, 12, 24)).instant
    assert (public.archive_stopped(), public.archive_stopped()) == (1, 0)
    assert EntryVersion.objects.get(pk=entry.version_id).state == "archived"


def test_an_entry_in_use_stops_only_after_three_months_notice(world, at, browser_of):
    entry = published_entry(world)
    grant(world, entry)
    check = f"/manage/catalog/{entry.code}/check/"
    provider, managing = browser_of("provider"), browser_of("managing")

    early = provider.post(check, {"step": "stop", "reason": "示例", "effective_on": "2026-12-23"})
    provider.post(check, {"step": "stop", "reason": "示例", "effective_on": "2026-12-24"})
    managing.post(check, {"step": "approve_stop"})
    before = public.published(entry.code).state
    told = browser_of("consumer").get("/desk/messages/").content.decode()
    at.instant = FixedClock.on(date(2026, 12, 24)).instant

    assert early.status_code == 422
    assert before == "published"
    assert "将于 2026-12-24 停用" in told
    assert (public.stops_take_effect(), public.stops_take_effect()) == (1, 0)
    assert public.entry(entry.code).state == "stopped"
