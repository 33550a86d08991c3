"""A search as a query of the engine: what must hold, and what decides the rank.

Rank: first the names that hold all words: the exact name, then the whole phrase, then the
phrase said in other words; then whatever else is found. The constants keep these classes apart;
within a class the engine's own weights decide: names, items, the rest.
"""

from collections.abc import Callable, Iterable, Sequence

import tantivy

from tongqu.catalog.ports import Asked, IndexQuery, Wanted

Query = tantivy.Query
MUST, SHOULD, MUST_NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
EXACT, PHRASE, LIKEWISE, SPELLED = 4000.0, 1000.0, 300.0, 150.0
WEIGHTS = (("words", 6.0), ("items", 1.5), ("summary", 0.6))
PAIRS = 1.0  # pairs of characters of the name: below its words
COMMON_SHARE, COMMON_FROM = 0.15, 10_000  # a word in more of a large index ranks nothing
MOST_BEGINNINGS = 12
Area = tuple[str, str]  # field of the lookup tokens, who may find what stands in it
OPEN: Area = ("open", "all")
Tier = Callable[[IndexQuery, Area], tantivy.Query]


def areas(query: IndexQuery) -> tuple[Area, ...]:
    """Return where to look. No document stands in two areas, so answers are put together
    by adding; one query over both would cost the many readers without drafts dearly."""
    return (OPEN,) if query.closed_to is None else (OPEN, ("closed", query.closed_to))


class Asking:
    """Builds queries against one state of the index."""

    def __init__(self, fields: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self.fields = fields
        self.searcher = searcher
        large = searcher.num_docs >= COMMON_FROM
        self.common = int(searcher.num_docs * COMMON_SHARE) if large else 1 << 62

    def term(self, field: str, token: object, option: str = "basic") -> tantivy.Query:
        return Query.term_query(self.fields, field, token, option)

    def narrowed(self, query: IndexQuery, area: Area, *, but: str = "") -> tantivy.Query:
        """Return what must hold: words, permission, and every chosen facet except ``but``."""
        return self.all_of([self._area(query.asked, *area), *self._choices(query, but=but)])

    def _choices(self, query: IndexQuery, *, but: str = "") -> Iterable[tantivy.Query]:
        for name, values in query.chosen.items():
            if values and name != but:
                yield self.any_of([self.term(name, value) for value in values])

    def _area(self, asked: Asked, field: str, seen: str) -> tantivy.Query:
        """Return the words, looked up among what ``seen`` may find."""
        if not asked.words:
            return self.term("seen", seen)
        parts = [self._wanted(word, field, seen) for word in asked.words]
        if field == "closed":
            parts.append(self.term("seen", seen))
        found = self.all_of(parts)
        if asked.spelled and len(asked.words) > 1:
            return self.any_of([found, self._way((f"~{asked.spelled}",), field, seen)])
        return found

    def _wanted(self, word: Wanted, field: str, seen: str) -> tantivy.Query:
        ways = [self.all_of([self.term(field, token) for token in way]) for way in word.ways]
        if word.begins:
            ways += [self.term(field, token) for token in self._beginnings(word.begins, field)]
        if word.providers:
            of_them = Query.term_set_query(self.fields, "provider", list(word.providers))
            ways.append(self.all_of([of_them, self.term("seen", seen)]))
        return self.any_of(ways)

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
        return (self._named, self._others) if query.asked.words else (self.narrowed,)

    def _named(self, query: IndexQuery, area: Area) -> tantivy.Query:
        """Return the entries whose name holds all words. What a name holds is looked up under
        the same tokens, so permission is all that is left to ask."""
        found = self.all_of(
            [self.in_name(query.asked), self.term("seen", area[1]), *self._choices(query)]
        )
        for part in (*self.likenesses(query.asked), *self.weights(query.asked)):
            # One within the other: each is looked up for what is found, and read no further.
            found = Query.boolean_query([(MUST, found), (SHOULD, part)])
        return found

    def _others(self, query: IndexQuery, area: Area) -> tantivy.Query:
        parts = [*self.spelled(query.asked), *self.weights(query.asked)]
        return Query.boolean_query(
            [
                (MUST, _worth(self.narrowed(query, area), 0)),
                (MUST_NOT, self.in_name(query.asked)),
                *((SHOULD, part) for part in parts),
            ]
        )

    def likenesses(self, asked: Asked) -> Iterable[tantivy.Query]:
        yield _worth(self.term("exact", asked.exact), EXACT)
        yield _worth(self.phrase(asked.phrase), PHRASE)
        for phrase in asked.likewise:
            yield _worth(self.phrase(phrase), LIKEWISE)

    def spelled(self, asked: Asked) -> Iterable[tantivy.Query]:
        if asked.spelled:
            for mark, worth in (("^", 2 * SPELLED), ("~", SPELLED)):
                yield _worth(self.term("open", f"{mark}{asked.spelled}"), worth)

    def weights(self, asked: Asked) -> Iterable[tantivy.Query]:
        for field, weight in WEIGHTS:
            for token in asked.scored:
                if self.searcher.doc_freq(field, token) <= self.common:
                    yield Query.boost_query(self.term(field, token, "freq"), weight)
        for token in dict.fromkeys(asked.phrase):
            if token not in asked.scored and self.searcher.doc_freq("name", token) <= self.common:
                yield Query.boost_query(self.term("name", token, "freq"), PAIRS)

    def in_name(self, asked: Asked) -> tantivy.Query:
        found = self.all_of(
            [
                self.any_of([self.all_of([self.term("name", t) for t in way]) for way in word.ways])
                for word in asked.words
            ]
        )
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


def _worth(query: tantivy.Query, worth: float) -> tantivy.Query:
    return Query.const_score_query(query, worth)
