"""Pages of supervision: projects, one project with its gates, rectification drafts."""

import re
from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from tongqu.audit.public import annotate
from tongqu.identity.public import actor_of, organisations, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.supervision import queries
from tongqu.supervision.actions import drafts as draft_actions
from tongqu.supervision.actions import gates, projects, report, together
from tongqu.supervision.domain import problems
from tongqu.supervision.domain.cases import CASES
from tongqu.supervision.domain.states import GATES, PROJECT, Command, DraftCommand
from tongqu.supervision.domain.uptime import TARGET
from tongqu.supervision.http.forms import ProjectForm
from tongqu.supervision.models import Project, RectificationDraft
from tongqu.supervision.vocabulary import (
    EVIDENCE_LABELS,
    Connection,
    DraftState,
    Facility,
    Gate,
    Stage,
)

PER_PAGE = 30
TONES = {
    Connection.NOT_DUE: "quiet", Connection.DUE: "busy", Connection.LATE: "bad",
    Connection.CONNECTED: "ok", DraftState.CLUE: "warn", DraftState.CONFIRMED: "bad",
    DraftState.DISMISSED: "past",
}  # fmt: skip
_SEPARATOR = re.compile(r"[\s,，、;；]+")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.SUPERVISION_PROJECT_READ)
def project_list(request: HttpRequest) -> HttpResponse:
    """信息化项目."""
    actor = actor_of(request)
    form = ProjectForm(request.POST or None, initial={"organisation": actor.organisation_code})
    if request.method == "POST" and form.is_valid() and _register(request, form):
        return redirect("supervision:project", form.cleaned_data["code"])
    found = queries.projects(actor)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    states = queries.connections(list(page), clock.today())
    rows = [(p, Stage(p.stage).label, states[p.code]) for p in page]
    context = {
        "nav": "projects", "page": page, "rows": rows, "form": form, "tones": TONES,
        "stages": queries.by_stage(found).items(),
        "may_edit": actor.may(P.SUPERVISION_PROJECT_EDIT),
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "supervision/projects.html", context, status=status)


def _register(request: HttpRequest, form: ProjectForm) -> bool:
    given = dict(form.cleaned_data)
    annotate(request, subject=given["code"])
    try:
        projects.register(
            organisation_code=given.pop("organisation"), **given, by=actor_of(request)
        )
    except Rejected as refused:
        if refused.problem.code == "NOT_PERMITTED":
            raise
        fields = refused.problem.fields or {"code": refused.problem.title}
        for name, text in fields.items():
            form.add_error(name, text)
        return False
    messages.success(request, "项目已登记，处于立项阶段。")
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.SUPERVISION_PROJECT_READ)
def project(request: HttpRequest, code: str) -> HttpResponse:
    """一个项目."""
    if request.method != "POST":
        return _project(request, code)
    annotate(request, subject=code)
    act, said = _step(request, code)
    try:
        act()
    except Rejected as refused:
        if refused.problem.code in {"NOT_FOUND", "NOT_PERMITTED"}:
            raise
        return _project(request, code, problem=refused.problem)
    messages.success(request, said)
    return redirect("supervision:project", code)


def _step(request: HttpRequest, code: str) -> tuple[Callable[[], object], str]:
    actor, post = actor_of(request), request.POST
    if "attach" in post:
        entry_code = post.get("entry_code", "")[:60].strip()
        return (lambda: projects.attach_entry(code, entry_code, by=actor)), "目录已关联。"
    if "facility" in post or "together" in post:
        return _together(post, code, actor)
    if "operate" in post:
        return (lambda: projects.operate(code, by=actor)), "项目已转入运营。"
    if post.get("gate") not in set(Gate) or not {"check", "pass"} & set(post):
        return _refuse, ""
    gate = Gate(post["gate"])
    numbers = [n[:30] for n in _SEPARATOR.split(post.get("receipts", "")[:4000]) if n]
    if "check" in post:
        return (
            lambda: gates.check_receipts(code, gate, numbers, by=actor)
        ), "回执已核验，结果见下方。"

    def let_through() -> None:
        if numbers:
            gates.check_receipts(code, gate, numbers, by=actor)
        gates.pass_gate(code, gate, by=actor)

    return let_through, f"{gate.label}已通过。"


def _refuse() -> None:
    raise Rejected(problems.NO_SUCH_ACT)


def _together(post: QueryDict, code: str, actor: Actor) -> tuple[Callable[[], object], str]:
    if "facility" in post:
        facility = post.get("facility", "")
        return (lambda: together.set_facility(code, facility, by=actor)), "设施类别已登记。"
    item, content = post.get("together", ""), post.get("content", "")[:600]
    return (lambda: together.fill(code, item, content, by=actor)), "四同步事项已填报。"


def _project(request: HttpRequest, code: str, *, problem: Problem | None = None) -> HttpResponse:
    actor = actor_of(request)
    found = queries.project_for(code, actor)
    entries = queries.entries(found)
    codes = {code: [entry.code for entry in entries]}
    state = queries.connections_with([found], codes, clock.today())[code]
    turn = next((gate for gate in Gate if GATES[gate][0] == found.stage), None)
    may_check = actor.may(P.SUPERVISION_PROJECT_CHECK)
    context = {
        "nav": "projects", "found": found, "stage": Stage(found.stage).label, "state": state,
        "tone": TONES[state], "entries": entries, "stations": _stations(found),
        "gate": gates.view(found, turn, entries) if turn else None, "may_check": may_check,
        "clause": gates.BASES[turn].code if turn else "", "problem": problem,
        "may_edit": actor.may(P.SUPERVISION_PROJECT_EDIT),
        "may_operate": may_check and found.stage == PROJECT_ACCEPTED,
        "events": found.events.all(), "checks": [(c, Gate(c.gate).label)
                                                 for c in found.checks.all()[:50]],
        "together": together.checklist(found), "facilities": Facility,
        "drafts": [(d, DraftState(d.state)) for d in found.drafts.all()], "tones": TONES,
    }  # fmt: skip
    return render(request, "supervision/project.html", context, status=422 if problem else 200)


PROJECT_ACCEPTED = next(s.source for s in PROJECT.steps if s.command == Command.OPERATE)
_NEEDS = {
    Stage.BUILDING: "凭预编目回执",
    Stage.TRIAL: "凭正式目录",
    Stage.ACCEPTED: "凭正式编目回执",
}


def _stations(found: Project) -> list[dict[str, str]]:
    order = list(Stage)
    now = order.index(Stage(found.stage))
    rows = []
    for n, stage in enumerate(order):
        note = _NEEDS.get(stage, "")
        if stage is Stage.TRIAL and found.trial_started_on:
            note = f"{found.trial_started_on:%Y-%m-%d} 起，{found.connect_due_on:%Y-%m-%d} 前接入"
        state = "now" if n == now else "done" if n < now else ""
        rows.append({"title": stage.label, "state": state, "note": note})
    return rows


def _drafted(request: HttpRequest) -> str:
    """Do what the form of the page asks for; return what to say of it."""
    actor, post = actor_of(request), request.POST
    reason = post.get("reason", "")[:300]
    if "report" in post:
        report.report_breach(
            organisation_code=post.get("organisation", "")[:40], case=post.get("case", "")[:10],
            text=post.get("text", "")[:200], by=actor,
        )  # fmt: skip
        return "线索已登记。"
    if "misuse" in post:
        report.confirm_misuse(_number(post.get("event", "")), reason=reason, by=actor)
        return "已生成线索，该单位的授权已暂停，待处理决定。"
    pk = _number(post.get("draft", ""))
    annotate(request, subject=f"draft-{pk}")
    draft_actions.decide_draft(pk, _named(request), reason=reason, by=actor)
    return "线索已处理。"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _told(found: RectificationDraft) -> list[tuple[str, object]]:
    """Return what the evidence says, in the order of the labels."""
    held = ((label, found.evidence.get(name)) for name, label in EVIDENCE_LABELS.items())
    return [(label, "、".join(v) if isinstance(v, list) else v) for label, v in held if v]


def _named(request: HttpRequest) -> DraftCommand:
    for command in DraftCommand:
        if command.value in request.POST:
            return command
    raise Rejected(problems.NO_SUCH_ACT)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.SUPERVISION_PROJECT_READ)
def rectifications(request: HttpRequest) -> HttpResponse:
    """整改线索."""
    actor = actor_of(request)
    problem: Problem | None = None
    if request.method == "POST":
        try:
            messages.success(request, _drafted(request))
        except Rejected as refused:
            if refused.problem.code in {"NOT_FOUND", "NOT_PERMITTED"}:
                raise
            problem = refused.problem
        else:
            return redirect("supervision:rectifications")
    page = Paginator(queries.drafts(actor), PER_PAGE).get_page(request.GET.get("page"))
    may_report = actor.may(P.SUPERVISION_PROJECT_CHECK) and queries.sees_all(actor)
    waiting = set(queries.waiting_drafts(actor).values_list("pk", flat=True))
    context = {
        "nav": "rectifications", "page": page, "problem": problem, "tones": TONES,
        "rows": [(d, DraftState(d.state), d.pk in waiting, _told(d)) for d in page],
        "may_report": may_report, "cases": CASES.items() if may_report else (),
        "departments": organisations() if may_report else (), "given": request.POST,
        "events": queries.unsettled_misuses() if may_report else (),
    }  # fmt: skip
    status = 422 if problem else 200
    return render(request, "supervision/rectifications.html", context, status=status)


@require_GET
@requires(P.SUPERVISION_PROJECT_READ)
def platform(request: HttpRequest) -> HttpResponse:
    """平台运行."""
    found = queries.uptime()
    context = {"nav": "platform", "days": found, "target": TARGET, "today": found[:1]}
    return render(request, "supervision/platform.html", context)
