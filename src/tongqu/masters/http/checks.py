"""Pages of multi-source checks: how far sources agree, and each conflict."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from tongqu.audit.public import annotate
from tongqu.identity.public import actor_of, require, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.masters import public, queries
from tongqu.masters.domain import cross as rules_of
from tongqu.masters.queries import cross

PAGE = 20


@require_GET
@requires(P.MASTERS_CHECK_READ)
def checks(request: HttpRequest) -> HttpResponse:
    """多源校核."""
    rows = queries.checks_for(actor_of(request))
    shown = [(check, run, cross.agreements(run) if run else []) for check, run in rows]
    return render(request, "masters/checks.html", {"nav": "cross_checks", "rows": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.MASTERS_CHECK_READ)
def check(request: HttpRequest, code: str) -> HttpResponse:
    """一项多源校核."""
    actor = actor_of(request)
    if request.method == "POST":
        require(actor, P.MASTERS_RUN_START)
        run = public.run_check(code, by=actor)
        messages.success(request, f"校核完成，冲突 {run.conflicts} 处。")
        return redirect("masters:check", code=code)
    found = queries.check_for(code, actor)
    rules = rules_of.read(found.document)
    runs = list(found.runs.select_related("check_of")[:10])
    item = request.GET.get("item", "")[:63]
    offset = int(text[:9]) if (text := request.GET.get("offset", "")).isdecimal() else 0
    total, rows = (
        cross.conflicts(runs[0], item=item, offset=offset, limit=PAGE) if runs else (0, [])
    )
    annotate(request, subject=code, rows=len(rows))
    context = {
        "nav": "cross_checks", "check": found, "rules": rules, "run": runs[0] if runs else None,
        "runs": runs, "items": cross.agreements(runs[0]) if runs else [], "rows": rows,
        "total": total, "offset": offset, "limit": PAGE, "item": item,
        "may_run": actor.may(P.MASTERS_RUN_START),
    }  # fmt: skip
    return render(request, "masters/check.html", context)
