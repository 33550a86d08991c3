"""After the grant: the ledger with its revocation tasks, and feedback on use."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tongqu.audit.public import annotate
from tongqu.delivery import public as delivery
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.problems import Problem, Rejected
from tongqu.sharing import public as sharing
from tongqu.sharing import queries
from tongqu.sharing.http.forms import score
from tongqu.sharing.http.pages import status_of
from tongqu.sharing.models import Feedback

PER_PAGE = 30
SCORES = ((5, "很好"), (4, "较好"), (3, "一般"), (2, "较差"), (1, "很差"))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SHARING_GRANT_READ)
def grants(request: HttpRequest) -> HttpResponse:
    """授权台账: every grant in sight, and the unused ones that wait for a decision."""
    if request.method != "POST":
        return _ledger(request)
    number = request.POST.get("grant", "")[:40].replace("\x00", "")
    reason = request.POST.get("reason", "").replace("\x00", "")
    is_revocation = request.POST.get("decision") == "revoke"
    decide = sharing.confirm_revocation if is_revocation else sharing.keep_grant
    annotate(request, subject=number, grant=number)
    try:
        task = decide(number, reason=reason, by=actor_of(request))
    except Rejected as refused:
        return _ledger(request, problem=refused.problem, grant=number, reason=reason)
    messages.success(request, f"授权 {number}：{_told(task.state)}")
    return redirect("sharing:grants")


def _told(state: str) -> str:
    return {
        "revoked": "已撤销，已通知使用部门。",
        "kept": "已保留，3 个月自今日起重新计算。",
    }.get(state, "期间已使用或已结束，无须决定。")


def _ledger(
    request: HttpRequest, *, problem: Problem | None = None, grant: str = "", reason: str = ""
) -> HttpResponse:
    actor = actor_of(request)
    page = Paginator(delivery.grants_seen_by(actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "share_grants",
        "page": page,
        "waiting": queries.revocations_waiting(actor),
        "decided": queries.revocations(actor).exclude(state="open")[:20],
        "notice": queries.feedback_due(actor).filter(noticed_at__isnull=False),
        "problem": problem,
        "errors": problem.fields if problem else {},
        "grant": grant,
        "reason": reason,
    }
    status = status_of(problem) if problem else 200
    return render(request, "sharing/grants.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SHARING_GRANT_READ)
def feedback(request: HttpRequest) -> HttpResponse:
    """使用反馈: give it, see what is due, and who is in the notice."""
    if request.method != "POST":
        return _feedback_page(request, grant=request.GET.get("grant", ""))
    number = request.POST.get("grant", "")[:40].replace("\x00", "")
    annotate(request, subject=number, grant=number)
    try:
        sharing.give_feedback(
            number,
            needs_met=score(request.POST.get("needs_met", "")),
            data_quality=score(request.POST.get("data_quality", "")),
            effect=request.POST.get("effect", "").replace("\x00", ""),
            by=actor_of(request),
        )
    except Rejected as refused:
        return _feedback_page(request, grant=number, problem=refused.problem)
    messages.success(request, f"授权 {number} 的使用反馈已收到。")
    return redirect("sharing:feedback")


def _feedback_page(
    request: HttpRequest, *, grant: str = "", problem: Problem | None = None
) -> HttpResponse:
    actor = actor_of(request)
    may_give = actor.may(Permission.SHARING_FEEDBACK_GIVE) and actor.organisation_id is not None
    mine = delivery.grants_of(actor.organisation_id) if may_give and actor.organisation_id else []
    due = queries.feedback_due(actor)
    numbers = [found.grant_number for found in due]
    context = {
        "nav": "share_feedback",
        "may_give": may_give,
        "grants": [found for found in mine if found.is_open],
        "chosen": grant,
        "scores": SCORES,
        "due": due,
        "notice": due.filter(noticed_at__isnull=False),
        "given": Feedback.objects.filter(grant_number__in=numbers).select_related("consumer")[:30],
        "typed": request.POST if problem else {},
        "problem": problem,
        "errors": problem.fields if problem else {},
    }
    status = status_of(problem) if problem else 200
    return render(request, "sharing/feedback.html", context, status=status)
