"""What a grant lets through, decided without a database."""

from dataclasses import replace
from datetime import date

import pytest

from tongqu.catalog.vocabulary import DataType, ItemView, Manner
from tongqu.delivery.domain.gate import Call, columns_of, refusal
from tongqu.delivery.domain.states import GRANT
from tongqu.delivery.vocabulary import (
    ENDED_STATES,
    OPEN_STATES,
    GrantCommand,
    GrantState,
    GrantTerms,
)

TODAY = date(2026, 9, 24)
ITEMS = (
    ItemView(1, "编号", "id", DataType.INTEGER),
    ItemView(2, "手机号", "phone", DataType.STRING, level=3, mask="cover"),
    ItemView(3, "证件号", "identity", DataType.STRING, level=4, mask="none"),
    ItemView(4, "备注", "remark", DataType.STRING, is_shareable=False),
    ItemView(5, "来源", "source", DataType.STRING),
    ItemView(6, "内部序号", "_seq", DataType.INTEGER),
)
TERMS = GrantTerms(
    entry_code="X",
    version_id=1,
    items=("id", "phone", "identity", "remark", "_seq"),
    purpose_code="emergency",
    purpose_text="示例",
    consumer_id=7,
    manners=(Manner.QUERY,),
    valid_from=date(2026, 1, 1),
    valid_until=date(2026, 12, 31),
)
CALL = Call(Manner.QUERY, "emergency", "10.1.2.3")


def masks(terms: GrantTerms = TERMS) -> dict[str, str]:
    return {column.name: column.mask for column in columns_of(terms, ITEMS)}


def test_only_granted_and_shareable_items_leave_and_an_unknown_mask_means_no() -> None:
    assert masks() == {"id": "", "phone": "cover"}


def test_a_higher_right_or_a_decision_shows_an_item_in_clear() -> None:
    assert masks(replace(TERMS, right_level=3)) == {"id": "", "phone": ""}
    assert masks(replace(TERMS, clear_items=("identity",)))["identity"] == ""


def test_a_mask_nobody_knows_keeps_the_item_in() -> None:
    items = (replace(ITEMS[1], mask="魔法"),)

    assert columns_of(TERMS, items) == ()


@pytest.mark.parametrize(
    ("terms", "state", "call", "code"),
    [
        (TERMS, GrantState.IN_USE, CALL, None),
        (TERMS, GrantState.PENDING_REVOCATION_DECISION, CALL, None),
        (TERMS, GrantState.PENDING_FEEDBACK, CALL, None),
        (replace(TERMS, valid_until=date(2026, 9, 23)), GrantState.IN_USE, CALL, "GRANT_EXPIRED"),
        (replace(TERMS, valid_until=TODAY), GrantState.IN_USE, CALL, None),
        (TERMS, GrantState.EXPIRED, CALL, "GRANT_EXPIRED"),
        (TERMS, GrantState.REVOKED, CALL, "GRANT_REVOKED"),
        (TERMS, GrantState.SUSPENDED, CALL, "GRANT_SUSPENDED"),
        (TERMS, GrantState.TO_RECONFIRM, CALL, "GRANT_TO_RECONFIRM"),
        (replace(TERMS, valid_from=date(2026, 9, 25)), GrantState.IN_USE, CALL,
         "GRANT_NOT_YET_VALID"),
        (TERMS, GrantState.IN_USE, replace(CALL, manner=Manner.DOWNLOAD), "MANNER_NOT_GRANTED"),
        (TERMS, GrantState.IN_USE, replace(CALL, purpose=""), "PURPOSE_REQUIRED"),
        (TERMS, GrantState.IN_USE, replace(CALL, purpose="x"), "PURPOSE_MISMATCH"),
        (replace(TERMS, networks=("10.1.0.0/16",)), GrantState.IN_USE, CALL, None),
        (replace(TERMS, networks=("10.2.0.0/16",)), GrantState.IN_USE, CALL,
         "ENV_NOT_REGISTERED"),
        (replace(TERMS, networks=("10.1.0.0/16",)), GrantState.IN_USE,
         replace(CALL, address="unix"), "ENV_NOT_REGISTERED"),
    ],
)  # fmt: skip
def test_the_first_reason_against_a_call_is_told(terms, state, call, code) -> None:
    problem = refusal(terms, state, call, TODAY)

    assert (problem.code if problem else None) == code
    if problem:
        assert problem.basis
        assert problem.next_step


def test_a_state_lets_data_leave_exactly_when_it_is_open() -> None:
    for state in GrantState:
        assert (refusal(TERMS, state, CALL, TODAY) is None) == (state in OPEN_STATES)


def test_nothing_leads_out_of_an_ended_grant() -> None:
    assert GRANT.final == ENDED_STATES


def test_every_living_grant_can_be_revoked_and_expire() -> None:
    for state in set(GrantState) - ENDED_STATES:
        assert GRANT.step(state, GrantCommand.REVOKE).target == GrantState.REVOKED
        assert GRANT.step(state, GrantCommand.EXPIRE).target == GrantState.EXPIRED


def test_the_platform_never_revokes_by_itself() -> None:
    actors = {step.actor for step in GRANT.steps if step.command == GrantCommand.REVOKE}

    assert actors == {"provider_reviewer", "managing_office"}
