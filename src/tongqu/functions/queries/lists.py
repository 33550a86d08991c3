"""Lists, each starting from what the asker may see: one's own department, or all."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)

from tongqu.functions.domain import problems
from tongqu.functions.models import (
    Activity,
    Chart,
    DataLink,
    Function,
    Gap,
    Material,
    Module,
    Move,
    Register,
    Support,
    System,
    Task,
)
from tongqu.functions.permissions import SEES_ALL
from tongqu.functions.queries import linked
from tongqu.functions.vocabulary import (
    FunctionKind,
    MaterialState,
    Part,
    PartProgress,
    SystemClass,
    SystemState,
    SystemView,
)
from tongqu.identity.public import organisations
from tongqu.identity.vocabulary import GOVERNMENT_KINDS, Permission
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected

Row = TypeVar("Row", bound=models.Model)


def sees_all(actor: Actor) -> bool:
    return actor.kind == "platform" or bool(actor.roles & SEES_ALL)


def within(rows: "QuerySet[Row]", actor: Actor) -> "QuerySet[Row]":
    """Return the rows of the asker's own department; of every department for oversight."""
    if sees_all(actor):
        return rows
    if not actor.may(Permission.FUNCTIONS_REGISTER_READ):
        return rows.none()
    return rows.filter(organisation_id=actor.organisation_id or 0)


def one(rows: "QuerySet[Row]", code: str, actor: Actor) -> Row:
    """Return the row of this code. Raises: ``Rejected`` NOT_FOUND, unseen or unknown alike."""
    found = within(rows, actor).filter(code=code).first()
    if found is None:
        raise Rejected(problems.NOT_FOUND)
    return found


def functions(actor: Actor) -> QuerySet[Function]:
    return within(Function.objects.select_related("organisation", "parent"), actor)


def systems(actor: Actor) -> QuerySet[System]:
    return within(System.objects.select_related("organisation"), actor)


def charts(actor: Actor) -> QuerySet[Chart]:
    return within(Chart.objects.select_related("organisation", "function"), actor)


def gaps(actor: Actor) -> QuerySet[Gap]:
    found = Gap.objects.filter(closed_at=None).select_related("organisation")
    open_ones = Prefetch("tasks", Task.objects.filter(closed_at=None), to_attr="open_tasks")
    found = found.prefetch_related(open_ones)
    return within(found, actor)


def tasks(actor: Actor) -> QuerySet[Task]:
    return within(Task.objects.select_related("organisation", "gap"), actor)


def materials(actor: Actor) -> QuerySet[Material]:
    return within(Material.objects.select_related("organisation"), actor)


def moves(actor: Actor) -> QuerySet[Move]:
    """Return the moves from or to the asker's department."""
    found = Move.objects.select_related("function", "source", "target").prefetch_related("items")
    if sees_all(actor):
        return found
    if not actor.may(Permission.FUNCTIONS_REGISTER_READ):
        return found.none()
    unit = actor.organisation_id or 0
    return found.filter(Q(source_id=unit) | Q(target_id=unit))


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A line of the tree: ``depth`` 0 stands right below the department."""

    function: Function
    depth: int


def tree(rows: "QuerySet[Function]") -> list[TreeRow]:
    """Return functions with their depth, each under its parent. One statement."""
    found = list(rows)
    inside = {row.pk for row in found}
    below: dict[int | None, list[Function]] = defaultdict(list)
    for row in found:
        below[row.parent_id if row.parent_id in inside else None].append(row)
    lines: list[TreeRow] = []
    waiting = [TreeRow(row, 0) for row in reversed(below[None])]
    while waiting:
        line = waiting.pop()
        lines.append(line)
        waiting += [TreeRow(c, line.depth + 1) for c in reversed(below[line.function.pk])]
    return lines


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many work items of a department are done with a system (MAP-03)."""

    organisation_code: str
    organisation_name: str
    items: int
    digitised: int

    @property
    def share(self) -> float:
        return self.digitised / self.items if self.items else 0.0


def matrix(actor: Actor) -> QuerySet[Function]:
    """Return the work items in force with what supports them; ``is_digitised`` annotated."""
    used = Support.objects.filter(function=OuterRef("pk"), system__state=SystemState.IN_USE)
    supports = models.Prefetch("supports", Support.objects.select_related("system", "module"))
    found = functions(actor).filter(kind=FunctionKind.ITEM, ended_on=None)
    return found.annotate(is_digitised=Exists(used)).prefetch_related(supports)


def coverage(actor: Actor) -> list[Coverage]:
    """Return digitised and all work items by department. One statement."""
    marked = (
        matrix(actor)
        .prefetch_related(None)
        .annotate(one=Case(When(is_digitised=True, then=Value(1)), output_field=IntegerField()))
    )
    rows = marked.order_by("organisation__code").values_list(
        "organisation__code", "organisation__name"
    )
    counted = rows.annotate(Count("pk"), Count("one"))
    return [Coverage(code, name, items, done) for code, name, items, done in counted]


def charts_among(codes: Collection[str], actor: Actor) -> set[str]:
    """Return those of the charts that the asker may open."""
    return set(charts(actor).filter(code__in=codes).values_list("code", flat=True))


def system_views(actor: Actor | None = None, *, code: str = "") -> list[SystemView]:
    """Return the census, or one system, with published entries (CAT-19). Three statements."""
    rows = System.objects.select_related("organisation")
    rows = rows.filter(code=code) if code else rows
    found = list(within(rows, actor) if actor else rows)
    entries = linked.entries_of_systems(found)
    return [
        SystemView(
            code=system.code,
            name=system.name,
            organisation_id=system.organisation_id,
            organisation_code=system.organisation.code,
            organisation_name=system.organisation.name,
            system_class=SystemClass(system.system_class),
            state=SystemState(system.state),
            retired_on=system.retired_on,
            published_entries=len(entries[system.pk]),
        )
        for system in found
    ]


def departments() -> list[Any]:
    """Return the government departments: those that owe the three parts."""
    kinds = sorted(kind.value for kind in GOVERNMENT_KINDS)
    return list(organisations().filter(kind__in=kinds).order_by("code"))


def progress() -> tuple[PartProgress, ...]:
    """Return how far all departments are, part by part. Two statements."""
    units = departments()
    done = set(Register.objects.exclude(effective_on=None).values_list("organisation_id", "part"))
    return tuple(
        PartProgress(
            part=part,
            departments=len(units),
            finished=sum((unit.pk, part.value) in done for unit in units),
            missing=tuple(unit.name for unit in units if (unit.pk, part.value) not in done),
        )
        for part in Part
    )


@dataclass(frozen=True, slots=True)
class Digitalisation:
    """How much static material is verified: the digitalisation rate (MAP-07)."""

    total: int
    by_state: dict[MaterialState, int]

    @property
    def rate(self) -> float:
        return self.by_state[MaterialState.VERIFIED] / self.total if self.total else 0.0


def digitalisation(actor: Actor) -> Digitalisation:
    rows = materials(actor).order_by().values_list("state").annotate(Count("pk"))
    counts = dict(rows)
    by_state = {state: counts.get(state.value, 0) for state in MaterialState}
    return Digitalisation(sum(by_state.values()), by_state)


def activities_with(function: Function) -> QuerySet[Activity]:
    links = models.Prefetch("links", DataLink.objects.order_by("relation", "entry_code"))
    return function.activities.select_related("chart", "department", "system").prefetch_related(
        links
    )


def module_rows(system: System) -> QuerySet[Module]:
    supports = models.Prefetch("supports", Support.objects.select_related("function"))
    return system.modules.prefetch_related(supports)
