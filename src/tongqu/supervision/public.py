"""Doors of supervision: projects that may hold pre-entries, and what waits for whom."""

from tongqu.kernel.actor import Actor
from tongqu.kernel.work import TodoItem

__all__ = ["todos"]


def todos(actor: Actor) -> list[TodoItem]:
    """Return what waits for the actor: late projects and clues to verify."""
    del actor
    return []
