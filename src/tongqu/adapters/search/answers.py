"""What one state of the index answers: a page, exact counts, names for suggestions."""

import sys
from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any

import tantivy

from tongqu.adapters.search import layout
from tongqu.adapters.search.asking import OPEN, Area, Asking, areas
from tongqu.catalog.ports import IndexAnswer, IndexQuery, Position

MOST_VALUES = 5_000  # of one facet
MOST_COUNTED = 500  # searches whose counts are kept
ALL = "p1"  # a pack: every entry has exactly one value in each, so their sum is the total
Values = dict[str, dict[str, int]]  # column → value → how often


@dataclass(frozen=True, slots=True)
class Opened:
    """One state of the index. Searches on it agree with each other.

    ``counted`` keeps the values found for words, area and choices: for those who turn pages or
    choose from what they were shown, and for the page everybody opens first. The next state
    starts with none.
    """

    index: tantivy.Index
    searcher: tantivy.Searcher
    position: Position
    stamp: object
    counted: dict[object, Values] = field(default_factory=dict, compare=False)


def found(opened: Opened, query: IndexQuery, *, is_behind: bool) -> IndexAnswer:
    asking = Asking(opened.index.schema, opened.searcher)
    anywhere = replace(query, chosen={})
    places = [a for a in areas(query) if a == OPEN or _total(opened, asking, anywhere, a)]
    total, counts = _counts(opened, asking, query, places)
    asking.total = total
    hits = _hits(opened.searcher, asking, query, places, total) if total > query.offset else []
    ids = opened.searcher.fast_field_values("version", hits) if hits else []
    return IndexAnswer(
        total=total,
        version_ids=tuple(int(value) for value in ids if value is not None),
        counts=counts,
        sequence=opened.position.sequence,
        is_behind=is_behind,
    )


def _hits(
    searcher: tantivy.Searcher,
    asking: Asking,
    query: IndexQuery,
    places: Sequence[Area],
    total: int,
) -> list[tantivy.DocAddress]:
    """Return the page's documents in order: from one class after the other till it is full."""
    order = None if query.asked.words else "freshness"
    hits: list[tantivy.DocAddress] = []
    passed = 0
    for tier in asking.tiers(query):
        if len(hits) >= query.limit or passed >= total:
            break
        skipped = max(0, query.offset - passed)
        wanted = skipped + query.limit - len(hits)
        best = _best(searcher, [tier(query, area) for area in places], wanted, order)
        hits += best[skipped:wanted]
        passed += len(best)
    return hits


def _best(
    searcher: tantivy.Searcher, queries: Sequence[tantivy.Query], wanted: int, order: str | None
) -> list[tantivy.DocAddress]:
    """Return what stands highest in any of the queries. Less than ``wanted``: it is all there is,
    so that nothing has to be counted."""
    results: list[Any] = [
        searcher.search(query, limit=wanted, count=False, order_by_field=order) for query in queries
    ]
    found = [hit for result in results for hit in result.hits]
    found.sort(key=lambda hit: -hit[0])
    return [address for _, address in found]


def _counts(
    opened: Opened, asking: Asking, query: IndexQuery, places: Sequence[Area]
) -> tuple[int, Values]:
    """Count all that is found, and the values of each facet: all at once, but a chosen one
    without its own choice."""
    counts: Values = {name: {} for name in query.facets}
    total = sum(_count(opened, asking, query, area, counts) for area in places)
    return total, counts


def _count(opened: Opened, asking: Asking, query: IndexQuery, area: Area, counts: Values) -> int:
    """Add what is found in an area to the counts, and return how much it is.

    A column counted without one choice tells what stands in it with that choice, too: the
    facets packed with a chosen one, and the total, are not counted again.
    """
    chosen = {name for name in counts if query.chosen.get(name)}
    narrowed: Values = {}
    for name in chosen:
        column = layout.column_of(name)
        found = _values(opened, asking, query, area, but=name, columns={column})[column]
        _add(counts, column, found, {name})
        if column in layout.PACKS and column not in narrowed:
            narrowed[column] = _picked(column, found, name, query.chosen[name])
    free = counts.keys() - chosen
    columns = {layout.column_of(name) for name in free}
    wanted = (columns if narrowed else columns | {ALL}) - narrowed.keys()
    if wanted:
        narrowed |= _values(opened, asking, query, area, but="", columns=wanted)
    for column in columns:
        _add(counts, column, narrowed[column], free)
    return sum(narrowed[next(pack for pack in layout.PACKS if pack in narrowed)].values())


def _add(counts: Values, column: str, found: dict[str, int], names: Set[str]) -> None:
    if column not in layout.PACKS:
        of_column = counts[column]
        for value, number in found.items():
            of_column[value] = of_column.get(value, 0) + number
        return
    parted = [layout.parts_of(value) for value in found]
    for place, name in enumerate(layout.PACKS[column]):
        if name in names:
            of_name = counts[name]
            for parts, number in zip(parted, found.values(), strict=True):
                for part in parts[place]:
                    of_name[part] = of_name.get(part, 0) + number


def _picked(column: str, found: dict[str, int], name: str, parts: Sequence[str]) -> dict[str, int]:
    """Return of a packed column the values that have one of the parts chosen."""
    place, wanted = layout.PACKS[column].index(name), set(parts)
    return {
        value: number
        for value, number in found.items()
        if not wanted.isdisjoint(layout.parts_of(value)[place])
    }


def _values(
    opened: Opened, asking: Asking, query: IndexQuery, area: Area, *, but: str, columns: Set[str]
) -> Values:
    """Return how often each value stands in columns, as kept for this state or counted now."""
    choices = frozenset(choice for choice in query.chosen.items() if choice[0] != but)
    if len(opened.counted) >= MOST_COUNTED:
        opened.counted.clear()
    kept = opened.counted.setdefault((query.asked, area, choices), {})
    wanted = {
        column: {"terms": {"field": column, "size": MOST_VALUES}} for column in columns - set(kept)
    }
    if wanted:
        answer = opened.searcher.aggregate(asking.narrowed(query, area, but=but), wanted)
        for column, found in answer.items():
            kept[column] = {row["key"]: row["doc_count"] for row in found["buckets"]}
    return {column: kept[column] for column in columns}


def titles(opened: Opened, query: IndexQuery) -> tuple[str, ...]:
    asking = Asking(opened.index.schema, opened.searcher)
    wider = replace(query, limit=3 * query.limit)
    hits = _hits(opened.searcher, asking, wider, areas(query), total=sys.maxsize)
    titles = (layout.title_of(opened.searcher.doc(address)) for address in hits)
    return tuple(dict.fromkeys(title for title in titles if title))[: query.limit]


def total_of(opened: Opened, query: IndexQuery) -> int:
    asking = Asking(opened.index.schema, opened.searcher)
    return sum(_total(opened, asking, query, area) for area in areas(query))


def _total(opened: Opened, asking: Asking, query: IndexQuery, area: Area) -> int:
    result: Any = opened.searcher.search(asking.narrowed(query, area), limit=1)
    return int(result.count)
