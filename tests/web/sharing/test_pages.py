"""The pages of sharing: apply, follow, review, ledger, feedback. Without scripts."""

import re
from datetime import date
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests.factories_catalog import ITEMS, published_entry
from tests.factories_sharing import PURPOSE, conditional_entry, filed
from tests.world import PASSWORD, World
from tongqu.catalog.models import EntryVersion
from tongqu.catalog.vocabulary import EntryView
from tongqu.delivery import public as delivery
from tongqu.identity.models import Assignment
from tongqu.identity.vocabulary import Role
from tongqu.kernel import jobs
from tongqu.kernel.clock import FixedClock
from tongqu.sharing import public as sharing
from tongqu.sharing.models import Feedback, RevocationTask, ShareRequest
from tongqu.sharing.vocabulary import State

BASIS = "mot-2021-sharing 第十六条"
ALL_ITEMS = [item.name_en for item in ITEMS]


def typed(entry: EntryView, **given: Any) -> dict[str, Any]:
    return {
        "entry": entry.code, "version_id": entry.version_id, "submission": "once", **PURPOSE,
        "items": ALL_ITEMS, "manners": ["query"],
    } | given  # fmt: skip


def test_the_form_shows_scope_conditions_materials_masks_and_the_estimated_days(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    entry = conditional_entry(world)

    page = browser_of("consumer").get(f"/desk/apply/?entry={entry.code}")
    text = page.content.decode()

    assert page.status_code == 200
    for told in ("限用于应急处置", "等级保护备案证明", "所有政府部门", "遮盖", "2026-09-30"):
        assert told in text
    assert "2026-10-15" in text  # seven working days after the last day of the first review
    assert text.count("<h1") == 1


def test_the_form_has_at_most_eight_fields(world: World, at: FixedClock, browser_of: Any) -> None:
    entry = published_entry(world)

    text = browser_of("consumer").get(f"/desk/apply/?entry={entry.code}").content.decode()
    form = re.findall(r"<form[^>]*aria-labelledby=\"f-h\".*?</form>", text, re.S)[0]
    names = set(re.findall(r'name="(\w+)"', form))

    asked = names - {"csrfmiddlewaretoken", "entry", "version_id", "submission"}
    assert asked == {*PURPOSE, "items", "manners"}
    assert len(asked) <= 8


@pytest.mark.req("SHR-08")
def test_a_purpose_of_nothing_comes_back_with_the_error_under_its_field(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    entry = conditional_entry(world)

    answer = browser_of("consumer").post("/desk/apply/", typed(entry, purpose="应急"))
    text = answer.content.decode()

    assert answer.status_code == 422
    assert 'id="purpose-e"' in text
    assert 'aria-describedby="purpose-h purpose-e"' in text
    assert ">应急</textarea>" in text  # nothing typed is lost
    assert PURPOSE["duty"] in text


@pytest.mark.req("SHR-02", "SHR-09")
def test_an_unconditional_entry_is_granted_by_one_submission(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    browser, entry = browser_of("consumer"), published_entry(world)

    answer = browser.post("/desk/apply/", typed(entry), follow=True)
    found = ShareRequest.objects.get()
    text = answer.content.decode()

    assert found.state == State.GRANTED
    assert found.grant_number in text
    assert "初审" not in re.findall(r"<ol class=\"stations.*?</ol>", text, re.S)[0]


def test_a_double_click_makes_one_request(world: World, at: FixedClock, browser_of: Any) -> None:
    browser, entry = browser_of("consumer"), conditional_entry(world)

    first = browser.post("/desk/apply/", typed(entry))
    second = browser.post("/desk/apply/", typed(entry))

    assert ShareRequest.objects.count() == 1
    assert first.url == second.url


@pytest.mark.req("GEN-04")
def test_an_enterprise_is_pointed_elsewhere_on_the_page(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    answer = browser_of("firm").post("/desk/apply/", typed(published_entry(world)))
    text = answer.content.decode()

    assert answer.status_code == 403
    assert "不属于政务部门" in text
    assert "授权运营" in text


def test_a_department_out_of_scope_is_told_the_scope_before_it_types_anything(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    entry = conditional_entry(world, scope="listed", scope_codes=["990000-YJ"])
    address = f"/desk/apply/?entry={entry.code}"

    theirs = browser_of("consumer").get(address).content.decode()
    others = browser_of("tourism").get(address).content.decode()

    assert 'name="purpose"' in theirs
    assert "该条目只向以下部门共享：示例省应急管理厅" in others
    assert 'name="purpose"' not in others


def test_a_deadline_in_2027_is_marked_provisional_on_the_page(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    at.instant = FixedClock.on(date(2026, 12, 30)).instant
    number = filed(world, conditional_entry(world)).number

    text = browser_of("consumer").get(f"/desk/applications/{number}/").content.decode()

    assert "2027-01-04 24:00 截止（暂定）" in text


def test_an_entry_that_changed_while_the_form_was_open_keeps_what_was_typed(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    entry = conditional_entry(world)
    old = published_entry(world, items=ITEMS[:-1])
    EntryVersion.objects.filter(pk=old.version_id).update(
        entry_id=entry.id, state="archived", major=0
    )
    browser = browser_of("consumer")

    answer = browser.post("/desk/apply/", typed(entry, version_id=old.version_id))
    text = answer.content.decode()
    again = browser.post("/desk/apply/", typed(entry), follow=True)

    assert answer.status_code == 409
    assert "新增信息项：航程" in text
    assert PURPOSE["purpose"] in text
    assert f'name="version_id" value="{entry.version_id}"' in text
    assert again.status_code == 200
    assert ShareRequest.objects.count() == 1


def test_an_expired_session_in_the_middle_of_the_form_loses_nothing(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    browser, entry = browser_of("consumer"), conditional_entry(world)
    browser.get(f"/desk/apply/?entry={entry.code}")
    Session.objects.all().delete()  # it expired while the form was being filled in

    turned_away = browser.post("/desk/apply/", typed(entry))
    login = browser.post(turned_away.url, {"login": "consumer", "password": PASSWORD})
    text = browser.get(login.url).content.decode()

    assert turned_away.status_code == 302
    assert turned_away.url.startswith("/login/")
    assert login.url.startswith("/desk/apply/")
    assert PURPOSE["purpose"] in text
    assert PURPOSE["system_name"] in text
    assert "已恢复你刚才填写的内容" in text
    assert not ShareRequest.objects.exists()


# --- following ---------------------------------------------------------------------------


def test_an_applicant_follows_supplies_and_withdraws_on_the_page(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    number = filed(world, conditional_entry(world)).number
    sharing.ask_supplement(number, materials=["部门履职依据"], by=world.actor("support"))
    browser, address = browser_of("consumer"), f"/desk/applications/{number}/"

    listed = browser.get("/desk/applications/").content.decode()
    empty = browser.post(address, {"command": "supply", "material-1": ""})
    supplied = browser.post(address, {"command": "supply", "material-1": "示例〔2026〕1 号"})
    after = ShareRequest.objects.get(number=number).state
    browser.post(address, {"command": "withdraw"})

    assert number in listed
    assert empty.status_code == 422
    assert 'id="m1-e"' in empty.content.decode()
    assert supplied.status_code == 302
    assert after == State.FIRST_REVIEW
    assert ShareRequest.objects.get(number=number).state == State.WITHDRAWN


def test_a_request_of_another_department_is_not_there(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    number = filed(world, conditional_entry(world)).number

    for address in (f"/desk/applications/{number}/", f"/desk/todo/{number}/"):
        assert browser_of("tourism").get(address).status_code == 404


# --- review --------------------------------------------------------------------------------


def test_the_desk_shows_the_case_in_its_fixed_order(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    number = filed(world, conditional_entry(world)).number
    sharing.pass_first_review(number, opinion="材料齐全。", by=world.actor("support"))

    text = browser_of("provider").get(f"/desk/todo/{number}/").content.decode()
    places = [text.index(word) for word in (
        "申请共享“", "stations", "countdown", ">申请内容<", ">系统核对<", ">前序意见<",
        'name="decision"', "通知书预览", "actbar",
    )]  # fmt: skip

    assert places == sorted(places)
    assert "材料齐全" in text
    assert "没有依据不得拒绝" in text


def test_first_review_and_consent_go_through_the_desk(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    number = filed(world, conditional_entry(world)).number
    address = f"/desk/todo/{number}/"

    passed = browser_of("support").post(address, {"decision": "pass", "reason": "材料齐全"})
    part = browser_of("provider").post(
        address, {"decision": "approve_part", "items": ["flight"], "reason": "仅需航班号"}
    )
    found = ShareRequest.objects.get(number=number)
    grant = delivery.grant(found.grant_number)

    assert (passed.status_code, part.status_code) == (302, 302)
    assert grant is not None
    assert grant.terms.items == ("flight",)


def test_a_consent_on_the_desk_may_be_bound_to_rows_and_a_daily_quota(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    number = filed(world, conditional_entry(world)).number
    sharing.pass_first_review(number, by=world.actor("support"))
    browser, address = browser_of("provider"), f"/desk/todo/{number}/"
    consent = {"decision": "approve", "filter_item": "origin", "filter_values": "JFK，LGA"}

    wrong = browser.post(address, consent | {"quota": "很多"})
    browser.post(address, consent | {"quota": "1000"})
    grant = delivery.grant(ShareRequest.objects.get(number=number).grant_number)

    assert wrong.status_code == 422
    assert 'id="quota-e"' in wrong.content.decode()
    assert grant is not None
    assert grant.terms.quota_rows_per_day == 1000
    assert [(f.item, f.values) for f in grant.terms.row_filter] == [("origin", ("JFK", "LGA"))]


@pytest.mark.req("SHR-12")
def test_the_refusal_form_needs_a_basis_finds_one_and_previews_the_letter(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    number = filed(world, conditional_entry(world)).number
    sharing.pass_first_review(number, by=world.actor("support"))
    browser, address = browser_of("provider"), f"/desk/todo/{number}/"
    refusal = {"decision": "refuse", "reason": "不方便"}

    blocked = browser.post(address, refusal)
    searched = browser.post(address, refusal | {"do": "search", "search": "最小"})
    preview = browser.post(address, refusal | {"do": "preview", "basis": BASIS})
    still = ShareRequest.objects.get(number=number).state
    refused = browser.post(address, refusal | {"basis": BASIS, "reason": "超出申请单位职责。"})
    letter = re.findall(r"<article class=\"letter\".*?</article>", preview.content.decode(), re.S)

    assert blocked.status_code == 422
    assert 'id="basis-e"' in blocked.content.decode()
    assert searched.status_code == 200
    assert "第十六条" in letter[0]
    assert "不方便" in letter[0]
    assert still == State.PROVIDER_REVIEW
    assert refused.status_code == 302
    assert ShareRequest.objects.get(number=number).state == State.REFUSED


@pytest.mark.req("SHR-06")
def test_the_desk_offers_only_the_materials_that_the_entry_names(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    number = filed(world, conditional_entry(world)).number
    browser, address = browser_of("support"), f"/desk/todo/{number}/"

    text = browser.get(address).content.decode()
    other = browser.post(address, {"decision": "ask_supplement", "materials": ["户口簿"]})

    assert re.findall(r'name="materials" value="([^"]+)"', text) == [
        "等级保护备案证明",
        "部门履职依据",
    ]
    assert other.status_code == 422
    assert "变更目录条目" in other.content.decode()


def test_a_second_reviewer_is_told_on_the_page_who_was_first(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    number = filed(world, conditional_entry(world)).number
    sharing.pass_first_review(number, by=world.actor("support"))

    answer = browser_of("support").post(
        f"/desk/todo/{number}/", {"decision": "fail", "reason": "不通过"}
    )

    assert answer.status_code == 409
    assert "本件已由示例省交通运输厅信息中心 示例·support于 2026-09-24 09:00 办理" in (
        answer.content.decode()
    )


def test_who_filed_sees_no_choices_on_his_own_case(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    person = world.people["consumer"]
    Assignment.objects.create(person=person, role=Role.SUPPORT, organisation=person.organisation)
    number = filed(world, conditional_entry(world)).number

    text = browser_of("consumer").get(f"/desk/todo/{number}/").content.decode()

    assert 'name="decision"' not in text


# --- after the grant ---------------------------------------------------------------------


@pytest.mark.req("SHR-18")
def test_the_ledger_lets_the_granting_unit_decide_about_an_unused_grant(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    number = filed(world, published_entry(world)).grant_number
    at.instant = FixedClock.on(date(2026, 12, 25)).instant
    jobs.run("sharing.idle")
    browser = browser_of("provider")

    listed = browser.get("/share/grants/").content.decode()
    silent = browser.post("/share/grants/", {"grant": number, "decision": "revoke", "reason": ""})
    done = browser.post(
        "/share/grants/", {"grant": number, "decision": "revoke", "reason": "无需求"}, follow=True
    )
    grant = delivery.grant(number)

    assert "满 3 个月未使用，待决定" in listed
    assert silent.status_code == 422
    assert "已撤销，已通知使用部门" in done.content.decode()
    assert grant is not None
    assert not grant.is_open
    assert RevocationTask.objects.get().reason == "无需求"


@pytest.mark.req("SHR-17")
def test_feedback_is_given_on_the_page(world: World, at: FixedClock, browser_of: Any) -> None:
    number = filed(world, published_entry(world)).grant_number
    browser = browser_of("consumer")
    whole = {"grant": number, "needs_met": "5", "data_quality": "4", "effect": "支撑疏运调度。"}

    partial = browser.post("/share/feedback/", whole | {"effect": ""})
    given = browser.post("/share/feedback/", whole, follow=True)

    assert partial.status_code == 422
    assert 'id="effect-e"' in partial.content.decode()
    assert "支撑疏运调度。" in given.content.decode()
    assert Feedback.objects.get().needs_met == 5


def test_pages_are_read_with_few_statements(
    world: World, at: FixedClock, browser_of: Any, django_assert_max_num_queries: Any
) -> None:
    entry = conditional_entry(world)
    for _ in range(25):
        filed(world, entry)
    number = ShareRequest.objects.first().number  # type: ignore[union-attr]  # just made
    browser = browser_of("support")
    browser.get("/desk/applications/")  # sessions and caches are warm

    with django_assert_max_num_queries(20):
        browser.get("/desk/applications/")
    with django_assert_max_num_queries(20):
        browser.get(f"/desk/todo/{number}/")
    with django_assert_max_num_queries(20):
        browser.get("/share/grants/")
    with django_assert_max_num_queries(20):
        browser.get("/api/v1/sharing/requests")


def test_feedback_is_shown_on_the_page_of_its_entry_to_departments_only(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    entry = published_entry(world)
    number = filed(world, entry).grant_number
    sharing.give_feedback(
        number, needs_met=5, data_quality=4, effect="支撑疏运调度。", by=world.actor("consumer")
    )

    address = f"/catalog/{entry.code}/"

    assert "支撑疏运调度。" in browser_of("provider").get(address).content.decode()
    assert "支撑疏运调度。" not in Client().get(address).content.decode()
