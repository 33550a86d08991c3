"""Pages of the register of hardships (困难挑战台账)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods

from tongqu.audit.public import annotate
from tongqu.identity.public import actor_of, require, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Problem, Rejected
from tongqu.quality.actions import hardships
from tongqu.quality.domain import problems
from tongqu.quality.domain.cases import (
    BY_CODE,
    HardshipClass,
    HardshipCommand,
    HardshipState,
    Remedy,
    offered,
)
from tongqu.quality.http.case_pages import NO_COMMAND, PER_PAGE, events_of, filed, tried
from tongqu.quality.http.loop_forms import HardshipForm
from tongqu.quality.models import Hardship
from tongqu.quality.queries import cases

NAV = "register"
TONES = {
    HardshipState.LOGGED: "info", HardshipState.CLASSED: "info",
    HardshipState.TREATING: "busy", HardshipState.CLOSED: "ok",
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.QUALITY_RESULT_READ)
def register(request: HttpRequest) -> HttpResponse:
    """The register with its four classes; a new line is logged here."""
    actor = actor_of(request)
    form = HardshipForm(request.POST or None)
    if request.method == "POST":
        require(actor, P.QUALITY_HARDSHIP_EDIT)
        number = filed(form, lambda: hardships.log_hardship(**form.cleaned_data, by=actor).number)
        if number:
            annotate(request, subject=number)
            messages.success(request, f"已登记，编号 {number}。")
            return redirect("quality:hardship", number=number)
    kind, state = request.GET.get("hardship", ""), request.GET.get("state", "")
    found = cases.filtered_hardships(actor, kind, state)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": NAV,
        "form": form,
        "page": page,
        "rows": [(one, *_words(one)) for one in page],
        "kinds": [(word.value, word.label) for word in HardshipClass],
        "states": [(word.value, word.label) for word in HardshipState],
        "kind": kind,
        "state": state,
        "may_edit": actor.may(P.QUALITY_HARDSHIP_EDIT),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "quality/register.html", context, status=status)


def _words(found: Hardship) -> tuple[str, str, str, str]:
    """Return the words of class and remedy, of the state, and its tone."""
    state = HardshipState(found.state)
    kind = HardshipClass(found.hardship).label if found.hardship else "—"
    remedy = BY_CODE[found.remedy].title if found.remedy else "—"
    return kind, remedy, state.label, TONES[state]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.QUALITY_RESULT_READ)
def hardship(request: HttpRequest, number: str) -> HttpResponse:
    """One line: class it, choose among what is offered, strike it off when it is cured."""
    actor = actor_of(request)
    found = cases.hardships_for(actor).filter(number=number).first()
    if found is None:
        raise Rejected(problems.NO_CASE)
    problem: Problem | None = None
    if request.method == "POST":
        require(actor, P.QUALITY_HARDSHIP_EDIT)
        annotate(request, subject=number)
        problem = _step(request, number)
        if problem is None:
            return redirect("quality:hardship", number=number)
    kind, remedy, label, tone = _words(found)
    chosen = BY_CODE.get(found.remedy)
    context = {
        "nav": NAV,
        "found": found,
        "kind": kind,
        "remedy": remedy,
        "where": _address(chosen) if chosen else "",
        "label": label,
        "tone": tone,
        "is_measured": bool(chosen and chosen.dimensions),
        "may_edit": hardships.may_edit(found, actor),
        "kinds": [(word.value, word.label) for word in HardshipClass],
        "offers": _offers(found),
        "events": events_of(found.number),
        "problem": problem,
        "typed": request.POST,
    }
    return render(request, "quality/hardship.html", context, status=422 if problem else 200)


def _offers(found: Hardship) -> tuple[Remedy, ...]:
    if not found.hardship:
        return ()
    return offered(HardshipClass(found.hardship), f"{found.title}{found.text}")


def _address(remedy: Remedy) -> str:
    try:
        return reverse(remedy.page)
    except NoReverseMatch:  # a page of a room that this hub does not run
        return ""


def _step(request: HttpRequest, number: str) -> Problem | None:
    posted, by = request.POST, actor_of(request)
    try:
        command = HardshipCommand(posted.get("command", ""))
    except ValueError:
        return NO_COMMAND
    return tried(
        lambda: hardships.handle(
            number, command, hardship=posted.get("hardship", ""), remedy=posted.get("remedy", ""),
            entry_code=posted.get("entry_code", ""), note=posted.get("note", ""), by=by,
        )
    )  # fmt: skip
