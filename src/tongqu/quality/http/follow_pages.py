"""Pages of what follows from scores: assessments, incentives, gates, standards, reality."""

import json

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from tongqu.audit.public import annotate
from tongqu.identity.public import actor_of, require, requires
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.problems import Problem, Rejected
from tongqu.quality.actions import assess, incentives, standards
from tongqu.quality.actions import gates as gating
from tongqu.quality.actions import reality as realities
from tongqu.quality.domain.assessing import TaskState
from tongqu.quality.domain.gates import GATE, GateState
from tongqu.quality.domain.reality import CASES, CaseCommand, CaseState
from tongqu.quality.http.score_forms import GateForm, StandardForm, tell
from tongqu.quality.queries import assessment as assessments
from tongqu.quality.queries import gating as reads
from tongqu.quality.vocabulary import DIMENSION_LABELS

ROWS = 30
TASK_TONES = {TaskState.OPEN: "busy", TaskState.CLOSED: "ok", TaskState.ESCALATED: "bad"}
CASE_TONES = {
    CaseState.OPEN: "warn", CaseState.TICKETED: "busy", CaseState.CHANGING: "busy",
    CaseState.CLOSED: "ok",
}  # fmt: skip
GATE_TONES = {GateState.HELD: "bad", GateState.WAIVED: "warn"}


@require_GET
@requires(Permission.QUALITY_RESULT_READ)
def assessed(request: HttpRequest) -> HttpResponse:
    """评估考核：月度、季度、年度名次，改进任务."""
    periods = assessments.periods()
    told = request.GET.get("period", "")
    period = next((p for p in periods if p.label == told), periods[0] if periods else None)
    found = list(assessments.ranking(period)) if period else []
    tasks = assessments.improvements(actor_of(request))
    context = {
        "nav": "assessments", "periods": periods[:30], "period": period,
        "page": Paginator(found, ROWS).get_page(request.GET.get("page")),
        "tasks": [(t, TaskState(t.state).label, TASK_TONES[TaskState(t.state)])
                  for t in tasks[:ROWS]],
    }  # fmt: skip
    return render(request, "quality/assessments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.QUALITY_RESULT_READ)
def improvement(request: HttpRequest, number: str) -> HttpResponse:
    """一项改进任务：依据、措施、复评."""
    actor = actor_of(request)
    task = assessments.improvement(number, actor)
    problem: Problem | None = None
    if request.method == "POST":
        require(actor, Permission.QUALITY_TICKET_HANDLE)
        try:
            assess.tell_measures(number, request.POST.get("measures", ""), by=actor)
        except Rejected as refused:
            problem = refused.problem
        else:
            messages.success(request, "改进措施已填报。")
            return redirect("quality:improvement", number)
    is_own = task.organisation_id == actor.organisation_id
    context = {
        "nav": "assessments", "task": task, "problem": problem,
        "label": TaskState(task.state).label, "tone": TASK_TONES[TaskState(task.state)],
        "measures": request.POST.get("measures", task.measures),
        "may_tell": is_own and task.state != TaskState.CLOSED
        and actor.may(Permission.QUALITY_TICKET_HANDLE),
    }  # fmt: skip
    status = 422 if problem else 200
    return render(request, "quality/improvement.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.QUALITY_RESULT_READ)
def points(request: HttpRequest) -> HttpResponse:
    """激励台账：各部门合计、规则、明细."""
    actor = actor_of(request)
    problem: Problem | None = None
    if request.method == "POST":
        require(actor, Permission.QUALITY_ASSESSMENT_EDIT)
        told = request.POST.get("value", "")
        value = int(told) if told.isdecimal() and len(told) < 6 else -1
        try:
            incentives.set_rule(request.POST.get("code", ""), value=value, by=actor)
        except Rejected as refused:
            problem = refused.problem
        else:
            messages.success(request, "分值已设定，已记入台账的不变。")
            return redirect("quality:points")
    sums = assessments.earned()
    context = {
        "nav": "points", "sums": sums, "totals": assessments.totals(sums), "problem": problem,
        "rules": sorted(assessments.point_rules().values(), key=lambda rule: rule.code),
        "page": Paginator(assessments.entries(actor), ROWS).get_page(request.GET.get("page")),
        "may_edit": actor.may(Permission.QUALITY_ASSESSMENT_EDIT),
    }  # fmt: skip
    return render(request, "quality/points.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.QUALITY_RESULT_READ)
def gates(request: HttpRequest) -> HttpResponse:
    """质量门槛：留在本层的快照和批次，主管部门放行；各数据集的门槛."""
    actor = actor_of(request)
    form = GateForm(request.POST if "gate" in request.POST else None)
    problem: Problem | None = None
    if request.method == "POST":
        try:
            told = _at_the_gate(request, form)
        except Rejected as refused:
            problem = refused.problem if not form.is_bound else None
            if form.is_bound:
                tell(form, refused)
        else:
            if told:
                messages.success(request, told)
                return redirect("quality:gates")
    page = Paginator(reads.cases(actor), ROWS).get_page(request.GET.get("page"))
    context = {
        "nav": "gates", "form": form, "problem": problem, "page": page, "usual": GATE,
        "rows": [(case, GATE_TONES[GateState(case.state)]) for case in page],
        "gates": reads.gates()[:100],
        "may_waive": actor.may(Permission.QUALITY_GATE_WAIVE),
        "may_set": actor.may(Permission.QUALITY_ASSESSMENT_EDIT),
    }  # fmt: skip
    status = 422 if problem or form.errors else 200
    return render(request, "quality/gates.html", context, status=status)


def _at_the_gate(request: HttpRequest, form: GateForm) -> str:
    """Waive one case, or set one gate; return what to say, "" where the form is not whole."""
    actor = actor_of(request)
    if not form.is_bound:
        require(actor, Permission.QUALITY_GATE_WAIVE)
        number = request.POST.get("number", "")
        annotate(request, subject=number)
        gating.waive(number, reason=request.POST.get("reason", ""), by=actor)
        return f"事项 {number} 已放行，只对这一个快照或批次有效。"
    require(actor, Permission.QUALITY_ASSESSMENT_EDIT)
    if not form.is_valid():
        return ""
    data = form.cleaned_data
    made = gating.set_gate(data["entry_code"], data["gate"], by=actor, table=data["table"])
    return f"{made.entry_code} 的门槛已设为 {made.gate}。"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.QUALITY_RESULT_READ)
def reality(request: HttpRequest) -> HttpResponse:
    """目录与实际核对：不符的事项，派工单或转变更登记."""
    actor = actor_of(request)
    if request.method == "POST":
        require(actor, Permission.QUALITY_CASE_DECIDE)
        told = request.POST.get("command", "")
        if told not in set(CaseCommand):
            raise Rejected(Problem("INVALID", "没有选择处理方式。", "请选择后提交。"))
        number = request.POST.get("number", "")
        annotate(request, subject=number)
        case = realities.decide(number, CaseCommand(told), by=actor)
        messages.success(request, f"事项 {number}：{case.state_label}。")
        return redirect("quality:reality")
    state = request.GET.get("state", "")
    found = reads.reality(actor)
    if state in set(CaseState):
        found = found.filter(state=state)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    may = actor.may(Permission.QUALITY_CASE_DECIDE)
    context = {
        "nav": "reality", "page": page, "states": list(CaseState), "chosen": state,
        "rows": [(case, CASE_TONES[CaseState(case.state)],
                  CASES.allowed(CaseState(case.state), frozenset({"support"})) if may else ())
                 for case in page],
    }  # fmt: skip
    return render(request, "quality/reality.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.QUALITY_RESULT_READ)
def standards_page(request: HttpRequest) -> HttpResponse:
    """部门质量标准：各部门现行的标准与指南；本部门发布."""
    actor = actor_of(request)
    may_publish = actor.may(Permission.QUALITY_STANDARD_EDIT)
    form = StandardForm(request.POST or None)
    if request.method == "POST":
        require(actor, Permission.QUALITY_STANDARD_EDIT)
        if form.is_valid() and (code := _publish(request, form)):
            return redirect("quality:standard", code)
    page = Paginator(reads.standards(), ROWS).get_page(request.GET.get("page"))
    context = {"nav": "quality_standards", "page": page, "form": form, "may_publish": may_publish}
    return render(request, "quality/standards.html", context, status=422 if form.errors else 200)


def _publish(request: HttpRequest, form: StandardForm, code: str = "") -> str:
    try:
        draft = standards.StandardDraft(**form.cleaned_data)
        made = standards.publish_standard(draft, by=actor_of(request), code=code)
    except Rejected as error:
        tell(form, error)
        return ""
    messages.success(request, f"{made.code} 第 {made.version} 版已发布。")
    return made.code


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.QUALITY_RESULT_READ)
def standard(request: HttpRequest, code: str) -> HttpResponse:
    """一份质量标准：正文、指南、规则、适用目录、历次版本."""
    actor = actor_of(request)
    versions = list(reads.versions(code))
    if not versions:
        raise Rejected(
            Problem("NO_SUCH_STANDARD", "没有这份质量标准。", "请从质量标准页面重新进入。")
        )
    newest = versions[0]
    may = actor.may(Permission.QUALITY_STANDARD_EDIT)
    is_own = may and newest.organisation_id == actor.organisation_id
    initial = {
        "title": newest.title, "owner": newest.owner, "standard": newest.standard,
        "guideline": newest.guideline, "entry_codes": "\n".join(newest.entry_codes),
        "rules": json.dumps(newest.rules, ensure_ascii=False, indent=1),
    }  # fmt: skip
    form = StandardForm(request.POST or None, initial=initial)
    if request.method == "POST":
        require(actor, Permission.QUALITY_STANDARD_EDIT)
        if form.is_valid() and _publish(request, form, code):
            return redirect("quality:standard", code)
    context = {
        "nav": "quality_standards", "newest": newest, "versions": versions, "form": form,
        "is_own": is_own, "dimensions": {d.value: label for d, label in DIMENSION_LABELS.items()},
    }  # fmt: skip
    return render(request, "quality/standard.html", context, status=422 if form.errors else 200)
