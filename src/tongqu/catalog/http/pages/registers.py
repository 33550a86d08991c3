"""Registers around the catalogue: changes, rules, identifiers and nodes, strategies, receipts."""

import json

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tongqu.catalog import public, queries
from tongqu.catalog.domain import compliance, problems
from tongqu.catalog.domain import identifiers as codes
from tongqu.catalog.http.forms import IdentifierForm, NodeForm
from tongqu.catalog.http.pages.editing import accepted, status_of
from tongqu.catalog.queries import identifiers, lists
from tongqu.catalog.queries.rules import entries_failing, failing, registry, rule_view
from tongqu.catalog.vocabulary import ChangeReason, Compatibility, RuleGroup, Strategy
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Problem, Rejected


@require_safe
@requires(P.CATALOG_ENTRY_CHECK)
def changes(request: HttpRequest) -> HttpResponse:
    """The register of changes: class, notice, overrides."""
    page = Paginator(lists.changes(actor_of(request)), 30).get_page(request.GET.get("page"))
    rows = [
        (row, ChangeReason(row.reason).label,
         Compatibility(row.compatibility) if row.compatibility else None)
        for row in page
    ]  # fmt: skip
    return render(request, "catalog/changes.html", {"nav": "manage", "page": page, "rows": rows})


@require_safe
@requires(P.CATALOG_ENTRY_CHECK)
def rules(request: HttpRequest) -> HttpResponse:
    found = registry(actor_of(request))
    group = request.GET.get("group", "")
    if group in set(RuleGroup):
        found = tuple(rule for rule in found if rule.group == group)
    context = {"nav": "manage", "rules": found, "groups": RuleGroup, "group": group}
    return render(request, "catalog/rules.html", context)


@require_safe
@requires(P.CATALOG_ENTRY_CHECK)
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """One rule: what it looks at, how to fix, an example, who fails it now."""
    found = compliance.rule(code)
    if found is None:
        raise Rejected(problems.RULE_UNKNOWN)
    actor = actor_of(request)
    context = {
        "nav": "manage",
        "rule": rule_view(found, failing(actor)),
        "entries": entries_failing(code, actor)[:50],
    }
    return render(request, "catalog/rule.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.CATALOG_ENTRY_CHECK)
def identifier_register(request: HttpRequest) -> HttpResponse:
    """Look an identifier up; register others' identifiers and nodes."""
    actor = actor_of(request)
    is_node = "node" in request.POST
    form = IdentifierForm(request.POST if request.method == "POST" and not is_node else None)
    node_form = NodeForm(request.POST if is_node else None, prefix="node")
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        done = accepted(form, lambda: public.add_identifier(given.pop("entry"), by=actor, **given))
        if done is not None:
            messages.success(request, "外部标识已登记。")
            return redirect("catalog:identifiers")
    if node_form.is_bound and node_form.is_valid():
        done = accepted(node_form, lambda: public.register_node(by=actor, **node_form.cleaned_data))
        if done is not None:
            messages.success(request, "节点已登记。")
            return redirect("catalog:identifiers")
    sought, found, problem = _sought(request)
    rows = lists.external_of(actor)
    page = Paginator(rows, 30).get_page(request.GET.get("page"))
    context = {
        "nav": "manage", "form": form, "node_form": node_form, "page": page, "q": sought,
        "found": found, "problem": problem, "here": identifiers.here(),
        "nodes": identifiers.nodes(), "rules": codes.rules().values(),
        "chosen": identifiers.code_rule(), "may_add": actor.may(P.CATALOG_ENTRY_DRAFT),
        "may_node": actor.may(P.CATALOG_EXCEPTION_APPROVE),
    }  # fmt: skip
    return render(request, "catalog/identifiers.html", context, status=status_of(form, node_form))


def _sought(request: HttpRequest) -> tuple[str, object, Problem | None]:
    text = request.GET.get("identifier", "").strip()[:240]
    if not text:
        return "", None, None
    try:
        found = public.resolve(text)
    except Rejected as rejected:
        return text, None, rejected.problem
    return text, found, None if found else problems.IDENTIFIER_UNKNOWN


@require_safe
@requires(P.CATALOG_ENTRY_READ)
def strategies(request: HttpRequest) -> HttpResponse:
    """Entries by the strategy or plan that they serve (GEN-17)."""
    actor = actor_of(request)
    chosen = request.GET.get("strategy", "")
    word = Strategy(chosen) if chosen in set(Strategy) else None
    found = lists.serving(actor, word).prefetch_related(None) if word else None
    page = Paginator(found, 30).get_page(request.GET.get("page")) if found is not None else None
    context = {
        "nav": "catalog", "branches": public.by_strategy(actor), "word": word, "page": page,
    }  # fmt: skip
    return render(request, "catalog/strategies.html", context)


@require_safe
@requires(P.CATALOG_RECEIPT_CHECK)
def receipt_check(request: HttpRequest) -> HttpResponse:
    """For approvers of projects: a receipt's number leads to its check page."""
    number = request.GET.get("number", "").strip()[:30]
    missing = False
    if number:
        if queries.receipts().filter(number=number).exists():
            return redirect("catalog:receipt", number=number)
        missing = True
    context = {"nav": "catalog", "number": number, "missing": missing}
    return render(request, "catalog/receipt_check.html", context, status=404 if missing else 200)


@require_safe
@requires(P.CATALOG_RECEIPT_CHECK)
def revocations(request: HttpRequest) -> HttpResponse:
    """The signed list of receipts that no longer stand, as a file."""
    body = json.dumps(public.revocations(), ensure_ascii=False, sort_keys=True)
    response = HttpResponse(body, content_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="receipts-revoked.json"'
    return response
