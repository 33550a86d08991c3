"""Article 9: compliance check before publishing, frozen after, changes with notice."""

from datetime import date

import pytest

from tests.factories_catalog import draft_entry, published_entry
from tests.factories_delivery import grant
from tongqu.catalog.models import EntryVersion
from tongqu.identity.models import Message
from tongqu.kernel.clock import FixedClock
from tongqu.policy.clauses import measures_2021 as law


@pytest.mark.req("CAT-09")
@pytest.mark.parametrize(
    "username",
    ["provider", "managing", "cataloguer", "support", "sysadmin", "consumer", "supervisor",
     "auditor", "security", "responsible", "city", "firm"],
)  # fmt: skip
def test_no_role_publishes_an_entry_that_fails_a_blocking_rule(
    username: str, world, at, browser_of
):
    entry = draft_entry(world, source_system="")
    # Even a row pushed straight into review, past the check, is checked once more.
    EntryVersion.objects.filter(pk=entry.version_id).update(state="in_review")
    url = f"/api/v1/catalog/entries/{entry.code}"

    answer = browser_of(username).post(f"{url}/publish")

    assert answer.status_code in {403, 404, 422}
    assert EntryVersion.objects.get(pk=entry.version_id).state == "in_review"
    if username in {"provider", "managing"}:
        finding = answer.json()["facts"]["findings"][0]
        assert answer.json()["code"] == "NOT_COMPLIANT"
        assert finding["rule"] == "CAT-R11"
        assert finding["field"] == "source_system"
        assert finding["remedy"]


@pytest.mark.req("CAT-09")
def test_the_report_page_names_rule_field_and_remedy(world, at, browser_of):
    entry = draft_entry(world, source_system="")
    browser = browser_of("cataloguer")

    browser.post(f"/manage/catalog/{entry.code}/check/", {"step": "submit"})
    page = browser.get(f"/manage/catalog/{entry.code}/check/").content.decode()

    for words in ("CAT-R11", "source_system", "请补填“来源系统”", "退回修改"):
        assert words in page


def test_a_version_that_was_never_checked_is_not_published(world, at, browser_of):
    entry = draft_entry(world)

    answer = browser_of("provider").post(f"/api/v1/catalog/entries/{entry.code}/publish")

    assert answer.status_code == 409
    assert answer.json()["code"] == "NOT_CHECKED"


@pytest.mark.req("CAT-10")
def test_the_items_of_a_published_entry_are_frozen_without_a_change_application(
    world, at, browser_of
):
    entry = published_entry(world)
    url = f"/api/v1/catalog/entries/{entry.code}"
    browser = browser_of("cataloguer")
    items = browser.get(url).json()["items"]
    for item in items:
        item.pop("position")

    refused = browser.put(url, {"items": items[:3]}, content_type="application/json")

    assert refused.status_code == 409
    assert refused.json()["code"] == "FROZEN"
    assert refused.json()["clause"] == law.FROZEN.code
    assert len(browser.get(url).json()["items"]) == 6


@pytest.mark.req("CAT-10")
def test_with_a_change_application_and_its_reason_the_next_version_can_be_edited(
    world, at, browser_of
):
    entry = published_entry(world)
    url = f"/api/v1/catalog/entries/{entry.code}"
    browser = browser_of("cataloguer")
    change = {"reason": "system_upgrade", "explanation": "示例：系统升级改造",
              "effective_on": "2026-09-24"}  # fmt: skip

    no_reason = browser.post(f"{url}/changes", {"effective_on": "2026-09-24"},
                             content_type="application/json")  # fmt: skip
    registered = browser.post(f"{url}/changes", change, content_type="application/json")
    edited = browser.patch(url, {"summary": "示例：新摘要"}, content_type="application/json")

    assert no_reason.status_code == 422
    assert registered.status_code == 201, registered.content
    assert registered.json()["version"] == "1.1"
    assert edited.status_code == 200
    assert browser.get(url).json()["summary"] == entry.summary, "1.0 stays in force"


@pytest.mark.req("CAT-11")
def test_with_an_active_grant_a_change_needs_three_months_and_without_one_it_does_not(
    world, browser_of
):
    from tongqu.kernel import clock

    change = {
        "reason": "data_change",
        "explanation": "示例：停用一列",
        "effective_on": "2027-05-29",
    }
    with clock.use(FixedClock.on(date(2027, 3, 1))):
        entry = published_entry(world)
        grant(world, entry)
        url = f"/api/v1/catalog/entries/{entry.code}/changes"
        browser, managing = browser_of("cataloguer"), browser_of("managing")

        early = browser.post(url, change, content_type="application/json")
        not_theirs = browser.post(f"{url}/override", change | {"override_basis": "x"},
                                  content_type="application/json")  # fmt: skip
        overridden = managing.post(
            f"{url}/override", change | {"override_basis": "示例：应急处置"},
            content_type="application/json",
        )  # fmt: skip
        other = published_entry(world, name="示例另一目录")
        free = browser.post(
            f"/api/v1/catalog/entries/{other.code}/changes", change,
            content_type="application/json",
        )  # fmt: skip

    assert early.status_code == 422
    assert early.json()["code"] == "CHANGE_TOO_EARLY"
    assert early.json()["facts"]["earliest_on"] == "2027-06-01"
    assert not_theirs.status_code == 403
    assert overridden.status_code == 201, overridden.content
    assert free.status_code == 201


def test_a_change_in_notice_takes_effect_on_its_day_and_not_before(world, at):
    from tongqu.catalog import public
    from tongqu.catalog.vocabulary import ChangeReason

    entry = published_entry(world)
    grant(world, entry)
    by = world.actor("cataloguer")
    public.register_change(entry.code, reason=ChangeReason.OTHER, explanation="示例",
                           effective_on=date(2026, 12, 24), by=by)  # fmt: skip
    public.edit_draft(entry.code, by=by, fields={"summary": "示例：新"})
    public.submit_for_check(entry.code, by=by)
    pending = public.publish(entry.code, by=world.actor("provider"))

    told = Message.objects.filter(kind="变更预告").values_list("organisation__code", flat=True)
    before = public.take_effect()
    at.instant = FixedClock.on(date(2026, 12, 24)).instant
    after = public.take_effect()

    assert pending.state == "change_pending"
    assert list(told) == ["990000-YJ"], "every active user is told"
    assert (before, after, public.take_effect()) == (0, 1, 0)
    assert public.published(entry.code).version == "1.1"
