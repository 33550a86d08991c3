"""Search without an index: slower and plainer, while the index is being built."""

from collections.abc import Iterable, Mapping

from django.db.models import Case, Count, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from tongqu.catalog.domain import words
from tongqu.catalog.models import EntryVersion
from tongqu.catalog.queries import facets, views, visible
from tongqu.catalog.vocabulary import SearchFilters, SearchResult, Strategy
from tongqu.kernel.actor import Actor


def search(
    q: str, filters: SearchFilters, actor: Actor, *, providers: Mapping[str, str]
) -> SearchResult:
    """Return the same as with the index, without synonyms, ranked by the name alone."""
    found_words = words.split(q[:200])
    matching = _matching(visible(actor), q, found_words)
    chosen = _narrowed(matching, filters)
    ranked = _ranked(chosen, q, found_words)
    page = ranked[filters.offset : filters.offset + filters.limit]
    return SearchResult(
        total=chosen.count(),
        entries=views(page),
        facets=tuple(
            facets.shown(
                name,
                _counts(_narrowed(matching, filters, but=name), name, column),
                chosen=getattr(filters, name),
                labels=providers,
            )
            for name, _, column in facets.FACETS
        ),
        words=found_words,
        is_from_database=True,
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
    for name, _, column in facets.FACETS:
        values = getattr(filters, name)
        if not values or name == but:
            continue
        if name == "strategy":
            versions = _told(versions).filter(_any_strategy(values))
        else:
            versions = versions.filter(**{f"{column}__in": _known(name, values)})
    return versions


def _told(versions: QuerySet[EntryVersion]) -> QuerySet[EntryVersion]:
    return versions.annotate(_strategies=Cast("strategies", TextField()))


def _any_strategy(values: Iterable[str]) -> Q:
    found = Q(pk__in=[])
    for value in values:
        found |= Q(_strategies__contains=f'"{value}"')
    return found


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


def _counts(versions: QuerySet[EntryVersion], name: str, column: str) -> dict[str, int]:
    plain = versions.order_by().select_related(None).prefetch_related(None)
    if name == "strategy":
        sums = _told(plain).aggregate(
            **{
                s.name: Count("pk", filter=Q(_strategies__contains=f'"{s.value}"'))
                for s in Strategy
            }
        )
        return {s.value: sums[s.name] for s in Strategy if sums[s.name]}
    rows = plain.values_list(column).annotate(n=Count("pk"))
    return {str(value): count for value, count in rows if value not in (None, "")}
