"""A search as a query of the engine: what must hold, and what decides the rank.

Rank: first the names that hold all words: the exact name, then the whole phrase, then the
phrase said in other words; then whatever else is found. The constants keep these classes apart;
within a class the engine's own weights decide: of names, and of what is found elsewhere also of
items and the rest.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, product
from math import prod

import tantivy

from tongqu.adapters.search import layout
from tongqu.catalog.ports import Asked, IndexQuery, Wanted

Query = tantivy.Query
MUST, SHOULD, MUST_NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
NAMED, EXACT, PHRASE, LIKEWISE, SPELLED = 10_000.0, 4000.0, 1000.0, 300.0, 150.0
WEIGHTS = (("words", 6.0), ("items", 1.5), ("summary", 0.6))
NAMED_BY = ("words",)  # of entries whose name holds all words, what else they hold decides little
ALL_WEIGHED = tuple(field for field, _ in WEIGHTS)
PAIRS = 1.0  # pairs of characters of the name: below its words
COMMON_SHARE, COMMON_FROM = 0.15, 10_000  # a word in more of a large index ranks nothing
MOST_BEGINNINGS = 12
MOST_COMBINED = 4  # combinations of ways
FEW = 150  # found: they are ranked at once, what each is worth looked up one by one
Area = tuple[str, str]  # field of the lookup tokens, who may find what stands in it
OPEN: Area = ("open", "all")
Tier = Callable[[IndexQuery, Area], tantivy.Query]


def areas(query: IndexQuery) -> tuple[Area, ...]:
    """Return where to look. No document stands in two areas, so answers are put together
    by adding; one query over both would cost the many readers without drafts dearly."""
    return (OPEN,) if query.closed_to is None else (OPEN, ("closed", query.closed_to))


class Asking:
    """Builds the queries of one search against one state of the index."""

    def __init__(self, fields: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self.fields = fields
        self.searcher = searcher
        self.total = 1 << 62  # found altogether, once it is counted
        large = searcher.num_docs >= COMMON_FROM
        self.common = int(searcher.num_docs * COMMON_SHARE) if large else 1 << 62
        self._found: dict[tuple[str, str], int] = {}
        self._areas: dict[Area, tantivy.Query] = {}

    def term(self, field: str, token: object, option: str = "basic") -> tantivy.Query:
        return Query.term_query(self.fields, field, token, option)

    def found(self, field: str, token: str) -> int:
        """Return in how many documents a token stands; those deleted meanwhile are counted."""
        key = (field, token)
        if key not in self._found:
            self._found[key] = self.searcher.doc_freq(field, token)
        return self._found[key]

    def narrowed(self, query: IndexQuery, area: Area, *, but: str = "") -> tantivy.Query:
        """Return what must hold: words, permission, and every chosen facet except ``but``."""
        if area not in self._areas:
            self._areas[area] = self._area(query.asked, *area)
        return self.all_of([self._areas[area], *self._choices(query, but=but)])

    def _choices(self, query: IndexQuery, *, but: str = "") -> Iterable[tantivy.Query]:
        for name, values in query.chosen.items():
            if values and name != but:
                yield self.any_of([self.term(name, value) for value in values])

    def _area(self, asked: Asked, field: str, seen: str) -> tantivy.Query:
        """Return the words, looked up among what ``seen`` may find."""
        if not asked.words:
            return self.term("seen", seen)
        found = self._words(asked.words, field, seen)
        if field == "closed":
            found = self.all_of([found, self.term("seen", seen)])
        if asked.spelled and len(asked.words) > 1:
            return self.any_of([found, self._way((f"~{asked.spelled}",), field, seen)])
        return found

    def _words(self, words: Sequence[Wanted], field: str, seen: str = "") -> tantivy.Query:
        """Return what has any way of every word. Few combinations are written out: of each the
        rarest token leads, while a union within is read to the end of all its tokens."""
        ways = [self._ways(word, field, begun=bool(seen)) for word in words]
        named = [word for word in words if seen and word.providers]
        if not named and prod(map(len, ways)) <= MOST_COMBINED:
            combined = _widest([tuple(dict.fromkeys(chain(*way))) for way in product(*ways)])
            return self._any_way(combined, field)
        parts = [self._any_way(of_word, field) for of_word in ways]
        for n, word in enumerate(words):
            if word in named:
                of_them = Query.term_set_query(self.fields, "provider", list(word.providers))
                parts[n] = self.any_of([parts[n], self.all_of([of_them, self.term("seen", seen)])])
        return self.all_of(parts)

    def _ways(self, word: Wanted, field: str, *, begun: bool) -> list[tuple[str, ...]]:
        """Return the ways that find something: others would be read to their end in vain."""
        ways = list(word.ways)
        if begun and word.begins:
            ways += [(token,) for token in self._beginnings(word.begins, field)]
        return _widest([way for way in ways if self._is_found(way, field)])

    def _any_way(self, ways: Sequence[tuple[str, ...]], field: str) -> tantivy.Query:
        if not ways:
            return Query.empty_query()
        return self.any_of([self.all_of([self.term(field, t) for t in way]) for way in ways])

    def _is_found(self, way: Sequence[str], field: str) -> bool:
        return all(self.found(field, token) for token in way)

    def _way(self, way: Sequence[str], field: str, seen: str) -> tantivy.Query:
        parts = [self.term(field, token) for token in way]
        return self.all_of([*parts, self.term("seen", seen)] if field == "closed" else parts)

    def _beginnings(self, begins: str, field: str) -> Iterable[str]:
        """Return the words and spellings that begin so: somebody is still typing."""
        for mark in ("", "~"):
            found = self.searcher.terms_with_prefix(field, mark + begins, limit=MOST_BEGINNINGS)
            yield from (token for token, _ in found)

    def tiers(self, query: IndexQuery) -> tuple[Tier, ...]:
        """Return the classes of what is found, best first; each orders what stands in it.

        Most pages are filled by the first, so that little is ranked. Without words there is
        one, and nothing to rank.
        """
        if not query.asked.words:
            return (self.narrowed,)
        return (self._few,) if self.total <= FEW else (self._named, self._others)

    def _few(self, query: IndexQuery, area: Area) -> tantivy.Query:
        """Return all that is found, those whose name holds all words before the others."""
        parts = (*self.likenesses(query.asked), *self.spelled(query.asked))
        named = _worth(self.in_name(query.asked), NAMED)
        found = _worth(self.narrowed(query, area), 0)
        return _each(found, (named, *parts, *self.weights(query.asked)))

    def _named(self, query: IndexQuery, area: Area) -> tantivy.Query:
        """Return the entries whose name holds all words. What a name holds is looked up under
        the same tokens, so permission is all that is left to ask: of what is open to all by
        leaving out the few that are closed, for a list of all others is long to read."""
        found = self.all_of([self.in_name(query.asked), *self._choices(query)])
        if area == OPEN:
            closed = self.term("seen", layout.CLOSED)
            found = Query.boolean_query([(MUST, found), (MUST_NOT, closed)])
        else:
            found = self.all_of([found, self.term("seen", area[1])])
        return _each(found, (*self.likenesses(query.asked), *self.weights(query.asked, NAMED_BY)))

    def _others(self, query: IndexQuery, area: Area) -> tantivy.Query:
        parts = [*self.spelled(query.asked), *self.weights(query.asked)]
        found = Query.boolean_query(
            [
                (MUST, _worth(self.narrowed(query, area), 0)),
                (MUST_NOT, self.in_name(query.asked)),
            ]
        )
        return Query.boolean_query([(MUST, found), *((SHOULD, part) for part in parts)])

    def likenesses(self, asked: Asked) -> Iterable[tantivy.Query]:
        """Return what puts a name above others that hold all words."""
        if self.found("exact", asked.exact):
            yield _worth(self.term("exact", asked.exact), EXACT)
        # A lone token is no phrase: every one of these names holds it.
        for phrase, worth in ((asked.phrase, PHRASE), *((p, LIKEWISE) for p in asked.likewise)):
            if (len(phrase) > 1 or asked.likewise) and self._is_found(phrase, "name"):
                yield _worth(self.phrase(phrase), worth)

    def spelled(self, asked: Asked) -> Iterable[tantivy.Query]:
        for mark, worth in (("^", 2 * SPELLED), ("~", SPELLED)):
            if asked.spelled and self.found("open", f"{mark}{asked.spelled}"):
                yield _worth(self.term("open", f"{mark}{asked.spelled}"), worth)

    def weights(self, asked: Asked, fields: Sequence[str] = ALL_WEIGHED) -> Iterable[tantivy.Query]:
        for field, weight in WEIGHTS:
            for token in asked.scored:
                if field in fields and 0 < self.found(field, token) <= self.common:
                    yield Query.boost_query(self.term(field, token, "freq"), weight)
        for token in dict.fromkeys(asked.phrase):
            if token not in asked.scored and 0 < self.found("name", token) <= self.common:
                yield Query.boost_query(self.term("name", token, "freq"), PAIRS)

    def in_name(self, asked: Asked) -> tantivy.Query:
        found = self._words(asked.words, "name")
        said = set(asked.phrase)
        if all(any(said.issuperset(way) for way in word.ways) for word in asked.words):
            return found
        return self.any_of([found, self.phrase(asked.phrase)])  # a lone character within it

    def phrase(self, tokens: Sequence[str]) -> tantivy.Query:
        if len(tokens) == 1:
            return self.term("name", tokens[0])
        return Query.phrase_query(self.fields, "name", list(tokens))

    def all_of(self, parts: Sequence[tantivy.Query]) -> tantivy.Query:
        return parts[0] if len(parts) == 1 else Query.boolean_query([(MUST, p) for p in parts])

    def any_of(self, parts: Sequence[tantivy.Query]) -> tantivy.Query:
        return parts[0] if len(parts) == 1 else Query.boolean_query([(SHOULD, p) for p in parts])


def _widest(ways: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Leave out each way that needs all of another one's tokens, and more."""
    found = [(way, frozenset(way)) for way in dict.fromkeys(ways)]
    return [way for way, tokens in found if not any(other < tokens for _, other in found)]


def _each(found: tantivy.Query, parts: Iterable[tantivy.Query]) -> tantivy.Query:
    """Add to the rank what the parts are worth. One within the other: each is looked up for what
    is found, and read no further; side by side, all of them would be read to their ends."""
    for part in parts:
        found = Query.boolean_query([(MUST, found), (SHOULD, part)])
    return found


def _worth(query: tantivy.Query, worth: float) -> tantivy.Query:
    return Query.const_score_query(query, worth)
