"""Article 15: the provider keeps data usable, and answers problems in time."""

import pytest

from tests.factories_delivery import grant
from tests.factories_quality import vehicles
from tests.world import World
from tongqu.policy.clauses import measures_2021 as law
from tongqu.quality.models import RuleResult, Ticket

pytestmark = pytest.mark.usefixtures("at", "lake")


def measure(browser_of, code: str):
    return browser_of("support").post(f"/api/v1/quality/entries/{code}/scan")


def test_completeness_and_accuracy_are_measured_and_cite_the_article(
    world: World, browser_of
) -> None:
    entry = vehicles(world, empty_keys=5, bad_plates=0, repeated=2)

    found = measure(browser_of, entry.code).json()

    assert found["dimensions"]["completeness"] == "95.0"
    assert found["dimensions"]["accuracy"] == "98.0"
    assert set(RuleResult.objects.values_list("basis", flat=True)) == {law.QUALITY.code}


def test_a_problem_found_by_a_user_reaches_the_provider_with_a_last_day(
    world: World, browser_of
) -> None:
    entry = vehicles(world, empty_keys=0, bad_plates=0, repeated=0)
    grant(world, entry)
    body = {"entry_code": entry.code, "title": "三辆车的号牌与登记不一致"}

    browser_of("consumer").post("/api/v1/quality/tickets", body, "application/json")

    ticket = Ticket.objects.get()
    assert ticket.provider == world.organisations["990000-MH"]
    assert ticket.due_on.isoformat() == "2026-10-15"  # ten working days from 24 September
    assert world.people["provider"].organisation_id == ticket.provider_id


def test_what_is_corrected_is_measured_again_before_it_counts(world: World, browser_of) -> None:
    entry = vehicles(world, empty_keys=5, bad_plates=0, repeated=0)
    number = measure(browser_of, entry.code).json()["ticket"]
    for command in ("accept", "confirm", "correct"):
        browser_of("provider").post(
            f"/api/v1/quality/tickets/{number}/{command}", {}, "application/json"
        )

    measure(browser_of, entry.code)  # nothing was corrected in truth

    assert Ticket.objects.get().state == "checking"
