"""Pages for everybody: the open list, a set, its history, wishes."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongqu.audit.public import annotate
from tongqu.catalog.ports import notes_of
from tongqu.catalog.vocabulary import UpdateCycle
from tongqu.delivery.public import open_dictionary
from tongqu.identity.public import requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Problem, Rejected
from tongqu.opening import public as opening
from tongqu.opening import queries
from tongqu.opening.actions import serve
from tongqu.opening.domain.terms import filters_from, line_of
from tongqu.opening.http import dcat
from tongqu.opening.models import OpeningCase
from tongqu.opening.vocabulary import (
    LICENCE_LINKS,
    PROBLEM_STATUS,
    PUBLISHED,
    SERVED,
    STATE_LABELS,
    VOICE_LABELS,
    Licence,
    OpenType,
    VoiceKind,
)
from tongqu.security.vocabulary import MASK_LABELS, Mask

PER_PAGE = 20


def status_of(problem: Problem) -> int:
    return PROBLEM_STATUS.get(problem.code, 404 if problem.code == "NOT_FOUND" else 422)


def mask_label(mask: str) -> str:
    """Return the Chinese name of a mask; "" for an item shown as it is."""
    return MASK_LABELS[Mask(mask)] if mask else ""


def plain(text: str) -> str:
    return text.replace("\x00", "")


@require_safe
@requires(P.OPENING_SET_READ)
def index(request: HttpRequest) -> HttpResponse:
    """开放清单: search, states, withdrawn sets with reason and date."""
    q = plain(request.GET.get("q", ""))[:100]
    state = request.GET.get("state", "")
    page = Paginator(queries.listed(q, state), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(case, UpdateCycle(case.update_cycle).label) for case in page]
    states = [(word.value, STATE_LABELS[word]) for word in STATE_LABELS if word in PUBLISHED]
    context = {
        "nav": "open",
        "page": page,
        "rows": rows,
        "q": q,
        "state": state,
        "states": states,
        "open_count": queries.served().count(),
    }
    return render(request, "opening/index.html", context)


@require_safe
@requires(P.OPENING_SET_READ)
def history(request: HttpRequest) -> HttpResponse:
    """Every version of the open list, those withdrawn too."""
    page = Paginator(queries.releases(), 50).get_page(request.GET.get("page"))
    return render(request, "opening/history.html", {"nav": "open", "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.OPENING_SET_READ)
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One set: figures, preview, dictionary, licence, downloads, answers to the public."""
    case = queries.public_case(code)
    if request.method == "POST":
        return _spoken(request, case)
    return _set_page(request, case)


def _spoken(request: HttpRequest, case: OpeningCase) -> HttpResponse:
    kind = request.POST.get("kind", "")
    problem = file_voice(request, kind if kind != VoiceKind.WISH else VoiceKind.ERROR, case)
    if problem:
        return _set_page(request, case, problem=problem)
    return redirect("opening:detail", code=case.entry_code)


def file_voice(request: HttpRequest, kind: str, case: OpeningCase | None) -> Problem | None:
    """File what was typed and tell its number; return what stands in the way."""
    address = request.META.get("REMOTE_ADDR", "")
    word = VoiceKind(kind) if kind in set(VoiceKind) else VoiceKind.QUESTION
    try:
        serve.admit(address, scope="voice", most=serve.VOICES_AN_HOUR, seconds=3600)
        title, text = (plain(request.POST.get(name, "")) for name in ("title", "text"))
        found = opening.speak(word, title=title, text=text, case=case)
    except Rejected as refused:
        annotate(request, code=refused.problem.code)
        return refused.problem
    annotate(request, subject=found.number)
    messages.success(
        request, f"已收到，编号 {found.number}。答复后与内容一并在本页公开，期限 {found.due_on}。"
    )
    return None


def _set_page(
    request: HttpRequest, case: OpeningCase, *, problem: Problem | None = None
) -> HttpResponse:
    is_served = case.state in SERVED and case.open_type == OpenType.UNCONDITIONAL
    is_served = is_served and not (queries.closed_reason(case) or queries.findings(case))
    columns = open_dictionary(queries.terms_of(case))
    if is_served:
        serve.admit(request.META.get("REMOTE_ADDR", ""), scope="data", most=serve.CALLS_A_MINUTE)
    rows = serve.preview(case) if is_served else []
    context = {
        "nav": "open",
        "case": case,
        "cycle": UpdateCycle(case.update_cycle).label,
        "figures": queries.figures(case),
        "columns": [(column, mask_label(column.mask)) for column in columns],
        "heads": [column.title for column in columns],
        "preview": [[row.get(column.name) for column in columns] for row in rows],
        "conditions": [line_of(found) for found in filters_from(case.row_filter)],
        "is_served": is_served,
        "forms": [form.value for form in dcat.forms_of(case)] if is_served else [],
        "licence_link": LICENCE_LINKS[Licence(case.licence)],
        "notes": notes_of(case.entry_code),
        "releases": queries.releases(case.entry_code),
        "voices": queries.voices_of(case),
        "kinds": [(k.value, VOICE_LABELS[k]) for k in (VoiceKind.ERROR, VoiceKind.QUESTION)],
        "problem": problem,
        "errors": problem.fields if problem else {},
        "typed": request.POST if problem else {},
        "base": request.build_absolute_uri("/").rstrip("/"),
    }
    status = status_of(problem) if problem else 200
    return render(request, "opening/detail.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.OPENING_VOICE_GIVE)
def wishes(request: HttpRequest) -> HttpResponse:
    """What the public wants opened, votes, and the plan that follows from them."""
    problem = None
    if request.method == "POST":
        problem = file_voice(request, VoiceKind.WISH, None)
        if problem is None:
            return redirect("opening:wishes")
    page = Paginator(queries.wishes(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "open",
        "page": page,
        "waiting": queries.waiting_wishes(),
        "plan": opening.plan()[:20],
        "problem": problem,
        "errors": problem.fields if problem else {},
        "typed": request.POST if problem else {},
    }
    status = status_of(problem) if problem else 200
    return render(request, "opening/wishes.html", context, status=status)


@require_POST
@requires(P.OPENING_VOICE_GIVE)
def vote(request: HttpRequest, number: str) -> HttpResponse:
    if opening.vote(number, address=request.META.get("REMOTE_ADDR", "")):
        messages.success(request, "已投票。")
    else:
        messages.info(request, "你已投过这一项。")
    return redirect("opening:wishes")
