"""What this room does when another one announces something."""

from tongqu.policy import public as policy
from tongqu.sharing.actions.watch import recount


def register() -> None:
    """Count provisional deadlines again in the transaction that enters a year's holidays."""
    policy.on_calendar_changed(recount)
