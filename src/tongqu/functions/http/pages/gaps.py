"""Pages of gaps and tasks, static material, moves of functions."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tongqu.audit.public import annotate
from tongqu.functions.actions import gaps as actions
from tongqu.functions.actions import materials, moves
from tongqu.functions.domain.states import MATERIAL, TASK, TONES
from tongqu.functions.http import shown
from tongqu.functions.http.forms import MaterialForm
from tongqu.functions.http.pages import common
from tongqu.functions.models import Material, Task
from tongqu.functions.permissions import ROLE_PERMISSION
from tongqu.functions.queries import lists
from tongqu.functions.vocabulary import (
    Decision,
    GapKind,
    MaterialCommand,
    MaterialKind,
    MaterialState,
    MoveState,
    MoveSubject,
    TaskCommand,
    TaskState,
)
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import IllegalStep


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.FUNCTIONS_REGISTER_READ)
def gaps(request: HttpRequest) -> HttpResponse:
    """Gaps that stand, and the tasks made of them."""
    actor = actor_of(request)
    problem = None
    if request.method == "POST":
        steps: dict[str, common.Act] = {"analyse": _analyse, "task": _task, "step": _step}
        problem = common.stepped(request, "", steps)
        if problem is None:
            return redirect("functions:gaps")
    found = lists.gaps(actor)
    kind = request.GET.get("kind", "")
    if kind in set(GapKind):
        found = found.filter(kind=kind)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    labels = {k.value: k.label for k in GapKind}
    is_office = actor.may(P.FUNCTIONS_REGISTER_APPROVE)
    context = {
        "nav": "gaps", "page": page, "labels": labels, "kinds": list(GapKind), "kind": kind,
        "problem": problem, "departments": lists.departments() if is_office else [],
        "tasks": [
            (task, TaskState(task.state), TONES[task.state], _task_steps(task, actor))
            for task in lists.tasks(actor)[:100]
        ],
        "may_open": is_office or actor.may(P.FUNCTIONS_REGISTER_EDIT),
    }  # fmt: skip
    return render(request, "functions/gaps.html", context, status=common.status_of(problem))


def _task_steps(task: Task, actor: Actor) -> list[Any]:
    state = TaskState(task.state)
    mine = task.organisation_id == actor.organisation_id
    return [
        step
        for step in TASK.steps
        if step.source is state
        and actor.may(permission := ROLE_PERMISSION[step.actor])
        and (mine or permission is P.FUNCTIONS_REGISTER_APPROVE)
    ]


def _analyse(request: HttpRequest, _: str, actor: Actor) -> str:
    found = actions.analyse(by=actor)
    return f"分析完成：缺口 {found.found} 项，新增 {found.new} 项，消除 {found.closed} 项。"


def _task(request: HttpRequest, _: str, actor: Actor) -> str:
    given = request.POST.get("gap", "")
    task = actions.open_task(
        int(given) if given.isdecimal() and len(given) < 18 else 0,
        due_on=common.day(request, "due_on"), by=actor,
        organisation_code=request.POST.get("department", ""),
    )  # fmt: skip
    return f"任务 {task.code} 已下达，{task.due_on.isoformat()} 到期。"


def _step(request: HttpRequest, _: str, actor: Actor) -> str:
    try:
        command = TaskCommand(request.POST.get("command", ""))
    except ValueError as error:
        raise IllegalStep("not a command") from error
    code = request.POST.get("task", "")
    found = actions.step_task(code, command, note=request.POST.get("note", ""), by=actor)
    return f"任务 {code}：{TaskState(found.state).label}。"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.FUNCTIONS_REGISTER_READ)
def material_list(request: HttpRequest) -> HttpResponse:
    """Static material by state, and the digitalisation rate (MAP-07)."""
    actor = actor_of(request)
    may_edit = actor.may(P.FUNCTIONS_REGISTER_EDIT)
    form = MaterialForm(request.POST if request.method == "POST" and may_edit else None)
    if form.is_bound and form.is_valid():
        made = common.accepted(form, lambda: materials.add_material(form.cleaned_data, by=actor))
        if made is not None:
            messages.success(request, f"已登记，编码 {made.code}。")
            return redirect("functions:material", code=made.code)
    found = lists.digitalisation(actor)
    page = Paginator(lists.materials(actor), 50).get_page(request.GET.get("page"))
    context = {
        "nav": "materials", "page": page, "total": found.total, "rate": found.rate,
        "counts": list(found.by_state.items()), "tones": TONES,
        "states": {s.value: s.label for s in MaterialState},
        "kinds": {k.value: k.label for k in MaterialKind}, "form": form, "may_edit": may_edit,
    }  # fmt: skip
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "functions/materials.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.FUNCTIONS_REGISTER_READ)
def material(request: HttpRequest, code: str) -> HttpResponse:
    actor = actor_of(request)
    row = lists.one(lists.materials(actor), code, actor)
    problem = None
    if request.method == "POST":
        annotate(request, subject=code)
        acts: dict[str, common.Act] = {c.value: _material_step for c in MaterialCommand}
        problem = common.stepped(request, code, acts)
        if problem is None:
            return redirect("functions:material", code=code)
    state = MaterialState(row.state)
    context = {
        "nav": "materials", "row": row, "state": state, "tone": TONES[row.state],
        "kind": MaterialKind(row.kind), "steps": _material_steps(row, actor), "problem": problem,
        "stations": _stations(state),
    }  # fmt: skip
    return render(request, "functions/material.html", context, status=common.status_of(problem))


def _stations(state: MaterialState) -> list[dict[str, str]]:
    order = list(MaterialState)
    at = order.index(state)
    return [
        {"title": one.label, "state": "done" if n < at else "now" if n == at else ""}
        for n, one in enumerate(order)
    ]


def _material_steps(row: Material, actor: Actor) -> set[str]:
    if row.organisation_id != actor.organisation_id:
        return set()
    state = MaterialState(row.state)
    return {
        step.command.value
        for step in MATERIAL.steps
        if step.source is state and actor.may(ROLE_PERMISSION[step.actor])
    }


def _material_step(request: HttpRequest, code: str, actor: Actor) -> str:
    command = MaterialCommand(request.POST["do"])
    given = {name: str(value) for name, value in request.POST.items()}
    found = materials.step_material(code, command, given=given, by=actor)
    return f"已办理：{MaterialState(found.state).label}。"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.FUNCTIONS_REGISTER_READ)
def move(request: HttpRequest, code: str) -> HttpResponse:
    """A move of a function: each change it would bring, to be confirmed on its own (MAP-08)."""
    actor = actor_of(request)
    row = shown.own_move(actor, code)
    problem = None
    if request.method == "POST":
        annotate(request, subject=code)
        problem = common.stepped(request, code, {"decide": _decide})
        if problem is None:
            return redirect("functions:move", code=code)
    items = [(item, MoveSubject(item.subject), Decision(item.decision)) for item in row.items.all()]
    context = {
        "nav": "functions", "row": row, "items": items, "state": MoveState(row.state),
        "tones": TONES, "problem": problem, "today": clock.today(),
        "may_decide": actor.may(P.FUNCTIONS_REGISTER_APPROVE) and row.state == MoveState.PROPOSED,
    }  # fmt: skip
    return render(request, "functions/move.html", context, status=common.status_of(problem))


def _decide(request: HttpRequest, code: str, actor: Actor) -> str:
    decisions, posts = {}, {}
    for name, value in request.POST.items():
        field, _, pk = name.partition("-")
        if pk.isdecimal() and len(pk) < 18:
            if field == "decision" and value in set(Decision):
                decisions[int(pk)] = Decision(value)
            elif field == "post":
                posts[int(pk)] = str(value)
    found = moves.decide_move(
        code, decisions, posts=posts, effective_on=common.day(request, "effective_on"), by=actor
    )
    done = sum(d is Decision.CONFIRMED for d in decisions.values())
    return f"已确认 {done} 项。{'划转已办结。' if found.state == MoveState.SETTLED else ''}"
