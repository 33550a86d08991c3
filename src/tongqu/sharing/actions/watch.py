"""What the platform does by itself: mark what is late, let lapse, count again. Never approve."""

from datetime import date

from django.db import transaction

from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Role
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM
from tongqu.policy import public as policy
from tongqu.sharing.actions.flows import flow_of
from tongqu.sharing.actions.review import tell_applicant
from tongqu.sharing.actions.steps import advance
from tongqu.sharing.domain.deadlines import Clock, is_overdue
from tongqu.sharing.domain.states import LIMITED_STATES
from tongqu.sharing.models import ShareRequest
from tongqu.sharing.vocabulary import STATE_LABELS, Command, State


@transaction.atomic
def mark_overdue() -> list[str]:
    """Mark what is past its last day and escalate it to the managing office, once a stage."""
    late = (
        ShareRequest.objects.select_for_update(of=("self",))
        .select_related("consumer", "provider")
        .filter(state__in=LIMITED_STATES, overdue_at=None, due_on__lt=clock.today())
    )
    return [_escalate(request) for request in late.order_by("pk")]


def _escalate(request: ShareRequest) -> str:
    state = State(request.state)
    request.overdue_at = clock.now()
    step = flow_of(request).step(state, Command.ESCALATE)
    advance(request, step, by=PLATFORM, facts={"due_on": str(request.due_on)})
    unit = "技术支持部门" if state is State.FIRST_REVIEW else request.provider.name
    notify(
        f"{request.number}（{STATE_LABELS[state]}）超期：{unit}应于 {request.due_on} 前办结。",
        key=f"sharing.overdue.{request.number}.{state}.{request.due_on}",
        kind="超期",
        url=f"/desk/todo/{request.number}/",
        role=Role.MANAGING_OFFICE,
    )
    return request.number


@transaction.atomic
def lapse_supplements() -> list[str]:
    """Withdraw what was not supplied in time; the applicant is told and may file again."""
    late = (
        ShareRequest.objects.select_for_update(of=("self",))
        .select_related("consumer", "provider")
        .filter(state=State.SUPPLEMENT, due_on__lt=clock.today())
    )
    numbers = []
    for request in late.order_by("pk"):
        step = flow_of(request).step(State.SUPPLEMENT, Command.LAPSE)
        advance(request, step, by=PLATFORM)
        tell_applicant(request, "逾期未补正，申请已撤回，可重新申请", mark="lapsed")
        numbers.append(request.number)
    return numbers


@transaction.atomic
def recount(year: int | None = None) -> list[str]:
    """Count provisional deadlines again after the calendar was entered, with a trace.

    Only provisional ones: a deadline counted on an announced calendar stands as it was told.
    """
    open_ones = (
        ShareRequest.objects.select_for_update(of=("self",))
        .select_related("consumer", "provider")
        .filter(
            state__in=(*LIMITED_STATES, State.SUPPLEMENT),
            due_provisional=True,
            stage_working_days__isnull=False,
        )
    )
    return [request.number for request in open_ones.order_by("pk") if _recounted(request, year)]


def _recounted(request: ShareRequest, year: int | None) -> bool:
    before: date | None = request.due_on
    running = Clock(request.stage_received_on, request.stage_working_days or 0)
    deadline = running.ends(policy.calendar())
    if (deadline.on, deadline.provisional) == (before, request.due_provisional):
        return False
    request.due_on, request.due_provisional = deadline.on, deadline.provisional
    if not is_overdue(deadline.on, clock.today()):
        request.overdue_at = None
    step = flow_of(request).step(State(request.state), Command.RECOUNT)
    advance(
        request, step, by=PLATFORM,
        facts={"year": year, "from": str(before), "to": str(deadline)},
    )  # fmt: skip
    return True
