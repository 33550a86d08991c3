"""Terms are dated: a day has one profile, and the past is not changed."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tongqu.kernel.problems import Rejected
from tongqu.policy.actions.profiles import add_profile
from tongqu.policy.models import PolicyProfile
from tongqu.policy.public import seed, terms_on

pytestmark = pytest.mark.django_db


def add(world, valid_from, valid_to=None, days=5, reason="示例：省厅通知"):
    values = PolicyProfile.objects.get(key="mot-2021").terms | {"first_review_working_days": days}
    return add_profile(
        title="示例版本", regulation="mot-2021-sharing", valid_from=valid_from, valid_to=valid_to,
        values=values, sources={}, reason=reason, by=world.actor("managing"),
    )  # fmt: skip


def code_of(caught) -> str:
    return caught.value.problem.code


def test_a_new_version_ends_the_one_before_it_the_day_before(world, at) -> None:
    add(world, date(2027, 1, 1))

    assert PolicyProfile.objects.get(key="mot-2021").valid_to == date(2026, 12, 31)
    assert terms_on(date(2026, 12, 31)).first_review_working_days == 3
    assert terms_on(date(2027, 1, 1)).first_review_working_days == 5


@pytest.mark.parametrize("day", [date(2026, 9, 24), date(2026, 1, 1), date(2021, 4, 15)])
def test_a_version_from_today_or_earlier_is_refused(world, at, day) -> None:
    with pytest.raises(Rejected) as caught:
        add(world, day)

    assert code_of(caught) == "PROFILE_IN_THE_PAST"
    assert terms_on(date(2026, 9, 24)).profile == "mot-2021"


def test_versions_that_overlap_are_refused(world, at) -> None:
    add(world, date(2027, 1, 1))

    with pytest.raises(Rejected) as caught:
        add(world, date(2026, 12, 1))

    assert code_of(caught) == "PROFILE_OVERLAPS"
    assert PolicyProfile.objects.filter(is_active=True).count() == 2


def test_a_version_needs_its_reason_and_all_its_numbers(world, at) -> None:
    with pytest.raises(Rejected) as without_reason:
        add(world, date(2027, 1, 1), reason=" ")
    with pytest.raises(Rejected) as without_numbers:
        add(world, date(2027, 1, 1), days=0)

    assert code_of(without_reason) == code_of(without_numbers) == "BAD_PROFILE"


def test_before_the_measures_there_are_no_terms(db) -> None:
    with pytest.raises(Rejected) as caught:
        terms_on(date(2021, 4, 14))

    assert code_of(caught) == "NO_TERMS"


def test_the_regulation_of_2025_gives_no_terms_before_it_is_filled(db) -> None:
    waiting = PolicyProfile.objects.get(key="sc-2025")

    assert not waiting.is_active
    assert waiting.terms == {}
    assert terms_on(date(2026, 9, 24)).profile == "mot-2021"


def test_the_database_refuses_two_active_versions_from_one_day(db) -> None:
    twin = PolicyProfile.objects.get(key="mot-2021")
    twin.pk, twin.key = None, "twin"

    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_seeding_again_changes_nothing(world, at) -> None:
    add(world, date(2027, 1, 1))
    before = list(PolicyProfile.objects.values())

    seed()

    assert list(PolicyProfile.objects.values()) == before
