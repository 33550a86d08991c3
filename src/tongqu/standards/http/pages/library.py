"""The library, and the page of one standard with its workflow."""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tongqu.identity.public import actor_of, require, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.policy.http.forms import PlainForm
from tongqu.standards.actions import library as keeping
from tongqu.standards.actions import workflow
from tongqu.standards.domain.states import STANDARDS
from tongqu.standards.http import forms
from tongqu.standards.models import Standard
from tongqu.standards.queries import library as reading
from tongqu.standards.queries.library import round_of
from tongqu.standards.queries.workflow import ballot_result
from tongqu.standards.vocabulary import (
    Answer,
    StandardCommand,
    StandardKind,
    StandardState,
    SubjectKind,
    Topic,
    Vote,
)

NAV = "standards"
TONES = {
    StandardState.PROPOSED: "quiet", StandardState.DRAFTING: "busy",
    StandardState.CONSULTING: "info", StandardState.IN_REVIEW: "warn",
    StandardState.RELEASED: "info", StandardState.IN_FORCE: "ok",
    StandardState.UNDER_REVISION: "warn", StandardState.ABOLISHED: "past",
}  # fmt: skip
PER_PAGE = 50


@require_safe
@requires(P.STANDARDS_LIBRARY_READ)
def library(request: HttpRequest) -> HttpResponse:
    """The library with its filters."""
    actor = actor_of(request)
    form = forms.FilterForm(request.GET)
    found = form.cleaned_data if form.is_valid() else {}
    rows = reading.search(actor, **found)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": NAV,
        "form": form,
        "page": page,
        "rows": [labels(row) for row in page],
        "may_edit": actor.may(P.STANDARDS_LIBRARY_EDIT),
    }
    return render(request, "standards/library.html", context)


def labels(row: Standard) -> dict[str, object]:
    state = StandardState(row.state)
    return {
        "row": row,
        "kind": StandardKind(row.kind).label,
        "topic": Topic(row.topic).label,
        "state": state.label,
        "tone": TONES[state],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.STANDARDS_LIBRARY_EDIT)
def propose(request: HttpRequest) -> HttpResponse:
    """立项 of an own standard."""
    form = forms.ProposalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            view = keeping.propose(form.document(), by=actor_of(request))
        except Rejected as refused:
            form.add_problem(refused.problem)
        else:
            messages.success(request, f"{view.code} 已立项。")
            return redirect("standards:standard", code=view.code)
    context = {"nav": NAV, "form": form, "title": "标准立项", "action": "立项",
               "back": "standards:library"}  # fmt: skip
    return render(request, "standards/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.STANDARDS_LIBRARY_READ)
def standard(request: HttpRequest, code: str) -> HttpResponse:
    """One standard: its state and steps, draft, comments with answers, ballot, reviews."""
    actor = actor_of(request)
    row = reading.get_standard(code, actor=actor)
    if request.method != "POST":
        return _page(request, row)
    do = request.POST.get("do", "")
    if do not in ACTS:
        return redirect("standards:standard", code=code)
    permission, kind, act = ACTS[do]
    require(actor, permission)
    form = kind(request.POST, auto_id=f"{do}_%s")
    if form.is_valid():
        try:
            messages.success(request, act(row, form, actor))
        except Rejected as refused:
            form.add_problem(refused.problem)
        else:
            return redirect("standards:standard", code=code)
    return _page(request, reading.get_standard(code, actor=actor), {do: form})


def _step(row: Standard, form: PlainForm, by: Actor) -> str:
    given = form.cleaned_data
    done = workflow.take_step(
        row.code, StandardCommand(given["command"]), note=given["note"],
        effective_on=given["effective_on"], edition=given["edition"], by=by,
    )  # fmt: skip
    return f"{row.code} 已办理，当前为“{StandardState(done.state).label}”。"


def _draft(row: Standard, form: PlainForm, by: Actor) -> str:
    given = form.cleaned_data
    group = tuple(forms.lines(given["working_group"]))
    keeping.edit_draft(row.code, draft=given["draft"], summary=given["summary"],
                       working_group=group, edition=given["edition"], by=by)  # fmt: skip
    return "草案已保存。"


def _comment(row: Standard, form: PlainForm, by: Actor) -> str:
    workflow.give_comment(row.code, **form.cleaned_data, by=by)
    return "意见已登记。"


def _answer(row: Standard, form: PlainForm, by: Actor) -> str:
    given = form.cleaned_data
    workflow.answer_comment(
        given["number"], answer=Answer(given["answer"]), reason=given["reason"], by=by
    )
    return "意见已处理。"


def _vote(row: Standard, form: PlainForm, by: Actor) -> str:
    given = form.cleaned_data
    workflow.cast_vote(row.code, vote=Vote(given["vote"]), note=given["note"], by=by)
    return "表决已登记。"


def _review(row: Standard, form: PlainForm, by: Actor) -> str:
    workflow.close_review(form.cleaned_data["number"], note=form.cleaned_data["note"], by=by)
    return "复核已办结。"


Act = Callable[[Standard, PlainForm, Actor], str]
ACTS: dict[str, tuple[P, type[PlainForm], Act]] = {
    "step": (P.STANDARDS_LIBRARY_EDIT, forms.StepForm, _step),
    "draft": (P.STANDARDS_LIBRARY_EDIT, forms.DraftForm, _draft),
    "comment": (P.STANDARDS_COMMENT_GIVE, forms.CommentForm, _comment),
    "answer": (P.STANDARDS_LIBRARY_EDIT, forms.AnswerForm, _answer),
    "vote": (P.STANDARDS_BALLOT_VOTE, forms.VoteForm, _vote),
    "review": (P.STANDARDS_COMMENT_GIVE, forms.ReviewForm, _review),
}


def _page(
    request: HttpRequest, row: Standard, typed: dict[str, PlainForm] | None = None
) -> HttpResponse:
    actor = actor_of(request)
    typed = typed or {}
    state = StandardState(row.state)
    may_edit = actor.may(P.STANDARDS_LIBRARY_EDIT)
    is_staff = actor.may(P.STANDARDS_DRAFT_READ)
    steps = STANDARDS.allowed(state, actor.roles) if may_edit else ()
    context = {
        "nav": NAV,
        **labels(row),
        "events": _events(row) if is_staff else (),
        "steps": [(step.command.value, step.label) for step in steps],
        "comments": _comments(row, typed, may_edit) if is_staff else (),
        "reviews": _reviews(row, actor, typed) if is_staff else (),
        "replaced": [(old, bool(reading.standard(old))) for old in row.replaces],
        "ballots": row.ballots.filter(round=round_of(row)) if is_staff else (),
        "result": ballot_result(row) if state is StandardState.IN_REVIEW and is_staff else None,
        **_forms(row, actor, typed),
    }
    return render(request, "standards/standard.html", context, status=422 if typed else 200)


def _events(row: Standard) -> list[tuple[object, str]]:
    return [(event, StandardState(event.state).label) for event in row.events.all()]


def _forms(row: Standard, actor: Actor, typed: dict[str, PlainForm]) -> dict[str, object]:
    """Return the forms open to the actor in this state; what was typed is kept."""
    state = StandardState(row.state)
    may_edit = actor.may(P.STANDARDS_LIBRARY_EDIT)
    is_draft = row.is_own and state in (
        StandardState.PROPOSED, StandardState.DRAFTING, StandardState.CONSULTING,
    )  # fmt: skip
    has_voted = row.ballots.filter(round=round_of(row), member_key=actor.key).exists()
    offered = {
        "step": may_edit and bool(STANDARDS.allowed(state, actor.roles)),
        "draft": may_edit and is_draft,
        "comment": actor.may(P.STANDARDS_COMMENT_GIVE) and state is StandardState.CONSULTING,
        "vote": actor.may(P.STANDARDS_BALLOT_VOTE) and state is StandardState.IN_REVIEW
        and not has_voted,
    }  # fmt: skip
    initial = {
        "edition": row.edition, "draft": row.draft, "summary": row.summary,
        "working_group": "\n".join(row.working_group),
    }  # fmt: skip
    found: dict[str, object] = {}
    for do, is_open in offered.items():
        if is_open:
            kind = ACTS[do][1]
            found[f"{do}_form"] = typed.get(do) or kind(initial=initial, auto_id=f"{do}_%s")
    return found


def _comments(
    row: Standard, typed: dict[str, PlainForm], may_edit: bool
) -> Sequence[tuple[object, str, object]]:
    """Return each comment with its answer's word, and the form to answer it."""
    is_open = may_edit and row.state == StandardState.CONSULTING
    found = []
    for comment in row.comments.all():
        form = _of(typed.get("answer"), comment.pk) or forms.AnswerForm(
            initial={"number": comment.pk}, auto_id=f"answer{comment.pk}_%s"
        )
        word = Answer(comment.answer).label if comment.answer else ""
        found.append((comment, word, form if is_open and not comment.answer else None))
    return found


def _of(form: PlainForm | None, number: int) -> PlainForm | None:
    """Return the form that was sent for this line, if it was."""
    if form is None or str(form.data.get("number")) != str(number):
        return None
    form.auto_id = f"{form.__class__.__name__}{number}_%s"
    return form


def _reviews(
    row: Standard, actor: Actor, typed: dict[str, PlainForm]
) -> Sequence[tuple[object, str, object]]:
    mine = set(reading.reviews_for(actor).filter(old=row).values_list("pk", flat=True))
    found = []
    for review in reading.reviews_shown(row, actor):
        form = _of(typed.get("review"), review.pk) or forms.ReviewForm(
            initial={"number": review.pk}, auto_id=f"review{review.pk}_%s"
        )
        kind = SubjectKind(review.subject_kind).label
        found.append((review, kind, form if review.pk in mine else None))
    return found
