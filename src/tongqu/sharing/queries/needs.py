"""The demand pool as each may see it."""

from django.db.models import Q, QuerySet

from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing.models import Need, SupplyTask
from tongqu.sharing.queries import SEES_ALL

NO_NEED = Problem(
    code="NOT_FOUND",
    title="没有找到这项需求或供给任务，或不在你单位的办理范围内。",
    next_step="请核对编号；可在共享需求中查看。",
    basis=law.SHARE_BY_DEFAULT,
)


def needs(actor: Actor) -> QuerySet[Need]:
    """Return the needs of one's own unit, those it is to supply, or all."""
    found = Need.objects.select_related("consumer", "task__provider")
    if actor.kind == "platform" or actor.roles & SEES_ALL:
        return found
    unit = actor.organisation_id or 0
    return found.filter(Q(consumer_id=unit) | Q(task__provider_id=unit))


def need_for(number: str, actor: Actor) -> Need:
    found = needs(actor).filter(number=number).first()
    if found is None:
        raise Rejected(NO_NEED)
    return found


def tasks(actor: Actor) -> QuerySet[SupplyTask]:
    """Return the supply tasks of one's own unit, as provider or as beneficiary, or all."""
    found = SupplyTask.objects.select_related("provider").prefetch_related("needs__consumer")
    if actor.kind == "platform" or actor.roles & SEES_ALL:
        return found
    unit = actor.organisation_id or 0
    return found.filter(Q(provider_id=unit) | Q(needs__consumer_id=unit)).distinct()


def task_for(number: str, actor: Actor) -> SupplyTask:
    found = tasks(actor).filter(number=number).first()
    if found is None:
        raise Rejected(NO_NEED)
    return found
