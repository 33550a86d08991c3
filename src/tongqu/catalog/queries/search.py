"""Search of the catalogue: words, facets with exact counts, one page of results.

Asked of this node's index (``ports.SearchIndex``), which catches up with the database first;
of the database itself only while there is no index.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tongqu.catalog import ports
from tongqu.catalog.domain.search import tokens
from tongqu.catalog.domain.search.forms import Asked, IndexQuery, Wanted
from tongqu.catalog.domain.search.normal import normal
from tongqu.catalog.queries import facets, sees_all_drafts
from tongqu.catalog.queries import search_in_database as database
from tongqu.catalog.queries.facets import FACETS
from tongqu.catalog.queries.page import page
from tongqu.catalog.vocabulary import (
    SearchFilters,
    SearchResult,
    Suggestion,
    WayOut,
)
from tongqu.identity.public import organisations
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Unavailable

__all__ = ["FACETS", "search", "suggest", "totals", "ways_out"]
MOST_SUGGESTIONS = 10
MOST_WAYS_OUT = 5
MOST_NAMED = 20


def search(q: str, filters: SearchFilters, actor: Actor) -> SearchResult:
    """Return one page of what the asker may see, best first, with facets and their counts.

    Withheld entries are listed with their basis; drafts only for their own department.
    A count in a facet honours the query and every other facet, not its own choice.
    ``sequence`` is the change of the catalogue that the answer stands for.
    """
    providers = _providers()
    index = ports.search_index()
    if index is None:
        return database.search(q, filters, actor, providers=providers)
    asked = asked_of(q, providers)
    query = IndexQuery(
        asked,
        closed_to=drafts_of(actor),
        chosen=facets.chosen(filters),
        facets=facets.NAMES,
        offset=filters.offset,
        limit=filters.limit,
    )
    try:
        answer = index.find(query)
    except Unavailable:
        return database.search(q, filters, actor, providers=providers)
    return SearchResult(
        total=answer.total,
        entries=page(answer.version_ids, actor),
        facets=tuple(
            facets.shown(
                name,
                answer.counts.get(name, {}),
                chosen=getattr(filters, name),
                labels=providers,
            )
            for name in facets.NAMES
        ),
        words=tuple(word.text for word in asked.words),
        sequence=answer.sequence,
        is_behind=answer.is_behind,
    )


def asked_of(q: str, providers: Mapping[str, str]) -> Asked:
    """Return the query taken apart, with the departments that its words name.

    Departments are looked up when asked, not when indexed: one that is renamed is found
    under its new name at once.
    """
    asked = tokens.asked(q)
    if not asked.words:
        return asked
    known = [(code, normal(name)) for code, name in providers.items()]
    return replace(asked, words=tuple(_with_providers(word, known) for word in asked.words))


def _with_providers(word: Wanted, known: list[tuple[str, str]]) -> Wanted:
    text = word.text if len(word.text) > 1 else word.ways[0][0]  # 处 alone is looked up as 航处
    if len(text) < 2:
        return word
    codes = tuple(code for code, name in known if text in name)
    is_general = len(codes) > MOST_NAMED and 2 * len(codes) > len(known)  # 交通: in most names
    return replace(word, providers=codes) if codes and not is_general else word


def drafts_of(actor: Actor) -> str | None:
    """Return whose drafts the asker may find: everybody's, its department's, nobody's."""
    if sees_all_drafts(actor):
        return "drafts"
    if actor.organisation_id and actor.may(Permission.PORTAL_DESK_READ):
        return f"org:{actor.organisation_id}"
    return None


def suggest(q: str, actor: Actor) -> tuple[Suggestion, ...]:
    """Return up to ten names of entries for what is being typed; none for an empty text."""
    asked = asked_of(q, {})
    index = ports.search_index()
    if index is None or not asked.words:
        return ()
    query = IndexQuery(asked, closed_to=drafts_of(actor), limit=MOST_SUGGESTIONS)
    try:
        return tuple(Suggestion(name) for name in index.suggest(query))
    except Unavailable:
        return ()


def ways_out(q: str, filters: SearchFilters, actor: Actor) -> tuple[WayOut, ...]:
    """Return searches close to one that found nothing, each with how many it finds.

    First with one condition less, then with one word less.
    """
    index = ports.search_index()
    if index is None:
        return ()
    chosen = facets.chosen(filters)
    asked = asked_of(q, _providers())
    tries = [(WayOut(q, without=name), asked, _but(chosen, name)) for name in chosen]
    for word in asked.words if len(asked.words) > 1 else ():
        left = tuple(w for w in asked.words if w != word)
        text = " ".join(w.text for w in left)
        tries.append((WayOut(text, dropped=word.text), replace(asked, words=left), chosen))
    queries = [
        IndexQuery(narrower, closed_to=drafts_of(actor), chosen=kept)
        for _, narrower, kept in tries[:MOST_WAYS_OUT]
    ]
    try:
        found = index.totals(queries)
    except Unavailable:
        return ()
    return tuple(
        replace(way, total=total) for (way, *_), total in zip(tries, found, strict=False) if total
    )


def totals(asked: Sequence[tuple[str, SearchFilters]], actor: Actor) -> tuple[int, ...]:
    """Return how many entries each of several searches finds."""
    providers, index = _providers(), ports.search_index()
    queries = [
        IndexQuery(
            asked_of(q, providers), closed_to=drafts_of(actor), chosen=facets.chosen(filters)
        )
        for q, filters in asked
    ]
    try:
        if index is not None:
            return index.totals(queries)
    except Unavailable:
        pass
    return tuple(
        database.search(q, filters, actor, providers=providers).total for q, filters in asked
    )


def _but(chosen: Mapping[str, tuple[str, ...]], name: str) -> dict[str, tuple[str, ...]]:
    return {key: values for key, values in chosen.items() if key != name}


def _providers() -> dict[str, str]:
    return dict(organisations().order_by().values_list("code", "name"))
