"""Pages of the offices: propose, review, test, publish, withdraw, answer the public."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tongqu.audit.public import annotate
from tongqu.catalog import public as catalog
from tongqu.delivery.public import open_dictionary
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.opening import public as opening
from tongqu.opening import queries
from tongqu.opening.domain import problems
from tongqu.opening.domain.states import OPENING
from tongqu.opening.domain.terms import filters_from, line_of
from tongqu.opening.http.forms import ProposalForm
from tongqu.opening.http.pages import PER_PAGE, mask_label, plain, status_of
from tongqu.opening.models import OpeningCase
from tongqu.opening.permissions import ROLE_PERMISSION
from tongqu.opening.vocabulary import (
    CONCERN_LABELS,
    DANGERS,
    LICENCE_LABELS,
    PROTECTED,
    TYPE_LABELS,
    Concern,
    OpenState,
    OpenType,
    ReviewKind,
)
from tongqu.policy.public import legal_bases
from tongqu.security.vocabulary import MASK_LABELS, Mask


@require_safe
@requires(P.OPENING_CASE_READ)
def cases(request: HttpRequest) -> HttpResponse:
    found = queries.cases_seen_by(actor_of(request))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    may = actor_of(request).may(P.OPENING_CASE_PROPOSE)
    return render(request, "opening/cases.html", {"nav": "openmgr", "page": page, "may": may})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.OPENING_CASE_PROPOSE)
def new(request: HttpRequest) -> HttpResponse:
    """Choose an entry, then say what of it is shown and how."""
    code = plain(request.POST.get("entry") or request.GET.get("entry", ""))
    if not code:
        actor = actor_of(request)
        entries = {"nav": "openmgr", "entries": _own_entries(actor)}
        return render(request, "opening/choose.html", entries)
    entry = catalog.published(code)
    form = ProposalForm.posted(request.POST) if request.method == "POST" else ProposalForm()
    problem: Problem | None = None
    if request.method == "POST":
        try:
            case = opening.propose(form.proposal(entry), by=actor_of(request))
        except Rejected as refused:
            problem = refused.problem
            annotate(request, subject=entry.code, code=problem.code, basis=problem.basis)
        else:
            annotate(request, subject=entry.code)
            messages.success(request, f"已提出开放，编号 {case.number}。")
            return redirect("opening:case", number=case.number)
    context = {
        "nav": "openmgr",
        "entry": entry,
        "items": form.lines(entry, is_new=request.method != "POST"),
        "form": form,
        "types": [(w.value, TYPE_LABELS[w]) for w in OpenType if w is not OpenType.NOT_OPEN],
        "licences": [(word.value, label) for word, label in LICENCE_LABELS.items()],
        "masks": [(m.value, label) for m, label in MASK_LABELS.items() if m is not Mask.NONE],
        "problem": problem,
        "errors": problem.fields if problem else {},
    }
    status = status_of(problem) if problem else 200
    return render(request, "opening/new.html", context, status=status)


def _own_entries(actor: Actor) -> list[tuple[str, str]]:
    everywhere = actor.may(P.OPENING_CASE_DECIDE)
    found = [
        line for line in catalog.lines() if everywhere or line.provider_id == actor.organisation_id
    ]
    return [(line.code, line.name) for line in found]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.OPENING_CASE_READ)
def case(request: HttpRequest, number: str) -> HttpResponse:
    actor = actor_of(request)
    found = queries.case_for(number, actor)
    problem: Problem | None = None
    act = ACTS.get(request.POST.get("command", "")) if request.method == "POST" else None
    if act:
        annotate(request, subject=found.entry_code, details={"command": request.POST["command"]})
        try:
            act(request, found, actor)
        except Rejected as refused:
            problem = refused.problem
            annotate(request, code=problem.code, basis=problem.basis)
        else:
            messages.success(request, "已办理。")
            return redirect("opening:case", number=number)
        found.refresh_from_db()
    return _case_page(request, found, actor, problem)


def _case_page(
    request: HttpRequest, found: OpeningCase, actor: Actor, problem: Problem | None
) -> HttpResponse:
    roles = frozenset(role for role, needed in ROLE_PERMISSION.items() if actor.may(needed))
    steps = OPENING.allowed(OpenState(found.state), roles)
    reviewed = set(found.reviews.values_list("kind", flat=True))
    commands = {step.command.value for step in steps}
    own = found.publisher_id == actor.organisation_id
    context = {
        "nav": "openmgr",
        "case": found,
        "columns": [
            (column, mask_label(column.mask)) for column in open_dictionary(queries.terms_of(found))
        ],
        "conditions": [line_of(one) for one in filters_from(found.row_filter)],
        "commands": commands,
        "review": _review_of(commands, reviewed, is_own=own),
        "protected": [(c.value, CONCERN_LABELS[c]) for c in PROTECTED],
        "dangers": [(c.value, CONCERN_LABELS[c]) for c in DANGERS],
        "bases": [(clause.code, f"{clause} {clause.gist}") for clause in legal_bases()],
        "reviews": found.reviews.all(),
        "tests": [(test, queries.told_of(test)) for test in found.tests.all()],
        "events": found.events.all(),
        "releases": found.releases.all(),
        "problem": problem,
        "errors": problem.fields if problem else {},
        "typed": request.POST if problem else {},
    }
    status = status_of(problem) if problem else 200
    return render(request, "opening/case.html", context, status=status)


def _review_of(commands: set[str], reviewed: set[str], *, is_own: bool) -> str:
    """Return the kind of review that waits for the reader, or ""."""
    if "legal_pass" in commands and ReviewKind.LEGAL not in reviewed and is_own:
        return ReviewKind.LEGAL.value
    if "safety_pass" in commands and ReviewKind.SAFETY not in reviewed:
        return ReviewKind.SAFETY.value
    return ""


def _review(kind: ReviewKind) -> Callable[[HttpRequest, OpeningCase, Actor], None]:
    def act(request: HttpRequest, found: OpeningCase, actor: Actor) -> None:
        if request.POST.get("verdict") not in {"pass", "fail"}:
            raise Rejected(problems.required("verdict", "审查意见"))
        checked = set(request.POST.getlist("clear"))
        opening.review(
            found.number,
            kind,
            answers={concern: concern.value in checked for concern in Concern},
            passed=request.POST.get("verdict") == "pass",
            reason=plain(request.POST.get("reason", "")),
            basis=plain(request.POST.get("basis", "")),
            by=actor,
        )

    return act


def _test(request: HttpRequest, found: OpeningCase, actor: Actor) -> None:
    opening.assess(found.number, by=actor)


def _pass(request: HttpRequest, found: OpeningCase, actor: Actor) -> None:
    opening.pass_case(found.number, by=actor)


def _publish(request: HttpRequest, found: OpeningCase, actor: Actor) -> None:
    opening.publish(found.number, by=actor)


def _withdraw(request: HttpRequest, found: OpeningCase, actor: Actor) -> None:
    opening.withdraw(found.number, reason=plain(request.POST.get("reason", "")), by=actor)


def _freeze(request: HttpRequest, found: OpeningCase, actor: Actor) -> None:
    opening.freeze(found.number, reason=plain(request.POST.get("reason", "")), by=actor)


ACTS: dict[str, Callable[[HttpRequest, OpeningCase, Actor], None]] = {
    "legal": _review(ReviewKind.LEGAL),
    "safety": _review(ReviewKind.SAFETY),
    "test": _test,
    "pass": _pass,
    "publish": _publish,
    "withdraw": _withdraw,
    "freeze": _freeze,
}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.OPENING_VOICE_ANSWER)
def voices(request: HttpRequest) -> HttpResponse:
    """公众意见: answer in public; an error report becomes a quality ticket."""
    actor = actor_of(request)
    problem: Problem | None = None
    number = plain(request.POST.get("number", ""))
    if request.method == "POST":
        try:
            found = opening.answer(
                number,
                text=plain(request.POST.get("answer", "")),
                hide=request.POST.get("hide") == "1",
                by=actor,
            )
        except Rejected as refused:
            problem = refused.problem
        else:
            annotate(request, subject=found.number)
            told = f"，已生成质量工单 {found.ticket}" if found.ticket else ""
            messages.success(request, f"已答复 {found.number}{told}。")
            return redirect("opening:voices")
    page = Paginator(queries.waiting_voices(actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "open_voices",
        "page": page,
        "problem": problem,
        "errors": problem.fields if problem else {},
        "number": number,
        "typed": request.POST if problem else {},
    }
    status = status_of(problem) if problem else 200
    return render(request, "opening/voices.html", context, status=status)
