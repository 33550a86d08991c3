"""Pages of the search: results, suggestions, what a person keeps."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tongqu.catalog import public
from tongqu.catalog.actions.saved import drop_search, note_seen, save_search
from tongqu.catalog.http.pages.shown import Chip, chips, filters_of
from tongqu.catalog.models import SavedSearch
from tongqu.catalog.queries.facets import FACETS, NAMES
from tongqu.catalog.queries.search import totals, ways_out
from tongqu.catalog.vocabulary import SearchFilters
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.actor import Actor

TITLES = {name: title for name, title, _ in FACETS}


@require_safe
@requires(P.CATALOG_ENTRY_READ)
def search(request: HttpRequest) -> HttpResponse:
    """Results with facets; for the box that is being typed in, only what may be meant."""
    actor, q = actor_of(request), request.GET.get("q", "").strip()[:200]
    if request.headers.get("HX-Target") == "suggestions":
        found = public.suggest(q, actor)
        return render(request, "catalog/_suggestions.html", {"suggestions": found})
    filters = filters_of(request.GET)
    result = public.search(q, filters, actor)
    conditions = conditions_of(request.GET)
    saved = _saved(conditions, actor)
    if saved and saved.found != result.total:
        note_seen(conditions, found=result.total, sequence=result.sequence or 0, by=actor)
    context = {
        "nav": "catalog",
        "q": q,
        "result": result,
        "filters": filters,
        "chips": chips(request.GET, result.facets),
        "stock": public.stock() if not q else None,
        "ways": _ways(q, filters, actor) if not result.total else (),
        "conditions": conditions,
        "may_save": bool(conditions) and actor.user_id is not None,
        "saved": saved,
        "default_title": _title(q, request.GET),
    }
    return render(request, "catalog/search.html", context)


def conditions_of(query: QueryDict) -> str:
    """Return the words and conditions of an address in one spelling, without the page."""
    q = query.get("q", "").strip()[:200]
    pairs = [("q", q)] if q else []
    pairs += [(name, value[:60]) for name in NAMES for value in sorted(query.getlist(name)[:50])]
    return urlencode(pairs)[:1000]


def _title(q: str, query: QueryDict) -> str:
    chosen = "、".join(TITLES[name] for name in NAMES if query.getlist(name))
    return (q or chosen)[:80]


def _saved(conditions: str, actor: Actor) -> SavedSearch | None:
    if not conditions or actor.user_id is None:
        return None
    return SavedSearch.objects.filter(person_id=actor.user_id, query=conditions).first()


def _ways(q: str, filters: SearchFilters, actor: Actor) -> tuple[Chip, ...]:
    """Return what to try instead, each with the number of entries it finds."""
    found = []
    for way in ways_out(q, filters, actor):
        kept = [
            (name, value)
            for name in NAMES
            if name != way.without
            for value in getattr(filters, name)
        ]
        what = f"不限{TITLES[way.without]}" if way.without else f"不含“{way.dropped}”"
        found.append(Chip(f"{what}（{way.total} 项）", "?" + urlencode([("q", way.q), *kept])))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class SavedRow:
    saved: SavedSearch
    total: int

    @property
    def newer(self) -> int:
        return max(self.total - self.saved.found, 0)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PORTAL_DESK_READ)
def saved_searches(request: HttpRequest) -> HttpResponse:
    """What the person keeps, with how much is new; POST keeps one more or lets one go."""
    actor = actor_of(request)
    if request.method == "POST":
        return _change(request, actor)
    kept = list(SavedSearch.objects.filter(person_id=actor.user_id or 0))
    asked = [_parsed(saved.query) for saved in kept]
    found = totals(asked, actor)
    rows = [SavedRow(saved, total) for saved, total in zip(kept, found, strict=True)]
    return render(request, "catalog/saved_searches.html", {"nav": "searches", "rows": rows})


def _change(request: HttpRequest, actor: Actor) -> HttpResponse:
    if (number := request.POST.get("drop", "")).isdecimal():
        drop_search(int(number[:12]), by=actor)
        return redirect("catalog:searches")
    query = QueryDict(request.POST.get("conditions", "")[:1000])
    conditions = conditions_of(query)
    [found] = totals([_parsed(conditions)], actor)
    title = request.POST.get("title", "")
    save_search(title=title, query=conditions, found=found, sequence=0, by=actor)
    return redirect("catalog:searches")


def _parsed(conditions: str) -> tuple[str, SearchFilters]:
    query = QueryDict(conditions)
    return query.get("q", ""), filters_of(query)
