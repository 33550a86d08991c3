"""Pages beside the requests: entrusted review, coordination, another purpose."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tongqu.audit.public import annotate
from tongqu.catalog import public as catalog
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.sharing import public as sharing
from tongqu.sharing import queries
from tongqu.sharing.http.common import accepted, day_field, status_of_form
from tongqu.sharing.http.forms import TEXTS, ApplyForm
from tongqu.sharing.http.pages import apply_page, status_of
from tongqu.sharing.models import Coordination
from tongqu.sharing.vocabulary import CoordinationState

PER_PAGE = 30


class EntrustForm(forms.Form):
    entry_code = forms.ChoiceField(label="数据目录")
    starts_on = day_field("委托起")
    ends_on = day_field("委托止")
    note = forms.CharField(label="说明", max_length=300, required=False)

    def __init__(self, *args: object, actor: Actor, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as a form takes them
        own = catalog.lines(provider_id=actor.organisation_id or 0)
        choices = [(line.code, line.name) for line in own if not line.is_external]
        self.fields["entry_code"].choices = choices  # type: ignore[attr-defined]  # a choice field


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SHARING_GRANT_READ)
def entrust(request: HttpRequest) -> HttpResponse:
    """委托审核: what is entrusted, for how long, and the monthly digests."""
    actor, post = actor_of(request), request.POST
    may_entrust = actor.may(Permission.SHARING_REQUEST_PROVIDER_REVIEW)
    form = EntrustForm(
        post if "entrust" in post else None, actor=actor, initial={"starts_on": clock.today()}
    )
    if "entrust" in post and form.is_valid():
        annotate(request, subject=form.cleaned_data["entry_code"])
        if accepted(form, lambda: sharing.entrust(**form.cleaned_data, by=actor)):
            messages.success(request, "委托已登记，期间内的申请由技术支持部门审核。")
            return redirect("sharing:entrust")
    if post.get("end", "").isascii() and post.get("end", "").isdigit():
        sharing.end_entrustment(int(post["end"][:9]), by=actor)
        messages.success(request, "委托已收回，未办结的申请由你单位审核。")
        return redirect("sharing:entrust")
    found = queries.entrustments(actor)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "entrust", "page": page, "form": form, "may_entrust": may_entrust,
        "today": clock.today(), "digests": queries.digests(actor)[:12],
        "mine": actor.organisation_id if may_entrust else None,
    }  # fmt: skip
    return render(request, "sharing/entrust.html", context, status=status_of_form(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SHARING_REQUEST_MANAGING_APPROVE)
def coordination(request: HttpRequest) -> HttpResponse:
    """协调接入: non-sector data that departments asked for and that is not connected yet."""
    problem: Problem | None = None
    chosen, reason = request.POST.get("task", ""), request.POST.get("reason", "")
    if request.method == "POST":
        try:
            done = sharing.close_coordination(
                int(chosen[:9]) if chosen.isascii() and chosen.isdigit() else 0,
                is_connected=request.POST.get("result") == "connected",
                reason=reason.replace("\x00", ""), by=actor_of(request),
            )  # fmt: skip
        except Rejected as refused:
            problem = refused.problem
        else:
            annotate(request, subject=done.entry_code)
            messages.success(request, f"“{done.entry_name}”：{done.state_label}。")
            return redirect("sharing:coordination")
    found = Coordination.objects.all()
    running = list(found.filter(state=CoordinationState.RUNNING)[:PER_PAGE])
    closed = found.exclude(state=CoordinationState.RUNNING)
    page = Paginator(closed, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "coordination", "running": queries.with_askers(running), "page": page,
        "problem": problem, "errors": problem.fields if problem else {}, "chosen": chosen,
        "reason": reason,
    }  # fmt: skip
    status = status_of(problem) if problem else 200
    return render(request, "sharing/coordination.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SHARING_REQUEST_SUBMIT)
def purpose(request: HttpRequest, number: str) -> HttpResponse:
    """变更用途: the form of a request, filled with what the old grant was given for."""
    actor = actor_of(request)
    grant, before = sharing.grant_to_change(number, actor)
    entry = catalog.published(grant.terms.entry_code)
    if request.method != "POST":
        texts = {name: getattr(before, name, "") for name in TEXTS} if before else {}
        form = ApplyForm(
            entry=entry.code, values=texts, items=list(grant.terms.items),
            manners=[str(manner) for manner in grant.terms.manners],
        )  # fmt: skip
        return apply_page(request, form, entry, changed_grant=grant)
    form = ApplyForm.posted(request.POST)
    try:
        done = sharing.change_purpose(number, form.application(), by=actor, key=form.submission)
    except Rejected as refused:
        annotate(request, code=refused.problem.code, basis=refused.problem.basis, grant=number)
        return apply_page(request, form, entry, problem=refused.problem, changed_grant=grant)
    annotate(request, subject=done.request.number, grant=number)
    messages.success(request, f"已按新用途提交申请 {done.request.number}，原授权不变。")
    return redirect("sharing:application", number=done.request.number)
