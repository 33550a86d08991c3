"""Every cell of role × state × command, tried through the API: the table decides, nothing else."""

import json
from typing import Any

import pytest

from tests.factories_sharing import conditional_entry, filed
from tests.world import World
from tongqu.identity.models import Assignment, Person
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel.clock import FixedClock
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing.domain.states import REQUEST
from tongqu.sharing.http.api import RequestCommand
from tongqu.sharing.models import ShareRequest
from tongqu.sharing.vocabulary import Command, State

# The address's word → the table's word, where they differ.
WORDS = {
    RequestCommand.SUPPLEMENT: Command.ASK_SUPPLEMENT,
    RequestCommand.PARTIAL: Command.APPROVE_PART,
}
BODY = {
    "reason": "示例：逐格核对。",
    "basis": law.NON_SECRET.code,
    "items": ["flight"],
    "materials": ["部门履职依据"],
    "statements": {"部门履职依据": "示例〔2026〕1 号"},
}


def actor_in(world: World, role: Role) -> Person:
    """Return somebody who holds only that role: in the unit whose case it is."""
    unit = {Role.CONSUMER: "990000-YJ", Role.PROVIDER_REVIEWER: "990000-MH"}.get(role, "990000-XX")
    person = Person.objects.create(
        username=f"only-{role}", display_name=f"示例·{role}", assurance=2,
        organisation=world.organisations[unit],
    )  # fmt: skip
    Assignment.objects.create(person=person, role=role, organisation=world.organisations[unit])
    return person


def expected(role: Role, state: State, command: Command) -> bool:
    """Return whether the table has this step for this role."""
    return any(
        (row.source, row.command, row.actor) == (state, command, role.value)
        for row in REQUEST.steps
    )


@pytest.mark.parametrize("state", State, ids=str)
@pytest.mark.parametrize("role", Role, ids=str)
def test_a_step_is_taken_by_its_role_in_its_state_and_by_nobody_else(
    world: World, at: FixedClock, browser_of: Any, role: Role, state: State
) -> None:
    found = filed(world, conditional_entry(world))
    person = actor_in(world, role)
    world.people[person.username] = person
    browser = browser_of(person.username)

    for command in RequestCommand:
        _stand(found, state)
        answer = browser.post(
            f"/api/v1/sharing/requests/{found.number}/{command}",
            json.dumps(BODY),
            content_type="application/json",
        )
        code = answer.json().get("code", "")
        taken = answer.status_code == 200
        allowed = expected(role, state, WORDS.get(command, Command(WORDS.get(command, command))))

        # The step is the role's, but the data is not there yet, or nobody entrusted it.
        assert (taken or code in {"NOT_CONNECTED", "NOT_ENTRUSTED"}) == allowed, (command, code)
        if not allowed:
            assert answer.status_code in {403, 404, 409}, (command, code)


def _stand(found: ShareRequest, state: State) -> None:
    """Put the request into a state as if it had come there, with no decision taken yet."""
    found.decisions.all().delete()
    ShareRequest.objects.filter(pk=found.pk).update(
        state=state,
        grant_number="SQ-示例" if state is State.GRANTED else "",
        closed_at=None,
        supplements=0,
        asked_materials=["部门履职依据"],
        stage_working_days=3,
    )


def test_only_the_roles_of_the_table_hold_its_permissions() -> None:
    from tongqu.identity.permissions import ROLE_PERMISSIONS

    first = {
        r for r, may in ROLE_PERMISSIONS.items() if Permission.SHARING_REQUEST_FIRST_REVIEW in may
    }
    review = {
        r
        for r, may in ROLE_PERMISSIONS.items()
        if Permission.SHARING_REQUEST_PROVIDER_REVIEW in may
    }
    managing = {
        r
        for r, may in ROLE_PERMISSIONS.items()
        if Permission.SHARING_REQUEST_MANAGING_APPROVE in may
    }

    assert (first, review, managing) == (
        {Role.SUPPORT}, {Role.PROVIDER_REVIEWER}, {Role.MANAGING_OFFICE},
    )  # fmt: skip
