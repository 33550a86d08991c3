"""Doors of the ledger: what waits for whom, what a scan found, the stock, the crossings."""

from tongqu.kernel.actor import Actor
from tongqu.kernel.work import TodoItem

__all__ = ["todos"]


def todos(actor: Actor) -> list[TodoItem]:
    """Return what waits for the actor: questionnaires, conflicts, signatures, flow steps."""
    del actor
    return []
