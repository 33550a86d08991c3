"""The state table: every cell of role × state × command, and what nothing leaves."""

import pytest

from tongqu.identity.permissions import permissions_of
from tongqu.identity.vocabulary import Role
from tongqu.sharing.domain.duties import DECIDING, ROLE_PERMISSION
from tongqu.sharing.domain.matrix import matrix_markdown
from tongqu.sharing.domain.states import OPEN_STATES, PLATFORM, REQUEST
from tongqu.sharing.vocabulary import STATE_LABELS, STATE_TONES, Command, State

CELLS = [(role, state) for role in Role for state in State]


@pytest.mark.parametrize(("role", "state"), CELLS, ids=lambda word: word.value)
def test_a_role_takes_exactly_the_steps_that_the_table_gives_it(role: Role, state: State) -> None:
    offered = [row.command for row in REQUEST.allowed(state, frozenset({role.value}))]

    for command in Command:
        rows = [row for row in REQUEST.steps if (row.source, row.command) == (state, command)]
        actors = [row.actor for row in rows]
        assert len(set(actors)) == len(actors)
        assert (command in offered) == (role.value in actors)
        if command in offered:
            assert ROLE_PERMISSION[role.value] in permissions_of(frozenset({role.value}))


def test_every_actor_of_the_table_has_a_permission_or_is_the_platform() -> None:
    assert {row.actor for row in REQUEST.steps} == {*ROLE_PERMISSION, PLATFORM}


def test_six_states_are_final_and_every_other_is_open() -> None:
    assert REQUEST.final == {
        State.GRANTED, State.REFUSED, State.FIRST_REVIEW_FAILED, State.NOT_AGREED,
        State.WITHDRAWN, State.UNCONNECTABLE,
    }  # fmt: skip
    assert set(OPEN_STATES) == set(State) - REQUEST.final - {State.DRAFT}


def test_every_state_can_be_reached() -> None:
    assert {State.DRAFT} | {row.target for row in REQUEST.steps} == set(State)


def test_no_step_of_the_platform_decides_about_a_case_under_review() -> None:
    """Late is marked and escalated; nothing is ever approved by the passing of time."""
    mine = [row for row in REQUEST.steps if row.actor == PLATFORM]

    assert not {row.command for row in mine} & DECIDING
    assert [row.source for row in mine if row.target is State.GRANTED] == [State.DRAFT]


def test_every_open_state_can_be_left_by_withdrawing() -> None:
    sources = {row.source for row in REQUEST.steps if row.command is Command.WITHDRAW}

    assert sources == set(OPEN_STATES)


def test_every_state_has_its_word_and_its_colour() -> None:
    assert set(STATE_LABELS) == set(STATE_TONES) == set(State)


def test_the_matrix_has_a_row_for_every_state() -> None:
    text = matrix_markdown()

    assert text.count("\n") == len(State) + 2
    assert "| 待初审 |" in text
    assert "通过初审" in text
