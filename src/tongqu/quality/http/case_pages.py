"""Pages of check requests, objections and the register of hardships."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_http_methods

from tongqu.audit.public import annotate
from tongqu.identity.public import actor_of, require, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.http.forms import PlainForm
from tongqu.quality.actions import checks, objections
from tongqu.quality.domain import problems
from tongqu.quality.domain.cases import (
    CHECKS,
    OBJECTIONS,
    CheckCommand,
    CheckState,
    ObjectionCommand,
    ObjectionState,
)
from tongqu.quality.http.loop_api import seen_objection
from tongqu.quality.http.loop_forms import CheckForm, ObjectionForm
from tongqu.quality.http.loop_schemas import CASE_LABELS, affected_of, told_of
from tongqu.quality.models import CaseEvent, CheckRequest, Objection, Ticket
from tongqu.quality.queries import cases, tickets_for

PER_PAGE = 20
NO_COMMAND = Problem("INVALID", "没有选择办理动作。", "请选择一个动作后提交。")
CHECK_TONES = {
    CheckState.PROPOSED: "info", CheckState.CONFIRMED: "busy", CheckState.DECLINED: "quiet",
    CheckState.FED_BACK: "busy", CheckState.NEGOTIATED: "warn", CheckState.REPAIRED: "info",
    CheckState.RETURNED: "warn", CheckState.CLOSED: "ok",
}  # fmt: skip
OBJECTION_TONES = {
    ObjectionState.PROPOSED: "info", ObjectionState.VERIFYING: "warn",
    ObjectionState.CORRECTING: "busy", ObjectionState.TOLD: "ok",
    ObjectionState.TOLD_UNFOUNDED: "quiet", ObjectionState.CLOSED: "ok",
}  # fmt: skip


def events_of(number: str) -> list[tuple[CaseEvent, str]]:
    return [(one, CASE_LABELS.get(one.command, one.command)) for one in cases.chain_of(number)]


def tried(act: Callable[[], object]) -> Problem | None:
    """Do it; return what stands in the way."""
    try:
        act()
    except Rejected as refused:
        return refused.problem
    return None


def filed(form: PlainForm, act: Callable[[], str]) -> str:
    """Return the number of what was filed; "" where the form says what is missing."""
    if not form.is_valid():
        return ""
    try:
        return act()
    except Rejected as refused:
        form.add_problem(refused.problem)
        return ""


@require_GET
@requires(P.QUALITY_CHECK_READ)
def check_list(request: HttpRequest) -> HttpResponse:
    """数据校核需求."""
    actor, state = actor_of(request), request.GET.get("state", "open")
    found = cases.filtered_checks(actor, state)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "checks",
        "page": page,
        "rows": [(one, CheckState(one.state).label, CHECK_TONES[CheckState(one.state)])
                 for one in page],
        "state": state,
        "states": [("open", "未结"), ("all", "全部"), *((w.value, w.label) for w in CheckState)],
        "may_file": actor.may(P.QUALITY_CHECK_FILE),
    }  # fmt: skip
    return render(request, "quality/checks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.QUALITY_CHECK_FILE)
def check_new(request: HttpRequest) -> HttpResponse:
    form = CheckForm(request.POST or None, entry_code=request.GET.get("entry", "")[:60])
    by = actor_of(request)
    if request.method == "POST":
        number = filed(form, lambda: checks.file_check(**form.cleaned_data, by=by).number)
        if number:
            annotate(request, subject=number)
            messages.success(request, f"已提交实施机构确认，编号 {number}。")
            return redirect("quality:check", number=number)
    context = {"nav": "checks", "form": form, "title": "提出数据校核需求", "back": "quality:checks",
               "back_title": "数据校核", "button": "提交",
               "hint": "实施机构确认后反馈省厅，原则上 10 个工作日内更正或修复。"}  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "quality/file.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.QUALITY_CHECK_READ)
def check(request: HttpRequest, number: str) -> HttpResponse:
    """One request with its chain; each party takes its next step here."""
    actor = actor_of(request)
    found = cases.checks_for(actor).filter(number=number).first()
    if found is None:
        raise Rejected(problems.NO_CASE)
    problem: Problem | None = None
    if request.method == "POST":
        require(actor, P.QUALITY_CHECK_ACT)
        annotate(request, subject=number)
        problem = _check_step(request, number)
        if problem is None:
            return redirect("quality:check", number=number)
    return _check_page(request, found, problem)


def _check_step(request: HttpRequest, number: str) -> Problem | None:
    try:
        command = CheckCommand(request.POST.get("command", ""))
        until = parse_date(request.POST.get("until", ""))
    except ValueError:
        return NO_COMMAND
    note, by = request.POST.get("note", ""), actor_of(request)
    return tried(lambda: checks.handle(number, command, note=note, until=until, by=by))


def _may_open(ticket: Ticket | None, actor: Actor) -> bool:
    """Say whether the case's ticket is a page that the reader may open."""
    if ticket is None or not actor.may(P.QUALITY_RESULT_READ):
        return False
    return tickets_for(actor).filter(pk=ticket.pk).exists()


def _check_page(request: HttpRequest, found: CheckRequest, problem: Problem | None) -> HttpResponse:
    actor, state = actor_of(request), CheckState(found.state)
    held = checks.parts(found, actor) if actor.may(P.QUALITY_CHECK_ACT) else frozenset()
    rows = {row.command: row for row in CHECKS.allowed(state, held)}
    if found.wanted_until is None:
        rows.pop(CheckCommand.CONSENT, None)
    context = {
        "nav": "checks",
        "found": found,
        "label": state.label,
        "tone": CHECK_TONES[state],
        "steps": list(rows.values()),
        "may_propose": CheckCommand.PROPOSE in rows,
        "events": events_of(found.number),
        "affected": affected_of(found.ticket),
        "told": told_of(found.ticket),
        "may_open": _may_open(found.ticket, actor),
        "wanted_by": "实施机构" if found.wanted_by == "implementer" else "提供部门",
        "problem": problem,
        "typed": request.POST,
    }
    return render(request, "quality/check.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.QUALITY_OBJECTION_FILE)
def own_objections(request: HttpRequest) -> HttpResponse:
    """For everybody: object to a datum about oneself, and follow what one filed."""
    actor = actor_of(request)
    form = ObjectionForm(request.POST or None, entry_code=request.GET.get("entry", "")[:60])
    if request.method == "POST":
        number = filed(
            form, lambda: objections.file_objection(**form.cleaned_data, by=actor).number
        )
        if number:
            annotate(request, subject=number)
            messages.success(request, f"已提交，编号 {number}。核实结果将告知你。")
            return redirect("quality:own_objection", number=number)
    page = Paginator(cases.own_objections(actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "objections",
        "form": form,
        "page": page,
        "rows": [(one, *_objection_state(one)) for one in page],
        "is_verified": actor.user_id is not None and actor.assurance >= objections.VERIFIED,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "quality/own_objections.html", context, status=status)


def _objection_state(found: Objection) -> tuple[str, str]:
    state = ObjectionState(found.state)
    return state.label, OBJECTION_TONES[state]


@require_GET
@requires(P.QUALITY_OBJECTION_FILE)
def own_objection(request: HttpRequest, number: str) -> HttpResponse:
    found = cases.own_objections(actor_of(request)).filter(number=number).first()
    if found is None:
        raise Rejected(problems.NO_CASE)
    return _objection_page(request, found, None, "quality/own_objection.html")


@require_GET
@requires(P.QUALITY_OBJECTION_HANDLE)
def objection_list(request: HttpRequest) -> HttpResponse:
    """异议处理, for the offices."""
    found = cases.objections_at(actor_of(request))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(one, *_objection_state(one)) for one in page]
    context = {"nav": "objection_desk", "page": page, "rows": rows}
    return render(request, "quality/objections.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.QUALITY_OBJECTION_HANDLE)
def objection(request: HttpRequest, number: str) -> HttpResponse:
    """One objection with its chain; accept, uphold with both values, or refuse."""
    found = seen_objection(request, number)
    problem: Problem | None = None
    if request.method == "POST":
        annotate(request, subject=number)
        problem = _objection_step(request, number)
        if problem is None:
            return redirect("quality:objection", number=number)
    return _objection_page(request, found, problem, "quality/objection.html")


def _objection_step(request: HttpRequest, number: str) -> Problem | None:
    posted = request.POST
    try:
        command = ObjectionCommand(posted.get("command", ""))
    except ValueError:
        return NO_COMMAND
    by = actor_of(request)
    return tried(
        lambda: objections.handle(
            number, command, note=posted.get("note", ""), by=by,
            old_value=posted.get("old_value", ""), new_value=posted.get("new_value", ""),
        )
    )  # fmt: skip


def _objection_page(
    request: HttpRequest, found: Objection, problem: Problem | None, template: str
) -> HttpResponse:
    actor, state = actor_of(request), ObjectionState(found.state)
    held = objections.parts(found, actor)
    may_read = objections.may_read(found, actor)
    context = {
        "nav": "objection_desk",
        "found": found,
        "label": state.label,
        "tone": OBJECTION_TONES[state],
        "steps": list({row.command: row for row in OBJECTIONS.allowed(state, held)}.values()),
        "may_open": _may_open(found.ticket, actor),
        "is_verifying": state is ObjectionState.VERIFYING,
        "said": objections.said_in(found) if may_read else {},
        "events": events_of(found.number),
        "affected": affected_of(found.ticket),
        "told": told_of(found.ticket),
        "problem": problem,
        "typed": request.POST,
    }
    return render(request, template, context, status=422 if problem else 200)
