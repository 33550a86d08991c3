"""What of the loop waits for somebody: tickets, check requests, objections."""

from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel.actor import Actor
from tongqu.kernel.work import TodoItem
from tongqu.quality.models import CheckRequest, Objection, Ticket
from tongqu.quality.queries.cases import checks_waiting, objections_waiting
from tongqu.quality.queries.tickets import waiting_for
from tongqu.quality.vocabulary import TicketState

MOST = 100  # of each kind: the list itself shows the others


def loop_todos(actor: Actor) -> list[TodoItem]:
    found: list[TodoItem] = []
    if actor.may(Permission.QUALITY_TICKET_HANDLE):
        found += [_ticket(ticket, actor) for ticket in waiting_for(actor)[:MOST]]
    found += [_check(one) for one in checks_waiting(actor)[:MOST]]
    return found + [_objection(one) for one in objections_waiting(actor)[:MOST]]


def _ticket(ticket: Ticket, actor: Actor) -> TodoItem:
    is_ours = ticket.provider_id == actor.organisation_id
    kind = (
        "质量整改" if is_ours else "超期督办" if Role.MANAGING_OFFICE in actor.roles else "质量核验"
    )
    is_done = ticket.state == TicketState.CORRECTED
    return TodoItem(
        kind=kind,
        reference=ticket.number,
        title=f"{ticket.entry_name}：{ticket.title}",
        url=f"/manage/quality/issues/{ticket.number}/",
        received_at=ticket.corrected_at if is_done and ticket.corrected_at else ticket.opened_at,
        due_on=ticket.verify_by if is_done else ticket.due_on,
        due_provisional=ticket.due_provisional and not is_done,
        from_whom=ticket.provider.name if is_done else ticket.filed_by,
    )


def _check(one: CheckRequest) -> TodoItem:
    return TodoItem(
        kind="数据校核",
        reference=one.number,
        title=f"{one.entry_name}：{one.title}",
        url=f"/manage/quality/checks/{one.number}/",
        received_at=one.filed_at,
        due_on=one.due_on,
        due_provisional=one.due_provisional,
        from_whom=one.filed_by,
    )


def _objection(one: Objection) -> TodoItem:
    return TodoItem(
        kind="异议核实",
        reference=one.number,
        title=f"{one.entry_name}：数据主体异议",
        url=f"/manage/quality/objections/{one.number}/",
        received_at=one.filed_at,
        due_on=one.due_on,
        due_provisional=one.due_provisional,
        from_whom="数据主体",
    )
