"""Reads of the flow: instances in sight, and the stations of one."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from tongqu.identity.vocabulary import ROLE_LABELS, Permission, Role
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.ledger.domain import flows, problems
from tongqu.ledger.models import FlowInstance
from tongqu.ledger.queries.scope import sees_all
from tongqu.ledger.vocabulary import FlowState, FlowStep


def instances(actor: Actor) -> QuerySet[FlowInstance]:
    found = FlowInstance.objects.select_related("definition", "owner")
    return found if sees_all(actor) else found.filter(owner_id=actor.organisation_id or 0)


def instance_for(pk: int, actor: Actor) -> FlowInstance:
    found = instances(actor).filter(pk=pk).first()
    if found is None:
        raise Rejected(problems.NOT_FOUND)
    return found


def step_due(found: FlowInstance) -> FlowStep | None:
    """Return the step an instance waits for; None when it is done."""
    if found.state == FlowState.DONE:
        return None
    return flows.read(found.definition.steps)[found.position]


@dataclass(frozen=True, slots=True)
class Station:
    """A step as the template draws it."""

    title: str
    state: str
    who: str
    when: str
    note: str


def stations(found: FlowInstance) -> list[Station]:
    done = {row.code: row for row in found.done.all()}
    result = []
    for n, step in enumerate(flows.read(found.definition.steps)):
        row = done.get(step.code)
        is_now = found.state == FlowState.RUNNING and n == found.position
        result.append(
            Station(
                step.title,
                "done" if row else "now" if is_now else "",
                row.by if row else ROLE_LABELS[Role(step.who)],
                f"{row.at:%Y-%m-%d}" if row else "",
                row.note if row else step.fact.label,
            )
        )
    return result


def waiting(actor: Actor) -> list[FlowInstance]:
    """Return running instances whose due step is the asker's."""
    if not actor.may(Permission.LEDGER_FLOW_RUN):
        return []
    running = instances(actor).filter(Q(state=FlowState.RUNNING))[:200]
    due = ((found, step_due(found)) for found in running)
    return [found for found, step in due if step and flows.may_finish(step, found.owner_id, actor)]
