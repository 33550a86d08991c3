"""The life of an IT project between its gates, and of a clue of rectification, as tables."""

from enum import StrEnum

from tongqu.identity.vocabulary import Role
from tongqu.kernel.states import StateTable, Step
from tongqu.policy.clauses import measures_2021 as law
from tongqu.supervision.vocabulary import DraftState, Gate, Need, Stage

_MANAGING, _SUPERVISOR = Role.MANAGING_OFFICE.value, Role.SUPERVISOR.value


class Command(StrEnum):
    APPROVE = "approve"
    START_TRIAL = "start_trial"
    ACCEPT = "accept"
    OPERATE = "operate"


S, C = Stage, Command
PROJECT = StateTable(
    name="信息化项目",
    initial=S.APPROVAL,
    steps=(
        Step(S.APPROVAL, C.APPROVE, S.BUILDING, _MANAGING, law.RECEIPT_USE, "通过立项审批"),
        Step(S.BUILDING, C.START_TRIAL, S.TRIAL, _MANAGING, law.PRE_CATALOGUE, "同意上线试运行"),
        Step(S.TRIAL, C.ACCEPT, S.ACCEPTED, _MANAGING, law.RECEIPT_USE, "通过验收"),
        Step(S.ACCEPTED, C.OPERATE, S.OPERATING, _MANAGING, law.NEW_SYSTEMS, "转入运营"),
    ),
)
# Which stage a gate leads out of, by which command, and what it asks for.
GATES: dict[Gate, tuple[Stage, Command, tuple[Need, ...]]] = {
    Gate.APPROVAL: (S.APPROVAL, C.APPROVE, (Need.PRE_RECEIPT,)),
    Gate.TRIAL: (S.BUILDING, C.START_TRIAL, (Need.FORMAL_ENTRY,)),
    Gate.ACCEPTANCE: (S.TRIAL, C.ACCEPT, (Need.FORMAL_RECEIPT,)),
}


class DraftCommand(StrEnum):
    CONFIRM = "confirm"
    DISMISS = "dismiss"


D = DraftState
DRAFT = StateTable(
    name="整改线索",
    initial=D.CLUE,
    steps=(
        Step(D.CLUE, DraftCommand.CONFIRM, D.CONFIRMED, _MANAGING, law.RECTIFICATION, "核实"),
        Step(D.CLUE, DraftCommand.DISMISS, D.DISMISSED, _MANAGING, law.RECTIFICATION, "排除"),
    ),
)
