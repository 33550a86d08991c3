"""What one state of the index answers: a page, exact counts, names for suggestions."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import tantivy

from tongqu.adapters.search import layout
from tongqu.adapters.search.asking import OPEN, Area, Asking, areas
from tongqu.catalog.ports import IndexAnswer, IndexQuery, Position

MOST_VALUES = 5_000  # of one facet
MOST_COUNTED = 500  # searches whose counts are kept
ALL = "p1"  # a column in which every entry has exactly one value: their sum is the total
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
    places = [area for area in areas(query) if area == OPEN or _total(opened, anywhere, area)]
    total, counts = _counts(opened, asking, query, places)
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
) -> tuple[int, dict[str, dict[str, int]]]:
    """Count all that is found, and the values of each facet: all at once, but a chosen one
    without its own choice."""
    counts: dict[str, dict[str, int]] = {name: {} for name in query.facets}
    chosen = {name for name in query.facets if query.chosen.get(name)}
    free = counts.keys() - chosen
    total = 0
    for area in places:
        for but, names in [("", free), *((name, {name}) for name in chosen)]:
            columns = {layout.column_of(name) for name in names} | (set() if but else {ALL})
            values = _values(opened, asking, query, area, but=but, columns=columns)
            total += 0 if but else sum(values[ALL].values())
            for column in columns:
                for value, number in values[column].items():
                    for name, part in layout.facets_of(column, value):
                        if name in names:
                            counts[name][part] = counts[name].get(part, 0) + number
    return total, counts


def _values(
    opened: Opened, asking: Asking, query: IndexQuery, area: Area, *, but: str, columns: set[str]
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
    return kept


def titles(opened: Opened, query: IndexQuery) -> tuple[str, ...]:
    asking = Asking(opened.index.schema, opened.searcher)
    wider = replace(query, limit=3 * query.limit)
    total, _ = _counts(opened, asking, wider, areas(query))
    hits = _hits(opened.searcher, asking, wider, areas(query), total)
    titles = (opened.searcher.doc(address).get_first("title") for address in hits)
    return tuple(dict.fromkeys(str(title) for title in titles if title))[: query.limit]


def total_of(opened: Opened, query: IndexQuery) -> int:
    return sum(_total(opened, query, area) for area in areas(query))


def _total(opened: Opened, query: IndexQuery, area: Area) -> int:
    asking = Asking(opened.index.schema, opened.searcher)
    result: Any = opened.searcher.search(asking.narrowed(query, area), limit=1)
    return int(result.count)
