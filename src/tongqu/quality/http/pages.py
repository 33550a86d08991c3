"""Pages of quality: overview, one run, tickets."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tongqu.catalog import public as catalog
from tongqu.identity.public import actor_of, require, requires
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake.vocabulary import ref_of
from tongqu.quality import public, queries
from tongqu.quality.actions import tickets
from tongqu.quality.domain.states import TICKETS
from tongqu.quality.http.radar import radar, rim
from tongqu.quality.models import Scan
from tongqu.quality.vocabulary import (
    COMMAND_LABELS,
    DIMENSION_LABELS,
    STATE_LABELS,
    Dimension,
    TicketCommand,
    TicketState,
)

NAV = "quality"


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
    newest = queries.newest_scans()
    context = {
        "nav": NAV,
        "scans": [(scan, _name(scan), _scores(scan)) for scan in newest],
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


@requires(Permission.QUALITY_RESULT_READ)
def issues(request: HttpRequest) -> HttpResponse:
    rows = [
        (ticket, *STATE_LABELS[TicketState(ticket.state)])
        for ticket in queries.tickets_for(actor_of(request))
    ]
    return render(request, "quality/issues.html", {"nav": NAV, "rows": rows})


@requires(Permission.QUALITY_RESULT_READ)
def issue(request: HttpRequest, number: str) -> HttpResponse:
    """One ticket with its history; the producing department takes its next step here."""
    actor = actor_of(request)
    ticket = queries.tickets_for(actor).filter(number=number).first()
    if ticket is None:
        raise Rejected(Problem("NO_SUCH_TICKET", "没有这张工单。", "请从工单列表重新进入。"))
    problem: Problem | None = None
    if request.method == "POST":
        require(actor, Permission.QUALITY_TICKET_HANDLE)
        try:
            command = TicketCommand(request.POST.get("command", ""))
            tickets.handle(number, command, note=request.POST.get("note", ""), by=actor)
        except Rejected as refused:
            problem = refused.problem
        except ValueError:
            problem = Problem("INVALID", "没有选择办理动作。", "请选择一个动作后提交。")
        else:
            return redirect("quality:issue", number=number)
    is_mine = ticket.provider_id == actor.organisation_id
    steps = TICKETS.allowed(TicketState(ticket.state), actor.roles) if is_mine else ()
    label, tone = STATE_LABELS[TicketState(ticket.state)]
    context = {
        "nav": NAV,
        "ticket": ticket,
        "label": label,
        "tone": tone,
        "steps": steps,
        "problem": problem,
        "note": request.POST.get("note", ""),
        "words": COMMAND_LABELS,
        "results": ticket.scan.results.filter(is_over=True) if ticket.scan else [],
    }
    return render(request, "quality/issue.html", context, status=422 if problem else 200)
