"""Pages for everybody: search, detail, differences, receipts, the must-share board."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tongqu.audit.public import annotate
from tongqu.catalog import ports, public, queries
from tongqu.catalog.domain import problems, versions
from tongqu.catalog.domain.compatibility import classify, impacts
from tongqu.catalog.http.forms import MASKS
from tongqu.catalog.http.pages.shown import core_metadata, duty
from tongqu.catalog.vocabulary import ReceiptState
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel import clock
from tongqu.kernel.problems import Rejected
from tongqu.policy.public import terms_on

RECEIPT_TONE = {ReceiptState.VALID: "ok", ReceiptState.UPDATED: "warn", ReceiptState.VOID: "bad"}


@require_safe
@requires(P.CATALOG_ENTRY_READ)
def detail(request: HttpRequest, code: str) -> HttpResponse:
    actor = actor_of(request)
    version = queries.shown_to(code, actor)
    if version is None:
        raise Rejected(problems.NOT_FOUND)
    entry = queries.view_of(version)
    panels = ports.panels(entry, actor)
    context = {
        "nav": "catalog",
        "entry": entry,
        "version": version,
        "serial": code.split("-")[-2] if code.count("-") >= 4 else "",
        "metadata": core_metadata(entry),
        "duty": duty(entry),
        "externals": public.external_identifiers(code),
        "mask_labels": dict(MASKS),
        "terms": terms_on(clock.today()),
        "masked": sum(item.mask != "none" for item in entry.items),
        "history": queries.history(code, actor),
        "panels": [panel for panel in panels if not panel.aside],
        "aside_panels": [panel for panel in panels if panel.aside],
        "receipt": queries.newest_receipt(version.entry_id),
        "is_own": queries.may_see_drafts(version.entry, actor),
    }
    return render(request, "catalog/detail.html", context)


@require_safe
@requires(P.CATALOG_ENTRY_READ)
def diff(request: HttpRequest, code: str, a: str, b: str) -> HttpResponse:
    found = [queries.version_shown_to(code, number, actor_of(request)) for number in (a, b)]
    before, after = found
    if before is None or after is None:
        raise Rejected(problems.NOT_FOUND)
    old, new = queries.view_of(before), queries.view_of(after)
    found_impacts = impacts(old, new)
    context = {
        "impacts": found_impacts,
        "compatibility": classify(found_impacts),
        "old_title": f"V{old.version}",
        "new_title": f"V{new.version}",
        "nav": "catalog",
        "before": old,
        "after": new,
        "version": after,
        "differences": versions.differences(old, new),
    }
    return render(request, "catalog/diff.html", context)


@require_safe
@requires(P.CATALOG_ENTRY_READ)
def must_share(request: HttpRequest) -> HttpResponse:
    tones = {"missing": "quiet", "unconnected": "busy", "stale": "warn", "fresh": "ok"}
    rows = [(row, tones[row.status]) for row in public.must_share()]
    return render(request, "catalog/must_share.html", {"nav": "catalog", "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.CATALOG_RECEIPT_CHECK)
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The public check page: 有效, 已更新 or 已作废; the managing office declares one void here."""
    actor, refused = actor_of(request), ""
    if request.method == "POST":
        annotate(request, subject=number)
        try:
            public.void_receipt(number, reason=request.POST.get("reason", ""), by=actor)
        except Rejected as rejected:
            refused = rejected.problem.fields.get("reason", "")
            if not refused:
                raise
        else:
            messages.success(request, "回执已作废。")
            return redirect("catalog:receipt", number=number)
    found = public.receipt(number)
    if found is None:
        raise Rejected(problems.RECEIPT_UNKNOWN)
    context = {
        "nav": "catalog", "receipt": found, "tone": RECEIPT_TONE[found.state], "refused": refused,
        "may_void": found.state is not ReceiptState.VOID and actor.may(P.CATALOG_EXCEPTION_APPROVE),
    }  # fmt: skip
    return render(request, "catalog/receipt.html", context, status=422 if refused else 200)


@require_safe
@requires(P.CATALOG_RECEIPT_CHECK)
def receipt_pdf(request: HttpRequest, number: str) -> HttpResponse:
    document = public.receipt_document(number)
    annotate(request, subject=number)
    response = HttpResponse(document, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{number}.pdf"'
    return response
