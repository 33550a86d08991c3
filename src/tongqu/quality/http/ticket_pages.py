"""Pages of tickets: the list, one ticket as a chain, a form to file one, the wrong rows."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from tongqu.audit.public import annotate
from tongqu.identity.public import actor_of, require, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.quality.actions import lists, steps, tickets
from tongqu.quality.domain.states import TICKETS
from tongqu.quality.http.loop_api import file_of
from tongqu.quality.http.loop_forms import TicketForm
from tongqu.quality.models import Ticket
from tongqu.quality.queries import tickets as reads
from tongqu.quality.vocabulary import (
    COMMAND_LABELS,
    STATE_LABELS,
    Channel,
    TicketCommand,
    TicketState,
)

NAV = "issues"
PER_PAGE = 20
ONLY = (("open", "未结"), ("overdue", "超期"), ("all", "全部"))


@require_GET
@requires(P.QUALITY_RESULT_READ)
def issues(request: HttpRequest) -> HttpResponse:
    """The tickets in sight, those overdue first."""
    actor = actor_of(request)
    asked = request.GET
    wanted = reads.Wanted(
        asked.get("state", ""), asked.get("channel", ""), asked.get("only", "open"),
        asked.get("q", "").replace("\x00", "")[:100],
    )  # fmt: skip
    page = Paginator(reads.listed(actor, wanted), PER_PAGE).get_page(asked.get("page"))
    today = clock.today()
    context = {
        "nav": NAV,
        "page": page,
        "rows": [(one, *_state(one), Channel(one.channel).label, reads.is_overdue(one, today))
                 for one in page],
        "wanted": wanted,
        "only": ONLY,
        "states": [(state.value, label) for state, (label, _) in STATE_LABELS.items()],
        "channels": [(channel.value, channel.label) for channel in Channel],
        "overdue": reads.listed(actor, reads.Wanted(only="overdue")).count(),
        "may_file": actor.may(P.QUALITY_TICKET_FILE),
    }  # fmt: skip
    return render(request, "quality/issues.html", context)


def _state(ticket: Ticket) -> tuple[str, str]:
    return STATE_LABELS[TicketState(ticket.state)]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.QUALITY_TICKET_FILE)
def new(request: HttpRequest) -> HttpResponse:
    """File a problem of a data set that one uses, provides or watches over."""
    form = TicketForm(request.POST or None, entry_code=request.GET.get("entry", "")[:60])
    if request.method == "POST" and form.is_valid():
        try:
            found = tickets.file_ticket(**form.cleaned_data, by=actor_of(request))
        except Rejected as refused:
            form.add_problem(refused.problem)
        else:
            annotate(request, subject=found.number)
            messages.success(request, f"已提交，工单 {found.number}，{found.due_on} 前办结。")
            return redirect("quality:issue", number=found.number)
    status = 422 if form.is_bound and form.errors else 200
    context = {"nav": NAV, "form": form, "title": "反馈质量问题", "back": "quality:issues",
               "back_title": "质量整改", "button": "提交",
               "hint": "由产生数据的部门在 10 个工作日内校核更正；超期的报主管部门。"}  # fmt: skip
    return render(request, "quality/file.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.QUALITY_RESULT_READ)
def issue(request: HttpRequest, number: str) -> HttpResponse:
    """One ticket as a chain of who did what; whoever has the next step takes it here."""
    actor = actor_of(request)
    ticket = tickets.seen(number, actor)
    problem: Problem | None = None
    if request.method == "POST":
        require(actor, P.QUALITY_TICKET_HANDLE)
        annotate(request, subject=number)
        problem = _taken(request, number, actor)
        if problem is None:
            return redirect("quality:issue", number=number)
    context = _page_of(ticket, actor) | {
        "problem": problem,
        "note": request.POST.get("note", ""),
        "department": request.POST.get("department", ""),
    }
    return render(request, "quality/issue.html", context, status=422 if problem else 200)


def _taken(request: HttpRequest, number: str, actor: Actor) -> Problem | None:
    """Take the posted step; return what stands in the way."""
    try:
        command = TicketCommand(request.POST.get("command", ""))
    except ValueError:
        return Problem("INVALID", "没有选择办理动作。", "请选择一个动作后提交。")
    note, unit = request.POST.get("note", ""), request.POST.get("department", "")
    try:
        tickets.handle(number, command, note=note, department=unit, by=actor)
    except Rejected as refused:
        return refused.problem
    return None


def _page_of(ticket: Ticket, actor: Actor) -> dict[str, object]:
    label, tone = _state(ticket)
    may_act = actor.may(P.QUALITY_TICKET_HANDLE)
    rows = TICKETS.allowed(TicketState(ticket.state), steps.parts(ticket, actor)) if may_act else ()
    is_case = ticket.channel in {Channel.OPERATOR, Channel.SUBJECT}
    offered = {
        row.command: row for row in rows
        if not (row.command is TicketCommand.APPEAL and ticket.is_appealed)
        and not (row.command is TicketCommand.DISMISS and is_case)
    }  # fmt: skip
    return {
        "nav": NAV,
        "ticket": ticket,
        "label": label,
        "tone": tone,
        "channel": Channel(ticket.channel).label,
        "is_overdue": reads.is_overdue(ticket, clock.today()),
        "steps": list(offered.values()),
        "may_route": TicketCommand.ROUTE in offered,
        "may_list": may_act and lists.may_take(ticket, actor) and lists.has_rows(ticket),
        "events": [(event, COMMAND_LABELS.get(event.command, event.command))
                   for event in ticket.events.all()],
        "results": ticket.scan.results.filter(is_over=True) if ticket.scan else [],
        "batches": ticket.batches.all(),
        "affected": ticket.affected.all(),
        "notices": ticket.notices.select_related("organisation"),
    }  # fmt: skip


@require_GET
@requires(P.QUALITY_TICKET_HANDLE)
def issue_csv(request: HttpRequest, number: str) -> HttpResponse:
    """The wrong rows as csv."""
    return file_of(request, tickets.seen(number, actor_of(request)), "csv")


@require_GET
@requires(P.QUALITY_TICKET_HANDLE)
def issue_xlsx(request: HttpRequest, number: str) -> HttpResponse:
    """The wrong rows as a workbook."""
    return file_of(request, tickets.seen(number, actor_of(request)), "xlsx")
