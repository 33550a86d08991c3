"""The API of the catalogue's search: entries, and what is being typed."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Schema

from tongqu.catalog import public
from tongqu.catalog.http import schemas as s
from tongqu.catalog.http.api_life import READ, router
from tongqu.catalog.queries.facets import NAMES
from tongqu.catalog.vocabulary import SearchFilters
from tongqu.identity.public import ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission as P


class SuggestIn(Schema):
    q: s.Line = ""


class SuggestionOut(Schema):
    text: str


@router.get("/catalog/entries", response={200: s.CatalogPageOut, READ: ProblemOut})
@requires(P.CATALOG_ENTRY_READ)
def list_entries(request: HttpRequest, query: Query[s.SearchIn]) -> dict[str, Any]:
    """检索目录：按词与条件，返回一页条目和各条件的计数。"""
    chosen = query.model_dump()
    filters = SearchFilters(
        **{name: tuple(str(value) for value in chosen[name]) for name in NAMES},
        limit=query.limit,
        offset=query.offset,
    )
    found = public.search(query.q, filters, actor_of(request))
    return {
        "total": found.total,
        "limit": query.limit,
        "offset": query.offset,
        "entries": found.entries,
        "facets": found.facets,
        "words": found.words,
        "as_of_sequence": found.sequence,
        "is_behind": found.is_behind,
        "is_from_database": found.is_from_database,
    }


@router.get("/catalog/suggest", response={200: list[SuggestionOut], READ: ProblemOut})
@requires(P.CATALOG_ENTRY_READ)
def suggest_entries(request: HttpRequest, query: Query[SuggestIn]) -> tuple[Any, ...]:
    """检索联想：按正在输入的文字，返回至多十个目录名称。"""
    return public.suggest(query.q, actor_of(request))
