"""Doors of sharing: what the workbench and the documents ask of it."""

from tongqu.kernel.actor import Actor
from tongqu.kernel.work import TodoItem
from tongqu.sharing.domain.matrix import matrix_markdown

__all__ = ["matrix_markdown", "todos"]


def todos(actor: Actor) -> list[TodoItem]:
    """Return what waits for the actor: reviews, supplements, feedback, revocation tasks."""
    raise NotImplementedError
