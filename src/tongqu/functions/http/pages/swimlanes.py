"""Pages of 业务泳道图: the list, one chart to see and to edit, its BPMN file."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tongqu.audit.public import annotate
from tongqu.catalog import public as catalog
from tongqu.functions.actions import charts
from tongqu.functions.domain import bpmn, edits, problems, swimlane
from tongqu.functions.domain.bpmn.xml import LARGEST
from tongqu.functions.domain.states import EDITABLE
from tongqu.functions.http.drawing import drawing
from tongqu.functions.http.forms import ChartForm
from tongqu.functions.http.pages import common
from tongqu.functions.models import Chart, Function, Register, System
from tongqu.functions.queries import lists
from tongqu.functions.vocabulary import FunctionKind, NodeKind, Part, Relation, SystemState
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected

NAV = "swimlanes"


@require_safe
@requires(P.FUNCTIONS_REGISTER_READ)
def listing(request: HttpRequest) -> HttpResponse:
    from django.db.models import Count

    actor = actor_of(request)
    rows = (
        lists.charts(actor)
        .defer("document")
        .annotate(steps=Count("activities", distinct=True), data=Count("activities__links"))
    )
    context = {"nav": NAV, "rows": rows, "may_edit": actor.may(P.FUNCTIONS_REGISTER_EDIT)}
    return render(request, "functions/swimlanes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.FUNCTIONS_REGISTER_EDIT)
def new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    own = lists.functions(actor).filter(organisation_id=actor.organisation_id or 0)
    choices = [(row.code, f"{row.code} {row.name}") for row in own.filter(ended_on=None)]
    form = ChartForm(request.POST or None, request.FILES or None, functions=choices)
    if request.method == "POST" and form.is_valid():
        made = common.accepted(form, lambda: _made(form, actor))
        if made is not None:
            messages.success(request, f"已建图，编码 {made.code}。")
            return redirect("functions:swimlane", code=made.code)
    status = 422 if form.is_bound and not form.is_valid() else 200
    context = {"nav": NAV, "form": form}
    return render(request, "functions/swimlane_new.html", context, status=status)


def _made(form: ChartForm, actor: Actor) -> Chart:
    upload = form.cleaned_data["file"]
    return charts.new_chart(
        form.cleaned_data["title"], function=form.cleaned_data["function"],
        document=_content(upload) if upload else b"", by=actor,
    )  # fmt: skip


def _content(upload: Any) -> bytes:
    if upload is None:
        raise Rejected(problems.invalid("file", "请选择文件"))
    if upload.size > LARGEST:
        raise Rejected(problems.bad_chart(f"文件超过 {LARGEST >> 20} MB"))
    return bytes(upload.read())


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.FUNCTIONS_REGISTER_READ)
def swimlane_page(request: HttpRequest, code: str) -> HttpResponse:
    """A chart: drawn, as a table, and — for its own department — to be edited."""
    actor = actor_of(request)
    chart = lists.one(lists.charts(actor), code, actor)
    problem = None
    if request.method == "POST":
        annotate(request, subject=code)
        problem = common.stepped(request, code, {"import": _import, "edit": _edit})
        if problem is None:
            return redirect("functions:swimlane", code=code)
    context = _context(chart, actor) | {"problem": problem}
    status = common.status_of(problem)
    return render(request, "functions/swimlane.html", context, status=status)


def _edition(request: HttpRequest) -> int:
    given = request.POST.get("edition", "")
    if not given.isdecimal() or len(given) > 9:
        raise Rejected(problems.CHART_CHANGED)
    return int(given)


def _import(request: HttpRequest, code: str, actor: Actor) -> str:
    """Take a BPMN file, or the editor's own copy that was kept when a save came too late."""
    content = _content(request.FILES.get("file"))
    if content.lstrip()[:1] == b"{":
        try:
            document = json.loads(content)
        except ValueError as error:
            raise Rejected(problems.bad_chart("文件不完整")) from error
        model = swimlane.from_document(document)
        charts.save_chart(code, model, edition=_edition(request), by=actor)
    else:
        charts.import_chart(code, content, edition=_edition(request), by=actor)
    return "已导入。"


def _edit(request: HttpRequest, code: str, actor: Actor) -> str:
    given = {name: str(value) for name, value in request.POST.items()}
    charts.edit_chart(
        code, lambda model: edits.apply(model, given.get("step", ""), given),
        edition=_edition(request), by=actor,
    )  # fmt: skip
    return "已保存。"


def _context(chart: Chart, actor: Actor) -> dict[str, Any]:
    model = bpmn.read(chart.document)
    names = {c: b.name for c, b in catalog.briefs(codes=model.entries).items()}
    own = actor.organisation_id == chart.organisation_id
    may_edit = own and actor.may(P.FUNCTIONS_REGISTER_EDIT)
    register = Register.objects.filter(
        organisation_id=chart.organisation_id, part=Part.SWIMLANES
    ).first()
    is_open = register is None or register.state in {state.value for state in EDITABLE}
    lanes = {lane.key: lane.name for lane in model.lanes}
    phases = {phase.key: phase.name for phase in model.phases}
    rows = [
        (node, lanes[node.lane], phases.get(node.phase, ""), [
            (link, names.get(link.entry, ""), link.entry in names) for link in node.links
        ])
        for node in model.nodes
    ]  # fmt: skip
    context: dict[str, Any] = {
        "nav": NAV, "chart": chart, "model": model, "drawing": drawing(model, names),
        "rows": rows, "lanes": lanes, "phases": phases, "may_edit": may_edit and is_open,
        "is_frozen": may_edit and not is_open, "relations": list(Relation),
        "labels": _labels(chart, model), "kinds": list(NodeKind),
        "names": {n.key: n.name or n.kind.label for n in model.nodes},
    }  # fmt: skip
    if context["may_edit"]:
        context |= _choices(chart)
    context["data"] = swimlane.to_document(model) | {
        "code": chart.code, "edition": chart.edition, "title": chart.title, "names": names,
        "editable": context["may_edit"], "items": context.get("items", []),
        "systems": context.get("systems", []), "departments": context.get("departments", []),
        "relations": [[r.value, r.label] for r in Relation],
    }  # fmt: skip
    return context


def _labels(chart: Chart, model: swimlane.Model) -> dict[str, str]:
    """Names of the work items and systems that the nodes are bound to, by code."""
    items = Function.objects.filter(
        organisation_id=chart.organisation_id, code__in=[node.item for node in model.nodes]
    )
    systems = System.objects.filter(code__in=[node.system for node in model.nodes])
    return dict(items.values_list("code", "name")) | dict(systems.values_list("code", "name"))


def _choices(chart: Chart) -> dict[str, Any]:
    items = Function.objects.filter(
        organisation_id=chart.organisation_id, kind=FunctionKind.ITEM, ended_on=None
    )
    systems = System.objects.filter(state=SystemState.IN_USE)
    return {
        "items": [[row.code, row.name] for row in items],
        "systems": [[row.code, row.name] for row in systems],
        "departments": [[unit.code, unit.name] for unit in lists.departments()],
    }


@require_safe
@requires(P.FUNCTIONS_REGISTER_READ)
def bpmn_file(request: HttpRequest, code: str) -> HttpResponse:
    chart = lists.one(lists.charts(actor_of(request)), code, actor_of(request))
    annotate(request, subject=code)
    response = HttpResponse(chart.document, content_type="application/xml; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{chart.code}.bpmn"'
    return response
