"""Doors of security: masks, levels, secrecy marks, events."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tongqu.kernel.actor import Actor
from tongqu.security.models import SecurityEvent
from tongqu.security.vocabulary import EventKind, LevelProposal, Mask

if TYPE_CHECKING:
    from sqlglot.expressions import Expression

__all__ = ["mask_expression", "mask_salt", "propose_level", "raise_event", "secrecy_mark"]


def mask_expression(mask: Mask, column: str, *, salt: str, detector: str = "") -> "Expression":
    """Return the DuckDB expression that masks a column; see ``domain/masks.py``."""
    raise NotImplementedError


def mask_salt() -> str:
    """Return this hub's secret for masks: the same for every channel."""
    raise NotImplementedError


def propose_level(name: str, sample: Sequence[str]) -> LevelProposal:
    """Return a proposed level for a column, from its name and a sample of its values."""
    raise NotImplementedError


def secrecy_mark(head: bytes | str) -> str | None:
    """Return the marking of state secrecy that the first page carries, or None."""
    raise NotImplementedError


def raise_event(
    kind: EventKind,
    *,
    by: Actor,
    subject: str,
    details: Mapping[str, object],
    organisations: Sequence[int] = (),
) -> SecurityEvent:
    """Record an event, in the trail too, and tell the security officers."""
    raise NotImplementedError
