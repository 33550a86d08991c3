"""Reads, always starting from what the asker may see."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing.domain.states import OPEN_STATES
from tongqu.sharing.models import (
    BundleApplication,
    Coordination,
    Decision,
    Entrustment,
    FeedbackDue,
    ReviewDigest,
    RevocationTask,
    ShareRequest,
)
from tongqu.sharing.vocabulary import RevocationState, State

# Whose duty covers every request: first review, managing, supervision (article 4, 18).
SEES_ALL = frozenset({Role.SUPPORT.value, Role.MANAGING_OFFICE.value, Role.SUPERVISOR.value})
SEES_PROVIDED = frozenset({Role.PROVIDER_REVIEWER.value, Role.FIRST_RESPONSIBLE.value})

NO_REQUEST = Problem(
    code="NOT_FOUND",
    title="没有找到这件申请，或不在你单位的办理范围内。",
    next_step="请核对办件号；可在“我的申请”或“待办中心”中查看。",
    basis=law.AUTHENTICATION,
)


def visible(actor: Actor) -> QuerySet[ShareRequest]:
    """Return the requests an actor may read: his own unit's, those he reviews, or all."""
    requests = ShareRequest.objects.select_related("consumer", "provider")
    if actor.kind == "platform" or actor.roles & SEES_ALL:
        return requests
    if actor.organisation_id is None or not actor.may(Permission.SHARING_REQUEST_READ):
        return requests.none()
    mine = Q(consumer_id=actor.organisation_id)
    if actor.roles & SEES_PROVIDED:
        mine |= Q(provider_id=actor.organisation_id)
    return requests.filter(mine)


def request_for(number: str, actor: Actor) -> ShareRequest:
    """Return one request, or raise ``Rejected`` NOT_FOUND: unseen and unknown look alike."""
    found = visible(actor).filter(number=number).first()
    if found is None:
        raise Rejected(NO_REQUEST)
    return found


def applications_of(actor: Actor) -> QuerySet[ShareRequest]:
    """Return the requests of the actor's own unit, newest first."""
    return visible(actor).filter(consumer_id=actor.organisation_id)


def decision_of(request: ShareRequest) -> Decision | None:
    """Return the decision that closed a request, if one did."""
    return request.decisions.exclude(stage="first_review").last()


def waiting(actor: Actor) -> QuerySet[ShareRequest]:
    """Return open requests on which this actor has a step to take, by their last day."""
    turn = Q(pk=None)
    with_support = Q(state=State.PROVIDER_REVIEW, entrusted=True, consumer__is_support_unit=False)
    if actor.may(Permission.SHARING_REQUEST_FIRST_REVIEW):
        turn |= Q(state=State.FIRST_REVIEW) | with_support
    if actor.may(Permission.SHARING_REQUEST_PROVIDER_REVIEW):
        own = Q(provider_id=actor.organisation_id)
        turn |= own & Q(state=State.NEGOTIATING)
        turn |= own & Q(state=State.PROVIDER_REVIEW) & ~with_support
    if actor.may(Permission.SHARING_REQUEST_MANAGING_APPROVE):
        turn |= Q(state__in=(State.MANAGING_APPROVAL, State.COORDINATING, State.MEDIATING))
        turn |= Q(overdue_at__isnull=False, state__in=OPEN_STATES)
    if actor.may(Permission.SHARING_REQUEST_SUBMIT):
        own = Q(consumer_id=actor.organisation_id)
        turn |= own & Q(state__in=(State.SUPPLEMENT, State.VERIFYING))
    found = visible(actor).annotate(entrusted=Exists(_entrusting()))
    return found.filter(turn).order_by("due_on", "pk")


def _in_force(today: date) -> QuerySet[Entrustment]:
    return Entrustment.objects.filter(starts_on__lte=today, ends_on__gte=today, ended_at=None)


def _entrusting() -> QuerySet[Entrustment]:
    """Return what entrusts the review of the outer request."""
    return _in_force(clock.today()).filter(
        entry_code=OuterRef("entry_code"), provider_id=OuterRef("provider_id")
    )


def is_entrusted(request: ShareRequest) -> bool:
    """Return whether the support unit reviews this request today (article 14)."""
    if request.consumer.is_support_unit:
        return False
    return (
        _in_force(clock.today())
        .filter(entry_code=request.entry_code, provider_id=request.provider_id)
        .exists()
    )


def entrustments(actor: Actor) -> QuerySet[Entrustment]:
    """Return the entrustments of the actor's own unit, or all where its duty covers them."""
    found = Entrustment.objects.select_related("provider")
    if actor.kind == "platform" or actor.roles & SEES_ALL:
        return found
    return found.filter(provider_id=actor.organisation_id or 0)


def bundle_applications(actor: Actor) -> QuerySet[BundleApplication]:
    """Return the package applications of one's own unit, or all where one's duty covers them."""
    found = BundleApplication.objects.select_related("bundle", "consumer")
    if actor.kind == "platform" or actor.roles & SEES_ALL:
        return found
    return found.filter(consumer_id=actor.organisation_id or 0)


def digests(actor: Actor) -> QuerySet[ReviewDigest]:
    """Return the monthly digests of the actor's own unit, or all where its duty covers them."""
    found = ReviewDigest.objects.select_related("provider")
    if actor.kind == "platform" or actor.roles & SEES_ALL:
        return found
    return found.filter(provider_id=actor.organisation_id or 0)


def with_askers(tasks: list[Coordination]) -> list[tuple[Coordination, list[ShareRequest]]]:
    """Return coordination tasks with the requests that wait for them. One statement."""
    waiting: dict[str, list[ShareRequest]] = {}
    rows = ShareRequest.objects.filter(
        state=State.COORDINATING, entry_code__in=[task.entry_code for task in tasks]
    )
    for found in rows.select_related("consumer").order_by("pk"):
        waiting.setdefault(found.entry_code, []).append(found)
    return [(task, waiting.get(task.entry_code, [])) for task in tasks]


def revocations(actor: Actor) -> QuerySet[RevocationTask]:
    """Return the revocation tasks of the granting units that the actor answers for."""
    tasks = RevocationTask.objects.select_related("unit", "consumer")
    if actor.kind == "platform" or actor.roles & {Role.SUPERVISOR.value, Role.SUPPORT.value}:
        return tasks
    if not actor.may(Permission.SHARING_GRANT_READ):
        return tasks.none()
    if Role.MANAGING_OFFICE.value in actor.roles:
        return tasks
    return tasks.filter(Q(unit_id=actor.organisation_id) | Q(consumer_id=actor.organisation_id))


def revocations_waiting(actor: Actor) -> QuerySet[RevocationTask]:
    """Return the open tasks that this actor may decide."""
    if not actor.may(Permission.SHARING_GRANT_REVOKE):
        return RevocationTask.objects.none()
    # Article 13: for non-sector data the managing office is the granting unit.
    theirs = Q(is_external=False, unit_id=actor.organisation_id)
    if Role.MANAGING_OFFICE.value in actor.roles:
        theirs |= Q(is_external=True)
    return revocations(actor).filter(theirs, state=RevocationState.OPEN)


def feedback_due(actor: Actor) -> QuerySet[FeedbackDue]:
    """Return where the grants in the actor's sight stand with their feedback."""
    found = FeedbackDue.objects.select_related("consumer")
    if actor.kind == "platform" or actor.roles & SEES_ALL:
        return found
    if not actor.may(Permission.SHARING_GRANT_READ):
        return found.none()
    mine = Q(consumer_id=actor.organisation_id)
    if actor.roles & SEES_PROVIDED:
        mine |= Q(provider_id=actor.organisation_id)
    return found.filter(mine)
