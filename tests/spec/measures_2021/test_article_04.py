"""第四条: four parties, each with its own duty and no other's."""

import pytest

from tongqu.identity.permissions import ROLE_PERMISSIONS
from tongqu.identity.vocabulary import Permission as P
from tongqu.identity.vocabulary import Role

# who does what: exactly these roles, no other
DUTIES = {
    P.SHARING_REQUEST_FIRST_REVIEW: {Role.SUPPORT},
    P.SHARING_REQUEST_PROVIDER_REVIEW: {Role.PROVIDER_REVIEWER},
    P.SHARING_REQUEST_SUBMIT: {Role.CONSUMER, Role.BUYER},
    P.DELIVERY_DATA_USE: {Role.CONSUMER},
    P.SHARING_FEEDBACK_GIVE: {Role.CONSUMER},
    P.CATALOG_CHANGE_REGISTER: {Role.CATALOGUER},
    P.CATALOG_EXCEPTION_APPROVE: {Role.MANAGING_OFFICE},
    P.POLICY_PROFILE_EDIT: {Role.MANAGING_OFFICE},
}


@pytest.mark.parametrize("duty", list(DUTIES), ids=str)
def test_a_duty_belongs_to_its_party_and_to_no_other(duty) -> None:
    assert {role for role, held in ROLE_PERMISSIONS.items() if duty in held} == DUTIES[duty]


def test_no_party_both_asks_and_decides() -> None:
    decides = {P.SHARING_REQUEST_FIRST_REVIEW, P.SHARING_REQUEST_PROVIDER_REVIEW}

    both = [r for r, held in ROLE_PERMISSIONS.items()
            if P.SHARING_REQUEST_SUBMIT in held and decides & held]  # fmt: skip

    assert both == []


def test_the_cataloguer_does_not_publish() -> None:
    assert P.CATALOG_ENTRY_PUBLISH not in ROLE_PERMISSIONS[Role.CATALOGUER]


@pytest.mark.django_db
def test_an_office_that_has_ended_gives_nothing(world, at) -> None:
    from datetime import date

    from tongqu.identity.models import Assignment

    Assignment.objects.filter(person=world.people["support"]).update(until=date(2026, 9, 23))

    assert Role.SUPPORT not in world.actor("support").roles


@pytest.mark.django_db
def test_an_office_counts_on_its_last_day(world, at) -> None:
    from datetime import date

    from tongqu.identity.models import Assignment

    Assignment.objects.filter(person=world.people["support"]).update(until=date(2026, 9, 24))

    assert Role.SUPPORT in world.actor("support").roles


@pytest.mark.django_db
def test_an_office_in_another_department_gives_nothing_here(world) -> None:
    from tongqu.identity.models import Assignment

    Assignment.objects.create(
        person=world.people["consumer"], role=Role.SUPPORT,
        organisation=world.organisations["990000-XX"],
    )  # fmt: skip

    assert Role.SUPPORT not in world.actor("consumer").roles
