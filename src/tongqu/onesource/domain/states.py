"""What may be said of a pair, by whom."""

from tongqu.identity.vocabulary import Role
from tongqu.kernel.states import StateTable, Step
from tongqu.onesource.vocabulary import PairCommand, PairState
from tongqu.policy.clauses.mot_2025 import INVENTORY

_OFFICE = Role.MANAGING_OFFICE.value
PAIRS: StateTable[PairState, PairCommand] = StateTable(
    name="疑似同源项",
    initial=PairState.OPEN,
    steps=tuple(
        Step(source, command, target, _OFFICE, INVENTORY, command.label)
        for source, command, target in (
            (PairState.OPEN, PairCommand.SAME, PairState.SAME),
            (PairState.OPEN, PairCommand.DIFFERENT, PairState.DIFFERENT),
            (PairState.SAME, PairCommand.REOPEN, PairState.OPEN),
            (PairState.DIFFERENT, PairCommand.REOPEN, PairState.OPEN),
        )
    ),
)
