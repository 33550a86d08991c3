"""Search of the catalogue: words, facets with exact counts, one page of results.

In the database for now, over the projection ``EntryVersion.search_text``; an index may take
its place behind this function.
"""

from collections.abc import Callable, Iterable

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from tongqu.catalog.domain import words
from tongqu.catalog.models import EntryVersion
from tongqu.catalog.queries import views, visible
from tongqu.catalog.vocabulary import (
    AdminLevel,
    BusinessDomain,
    Domain,
    Facet,
    FacetValue,
    SearchFilters,
    SearchResult,
    SharingType,
    TransportMode,
    UpdateCycle,
)
from tongqu.kernel.actor import Actor

# parameter, title, column
FACETS: tuple[tuple[str, str, str], ...] = (
    ("sharing_type", "共享类型", "sharing_type"),
    ("provider", "提供部门", "provider__code"),
    ("admin_level", "层级", "admin_level"),
    ("mode", "运输方式", "mode"),
    ("business", "业务领域", "business"),
    ("domain", "领域", "entry__domain"),
    ("update_cycle", "更新周期", "update_cycle"),
    ("level", "安全分级", "level"),
)


def search(q: str, filters: SearchFilters, actor: Actor) -> SearchResult:
    """Return one page of what the asker may see, best first, with facets and their counts.

    Withheld entries are listed with their basis; drafts only for their own department.
    A count in a facet honours the query and every other facet, not its own choice.
    """
    found_words = words.split(q[:200])
    matching = _matching(visible(actor), q, found_words)
    chosen = _narrowed(matching, filters)
    ranked = _ranked(chosen, q, found_words)
    page = ranked[filters.offset : filters.offset + filters.limit]
    return SearchResult(
        total=chosen.count(),
        entries=views(page),
        facets=tuple(_facet(matching, filters, *row) for row in FACETS),
        words=found_words,
    )


def _matching(
    versions: QuerySet[EntryVersion], q: str, found: Iterable[str]
) -> QuerySet[EntryVersion]:
    """Keep versions that hold the whole phrase, or every one of its words."""
    if not q.strip():
        return versions
    every = Q()
    for word in found:
        every &= Q(search_text__contains=word)
    return versions.filter(Q(search_text__contains=q.strip().lower()[:200]) | every)


def _narrowed(
    versions: QuerySet[EntryVersion], filters: SearchFilters, *, but: str = ""
) -> QuerySet[EntryVersion]:
    for name, _, column in FACETS:
        values = getattr(filters, name)
        if values and name != but:
            versions = versions.filter(**{f"{column}__in": _known(name, values)})
    return versions


def _known(name: str, values: Iterable[str]) -> list[str]:
    """Drop levels that are no numbers: a level column cannot be asked for a word."""
    return [value for value in values if name != "level" or value in {"1", "2", "3", "4"}]


def _ranked(
    versions: QuerySet[EntryVersion], q: str, found: tuple[str, ...]
) -> QuerySet[EntryVersion]:
    if not found:
        return versions.order_by("-valid_from", "entry__code")
    in_name = Q()
    for word in found:
        in_name &= Q(name__icontains=word)
    rank = Case(
        When(name__iexact=q.strip(), then=Value(0)),
        When(name__icontains=q.strip(), then=Value(1)),
        When(in_name, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return versions.annotate(rank=rank).order_by("rank", "-valid_from", "entry__code")


def _facet(
    matching: QuerySet[EntryVersion], filters: SearchFilters, name: str, title: str, column: str
) -> Facet:
    rows = (
        _narrowed(matching, filters, but=name)
        .order_by()
        .prefetch_related(None)
        .values_list(column, *(["provider__name"] if name == "provider" else []))
        .annotate(n=Count("pk"))
    )
    chosen = set(getattr(filters, name))
    values = [
        FacetValue(str(row[0]), _label(name, row), row[-1], str(row[0]) in chosen)
        for row in rows
        if row[0] not in (None, "")
    ]
    values.sort(key=lambda value: (-value.count, value.label))
    return Facet(name, title, tuple(values))


_LABELS: dict[str, Callable[[str], str]] = {
    "sharing_type": lambda value: SharingType(value).label,
    "admin_level": lambda value: AdminLevel(value).label,
    "mode": lambda value: TransportMode(value).label,
    "business": lambda value: BusinessDomain(value).label,
    "domain": lambda value: Domain(value).label,
    "update_cycle": lambda value: UpdateCycle(value).label,
    "level": lambda value: f"{value} 级",
}


def _label(name: str, row: tuple[object, ...]) -> str:
    return str(row[1]) if name == "provider" else _LABELS[name](str(row[0]))
