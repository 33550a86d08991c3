"""Pages of models: all of them, one with its documentation, what a row was made from."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tongqu.audit.public import annotate
from tongqu.identity.public import actor_of, require, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake import public
from tongqu.lake.actions.touch import touch
from tongqu.lake.http.pages import _unit as unit_name
from tongqu.lake.queries import models as queries
from tongqu.lake.vocabulary import LIBRARY_LABELS, Library, Provenance

SHOWN = 30  # rows a page


@require_safe
@requires(P.LAKE_TABLE_READ)
def models(request: HttpRequest) -> HttpResponse:
    """数据模型."""
    library = request.GET.get("library", "")
    rows = queries.models(library=library if library in set(Library) else "")
    context = {
        "nav": "models", "chosen": library,
        "page": Paginator(rows, SHOWN).get_page(request.GET.get("page")),
        "libraries": [(word.value, LIBRARY_LABELS[word]) for word in Library],
        "failed": sum(bool(row.broken) for row in rows),
    }  # fmt: skip
    return render(request, "lake/models.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.LAKE_TABLE_READ)
def model(request: HttpRequest, name: str) -> HttpResponse:
    """一个模型."""
    page = queries.model(name)
    actor = actor_of(request)
    if request.method == "POST":
        require(actor, P.LAKE_MODEL_RUN)
        annotate(request, subject=name)
        touch(page.installed.reads)
        messages.success(request, "已安排运行，结果见运行记录。")
        return redirect("lake:model", name)
    key = {column: request.GET.get(f"key_{column}", "")[:300] for column in page.model.keys}
    context = {
        "nav": "models", "page": page, "owner": unit_name(page.installed.owner),
        "asked": key, "may_run": actor.may(P.LAKE_MODEL_RUN),
        "may_trace": actor.may(P.LAKE_LINEAGE_READ) and page.rows > 0,
    }  # fmt: skip
    if all(key.values()) and key and context["may_trace"]:
        annotate(request, subject=name)
        context |= _row(page, key)
    return render(request, "lake/model.html", context)


def _row(page: queries.ModelPage, key: dict[str, str]) -> dict[str, object]:
    """Return where a row came from, and for a fusion why each field is as it is."""
    traced: Provenance | None = None
    decisions: list[queries.Decision] = []
    problem: Problem | None = None
    try:
        traced = public.provenance(page.installed.name, key)
        if page.fusion:
            decisions = queries.decisions(page.installed.name, key)
    except Rejected as refused:
        problem = refused.problem
    return {"traced": traced, "decisions": decisions, "problem": problem}
