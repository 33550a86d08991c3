"""Doors of functions: where data arises, systems and what they share, what waits for whom."""

from collections.abc import Mapping, Sequence

from tongqu.catalog.vocabulary import EntryView, Panel
from tongqu.functions.vocabulary import Origin, PartProgress, SystemView
from tongqu.kernel.actor import Actor
from tongqu.kernel.work import TodoItem


def origins(entry_codes: Sequence[str]) -> Mapping[str, tuple[Origin, ...]]:
    """Return, for each entry, the activities that write it (MAP-05). Two statements."""
    raise NotImplementedError


def systems() -> tuple[SystemView, ...]:
    """Return the census of systems with how many published entries each has (CAT-19)."""
    raise NotImplementedError


def progress() -> tuple[PartProgress, ...]:
    """Return how far the departments are with each part of 两清一图 (MAP-01)."""
    raise NotImplementedError


def todos(actor: Actor) -> list[TodoItem]:
    """Return what waits for the actor: registers, digitalisation tasks, moves, material."""
    raise NotImplementedError


def panel(entry: EntryView, actor: Actor) -> Panel | None:
    """Return the block of an entry's page: activity, lane department, system."""
    raise NotImplementedError
