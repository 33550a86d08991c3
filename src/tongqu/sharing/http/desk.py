"""The review desk (/desk/todo/<number>/): one case, its facts, the decision, the letter."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tongqu.audit.public import annotate
from tongqu.catalog import public as catalog
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.sharing import public as sharing
from tongqu.sharing import queries
from tongqu.sharing.actions.steps import open_rows
from tongqu.sharing.actions.talk import may_note, talks_of
from tongqu.sharing.http import presenters
from tongqu.sharing.http.forms import ReviewForm
from tongqu.sharing.http.pages import status_of
from tongqu.sharing.models import ShareRequest
from tongqu.sharing.vocabulary import Command

Act = Callable[[str, ReviewForm, Actor], object]
ACTS: dict[str, Act] = {
    Command.PASS: lambda n, f, by: sharing.pass_first_review(n, opinion=f.reason, by=by),
    Command.ASK_SUPPLEMENT: lambda n, f, by: sharing.ask_supplement(
        n, materials=f.materials, note=f.reason, by=by
    ),
    Command.FAIL: lambda n, f, by: sharing.fail_first_review(n, reason=f.reason, by=by),
    Command.APPROVE: lambda n, f, by: sharing.approve(n, opinion=f.reason, limits=f.limits, by=by),
    Command.APPROVE_PART: lambda n, f, by: sharing.approve_part(
        n, items=f.items, reason=f.reason, limits=f.limits, by=by
    ),
    Command.REFUSE: lambda n, f, by: sharing.refuse(n, basis=f.basis, reason=f.reason, by=by),
    Command.AGREE: lambda n, f, by: sharing.agree(
        n, items=f.items, reason=f.reason, limits=f.limits, by=by
    ),
    Command.DISAGREE: lambda n, f, by: sharing.disagree(n, reason=f.reason, by=by),
    Command.REFER: lambda n, f, by: sharing.refer(n, reason=f.reason, by=by),
    Command.MEDIATE: lambda n, f, by: sharing.mediate(n, reason=f.reason, by=by),
    Command.CONNECTED: lambda n, f, by: sharing.connected(n, by=by),  # noqa: ARG005  (one shape for all)
    Command.UNCONNECTABLE: lambda n, f, by: sharing.unconnectable(n, reason=f.reason, by=by),
}
# What each choice means, in the words of the page.
CHOICE_HELP: dict[str, str] = {
    Command.PASS: "材料齐全、用途明确，转提供部门审核",
    Command.ASK_SUPPLEMENT: "一次性告知，期限中止",
    Command.FAIL: "写明理由，本件办结",
    Command.APPROVE: "按申请授权",
    Command.APPROVE_PART: "核减信息项",
    Command.REFUSE: "须提供法律或政策依据",
    Command.AGREE: "按协商的信息项专项授权",
    Command.DISAGREE: "写明协商经过",
    Command.REFER: "写明分歧，请主管部门协调",
    Command.MEDIATE: "写明意见，双方继续协商",
    Command.CONNECTED: "转主管部门审批",
    Command.UNCONNECTABLE: "写明原因，等候这项数据的申请一并办结",
}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SHARING_REQUEST_READ)
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show a case; on POST take the chosen step, search a basis, or preview the letter."""
    actor = actor_of(request)
    found = queries.request_for(number, actor)
    if request.method != "POST":
        return _page(request, found, ReviewForm())
    form = ReviewForm.posted(request.POST)
    if request.POST.get("do") == "talk":
        return _note(request, found, form)
    if request.POST.get("do") in {"search", "preview"}:
        return _page(request, found, form)
    if form.decision not in ACTS:
        return _page(request, found, form, problem=NO_CHOICE)
    annotate(request, subject=found.number, details={"command": form.decision})
    try:
        ACTS[form.decision](number, form, actor)
    except Rejected as refused:
        annotate(request, code=refused.problem.code, basis=refused.problem.basis)
        found.refresh_from_db()
        return _page(request, found, form, problem=refused.problem)
    found.refresh_from_db()
    messages.success(request, f"{number} 已办理，当前为“{found.state_label}”。")
    return redirect("sharing:case", number=number)


def _note(request: HttpRequest, found: ShareRequest, form: ReviewForm) -> HttpResponse:
    annotate(request, subject=found.number, details={"command": "talk"})
    text = request.POST.get("talk", "").replace("\x00", "")
    try:
        sharing.note_talk(found.number, text=text, by=actor_of(request))
    except Rejected as refused:
        return _page(request, found, form, problem=refused.problem)
    messages.success(request, "协商记录已保存。")
    return redirect("sharing:case", number=found.number)


BAD = frozenset({Command.REFUSE, Command.FAIL, Command.DISAGREE, Command.UNCONNECTABLE})
NO_CHOICE = Problem(
    code="DECISION_REQUIRED",
    title="没有选择审核决定。",
    next_step="请先选择一项决定再提交。",
    fields={"decision": "请选择一项。"},
)


def _steps(found: ShareRequest, actor: Actor) -> list[tuple[str, str, str, bool]]:
    """Return the choices open to this actor on this case: value, label, help, is it bad."""
    offered: dict[str, tuple[str, str, str, bool]] = {}
    for step in open_rows(found, actor):
        value = Command.PASS if step.command is Command.PASS_OWN else step.command
        if value in ACTS and step.actor != Role.CONSUMER:
            is_bad = value in BAD
            offered.setdefault(value, (value, step.label, CHOICE_HELP[value], is_bad))
    return list(offered.values())


def _page(
    request: HttpRequest, found: ShareRequest, form: ReviewForm, *, problem: Problem | None = None
) -> HttpResponse:
    actor = actor_of(request)
    entry = catalog.version(found.version_id)
    steps = _steps(found, actor)
    values = {value for value, *_ in steps}
    rows = presenters.item_rows(entry, found.items)
    options = presenters.basis_options(form.search) if Command.REFUSE in values else []
    chosen = next((option for option in options if option.code == form.basis), None)
    context = {
        "nav": "todo",
        "case": found,
        "entry": entry,
        "todos": sharing.todos(actor)[:30],
        "items": [row for row in rows if row.is_asked],
        "agreed": form.items or found.items,
        "stations": presenters.stations(found),
        "span": presenters.span(found),
        "checks": presenters.checks(found, entry),
        "opinions": found.decisions.all(),
        "supplied": _supplied(found),
        "talks": talks_of(found),
        "may_note": may_note(found, actor),
        "steps": steps,
        "needs_items": values & {Command.APPROVE_PART, Command.AGREE},
        "needs_limits": values & {Command.APPROVE, Command.APPROVE_PART, Command.AGREE},
        "needs_materials": Command.ASK_SUPPLEMENT in values,
        "needs_basis": Command.REFUSE in values,
        "form": form,
        "options": options,
        "basis": chosen,
        "today": clock.today(),
        "problem": problem,
        "errors": problem.fields if problem else {},
    }
    return render(
        request, "sharing/case.html", context, status=status_of(problem) if problem else 200
    )


def _supplied(found: ShareRequest) -> dict[str, str]:
    """Return the materials supplied after a supplement was asked for."""
    last = found.events.filter(command=Command.SUPPLY).last()
    return dict(last.facts.get("materials", {})) if last else {}
