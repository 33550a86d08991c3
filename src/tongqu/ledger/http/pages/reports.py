"""Pages of the ledger's reports: coverage, crossings, two ledgers, the stock."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tongqu.audit.public import annotate
from tongqu.identity.public import actor_of, piloted, require, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Problem
from tongqu.ledger.actions import metadata as metadata_actions
from tongqu.ledger.actions import resources as resource_actions
from tongqu.ledger.actions import stock as stock_actions
from tongqu.ledger.domain.metadata import FIELDS
from tongqu.ledger.http.api_reports import CROSSINGS
from tongqu.ledger.http.pages.common import PER_PAGE, done_or_problem, file_of
from tongqu.ledger.queries import coverage as coverage_queries
from tongqu.ledger.queries import crossings as crossing_queries
from tongqu.ledger.queries import metadata, resources
from tongqu.ledger.queries import stock as stock_queries
from tongqu.ledger.vocabulary import TONES, CoverageState, Filled, MetadataKind, ObjectKind

MOST_EXPORTED = 100_000


@require_safe
@requires(P.LEDGER_REPORT_READ)
def coverage(request: HttpRequest) -> HttpResponse:
    """应归未归."""
    everything = coverage_queries.covered(actor_of(request))
    state = request.GET.get("state", "")
    rows = [row for row in everything if state not in set(CoverageState) or row.state == state]
    counts = [(word, sum(row.state is word for row in everything), TONES[word])
              for word in CoverageState]  # fmt: skip
    context = {
        "nav": "ledger_coverage", "page": Paginator(rows, PER_PAGE).get_page(
            request.GET.get("page")),
        "boards": coverage_queries.boards(everything), "counts": counts, "state": state,
        "tones": TONES,
    }  # fmt: skip
    return render(request, "ledger/coverage.html", context)


@require_safe
@requires(P.LEDGER_REPORT_READ)
def coverage_file(request: HttpRequest, form: str) -> HttpResponse:
    rows = coverage_queries.covered(actor_of(request))[:MOST_EXPORTED]
    annotate(request, subject="coverage", rows=len(rows))
    cells = [coverage_queries.cells(row) for row in rows]
    return file_of(form, "coverage", coverage_queries.HEADS, cells)


@require_safe
@requires(P.LEDGER_REPORT_READ)
@piloted(*CROSSINGS)
def crossings(request: HttpRequest) -> HttpResponse:
    """五跨统计."""
    found = crossing_queries.flows(actor_of(request))
    context = {
        "nav": "crossings", "total": len(found),
        "statistics": crossing_queries.statistics(found).items(),
        "combinations": crossing_queries.combinations(found)[:20],
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
    }  # fmt: skip
    return render(request, "ledger/crossings.html", context)


@require_safe
@requires(P.LEDGER_REPORT_READ)
def ledger(request: HttpRequest) -> HttpResponse:
    """数据资源一本账."""
    actor = actor_of(request)
    words = request.GET.get("q", "")[:100]
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    found = metadata.objects(actor, words=words, kind=kind, state=state)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(o, ObjectKind(o.kind).label, Filled(o.business_state).label, TONES[o.business_state])
            for o in page]  # fmt: skip
    context = {
        "nav": "ledger", "page": page, "rows": rows, "q": words, "kind": kind, "state": state,
        "kinds": ObjectKind, "states": Filled, "counts": metadata.counts(actor).items(),
    }  # fmt: skip
    return render(request, "ledger/ledger.html", context)


@require_safe
@requires(P.LEDGER_REPORT_READ)
def ledger_file(request: HttpRequest, form: str) -> HttpResponse:
    rows = [metadata.cells(row) for row in metadata.objects(actor_of(request))[:MOST_EXPORTED]]
    annotate(request, subject="metadata ledger", rows=len(rows))
    return file_of(form, "metadata-ledger", metadata.HEADS, rows)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.LEDGER_REPORT_READ)
def ledger_object(request: HttpRequest, pk: int) -> HttpResponse:
    """台账对象."""
    actor = actor_of(request)
    found = metadata.object_for(pk, actor)
    problem: Problem | None = None
    if request.method == "POST":
        annotate(request, subject=found.identifier[:200])
        written = {kind: {name: request.POST.get(name, "")[:1000] for name in FIELDS[kind]}
                   for kind in (MetadataKind.BUSINESS, MetadataKind.MANAGEMENT)}  # fmt: skip
        done = done_or_problem(
            request,
            lambda: metadata_actions.describe(
                pk, title=request.POST.get("title", "")[:200],
                business=written[MetadataKind.BUSINESS],
                management=written[MetadataKind.MANAGEMENT], by=actor,
            ),
            said="元数据已保存。", to=("ledger:object", pk),
        )  # fmt: skip
        if not isinstance(done, Problem):
            return done
        problem = done
    fields = [(kind.label, [(name, label, getattr(found, kind.value).get(name, ""))
                            for name, label in FIELDS[kind].items()])
              for kind in (MetadataKind.BUSINESS, MetadataKind.MANAGEMENT)]  # fmt: skip
    context = {
        "nav": "ledger", "found": found, "parts": metadata.parts(found), "problem": problem,
        "kind": ObjectKind(found.kind).label, "fields": fields,
        "state": Filled(found.business_state).label, "tone": TONES[found.business_state],
        "may_edit": actor.may(P.LEDGER_METADATA_EDIT)
        and found.owner_id in (actor.organisation_id, None),
    }  # fmt: skip
    return render(request, "ledger/object.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.LEDGER_REPORT_READ)
def resource_ledger(request: HttpRequest) -> HttpResponse:
    """总账: 分级、共享、开放、运营."""
    actor = actor_of(request)
    may_compile = actor.may(P.LEDGER_STOCK_MEASURE)
    if request.method == "POST":
        require(actor, P.LEDGER_STOCK_MEASURE)
        count = resource_actions.compile_ledger(by=actor)
        messages.success(request, f"总账已汇编，共 {count} 个资源。")
        return redirect("ledger:resources")
    found = resources.resources(actor)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    first = page.object_list[0] if page.paginator.count else None
    context = {
        "nav": "resources", "page": page, "totals": resources.totals(actor),
        "may_compile": may_compile, "compiled_at": first.compiled_at if first else None,
        "differences": resources.reconciled()[:200] if may_compile else [],
    }  # fmt: skip
    return render(request, "ledger/resources.html", context)


@require_safe
@requires(P.LEDGER_REPORT_READ)
def resource_file(request: HttpRequest, form: str) -> HttpResponse:
    """Export the general ledger; what differs from the catalogue now stands below it."""
    actor = actor_of(request)
    rows: list[tuple[str, ...]] = [resources.cells(r) for r in resources.resources(actor)]
    seen = {row[0] for row in rows}
    annotate(request, subject="resource ledger", rows=len(rows))
    differences = [
        d for d in resources.reconciled() if d.code in seen or actor.may(P.LEDGER_STOCK_MEASURE)
    ]
    total = ("合计", f"{len(rows)} 个资源", f"与目录差异 {len(differences)} 处", *[""] * 5)
    listed = [("差异", d.code, d.what, f"总账：{d.in_ledger or '无'}",
               f"目录：{d.in_catalogue or '无'}", "", "", "") for d in differences]  # fmt: skip
    return file_of(form, "resource-ledger", resources.HEADS, [*rows, total, *listed])


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PORTAL_PAGE_READ)
def stock(request: HttpRequest) -> HttpResponse:
    """存量: what the engine counted, and when."""
    actor = actor_of(request)
    if request.method == "POST":
        stock_actions.measure(by=actor)
        messages.success(request, "已重新测量。")
        return redirect("ledger:stock")
    found = stock_queries.newest()
    context = {
        "nav": "stats", "found": found, "history": stock_queries.history(),
        "rates": stock_queries.rates_of(found) if found else [],
        "may_measure": actor.may(P.LEDGER_STOCK_MEASURE),
    }  # fmt: skip
    return render(request, "ledger/stock.html", context)
