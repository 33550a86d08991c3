"""Pages of the provision-and-update flow: definition and instances."""

from collections.abc import Mapping

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tongqu.audit.public import annotate
from tongqu.catalog.public import Brief, briefs
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import ROLE_LABELS, Role
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Problem
from tongqu.ledger.actions import flows as actions
from tongqu.ledger.domain import flows as definitions
from tongqu.ledger.http.forms import StartForm, StepsForm
from tongqu.ledger.http.pages.common import PER_PAGE, accepted, done_or_problem
from tongqu.ledger.queries import flows as queries
from tongqu.ledger.vocabulary import FlowFact, FlowStep

_WHO = {ROLE_LABELS[Role(code)]: code for code in definitions.WHO}
_FACTS = {fact.label: fact for fact in FlowFact}


def _written(steps: tuple[FlowStep, ...]) -> str:
    lines = []
    for step in steps:
        fact = "" if step.fact is FlowFact.NONE else step.fact.label
        lines.append(f"{step.code},{step.title},{ROLE_LABELS[Role(step.who)]},{fact}".rstrip(","))
    return "\n".join(lines)


def _read(text: str) -> tuple[list[FlowStep], list[str]]:
    steps, faults = [], []
    for n, line in enumerate(filter(str.strip, text.splitlines()), start=1):
        parts = [part.strip() for part in line.replace("，", ",").split(",")]
        parts += [""] * (4 - len(parts))
        code, title, who, fact = parts[:4]
        if who not in _WHO or (fact and fact not in _FACTS):
            faults.append(f"第 {n} 行的岗位或判定不认识。岗位：{'、'.join(_WHO)}。")
        else:
            chosen = _FACTS.get(fact, FlowFact.NONE)
            steps.append(FlowStep(code, title, _WHO[who], chosen))
    return steps, faults


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.LEDGER_REPORT_READ)
def flow(request: HttpRequest) -> HttpResponse:
    """供数与更新流程."""
    actor, post = actor_of(request), request.POST
    current = actions.current()
    steps = definitions.read(current.steps)
    form = StepsForm(
        post if "define" in post else None,
        initial={"steps": _written(steps), "base": current.version},
    )
    start = StartForm(post if "start" in post else None)
    if "define" in post and form.is_valid() and _define(request, form):
        return redirect("ledger:flow")
    if "start" in post and start.is_valid():
        code = start.cleaned_data["entry_code"]
        annotate(request, subject=code)
        made = accepted(start, lambda: actions.start(code, by=actor))
        if made is not None:
            return redirect("ledger:flow_instance", made.pk)
    page = Paginator(queries.instances(actor), PER_PAGE).get_page(request.GET.get("page"))
    names = briefs(codes={found.entry_code for found in page})
    context = {
        "nav": "flow", "current": current, "page": page, "form": form, "start": start,
        "steps": [(s, ROLE_LABELS[Role(s.who)]) for s in steps],
        "rows": [(row, queries.step_due(row), _name(row.entry_code, names)) for row in page],
        "may_edit": actor.may(P.LEDGER_FLOW_EDIT), "may_run": actor.may(P.LEDGER_FLOW_RUN),
        "who": "、".join(_WHO), "facts": "、".join(f.label for f in list(FlowFact)[1:]),
    }  # fmt: skip
    status = 422 if form.errors or start.errors else 200
    return render(request, "ledger/flow.html", context, status=status)


def _name(code: str, names: Mapping[str, Brief]) -> str:
    """The entry's name; its code where no version is in force."""
    return names[code].name if code in names else code


def _define(request: HttpRequest, form: StepsForm) -> bool:
    steps, faults = _read(form.cleaned_data["steps"])
    if faults:
        form.add_error("steps", " ".join(faults[:3]))
        return False
    made = accepted(
        form,
        lambda: actions.define(
            steps, note=form.cleaned_data["note"], base=form.cleaned_data["base"],
            by=actor_of(request),
        ),
    )  # fmt: skip
    if made is None:
        return False
    annotate(request, subject=f"flow-{made.version}")
    messages.success(request, f"流程第 {made.version} 版已启用，在办的仍按原版本办结。")
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.LEDGER_REPORT_READ)
def flow_instance(request: HttpRequest, pk: int) -> HttpResponse:
    """一个流程."""
    actor = actor_of(request)
    found = queries.instance_for(pk, actor)
    problem: Problem | None = None
    if request.method == "POST":
        annotate(request, subject=found.entry_code)
        code, note = request.POST.get("code", "")[:40], request.POST.get("note", "")
        done = done_or_problem(
            request, lambda: actions.finish_step(pk, code=code, note=note, by=actor),
            said="本步骤已办结。", to=("ledger:flow_instance", pk),
        )  # fmt: skip
        if not isinstance(done, Problem):
            return done
        problem = done
    step = queries.step_due(found)
    context = {
        "nav": "flow", "found": found,
        "name": _name(found.entry_code, briefs(codes=[found.entry_code])),
        "stations": queries.stations(found), "step": step,
        "problem": problem,
        "may_finish": step is not None and actor.may(P.LEDGER_FLOW_RUN)
        and definitions.may_finish(step, found.owner_id, actor),
    }  # fmt: skip
    return render(request, "ledger/flow_instance.html", context, status=422 if problem else 200)
