"""Doors of sharing: file and follow requests, what waits for whom, the matrix of steps."""

from dataclasses import dataclass
from datetime import date, datetime

from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.work import TodoItem
from tongqu.sharing import queries
from tongqu.sharing.actions.bundles import Wish, apply_for_bundle, bundle, save_bundle
from tongqu.sharing.actions.coordinate import close_coordination, connected, unconnectable
from tongqu.sharing.actions.decide import agree, approve, approve_part, disagree, refuse
from tongqu.sharing.actions.duties import DutyLine, save_list
from tongqu.sharing.actions.entrust import end_entrustment, entrust, send_digests
from tongqu.sharing.actions.feedback import give_feedback, remind
from tongqu.sharing.actions.file import submit, verify
from tongqu.sharing.actions.flows import define as define_flow
from tongqu.sharing.actions.follow import supply, withdraw
from tongqu.sharing.actions.grants import UNLIMITED, Limits
from tongqu.sharing.actions.idle import confirm_revocation, keep_grant, review_idle
from tongqu.sharing.actions.needs import (
    Wanted,
    decline_task,
    draft_for_task,
    file_need,
    meet_task,
    merge_needs,
    withdraw_need,
)
from tongqu.sharing.actions.purpose import change_purpose, grant_to_change
from tongqu.sharing.actions.review import ask_supplement, fail_first_review, pass_first_review
from tongqu.sharing.actions.talk import mediate, note_talk, refer
from tongqu.sharing.actions.watch import lapse_supplements, mark_overdue, recount
from tongqu.sharing.domain.application import Application
from tongqu.sharing.domain.matrix import matrix_markdown
from tongqu.sharing.models import FeedbackDue, RevocationTask, ShareRequest, SupplyTask
from tongqu.sharing.vocabulary import State, SupplyState

__all__ = [
    "UNLIMITED", "Application", "Demand", "DutyLine", "Limits", "RequestView", "Wanted", "Wish",
    "agree", "applications_of", "apply_for_bundle", "approve", "approve_part", "ask_supplement",
    "bundle", "change_purpose", "close_coordination", "confirm_revocation", "connected",
    "decline_task", "define_flow", "demands", "disagree", "draft_for_task", "end_entrustment",
    "entrust", "fail_first_review", "file_need", "give_feedback", "grant_to_change",
    "keep_grant", "lapse_supplements", "mark_overdue", "matrix_markdown", "mediate",
    "meet_task", "merge_needs", "note_talk", "pass_first_review", "recount", "refer", "refuse",
    "remind", "request", "review_idle", "save_bundle", "save_list", "send_digests", "submit",
    "supply", "todos", "unconnectable", "verify", "withdraw", "withdraw_need",
]  # fmt: skip


_NO_DEMAND = (
    State.DRAFT, State.WITHDRAWN, State.FIRST_REVIEW_FAILED, State.REFUSED, State.NOT_AGREED,
    State.UNCONNECTABLE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request as other rooms may read it. NULLs: no last day where the law sets none."""

    number: str
    state: State
    entry_code: str
    entry_name: str
    consumer_name: str
    provider_name: str
    filed_at: datetime
    due_on: date | None
    due_provisional: bool
    is_overdue: bool
    grant_number: str


@dataclass(frozen=True, slots=True)
class Demand:
    """Somebody's need of an entry: a request that was neither withdrawn nor turned down."""

    entry_code: str
    number: str
    consumer_name: str
    filed_at: datetime


def demands(entry_code: str = "") -> list[Demand]:
    """Return who asked for what, oldest first; of one entry or of all. For rooms, not readers."""
    found = ShareRequest.objects.exclude(state__in=_NO_DEMAND)
    if entry_code:
        found = found.filter(entry_code=entry_code)
    rows = found.order_by("filed_at", "pk").values_list(
        "entry_code", "number", "consumer__name", "filed_at"
    )
    return [Demand(*row) for row in rows]


def request(number: str, actor: Actor) -> RequestView:
    """Return one request in the actor's sight. Raises ``Rejected`` NOT_FOUND."""
    return _view(queries.request_for(number, actor))


def applications_of(actor: Actor) -> list[RequestView]:
    """Return the requests of the actor's own unit, newest first."""
    return [_view(found) for found in queries.applications_of(actor)]


def todos(actor: Actor) -> list[TodoItem]:
    """Return what waits for the actor: reviews, supplements, feedback, revocation, supply."""
    items = [_case(found, actor) for found in queries.waiting(actor)]
    items += [_revocation(task) for task in queries.revocations_waiting(actor)]
    if actor.may("sharing.feedback.give"):
        owed = queries.feedback_due(actor).filter(consumer_id=actor.organisation_id, misses__gt=0)
        items += [_feedback(due) for due in owed]
    if actor.may("catalog.receipt.issue") and actor.organisation_id is not None:
        wanted = SupplyTask.objects.filter(
            provider_id=actor.organisation_id, state=SupplyState.ASSIGNED
        )
        items += [_supply(task) for task in wanted]
    return items


_KINDS: dict[State, str] = {
    State.FIRST_REVIEW: "共享初审",
    State.PROVIDER_REVIEW: "共享审核",
    State.SUPPLEMENT: "材料补正",
    State.VERIFYING: "身份核验",
    State.NEGOTIATING: "共享协商",
    State.MANAGING_APPROVAL: "主管审批",
    State.COORDINATING: "协调接入",
    State.MEDIATING: "协商协调",
}


def _case(found: ShareRequest, actor: Actor) -> TodoItem:
    mine = found.consumer_id == actor.organisation_id
    late = found.overdue_at is not None and actor.may("sharing.request.managing_approve")
    kind = "超期督办" if late else _KINDS.get(State(found.state), "共享申请")
    page = "applications" if mine and found.state in (State.SUPPLEMENT, State.VERIFYING) else "todo"
    return TodoItem(
        kind=kind,
        reference=found.number,
        title=found.entry_name,
        url=f"/desk/{page}/{found.number}/",
        received_at=found.filed_at,
        due_on=found.due_on,
        due_provisional=found.due_provisional,
        from_whom=found.consumer.name,
    )


def _revocation(task: RevocationTask) -> TodoItem:
    return TodoItem(
        kind="授权复核",
        reference=task.grant_number,
        title=f"{task.entry_name}：满 3 个月未使用",
        url=f"/share/grants/#{task.grant_number}",
        received_at=task.opened_at,
        from_whom=task.consumer.name,
    )


def _supply(task: SupplyTask) -> TodoItem:
    return TodoItem(
        kind="供给任务",
        reference=task.number,
        title=task.title,
        url=f"/share/needs/tasks/{task.number}/",
        received_at=task.made_at,
        due_on=task.due_on,
        due_provisional=task.due_provisional,
        from_whom="主管部门",
    )


def _feedback(due: FeedbackDue) -> TodoItem:
    return TodoItem(
        kind="使用反馈",
        reference=due.grant_number,
        title=due.entry_name,
        url=f"/share/feedback/?grant={due.grant_number}",
        received_at=clock.now(),
        due_on=due.due_on,
        from_whom="共享平台",
    )


def _view(found: ShareRequest) -> RequestView:
    return RequestView(
        number=found.number,
        state=State(found.state),
        entry_code=found.entry_code,
        entry_name=found.entry_name,
        consumer_name=found.consumer.name,
        provider_name=found.provider.name,
        filed_at=found.filed_at,
        due_on=found.due_on,
        due_provisional=found.due_provisional,
        is_overdue=found.overdue_at is not None,
        grant_number=found.grant_number,
    )
