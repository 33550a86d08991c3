"""Pages of quality: overview, one run, tickets."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tongqu.catalog import public as catalog
from tongqu.identity.public import actor_of, require, requires
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake.vocabulary import ref_of
from tongqu.quality import public, queries
from tongqu.quality.http.radar import radar, rim
from tongqu.quality.models import Scan
from tongqu.quality.queries import opinions, overviews
from tongqu.quality.vocabulary import (
    DIMENSION_LABELS,
    Dimension,
)

NAV = "quality"
ROWS = 50


@requires(Permission.QUALITY_RESULT_READ)
def overview(request: HttpRequest) -> HttpResponse:
    """Every entry's newest run; a run can be started here by those who may."""
    actor = actor_of(request)
    if request.method == "POST":
        require(actor, Permission.QUALITY_SCAN_RUN)
        code = request.POST.get("entry", "")
        last = Scan.objects.filter(entry_code=code).order_by("-pk").first()
        # Measured again is the same table: its places are those the ticket names.
        table = ref_of(last.table) if last else None
        view = public.scan(code, by=actor, table=table)
        messages.success(request, f"检测完成，得分 {view.score if view.score is not None else '—'}")
        return redirect("quality:run", number=view.number)
    page = Paginator(overviews.newest(), ROWS).get_page(request.GET.get("page"))
    names = catalog.briefs(codes=[scan.entry_code for scan in page])
    context = {
        "nav": NAV,
        "page": page,
        "scans": [(scan, names.get(scan.entry_code), _scores(scan)) for scan in page],
        "glance": overviews.glance(),
        "divergences": opinions.divergences(),
        "dimensions": [DIMENSION_LABELS[d] for d in Dimension],
        "may_scan": actor.may(Permission.QUALITY_SCAN_RUN),
        "open_tickets": queries.tickets_for(actor).filter(state__in=queries.OPEN_STATES).count(),
    }
    return render(request, "quality/overview.html", context)


def _scores(scan: Scan) -> list[tuple[str, object]]:
    return [(DIMENSION_LABELS[d], scan.dimensions.get(d.value)) for d in Dimension]


def _name(scan: Scan) -> str:
    found = catalog.entry(scan.entry_code)
    return found.name if found else scan.entry_code


@requires(Permission.QUALITY_RESULT_READ)
def run(request: HttpRequest, number: str) -> HttpResponse:
    scan = Scan.objects.filter(number=number).prefetch_related("results").first()
    if scan is None:
        raise Rejected(Problem("NO_SUCH_SCAN", "没有这次检测。", "请从质量总览重新进入。"))
    view = queries.view_of(scan)
    results = [(r, DIMENSION_LABELS[Dimension(r.dimension)]) for r in scan.results.all()]
    context = {
        "nav": NAV,
        "scan": scan,
        "view": view,
        "results": results,
        "name": _name(scan),
        "radar_labels": rim([DIMENSION_LABELS[d] for d in Dimension]),
        "radar": radar([view.dimensions[d] for d in Dimension]),
        "dimensions": [(DIMENSION_LABELS[d], view.dimensions[d]) for d in Dimension],
    }
    return render(request, "quality/run.html", context)
