"""Pages of 职能清: the tree, one function or work item, matrix, progress, import and export."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongqu.audit.public import annotate
from tongqu.catalog import public as catalog
from tongqu.functions import public
from tongqu.functions.actions import functions, imports, moves, registers, systems
from tongqu.functions.domain.states import REGISTER, TONES
from tongqu.functions.http import sheets
from tongqu.functions.http.forms import FunctionForm
from tongqu.functions.http.pages import common
from tongqu.functions.models import EntryLink, Function, Register
from tongqu.functions.permissions import ROLE_PERMISSION
from tongqu.functions.queries import lists
from tongqu.functions.vocabulary import (
    FunctionKind,
    Part,
    RegisterCommand,
    RegisterState,
    SystemState,
)
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import IllegalStep, Rejected

NAV = "functions"
PER_PAGE = 100


@require_safe
@requires(P.FUNCTIONS_REGISTER_READ)
def listing(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    department = request.GET.get("department", "")[:40]
    rows = lists.functions(actor)
    if department:
        rows = rows.filter(organisation__code=department)
    if request.GET.get("core"):
        rows = rows.filter(is_core=True)
    page = Paginator(lists.tree(rows), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": NAV, "page": page, "department": department, "sees_all": lists.sees_all(actor),
        "departments": lists.departments() if lists.sees_all(actor) else [],
        "kinds": {kind.value: kind.label for kind in FunctionKind},
        "core": request.GET.get("core", ""), "may_edit": actor.may(P.FUNCTIONS_REGISTER_EDIT),
    }  # fmt: skip
    return render(request, "functions/functions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.FUNCTIONS_REGISTER_EDIT)
def new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    initial = {"kind": request.GET.get("kind", "function"), "parent": request.GET.get("parent", "")}
    form = FunctionForm(request.POST or None, initial=initial, parents=common.parents(actor))
    if request.method == "POST" and form.is_valid():
        made = common.accepted(form, lambda: public.save_function(form.given(), by=actor))
        if made is not None:
            messages.success(request, f"已登记，编码 {made.code}。")
            return redirect("functions:function", code=made.code)
    context = {"nav": NAV, "form": form}
    return render(request, "functions/function_new.html", context, status=_status(form))


def _status(form: Any) -> int:
    return 422 if form.is_bound and not form.is_valid() else 200


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.FUNCTIONS_REGISTER_READ)
def function(request: HttpRequest, code: str) -> HttpResponse:
    """One function or work item: what it is, systems and modules, entries, activities."""
    actor = actor_of(request)
    row = lists.one(lists.functions(actor), code, actor)
    problem = None
    form = FunctionForm(initial=FunctionForm.initial_of(row), parents=common.parents(actor))
    if request.method == "POST":
        annotate(request, subject=code)
        if request.POST.get("do") == "save":
            form = FunctionForm(request.POST, parents=common.parents(actor))
            if form.is_valid() and _saved(request, form, code, actor):
                return redirect("functions:function", code=code)
        else:
            problem = common.stepped(request, code, STEPS)
            if problem is None:
                return redirect("functions:function", code=code)
    context = _function_context(row, actor) | {"form": form, "problem": problem}
    status = _status(form) if problem is None else common.status_of(problem)
    return render(request, "functions/function.html", context, status=status)


def _saved(request: HttpRequest, form: FunctionForm, code: str, actor: Actor) -> bool:
    edition = form.cleaned_data["edition"]
    done = common.accepted(
        form, lambda: public.save_function(form.given(), by=actor, code=code, edition=edition)
    )
    if done is not None:
        messages.success(request, "已保存。")
    return done is not None


def _function_context(row: Function, actor: Actor) -> dict[str, Any]:
    own = actor.organisation_id == row.organisation_id
    may_edit = own and actor.may(P.FUNCTIONS_REGISTER_EDIT)
    may_move = may_edit or actor.may(P.FUNCTIONS_REGISTER_APPROVE)
    said = list(EntryLink.objects.filter(function=row).values_list("entry_code", flat=True))
    activities = list(lists.activities_with(row))
    codes = {*said, *(link.entry_code for a in activities for link in a.links.all())}
    return {
        "nav": NAV,
        "row": row,
        "supports": row.supports.select_related("system", "module"),
        "entries": [(code, catalog_name) for code, catalog_name in _names(codes).items()],
        "said": set(said),
        "activities": activities,
        "names": _names(codes),
        "children": row.children.all(),
        "moves": lists.moves(actor).filter(function=row),
        "may_edit": may_edit,
        "may_move": may_move and row.ended_on is None,
        "systems": _choices() if may_edit else [],
        "departments": [u for u in lists.departments() if u.pk != row.organisation_id]
        if may_move
        else [],
    }  # fmt: skip


def _names(codes: set[str]) -> dict[str, str]:
    known = catalog.briefs(codes=codes) if codes else {}
    return {code: known[code].name if code in known else code for code in sorted(codes)}


def _choices() -> list[tuple[str, str]]:
    """Return systems and modules as ``S`` and ``S/M`` choices, of every department."""
    from tongqu.functions.models import Module, System

    rows = list(System.objects.filter(state=SystemState.IN_USE).order_by("name"))
    modules: dict[int, list[Module]] = {}
    for module in Module.objects.filter(system__in=rows):
        modules.setdefault(module.system_id, []).append(module)
    found = []
    for system in rows:
        found.append((system.code, system.name))
        found += [
            (f"{system.code}/{module.code}", f"{system.name}/{module.code} {module.name}")
            for module in modules.get(system.pk, ())
        ]
    return found


def _support(request: HttpRequest, code: str, actor: Actor) -> str:
    system, _, module = request.POST.get("system", "").partition("/")
    is_mapped = request.POST.get("do") == "support"
    systems.map_support(code, system, module=module, is_mapped=is_mapped, by=actor)
    return "对应关系已登记。" if is_mapped else "对应关系已取消。"


def _entry(request: HttpRequest, code: str, actor: Actor) -> str:
    is_linked = request.POST.get("do") == "entry"
    functions.link_entry(code, request.POST.get("entry", ""), is_linked=is_linked, by=actor)
    return "目录条目已对应。" if is_linked else "已取消对应。"


def _end(request: HttpRequest, code: str, actor: Actor) -> str:
    turned = public.end_function(
        code, on=common.day(request), reason=request.POST.get("reason", ""), by=actor
    )
    return f"已终止；{len(turned)} 个目录条目转为待更新。"


def _move(request: HttpRequest, code: str, actor: Actor) -> str:
    move = moves.propose_move(
        code, target=request.POST.get("target", ""), reason=request.POST.get("reason", ""),
        parent=request.POST.get("parent", "").strip(), by=actor,
    )  # fmt: skip
    return f"划转 {move.code} 已登记，列出 {move.items.count()} 项随之变更，待主管部门逐项确认。"


STEPS: dict[str, common.Act] = {
    "support": _support, "unsupport": _support, "entry": _entry, "unentry": _entry,
    "end": _end, "move": _move,
}  # fmt: skip


@require_safe
@requires(P.FUNCTIONS_REGISTER_READ)
def matrix(request: HttpRequest) -> HttpResponse:
    """Which work items are done with which systems, and how many are."""
    actor = actor_of(request)
    rows = lists.matrix(actor)
    department = request.GET.get("department", "")[:40]
    if department:
        rows = rows.filter(organisation__code=department)
    coverage = lists.coverage(actor)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    items, done = sum(c.items for c in coverage), sum(c.digitised for c in coverage)
    context = {
        "nav": "matrix", "page": page, "coverage": coverage, "items": items, "done": done,
        "share": done / items if items else None, "department": department,
    }  # fmt: skip
    return render(request, "functions/matrix.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.FUNCTIONS_REGISTER_READ)
def progress(request: HttpRequest) -> HttpResponse:
    """How far the departments are; the steps of one department's three parts."""
    actor = actor_of(request)
    problem = None
    if request.method == "POST":
        problem = common.stepped(request, request.POST.get("department", ""), {"step": _step})
        if problem is None:
            return redirect(request.get_full_path())
    units = {unit.code: unit for unit in lists.departments()}
    chosen = request.GET.get("department", "") or actor.organisation_code
    unit = units.get(chosen)
    may_see = unit is not None and (lists.sees_all(actor) or unit.pk == actor.organisation_id)
    context = {
        "nav": "progress", "parts": public.progress(), "departments": list(units.values()),
        "unit": unit if may_see else None, "sees_all": lists.sees_all(actor),
        "own": _registers(unit, actor) if may_see else [], "problem": problem,
    }  # fmt: skip
    status = common.status_of(problem)
    return render(request, "functions/progress.html", context, status=status)


def _registers(unit: Any, actor: Actor) -> list[dict[str, Any]]:
    known = {row.part: row for row in Register.objects.filter(organisation=unit)}
    found = []
    for part in Part:
        row = known.get(part.value)
        state = RegisterState(row.state) if row else REGISTER.initial
        steps = [
            step
            for step in REGISTER.steps
            if step.source is state
            and actor.may(ROLE_PERMISSION[step.actor])
            and (
                actor.organisation_id == unit.pk
                or ROLE_PERMISSION[step.actor] is P.FUNCTIONS_REGISTER_APPROVE
            )
        ]
        found.append(
            {"part": part, "row": row, "state": state, "tone": TONES[state.value], "steps": steps}
        )
    return found


def _step(request: HttpRequest, code: str, actor: Actor) -> str:
    try:
        part = Part(request.POST.get("part", ""))
        command = RegisterCommand(request.POST.get("command", ""))
    except ValueError as error:
        raise IllegalStep("not a part or a command") from error
    found = registers.step_register(
        code, part, command, note=request.POST.get("note", ""), by=actor
    )
    return f"{part.label}：{RegisterState(found.state).label}。"


@require_safe
@requires(P.FUNCTIONS_REGISTER_READ)
def export(request: HttpRequest) -> HttpResponse:
    """The list as xlsx: everything, or the core businesses of a department (MAP-02)."""
    rows = lists.functions(actor_of(request))
    is_core = bool(request.GET.get("core"))
    if is_core:
        rows = rows.filter(is_core=True)
    if department := request.GET.get("department", "")[:40]:
        rows = rows.filter(organisation__code=department)
    lines = lists.tree(rows)
    kinds = {kind.value: kind.label for kind in FunctionKind}
    bases = dict(FunctionForm.base_fields["basis_kind"].choices)  # type: ignore[attr-defined]  # a choice field
    annotate(request, rows=len(lines))
    return sheets.answer(
        "核心业务" if is_core else "职能清",
        ("部门", *imports.FUNCTION_COLUMNS),
        (
            (
                f.organisation.name, f.code, kinds[f.kind], f.name,
                f.parent.code if f.parent else "", "是" if f.is_core else "否",
                bases.get(f.basis_kind, "") if f.basis_kind else "", f.basis, f.accountable,
                f.summary,
            )
            for f in (line.function for line in lines)
        ),
    )  # fmt: skip


@require_POST
@requires(P.FUNCTIONS_REGISTER_EDIT)
def take_sheet(request: HttpRequest) -> HttpResponse:
    return taken(request, imports.FUNCTION_COLUMNS, imports.import_functions, "functions")


def taken(request: HttpRequest, columns: Any, act: Any, kind: str) -> HttpResponse:
    """Take a sheet and show the result: what was saved, and each faulty cell."""
    result, problem = None, None
    try:
        rows = sheets.read(request.FILES.get("file"), ("部门", *columns))
        result = act(rows, by=actor_of(request))
        annotate(request, rows=result.saved)
    except Rejected as rejected:
        if rejected.problem.code in common.ELSEWHERE:
            raise
        problem = rejected.problem
    is_clean = result is not None and not result.faults
    context = {"nav": kind, "kind": kind, "result": result, "problem": problem}
    return render(request, "functions/imported.html", context, status=200 if is_clean else 422)
