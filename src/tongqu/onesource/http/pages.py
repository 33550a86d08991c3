"""Pages of one source: the register, the look-alikes, how standards are followed."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongqu.identity.public import actor_of, require, requires
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.problems import Rejected
from tongqu.onesource import public, queries
from tongqu.onesource.domain.matching import STRONG
from tongqu.onesource.http.forms import AuthorityForm, EndForm
from tongqu.onesource.vocabulary import PairCommand, PairState

PAGE = 50
TONES = {PairState.OPEN: "warn", PairState.SAME: "bad", PairState.DIFFERENT: "past"}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ONESOURCE_REGISTER_READ)
def authorities(request: HttpRequest) -> HttpResponse:
    """The register of sources; a new one is registered by who answers for the datum."""
    actor = actor_of(request)
    may_edit = actor.may(Permission.ONESOURCE_AUTHORITY_EDIT)
    first = {"department": actor.organisation_code} | request.GET.dict()
    form = AuthorityForm(request.POST or None, initial=first)
    if request.method == "POST":
        require(actor, Permission.ONESOURCE_AUTHORITY_EDIT)
        if form.is_valid() and _register(request, form):
            return redirect("onesource:authorities")
    context = {
        "nav": "onesource",
        "rows": queries.authorities(ended=True),
        "form": form,
        "may_edit": may_edit,
        "open_pairs": queries.pairs(PairState.OPEN, actor=actor).count(),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "onesource/authorities.html", context, status=status)


def _register(request: HttpRequest, form: AuthorityForm) -> bool:
    try:
        found = public.register_authority(**form.cleaned_data, by=actor_of(request))
    except Rejected as refused:
        form.add_problem(refused.problem)
        return False
    messages.success(request, f"已登记“{found.name}”的权威来源。")
    return True


@require_POST
@requires(Permission.ONESOURCE_AUTHORITY_EDIT)
def end(request: HttpRequest, number: int) -> HttpResponse:
    form = EndForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    found = public.end_authority(number, reason=reason, by=actor_of(request))
    messages.success(request, f"已终止“{found.name}”的权威来源。")
    return redirect("onesource:authorities")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ONESOURCE_REGISTER_READ)
def pairs(request: HttpRequest) -> HttpResponse:
    """Look-alikes, likeliest first; the managing office compares anew and decides.

    Of the open ones those that are hardly ever wrong are shown first, the others on demand.
    """
    actor = actor_of(request)
    if request.method == "POST":
        require(actor, Permission.ONESOURCE_PAIR_DECIDE)
        return _act(request)
    state = request.GET.get("state", PairState.OPEN)
    shown = state if state in set(PairState) else ""
    found = queries.pairs(shown, actor=actor)
    part = request.GET.get("part", "strong") if shown == PairState.OPEN else "all"
    strong, weak = found.filter(score__gte=STRONG), found.filter(score__lt=STRONG)
    counts = {"strong": strong.count(), "weak": weak.count()} if part != "all" else {}
    if part in counts:
        part = part if counts[part] else "weak" if part == "strong" else "strong"
        found = strong if part == "strong" else weak
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "onesource",
        "page": page,
        "rows": [(p, PairState(p.state).label, TONES[PairState(p.state)]) for p in page],
        "state": state,
        "part": part,
        "counts": counts,
        "bound": STRONG,
        "states": [("all", "全部"), *((s.value, s.label) for s in PairState)],
        "may_decide": actor.may(Permission.ONESOURCE_PAIR_DECIDE),
    }
    return render(request, "onesource/pairs.html", context)


def _act(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    command = request.POST.get("command", "")
    number = request.POST.get("pair", "")
    if command in set(PairCommand) and number.isdecimal():
        note = request.POST.get("note", "")
        public.decide(int(number[:18]), PairCommand(command), note=note, by=actor)
        messages.success(request, "已记录认定结果。")
    else:
        found = public.detect(by=actor)
        messages.success(request, f"比对完成，待确认 {found} 对。")
    return redirect("onesource:pairs")


@require_GET
@requires(Permission.ONESOURCE_REGISTER_READ)
def following(request: HttpRequest) -> HttpResponse:
    """贯标率, by department and by entry, with the items that follow no element."""
    actor = actor_of(request)
    page = Paginator(queries.following(actor), PAGE).get_page(request.GET.get("page"))
    departments = queries.following_by_provider(actor)
    context = {"nav": "following", "page": page, "departments": departments}
    return render(request, "onesource/following.html", context)
