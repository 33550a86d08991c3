"""What hangs together: a function's systems and entries, a system's entries, an entry's origin."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tongqu.catalog import public as catalog
from tongqu.catalog.public import Brief
from tongqu.functions.domain import tree
from tongqu.functions.models import DataLink, EntryLink, Function, Support, System
from tongqu.functions.vocabulary import WRITES, Origin, Relation, SystemState

_WRITES = sorted(relation.value for relation in WRITES)


def subtree(function: Function) -> set[int]:
    """Return the ids of a function and everything below it."""
    rows = Function.objects.filter(organisation_id=function.organisation_id)
    parents: dict[int, int | None] = dict(rows.values_list("pk", "parent_id"))
    return tree.descendants(function.pk, parents)


def entries_of_functions(ids: Iterable[int]) -> set[str]:
    """Return the codes of entries said to belong to functions, or written by their activities."""
    found = set(EntryLink.objects.filter(function__in=ids).values_list("entry_code", flat=True))
    written = DataLink.objects.filter(activity__function__in=ids, relation__in=_WRITES)
    return found | set(written.values_list("entry_code", flat=True))


def entries_of_system(system: System) -> set[str]:
    """Return the codes of entries in force that come from a system."""
    return set(entries_of_systems([system])[system.pk])


def systems_without_entry(before: datetime) -> list[System]:
    """Return the systems in use, registered before a moment, from which no entry in force comes."""
    found = System.objects.filter(state=SystemState.IN_USE, created_at__lt=before)
    systems = list(found.select_related("organisation"))
    having = entries_of_systems(systems)
    return [system for system in systems if not having[system.pk]]


def entries_of_systems(systems: Sequence[System]) -> dict[int, dict[str, Brief]]:
    """Return the entries in force of each system, by system id. Two statements.

    An entry comes from a system when a person said so, or when its source system is written
    exactly as this system's code or full name and its owner is the system's department: the
    same name elsewhere is another system.
    """
    ids = [system.pk for system in systems]
    said: dict[int, set[str]] = defaultdict(set)
    for system_id, code in EntryLink.objects.filter(system__in=ids).values_list(
        "system_id", "entry_code"
    ):
        said[system_id].add(code)
    names = {name for system in systems for name in (system.code, system.name)}
    known = catalog.briefs(codes=set().union(*said.values()), systems=names)
    by_name: dict[tuple[int, str], list[Brief]] = defaultdict(list)
    for brief in known.values():
        by_name[brief.owner_id, brief.source_system].append(brief)
    return {
        system.pk: {
            brief.code: brief
            for brief in (
                *(known[code] for code in sorted(said[system.pk]) if code in known),
                *by_name[system.organisation_id, system.name],
                *by_name[system.organisation_id, system.code],
            )
        }
        for system in systems
    }


def origins(codes: Sequence[str], *, writes: bool = True) -> Mapping[str, tuple[Origin, ...]]:
    """Return the activities that write each entry; all that touch it if not ``writes``.

    The system is the activity's own, else those that support its work item.
    """
    links = DataLink.objects.filter(entry_code__in=list(codes)).select_related(
        "activity__chart", "activity__department", "activity__function", "activity__system"
    )
    if writes:
        links = links.filter(relation__in=_WRITES)
    rows = list(links.order_by("activity__chart__code", "activity__position", "relation"))
    without = {x.activity.function_id for x in rows if not x.activity.system_id}
    supports: dict[int, list[System]] = defaultdict(list)
    mapped = Support.objects.filter(function__in=without - {None}).select_related("system")
    for support in mapped:
        if support.system not in supports[support.function_id]:
            supports[support.function_id].append(support.system)
    found: dict[str, list[Origin]] = defaultdict(list)
    for row in rows:
        activity = row.activity
        own = [activity.system] if activity.system else []
        systems = own or supports[activity.function_id or 0]
        found[row.entry_code].append(
            Origin(
                entry_code=row.entry_code,
                relation=Relation(row.relation),
                chart_code=activity.chart.code,
                chart_title=activity.chart.title,
                activity=activity.name,
                lane=activity.lane,
                department_code=activity.department.code if activity.department else "",
                department_name=activity.department.name if activity.department else "",
                system_code="、".join(system.code for system in systems),
                system_name="、".join(system.name for system in systems),
                item_code=activity.function.code if activity.function else "",
                item_name=activity.function.name if activity.function else "",
            )
        )
    return {code: tuple(found[code]) for code in codes}


def systems_of_functions(ids: Iterable[int]) -> dict[int, System]:
    """Return the systems in use that support any of these functions."""
    mapped = Support.objects.filter(
        function__in=ids, system__state=SystemState.IN_USE
    ).select_related("system__organisation")
    return {support.system_id: support.system for support in mapped}


def systems_of_entries() -> dict[str, tuple[str, str]]:
    """Return code and name of the system that each entry comes from, by entry. Three statements.

    An entry of several systems counts for the one whose code comes first.
    """
    systems = list(System.objects.filter(state=SystemState.IN_USE).order_by("code"))
    found: dict[str, tuple[str, str]] = {}
    linked = entries_of_systems(systems)
    for system in systems:
        for code in linked[system.pk]:
            found.setdefault(code, (system.code, system.name))
    return found
