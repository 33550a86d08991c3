"""Article 17: feedback on use in three parts; a grant unused for three months may be revoked."""

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.factories_catalog import published_entry
from tests.factories_sharing import filed
from tests.world import World
from tongqu.delivery import public as delivery
from tongqu.delivery.vocabulary import GrantState
from tongqu.identity.models import Message
from tongqu.identity.vocabulary import Role
from tongqu.kernel import jobs
from tongqu.kernel.clock import FixedClock
from tongqu.kernel.problems import Rejected
from tongqu.sharing import public as sharing
from tongqu.sharing.models import FeedbackDue, RevocationTask
from tongqu.sharing.vocabulary import RevocationState


def move(at: FixedClock, day: date, hour: int = 9) -> None:
    at.instant = FixedClock.on(day, hour).instant


def post(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(f"/api/v1{path}", json.dumps(body), content_type="application/json")


@pytest.fixture
def grant(world: World, at: FixedClock) -> str:
    """The number of a grant of 2026-01-15 that nobody has ever used."""
    move(at, date(2026, 1, 15))
    return filed(world, published_entry(world)).grant_number


@pytest.mark.req("SHR-18")
def test_a_grant_unused_for_three_months_becomes_a_task_and_ends_when_a_person_confirms(
    world: World, at: FixedClock, grant: str, browser_of: Any
) -> None:
    move(at, date(2026, 4, 15), 23)
    jobs.run("sharing.idle")
    too_early = RevocationTask.objects.count()
    move(at, date(2026, 4, 16))
    jobs.run("sharing.idle")
    jobs.run("sharing.idle")
    meanwhile = delivery.grant(grant)
    todo = [item.reference for item in sharing.todos(world.actor("provider"))]

    answer = post(
        browser_of("provider"),
        f"/sharing/grants/{grant}/revocation",
        {"decision": "revoke", "reason": "三个月内未使用，已无需求。"},
    )
    after = delivery.grant(grant)
    told = Message.objects.filter(
        organisation=world.organisations["990000-YJ"], role=Role.CONSUMER, text__contains="撤销"
    )

    assert too_early == 0
    assert meanwhile is not None
    assert meanwhile.state is GrantState.PENDING_REVOCATION_DECISION
    assert meanwhile.is_open  # a task, not an automatic cut
    assert todo == [grant]
    assert answer.json()["state"] == "revoked"
    assert after is not None
    assert after.state is GrantState.REVOKED
    assert not after.is_open
    assert told.filter(text__contains=grant).exists()


def test_the_consumer_is_warned_at_two_months(world: World, at: FixedClock, grant: str) -> None:
    move(at, date(2026, 3, 14))
    jobs.run("sharing.idle")
    before = Message.objects.filter(key__startswith=f"sharing.idle.warning.{grant}").count()
    move(at, date(2026, 3, 15))
    jobs.run("sharing.idle")
    jobs.run("sharing.idle")

    assert before == 0
    assert Message.objects.filter(key__startswith=f"sharing.idle.warning.{grant}").count() == 1


@pytest.mark.req("SHR-18")
def test_a_grant_kept_with_a_reason_is_counted_again_from_that_day(
    world: World, at: FixedClock, grant: str, browser_of: Any
) -> None:
    move(at, date(2026, 4, 16))
    jobs.run("sharing.idle")
    provider = browser_of("provider")
    address = f"/sharing/grants/{grant}/revocation"

    silent = post(provider, address, {"decision": "keep", "reason": " "})
    kept = post(provider, address, {"decision": "keep", "reason": "汛期前接入。"})
    again = post(provider, address, {"decision": "revoke", "reason": "再次决定"})
    view = delivery.grant(grant)
    move(at, date(2026, 7, 16))
    jobs.run("sharing.idle")
    in_time = RevocationTask.objects.filter(state=RevocationState.OPEN).count()
    move(at, date(2026, 7, 17))
    jobs.run("sharing.idle")

    assert silent.json()["code"] == "REASON_REQUIRED"
    assert kept.json()["state"] == "kept"
    assert (again.status_code, again.json()["code"]) == (409, "ALREADY_DECIDED")
    assert view is not None
    assert (view.state, view.idle_since) == (GrantState.EFFECTIVE_UNUSED, date(2026, 4, 16))
    assert in_time == 0
    assert RevocationTask.objects.filter(state=RevocationState.OPEN).count() == 1


def test_only_the_granting_unit_decides(
    world: World, at: FixedClock, grant: str, browser_of: Any
) -> None:
    move(at, date(2026, 4, 16))
    jobs.run("sharing.idle")
    body = {"decision": "revoke", "reason": "三个月未使用。"}

    by_user = post(browser_of("consumer"), f"/sharing/grants/{grant}/revocation", body)
    by_office = post(browser_of("managing"), f"/sharing/grants/{grant}/revocation", body)

    assert by_user.status_code == 403
    assert by_office.status_code == 404  # not external data: not the managing office's grant
    assert RevocationTask.objects.get().state == RevocationState.OPEN


@pytest.mark.req("SHR-17")
def test_missing_feedback_is_reminded_and_after_two_misses_shown_in_the_notice(
    world: World, at: FixedClock, grant: str, browser_of: Any
) -> None:
    move(at, date(2026, 4, 16))
    jobs.run("sharing.feedback")
    jobs.run("sharing.feedback")
    first = Message.objects.filter(key__startswith=f"sharing.feedback.{grant}").count()
    page_after_one = browser_of("managing").get("/share/feedback/").content.decode()
    move(at, date(2026, 7, 16))
    jobs.run("sharing.feedback")
    page_after_two = browser_of("managing").get("/share/feedback/").content.decode()

    assert first == 1
    assert "通报" not in page_after_one
    assert "通报：未按期反馈使用情况" in page_after_two
    assert grant in page_after_two
    assert Message.objects.filter(key__startswith=f"sharing.feedback.{grant}").count() == 2
    assert grant in [item.reference for item in sharing.todos(world.actor("consumer"))]


@pytest.mark.req("SHR-17")
def test_feedback_has_three_parts_and_begins_a_new_cycle(
    world: World, at: FixedClock, grant: str, browser_of: Any
) -> None:
    move(at, date(2026, 7, 16))
    jobs.run("sharing.feedback")
    address, consumer = f"/sharing/grants/{grant}/feedback", browser_of("consumer")
    whole = {"needs_met": 4, "data_quality": 3, "effect": "支撑两次疏运调度。"}

    partial = [post(consumer, address, whole | {part: ""}) for part in ("effect",)]
    partial += [
        post(consumer, address, {k: v for k, v in whole.items() if k != part}) for part in whole
    ]
    given = post(consumer, address, whole)
    due = FeedbackDue.objects.get(grant_number=grant)

    assert {answer.status_code for answer in partial} == {422}
    assert given.status_code == 201
    assert (due.misses, due.due_on, due.noticed_at) == (0, date(2026, 10, 16), None)


def test_nobody_gives_feedback_on_somebody_elses_grant(
    world: World, at: FixedClock, grant: str
) -> None:
    with pytest.raises(Rejected) as refused:
        sharing.give_feedback(
            grant, needs_met=5, data_quality=5, effect="示例反馈", by=world.actor("tourism")
        )

    assert refused.value.problem.code == "NOT_FOUND"
