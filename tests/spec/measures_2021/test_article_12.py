"""Article 12: a purpose; automatic grant; first review in 3 and review in 7 working days; a
refusal needs a basis; materials are named beforehand; withheld data is negotiated."""

import json
from datetime import date
from time import perf_counter
from typing import Any

import pytest
from django.test import Client

from tests.factories_catalog import ITEMS, draft_entry, published_entry
from tests.factories_sharing import PURPOSE, application, conditional_entry, filed
from tests.world import World
from tongqu.audit.models import AuditEntry
from tongqu.catalog import public as catalog
from tongqu.catalog.models import EntryVersion
from tongqu.catalog.vocabulary import EntryView, ItemView, Scope
from tongqu.delivery import public as delivery
from tongqu.identity.models import Assignment, Message, Organisation, Person
from tongqu.identity.public import actor_for
from tongqu.identity.vocabulary import Level, OrganisationKind, Role
from tongqu.kernel import jobs
from tongqu.kernel.clock import FixedClock
from tongqu.kernel.problems import Rejected
from tongqu.policy.actions.calendar import enter_year
from tongqu.policy.actions.profiles import add_profile
from tongqu.policy.models import PolicyProfile
from tongqu.sharing import public as sharing
from tongqu.sharing.models import ShareRequest
from tongqu.sharing.vocabulary import State

BASIS = "mot-2021-sharing 第十六条"


def move(at: FixedClock, day: date, hour: int = 9) -> None:
    at.instant = FixedClock.on(day, hour).instant


def post(client: Client, path: str, body: dict[str, Any], **headers: str) -> Any:
    return client.post(
        f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=headers
    )


def body_for(entry: EntryView, **given: Any) -> dict[str, Any]:
    return {"entry_code": entry.code, "version_id": entry.version_id, **PURPOSE, **given}


# --- purpose -----------------------------------------------------------------------


@pytest.mark.req("SHR-08")
@pytest.mark.parametrize(
    "purpose",
    [
        "",
        "　　　　　　　　　　　　",
        "应急使用",
        "用用用用用用用用用用用用",
        "。。。，，，。。。，，，",
    ],
)
def test_a_request_without_a_meaningful_purpose_is_answered_422(
    world: World, at: FixedClock, browser_of: Any, purpose: str
) -> None:
    entry = conditional_entry(world)

    answer = post(browser_of("consumer"), "/sharing/requests", body_for(entry, purpose=purpose))

    assert answer.status_code == 422
    assert answer.json()["code"] == "PURPOSE_REQUIRED"
    assert answer.json()["clause"] == "mot-2021-sharing 第十二条"
    assert "purpose" in answer.json()["fields"]
    assert not ShareRequest.objects.exists()


@pytest.mark.parametrize("part", ["duty", "system_name"])
def test_every_part_of_the_purpose_must_be_given(
    world: World, at: FixedClock, browser_of: Any, part: str
) -> None:
    body = body_for(conditional_entry(world), **{part: " "})

    answer = post(browser_of("consumer"), "/sharing/requests", body)

    assert (answer.status_code, answer.json()["code"]) == (422, "PURPOSE_REQUIRED")
    assert list(answer.json()["fields"]) == [part]


# --- who may ask, and for what --------------------------------------------------------


@pytest.mark.req("GEN-04")
def test_an_enterprise_is_refused_and_pointed_to_opening_or_authorised_operation(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    entry = published_entry(world)

    answer = post(browser_of("firm"), "/sharing/requests", body_for(entry))

    assert answer.json()["code"] == "NOT_GOV_DEPT"
    assert "数据开放" in answer.json()["next_step"]
    assert "授权运营" in answer.json()["next_step"]
    assert answer.json()["facts"]["alternatives"] == ["opening", "authorised_operation"]
    assert not ShareRequest.objects.exists()
    assert AuditEntry.objects.filter(action="sharing.request.submit", code="NOT_GOV_DEPT").exists()


@pytest.mark.req("CAT-05")
def test_a_request_for_an_unpublished_entry_is_answered_not_published(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    draft = draft_entry(world)

    answer = post(browser_of("consumer"), "/sharing/requests", body_for(draft, version_id=None))

    assert (answer.status_code, answer.json()["code"]) == (422, "NOT_PUBLISHED")


def police(world: World) -> Person:
    """Return a user of the police department, who has verified his identity."""
    unit = Organisation.objects.create(
        code="990000-GA", name="示例省公安厅", kind=OrganisationKind.GOVERNMENT,
        level=Level.PROVINCE, division_code="990000", is_example=True,
    )  # fmt: skip
    person = Person.objects.create(
        username="police", display_name="示例·police", organisation=unit, assurance=2
    )
    Assignment.objects.create(person=person, role=Role.CONSUMER, organisation=unit)
    world.people["police"] = person
    return person


HIDDEN = tuple(
    ItemView(7 + n, f"内部字段{n}", f"hidden_{n}", ITEMS[1].data_type, 10, is_shareable=False)
    for n in range(3)
)


@pytest.mark.req("SHR-03")
def test_a_department_out_of_scope_is_told_the_scope_and_hidden_items_are_never_granted(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    police(world)
    entry = conditional_entry(
        world, scope=Scope.LISTED, scope_codes=["990000-GA", "990000-YJ"], items=(*ITEMS, *HIDDEN)
    )

    tourism = post(browser_of("tourism"), "/sharing/requests", body_for(entry))
    theirs = post(browser_of("police"), "/sharing/requests", body_for(entry))
    number = theirs.json()["number"]
    post(browser_of("support"), f"/sharing/requests/{number}/pass", {})
    decided = post(browser_of("provider"), f"/sharing/requests/{number}/approve", {})
    grant = delivery.grant(decided.json()["grant"])

    assert tourism.json()["code"] == "OUT_OF_SCOPE"
    assert tourism.json()["facts"]["scope"] == ["示例省公安厅", "示例省应急管理厅"]
    assert theirs.status_code == 201
    assert grant is not None
    assert len(grant.terms.items) == len(ITEMS)
    assert not {item.name_en for item in HIDDEN} & set(grant.terms.items)


def test_a_hidden_item_cannot_even_be_asked_for(world: World, at: FixedClock) -> None:
    entry = conditional_entry(world, items=(*ITEMS, *HIDDEN))

    with pytest.raises(Rejected) as refused:
        sharing.submit(application(entry, items=("flight", "hidden_1")), by=world.actor("consumer"))

    assert refused.value.problem.code == "ITEM_NOT_SHARED"


# --- automatic grant ----------------------------------------------------------------


@pytest.mark.req("SHR-02", "SHR-09")
def test_an_unconditional_entry_is_granted_at_once_and_the_provider_is_informed(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    entry = published_entry(world)

    began = perf_counter()
    answer = post(browser_of("consumer"), "/sharing/requests", body_for(entry))
    seconds = perf_counter() - began
    found = ShareRequest.objects.get(number=answer.json()["number"])
    grant = delivery.grant(answer.json()["grant"])

    assert answer.status_code == 201
    assert answer.json()["state"] == "granted"
    assert grant is not None
    assert grant.is_open
    assert seconds <= 5
    # No reviewer anywhere in the flow: one step, taken by the platform.
    assert [(event.command, event.actor_kind) for event in found.events.all()] == [
        ("grant", "platform")
    ]
    assert not found.decisions.exists()
    told = Message.objects.filter(organisation_id=entry.provider_id, text__contains=found.number)
    assert told.exists()


@pytest.mark.req("SHR-09")
def test_below_the_assurance_the_request_waits_and_goes_on_after_verification(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    person = world.people["consumer"]
    Person.objects.filter(pk=person.pk).update(assurance=1)
    browser, entry = browser_of("consumer"), published_entry(world)

    answer = post(browser, "/sharing/requests", body_for(entry))
    number = answer.json()["number"]
    too_early = post(browser, f"/sharing/requests/{number}/verify", {})
    Person.objects.filter(pk=person.pk).update(assurance=2)
    after = post(browser, f"/sharing/requests/{number}/verify", {})

    assert answer.json()["state"] == "verifying"
    assert answer.json()["waiting"]["code"] == "NOT_VERIFIED"
    assert answer.json()["grant"] == ""
    assert too_early.json()["code"] == "NOT_VERIFIED"
    assert after.json()["state"] == "granted"
    assert delivery.grant(after.json()["grant"]) is not None


# --- deadlines ------------------------------------------------------------------------


@pytest.mark.req("SHR-10")
def test_first_review_is_due_in_three_working_days_then_overdue_and_escalated(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    answer = post(browser_of("consumer"), "/sharing/requests", body_for(conditional_entry(world)))
    number = answer.json()["number"]
    move(at, date(2026, 9, 30), 23)
    jobs.run("sharing.overdue")
    in_time = ShareRequest.objects.get(number=number).overdue_at
    move(at, date(2026, 10, 8))
    jobs.run("sharing.overdue")
    jobs.run("sharing.overdue")

    found = browser_of("managing").get(f"/api/v1/sharing/requests/{number}").json()

    assert answer.json()["due_on"] == "2026-09-30"
    assert in_time is None
    assert found["is_overdue"]
    assert found["state"] == "first_review"  # late is never approved
    assert [event["command"] for event in found["events"]] == ["file", "escalate"]
    told = Message.objects.get(key__startswith=f"sharing.overdue.{number}")
    assert told.role == Role.MANAGING_OFFICE
    assert number in [item.reference for item in sharing.todos(world.actor("managing"))]


@pytest.mark.req("SHR-11")
def test_the_providers_review_is_due_in_seven_working_days_after_first_review(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    entry = conditional_entry(world)
    number = filed(world, entry).number

    answer = post(browser_of("support"), f"/sharing/requests/{number}/pass", {"reason": "齐全"})

    assert answer.json()["state"] == "provider_review"
    assert answer.json()["due_on"] == "2026-10-12"
    assert [item.due_on for item in sharing.todos(world.actor("provider"))] == [date(2026, 10, 12)]


def test_a_late_provider_is_marked_and_the_case_stays_under_review(
    world: World, at: FixedClock
) -> None:
    found = filed(world, conditional_entry(world))
    sharing.pass_first_review(found.number, by=world.actor("support"))
    move(at, date(2026, 10, 13))

    assert sharing.mark_overdue() == [found.number]
    found.refresh_from_db()
    assert (found.state, found.overdue_at is not None) == (State.PROVIDER_REVIEW, True)
    assert found.grant_number == ""


@pytest.mark.req("GEN-10")
def test_a_request_filed_on_30_june_follows_the_profile_of_that_day(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    move(at, date(2026, 6, 1))
    entry = conditional_entry(world)
    _five_days_from(date(2026, 7, 1), world)
    move(at, date(2026, 6, 30))
    under_a = filed(world, entry)
    move(at, date(2026, 7, 1))
    under_b = filed(world, entry)

    opened = browser_of("support").get(f"/api/v1/sharing/requests/{under_a.number}").json()

    assert opened["due_on"] == "2026-07-03"
    assert opened["profile"] != under_b.profile
    assert under_b.due_on == date(2026, 7, 8)


def _five_days_from(day: date, world: World) -> None:
    """Enter profile B, by which the first review takes five working days."""
    profile_a = PolicyProfile.objects.get(is_active=True, valid_to=None)
    add_profile(
        title="示例：修订办法", regulation="example", valid_from=day,
        values=profile_a.terms | {"first_review_working_days": 5},
        sources=profile_a.sources, reason="示例修订", by=world.actor("managing"),
    )  # fmt: skip


def test_a_deadline_in_a_year_not_yet_announced_is_provisional_and_recounted_with_a_trace(
    world: World, at: FixedClock
) -> None:
    move(at, date(2026, 12, 30))
    found = filed(world, conditional_entry(world))
    before = (found.due_on, found.due_provisional)
    enter_year(
        year=2027,
        notice="示例：2027 年放假安排",
        source="示例",
        lines=["2027-01-01,放假", "2027-01-04,放假"],
        by=world.actor("managing"),
    )
    found.refresh_from_db()
    last = found.events.last()

    assert before == (date(2027, 1, 4), True)
    assert (found.due_on, found.due_provisional) == (date(2027, 1, 6), False)
    assert last is not None
    assert (last.command, last.facts["from"]) == ("recount", "2027-01-04")


# --- supplement ---------------------------------------------------------------------


@pytest.mark.req("SHR-06")
def test_a_material_that_the_entry_does_not_name_cannot_be_demanded(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    number = filed(world, conditional_entry(world)).number
    body = {"materials": ["等级保护备案证明", "法定代表人身份证复印件"]}

    answer = post(browser_of("support"), f"/sharing/requests/{number}/supplement", body)

    assert (answer.status_code, answer.json()["code"]) == (422, "MATERIAL_NOT_LISTED")
    assert "变更目录条目" in answer.json()["next_step"]
    assert ShareRequest.objects.get(number=number).state == State.FIRST_REVIEW


def test_a_supplement_stops_the_clock_once_and_the_days_left_run_on(
    world: World, at: FixedClock
) -> None:
    support, consumer = world.actor("support"), world.actor("consumer")
    number = filed(world, conditional_entry(world)).number
    move(at, date(2026, 9, 28))  # one working day used
    asked = sharing.ask_supplement(number, materials=["等级保护备案证明"], by=support)
    due_of_supplement = asked.due_on
    move(at, date(2026, 10, 9))
    with pytest.raises(Rejected) as incomplete:
        sharing.supply(number, statements={}, by=consumer)
    supplied = sharing.supply(number, statements={"等级保护备案证明": "示例备字 1 号"}, by=consumer)
    with pytest.raises(Rejected) as again:
        sharing.ask_supplement(number, materials=["部门履职依据"], by=support)

    assert due_of_supplement == date(2026, 10, 23)  # fifteen working days
    assert incomplete.value.problem.code == "MATERIAL_REQUIRED"
    assert supplied.due_on == date(2026, 10, 12)  # two were left: 10 and 12 October
    assert again.value.problem.code == "SUPPLEMENT_ONCE"


def test_what_is_not_supplied_in_time_lapses_and_is_told(world: World, at: FixedClock) -> None:
    number = filed(world, conditional_entry(world)).number
    sharing.ask_supplement(number, materials=["部门履职依据"], by=world.actor("support"))
    move(at, date(2026, 10, 22))
    jobs.run("sharing.overdue")
    waiting = ShareRequest.objects.get(number=number).state
    move(at, date(2026, 10, 23))
    jobs.run("sharing.overdue")

    assert waiting == State.SUPPLEMENT
    assert ShareRequest.objects.get(number=number).state == State.WITHDRAWN
    assert Message.objects.filter(key__startswith=f"sharing.lapsed.{number}").exists()


# --- decision -------------------------------------------------------------------------


def under_review(world: World, **given: Any) -> ShareRequest:
    found = filed(world, conditional_entry(world), **given)
    return sharing.pass_first_review(found.number, opinion="材料齐全。", by=world.actor("support"))


@pytest.mark.req("SHR-12")
def test_a_refusal_without_a_clause_is_blocked_and_with_one_the_applicant_sees_it(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    number = under_review(world).number
    address = f"/sharing/requests/{number}/refuse"
    provider, consumer = browser_of("provider"), browser_of("consumer")

    blocked = post(provider, address, {"reason": "不方便"})
    also = post(provider, address, {"reason": "不方便", "basis": "不方便"})
    still = ShareRequest.objects.get(number=number).state
    refused = post(provider, address, {"reason": "用途超出申请单位职责范围。", "basis": BASIS})
    seen = consumer.get(f"/api/v1/sharing/requests/{number}").json()
    page = consumer.get(f"/desk/applications/{number}/").content.decode()

    assert [(a.status_code, a.json()["code"]) for a in (blocked, also)] == [
        (422, "BASIS_REQUIRED")
    ] * 2
    assert still == State.PROVIDER_REVIEW
    assert refused.json()["state"] == "refused"
    assert seen["decisions"][-1]["clause"] == BASIS
    assert seen["decisions"][-1]["clause_gist"]
    assert "第十六条" in page
    assert seen["decisions"][-1]["clause_gist"] in page


def test_consent_opens_the_grant_for_what_was_asked(world: World, at: FixedClock) -> None:
    found = under_review(world, items=("flight", "carrier"), manners=("query",))

    done = sharing.approve(found.number, by=world.actor("provider"))
    grant = delivery.grant(done.grant_number)

    assert grant is not None
    assert grant.terms.items == ("flight", "carrier")
    assert [str(manner) for manner in grant.terms.manners] == ["query"]
    assert grant.terms.purpose_code == "emergency"
    assert grant.source_reference == found.number


def test_consent_in_part_grants_fewer_items_and_needs_a_reason(
    world: World, at: FixedClock
) -> None:
    number, by = under_review(world).number, world.actor("provider")
    for items in ((), ("flight", "secret"), tuple(item.name_en for item in ITEMS)):
        with pytest.raises(Rejected) as refused:
            sharing.approve_part(number, items=items, reason="核减", by=by)
        assert refused.value.problem.code == "ITEMS_INVALID"
    with pytest.raises(Rejected) as silent:
        sharing.approve_part(number, items=["flight"], reason=" ", by=by)

    done = sharing.approve_part(number, items=["origin", "flight"], reason="仅需航班号", by=by)
    grant = delivery.grant(done.grant_number)

    assert silent.value.problem.code == "REASON_REQUIRED"
    assert grant is not None
    assert grant.terms.items == ("flight", "origin")


def test_the_second_of_two_reviewers_is_told_who_decided_and_when(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    number = under_review(world).number
    sharing.approve(number, by=world.actor("provider"))

    answer = post(
        browser_of("provider"), f"/sharing/requests/{number}/refuse",
        {"basis": BASIS, "reason": "超出职责。"},
    )  # fmt: skip

    assert (answer.status_code, answer.json()["code"]) == (409, "ALREADY_DECIDED")
    assert "示例·provider" in answer.json()["title"]
    assert "2026-09-24 09:00" in answer.json()["title"]


def test_who_filed_a_request_cannot_decide_it_even_with_both_roles(
    world: World, at: FixedClock
) -> None:
    person = world.people["consumer"]
    for role in (Role.SUPPORT, Role.PROVIDER_REVIEWER, Role.MANAGING_OFFICE):
        Assignment.objects.create(person=person, role=role, organisation=person.organisation)
    number = filed(world, conditional_entry(world)).number

    with pytest.raises(Rejected) as refused:
        sharing.pass_first_review(number, by=actor_for(person))

    assert refused.value.problem.code == "SEPARATION"


def test_a_reviewer_decides_only_for_his_own_organisation(world: World, at: FixedClock) -> None:
    number = under_review(world).number
    person = world.people["tourism"]
    Assignment.objects.create(
        person=person, role=Role.PROVIDER_REVIEWER, organisation=person.organisation
    )

    with pytest.raises(Rejected) as unseen:
        sharing.approve(number, by=actor_for(person))

    assert unseen.value.problem.code == "NOT_FOUND"  # what he may not see is not there for him


def test_a_department_that_asks_for_its_own_data_is_decided_by_the_managing_office(
    world: World, at: FixedClock
) -> None:
    person = world.people["cataloguer"]
    Assignment.objects.create(person=person, role=Role.CONSUMER, organisation=person.organisation)
    number = filed(world, conditional_entry(world), who="cataloguer").number

    passed = sharing.pass_first_review(number, by=world.actor("support"))
    state = passed.state
    done = sharing.approve(number, by=world.actor("managing"))

    assert state == State.MANAGING_APPROVAL
    assert done.state == State.GRANTED


def test_a_request_may_be_withdrawn_until_it_is_decided(world: World, at: FixedClock) -> None:
    number = filed(world, conditional_entry(world)).number

    done = sharing.withdraw(number, by=world.actor("consumer"))

    assert done.state == State.WITHDRAWN
    with pytest.raises(Rejected) as late:
        sharing.pass_first_review(number, by=world.actor("support"))
    assert late.value.problem.code == "ALREADY_DECIDED"


# --- the form and the entry ------------------------------------------------------------


def test_the_same_token_twice_makes_one_request(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    browser, entry = browser_of("consumer"), conditional_entry(world)

    first = post(browser, "/sharing/requests", body_for(entry), **{"Idempotency-Key": "k1"})
    second = post(browser, "/sharing/requests", body_for(entry), **{"Idempotency-Key": "k1"})
    other = post(
        browser, "/sharing/requests", body_for(entry, duty="另一依据"), **{"Idempotency-Key": "k1"}
    )

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["number"] == second.json()["number"]
    assert (other.status_code, other.json()["code"]) == (409, "KEY_REUSED")
    assert ShareRequest.objects.count() == 1


def test_an_entry_that_changed_while_the_form_was_open_is_answered_with_what_changed(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    entry = conditional_entry(world)
    body = body_for(entry) | {"version_id": older_version(world, entry)}

    answer = post(browser_of("consumer"), "/sharing/requests", body)

    assert (answer.status_code, answer.json()["code"]) == (409, "ENTRY_CHANGED")
    assert "新增信息项：航程" in answer.json()["facts"]["changes"]
    assert not ShareRequest.objects.exists()


def older_version(world: World, entry: EntryView) -> int:
    """Put an archived version with one item less before the one in force; return its id."""
    old = published_entry(world, items=ITEMS[:-1])
    version = EntryVersion.objects.get(pk=old.version_id)
    EntryVersion.objects.filter(pk=version.pk).update(
        entry=EntryVersion.objects.get(pk=entry.version_id).entry, state="archived", major=0
    )
    return int(version.pk)


# --- negotiation ----------------------------------------------------------------------


@pytest.mark.req("SHR-13")
def test_an_agreement_on_four_items_is_a_one_off_grant_and_the_entry_stays_withheld(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    entry = published_entry(
        world, sharing_type="withheld", scope=Scope.NOBODY, withheld_basis=[BASIS]
    )
    consumer, provider, office = map(browser_of, ("consumer", "provider", "managing"))
    typed = {"entry": entry.code, "version_id": entry.version_id, "submission": "once", **PURPOSE}
    mine = consumer.post("/desk/apply/", typed).url
    found = ShareRequest.objects.get()
    desk = f"/desk/todo/{found.number}/"
    four = ["flight", "carrier", "origin", "dest"]

    assert found.state == State.NEGOTIATING
    assert provider.post(desk, {"do": "talk", "talk": "机尾号涉及企业信息，不宜提供。"}).url == desk
    assert consumer.post(mine, {"command": "talk", "talk": "可不含机尾号，须含航程。"}).url == mine
    outsider = post(browser_of("support"), f"/sharing/talks/{found.number}", {"text": "旁听"})
    assert outsider.json()["code"] == "NOT_YOUR_STEP"
    # They differ on one item: the office mediates, and decides for neither.
    consumer.post(mine, {"command": "refer", "reason": "对航程一项意见不一。"})
    assert [i.reference for i in sharing.todos(world.actor("managing"))] == [found.number]
    assert "协商一致" not in office.get(desk).content.decode()
    assert post(provider, f"/sharing/requests/{found.number}/agree", {
        "items": four, "reason": "先行一致"}).json()["code"] == "ALREADY_DECIDED"  # fmt: skip
    assert provider.post(desk, {"do": "talk", "talk": "航程可另行研究。"}).status_code == 302
    office.post(desk, {"decision": "mediate", "reason": "建议先提供四项，航程另行研究。"})

    closed = provider.post(
        desk, {"decision": "agree", "items": four, "reason": "会商：仅提供四项。"}, follow=True
    )
    shown = consumer.get(mine).content.decode()
    told = consumer.get(f"/api/v1/sharing/requests/{found.number}").json()
    grant = delivery.grant(told["grant"])

    assert closed.status_code == 200
    assert [event["command"] for event in told["events"]] == [
        "file_negotiation", "refer", "mediate", "agree",
    ]  # fmt: skip
    for said in ("机尾号涉及企业信息", "可不含机尾号", "建议先提供四项", "会商：仅提供四项"):
        assert said in shown
    assert grant is not None
    assert list(grant.terms.items) == four
    assert catalog.published(entry.code).sharing_type == "withheld"
    again = consumer.post("/desk/apply/", typed | {"submission": "twice"}).url
    assert ShareRequest.objects.get(number=again.split("/")[-2]).state == State.NEGOTIATING


def test_a_negotiation_that_the_office_cannot_mediate_ends_without_a_grant(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    entry = published_entry(
        world, sharing_type="withheld", scope=Scope.NOBODY, withheld_basis=[BASIS]
    )
    number = filed(world, entry).number
    post(browser_of("provider"), f"/sharing/requests/{number}/refer", {"reason": "无法提供。"})

    ended = post(browser_of("managing"), f"/sharing/requests/{number}/disagree", {
        "reason": "经协调，该数据确不宜提供。"}).json()  # fmt: skip

    assert (ended["state"], ended["grant"]) == ("not_agreed", "")
    assert ended["decisions"][0]["by"].startswith("示例省交通运输厅科技处")
