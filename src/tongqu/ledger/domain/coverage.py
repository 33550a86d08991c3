"""按需归集、应归尽归: whether a resource ought to be here, and is."""

from tongqu.ledger.vocabulary import CoverageState


def state_of(*, demands: int, is_required: bool, is_connected: bool) -> CoverageState:
    """Return where a resource stands.

    Required are the seven basic classes (measures, article 7): they are owed without
    anybody asking. Everything else is owed when somebody has asked for it.
    """
    if is_connected:
        return CoverageState.COLLECTED
    return CoverageState.MISSING if demands or is_required else CoverageState.NO_DEMAND
