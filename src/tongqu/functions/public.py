"""Doors of functions: where data arises, systems and what they share, what waits for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tongqu.catalog.vocabulary import EntryView, Panel
from tongqu.functions.actions.charts import new_chart, save_chart
from tongqu.functions.actions.functions import end_function, save_function
from tongqu.functions.actions.systems import map_support, retire_system, save_system
from tongqu.functions.queries import linked, lists
from tongqu.functions.queries.todos import todos
from tongqu.functions.vocabulary import BareSystem, Origin, PartProgress
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.actor import Actor

__all__ = [
    "end_function", "map_support", "new_chart", "origins", "origins_shown", "panel", "progress",
    "retire_system", "save_chart", "save_function", "save_system", "systems_of_entries",
    "systems_without_entry", "todos",
]  # fmt: skip


def origins(entry_codes: Sequence[str]) -> Mapping[str, tuple[Origin, ...]]:
    """Return, for each entry, the activities that write it (MAP-05). Two statements."""
    return linked.origins(entry_codes)


def systems_of_entries() -> Mapping[str, tuple[str, str]]:
    """Return code and name of the system in use that each entry comes from, by entry code."""
    return linked.systems_of_entries()


def systems_without_entry(before: datetime) -> list[BareSystem]:
    """Return the systems registered before a moment from which no entry in force comes."""
    return [
        BareSystem(found.code, found.name, found.organisation_id, found.created_at)
        for found in linked.systems_without_entry(before)
    ]


def origins_shown(entry_code: str, actor: Actor) -> list[Origin]:
    """Return what writes an entry; a chart is named only to those who may open it."""
    found = linked.origins([entry_code])[entry_code]
    mine = lists.charts_among({origin.chart_code for origin in found}, actor)
    return [
        origin if origin.chart_code in mine else replace(origin, chart_code="", chart_title="")
        for origin in found
    ]


def progress() -> tuple[PartProgress, ...]:
    """Return how far the departments are with each part of 两清一图 (MAP-01)."""
    return lists.progress()


def panel(entry: EntryView, actor: Actor) -> Panel | None:
    """Return the block of an entry's page: activity, lane department, system.

    For staff, as lineage is; which chart it stands in is a link only for those who may open it.
    """
    if not actor.may(Permission.LAKE_LINEAGE_READ):
        return None
    found = linked.origins([entry.code], writes=False)[entry.code]
    if not found:
        return None
    mine = lists.charts_among({origin.chart_code for origin in found}, actor)
    rows = [(origin, origin.chart_code in mine) for origin in found]
    return Panel("origin", "产生环节", "functions/_origin.html", {"rows": rows})
