"""The catalogue as a tree of level, mode and business, and by strategy (CAT-02, GEN-17)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast

from tongqu.catalog.models import EntryVersion
from tongqu.catalog.queries import visible
from tongqu.catalog.vocabulary import AdminLevel, BusinessDomain, Strategy, TransportMode
from tongqu.kernel.actor import Actor
from tongqu.kernel.words import Word

AXES: tuple[tuple[str, str, type[Word]], ...] = (
    ("admin_level", "层级", AdminLevel),
    ("mode", "运输方式", TransportMode),
    ("business", "业务领域", BusinessDomain),
)
UNSAID = "none"  # in a query string: entries that do not say
Leaves = Mapping[tuple[str, ...], int]


@dataclass(frozen=True, slots=True)
class Branch:
    """One word of an axis, with what stands below it. ``count``: entries, each once."""

    axis: str
    value: str
    label: str
    count: int
    children: tuple["Branch", ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    total: int
    branches: tuple[Branch, ...]


def tree(actor: Actor, chosen: Mapping[str, Iterable[str]] | None = None) -> Tree:
    """Return what the asker may see, counted by level, mode and business. One statement.

    ``chosen``: values by axis, as in ``narrowed``; the counts are those of the database.
    """
    return tree_of(narrowed(visible(actor), chosen or {}))


def tree_of(versions: QuerySet[EntryVersion]) -> Tree:
    """Return the tree of some versions; each version counts once."""
    found = versions.order_by().prefetch_related(None)
    names = [name for name, _, _ in AXES]
    rows = found.select_related(None).values_list(*names).annotate(n=Count("pk"))
    leaves: dict[tuple[str, ...], int] = {tuple(row[:3]): row[3] for row in rows}
    return Tree(sum(leaves.values()), _branches(leaves, 0))


def _branches(leaves: Leaves, depth: int) -> tuple[Branch, ...]:
    if depth == len(AXES):
        return ()
    axis, _, words = AXES[depth]
    groups: dict[str, dict[tuple[str, ...], int]] = defaultdict(dict)
    for path, count in leaves.items():
        groups[path[depth]][path] = count
    order = [word.value for word in words] + [""]
    return tuple(
        Branch(
            axis,
            value or UNSAID,
            words(value).label if value else "未分类",
            sum(groups[value].values()),
            _branches(groups[value], depth + 1),
        )
        for value in order
        if value in groups
    )


def narrowed(
    versions: QuerySet[EntryVersion], chosen: Mapping[str, Iterable[str]]
) -> QuerySet[EntryVersion]:
    """Keep versions of the chosen words, per axis and by strategy; unknown words match none."""
    for name, _, _ in AXES:
        if values := [("" if value == UNSAID else value) for value in chosen.get(name, ())]:
            versions = versions.filter(**{f"{name}__in": values})
    if strategies := list(chosen.get("strategy", ())):
        versions = versions.annotate(_told=Cast("strategies", TextField()))
        wanted = Q()
        for code in strategies:
            wanted |= Q(_told__contains=f'"{code}"')
        versions = versions.filter(wanted)
    return versions


def by_strategy(actor: Actor) -> tuple[Branch, ...]:
    """Return every strategy with the number of entries that serve it. One statement."""
    told = visible(actor).order_by().prefetch_related(None).select_related(None)
    wanted = {word.value: Q(_told__contains=f'"{word.value}"') for word in Strategy}
    counts = told.annotate(_told=Cast("strategies", TextField())).aggregate(
        **{code: Count("pk", filter=serves) for code, serves in wanted.items()}
    )
    return tuple(
        Branch("strategy", word.value, word.label, counts[word.value]) for word in Strategy
    )
