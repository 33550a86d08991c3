"""Pages for the applicant: apply, my applications, one application."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tongqu.audit.public import annotate
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import EntryView
from tongqu.delivery.vocabulary import GrantView
from tongqu.identity.public import actor_of, requires, resumed_form
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.sharing import public as sharing
from tongqu.sharing import queries
from tongqu.sharing.actions.file import scope_names, standing_problem
from tongqu.sharing.actions.talk import may_note, talks_of
from tongqu.sharing.http import presenters
from tongqu.sharing.http.forms import CHOICES, ApplyForm
from tongqu.sharing.models import ShareRequest
from tongqu.sharing.vocabulary import PROBLEM_STATUS, STATE_LABELS, State

PER_PAGE = 20


def status_of(problem: Problem) -> int:
    return PROBLEM_STATUS.get(problem.code, 404 if problem.code == "NOT_FOUND" else 422)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SHARING_REQUEST_SUBMIT)
def apply(request: HttpRequest) -> HttpResponse:
    """The form of at most eight fields, and its submission."""
    if request.method == "POST":
        return _submit(request, ApplyForm.posted(request.POST))
    kept = resumed_form(request)
    form = ApplyForm.resumed(kept) if kept else ApplyForm(entry=request.GET.get("entry", ""))
    entry = catalog.published(form.entry)
    return apply_page(request, form, entry, is_resumed=bool(kept))


def _submit(request: HttpRequest, form: ApplyForm) -> HttpResponse:
    try:
        done = sharing.submit(form.application(), by=actor_of(request), key=form.submission)
    except Rejected as refused:
        entry = catalog.published(form.entry)
        annotate(request, code=refused.problem.code, basis=refused.problem.basis)
        return apply_page(request, form, entry, problem=refused.problem)
    annotate(request, subject=done.request.number)
    if done.waiting:
        messages.warning(request, done.waiting.title)
    elif done.request.grant_number:
        messages.success(request, f"已自动授权，授权编号 {done.request.grant_number}。")
    else:
        messages.success(request, f"申请已提交，编号 {done.request.number}。")
    return redirect("sharing:application", number=done.request.number)


def apply_page(
    request: HttpRequest,
    form: ApplyForm,
    entry: EntryView,
    *,
    problem: Problem | None = None,
    is_resumed: bool = False,
    changed_grant: GrantView | None = None,
) -> HttpResponse:
    """The form of a request; ``changed_grant`` when its purpose is to be another one."""
    chosen = form.items or [item.name_en for item in entry.shareable_items]
    changes = problem.facts.get("changes") if problem else None
    standing = standing_problem(entry, actor_of(request))
    context = {
        "nav": "applications",
        "entry": entry,
        "form": form,
        # After ENTRY_CHANGED the next submission is for the version now on the page; in all
        # other cases the form keeps the version the applicant first saw.
        "version_id": entry.version_id if changes or not form.version_id else form.version_id,
        "items": presenters.item_rows(entry, chosen),
        "hidden": len(entry.items) - len(entry.shareable_items),
        "manners": [(m, not form.manners or str(m) in form.manners) for m in entry.manners],
        "scope": scope_names(entry),
        "estimate": presenters.estimate(entry),
        "problem": problem or standing,
        "is_barred": standing is not None,
        "changes": changes,
        "errors": problem.fields if problem else {},
        "is_resumed": is_resumed,
        "changed_grant": changed_grant,
        **CHOICES,
    }
    return render(
        request, "sharing/apply.html", context, status=status_of(problem) if problem else 200
    )


@require_safe
@requires(Permission.SHARING_REQUEST_READ)
def applications(request: HttpRequest) -> HttpResponse:
    found = queries.applications_of(actor_of(request))
    chosen = request.GET.get("state", "")
    if chosen in set(State):
        found = found.filter(state=chosen)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"nav": "applications", "page": page, "chosen": chosen, "states": _states()}
    return render(request, "sharing/applications.html", context)


def _states() -> list[tuple[str, str]]:
    return [(state.value, label) for state, label in STATE_LABELS.items() if state != "draft"]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SHARING_REQUEST_READ)
def application(request: HttpRequest, number: str) -> HttpResponse:
    """One application: line of stations, deadline, decision with its clause, next actions."""
    actor = actor_of(request)
    found = queries.request_for(number, actor)
    if request.method == "POST":
        return _act(request, found, actor)
    return _application_page(request, found, actor)


def _act(request: HttpRequest, found: ShareRequest, actor: Actor) -> HttpResponse:
    command = request.POST.get("command", "")
    if command not in ACTS:
        return _application_page(request, found, actor)
    annotate(request, subject=found.number, details={"command": command})
    try:
        ACTS[command](request, found, actor)
    except Rejected as refused:
        found.refresh_from_db()
        return _application_page(request, found, actor, problem=refused.problem)
    messages.success(request, "已办理。")
    return redirect("sharing:application", number=found.number)


def _supply(request: HttpRequest, found: ShareRequest, actor: Actor) -> None:
    statements = {
        name: request.POST.get(f"material-{position}", "").replace("\x00", "")
        for position, name in enumerate(found.asked_materials, 1)
    }
    sharing.supply(found.number, statements=statements, by=actor)


def _withdraw(request: HttpRequest, found: ShareRequest, actor: Actor) -> None:
    reason = request.POST.get("reason", "").replace("\x00", "")
    sharing.withdraw(found.number, reason=reason, by=actor)


def _verify(request: HttpRequest, found: ShareRequest, actor: Actor) -> None:
    sharing.verify(found.number, by=actor)


def _talk(request: HttpRequest, found: ShareRequest, actor: Actor) -> None:
    sharing.note_talk(found.number, text=request.POST.get("talk", "").replace("\x00", ""), by=actor)


def _refer(request: HttpRequest, found: ShareRequest, actor: Actor) -> None:
    reason = request.POST.get("reason", "").replace("\x00", "")
    sharing.refer(found.number, reason=reason, by=actor)


ACTS: dict[str, Callable[[HttpRequest, ShareRequest, Actor], None]] = {
    "supply": _supply,
    "withdraw": _withdraw,
    "verify": _verify,
    "talk": _talk,
    "refer": _refer,
}


def _application_page(
    request: HttpRequest, found: ShareRequest, actor: Actor, *, problem: Problem | None = None
) -> HttpResponse:
    entry = catalog.version(found.version_id)
    mine = found.consumer_id == actor.organisation_id
    may_act = mine and actor.may(Permission.SHARING_REQUEST_SUBMIT) and not found.closed_at
    typed = request.POST if problem else {}
    decision = queries.decision_of(found)
    granted = set(decision.items) if decision else set()
    context = {
        "nav": "applications",
        "case": found,
        "entry": entry,
        "items": presenters.item_rows(entry, found.items),
        "stations": presenters.stations(found),
        "span": presenters.span(found),
        "decision": decision,
        "granted": [item.name_zh for item in entry.items if item.name_en in granted],
        "first_opinion": found.decisions.filter(stage="first_review").first(),
        "events": found.events.all(),
        "may_act": may_act,
        "talks": talks_of(found),
        "may_note": mine and may_note(found, actor),
        "may_refer": may_act and found.state == State.NEGOTIATING,
        "new_purpose": getattr(found, "purpose_change", None),
        "materials": [
            (position, name, typed.get(f"material-{position}", ""))
            for position, name in enumerate(found.asked_materials, 1)
        ],
        "problem": problem,
        "errors": problem.fields if problem else {},
    }
    return render(
        request, "sharing/application.html", context, status=status_of(problem) if problem else 200
    )
