"""Non-sector data that is not connected (article 13): one task an entry, for the office."""

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing.actions.flows import flow_of
from tongqu.sharing.actions.review import tell_applicant
from tongqu.sharing.actions.steps import (
    Standing,
    advance,
    refused,
    required_reason,
    start_stage,
    take,
)
from tongqu.sharing.models import Coordination, ShareRequest
from tongqu.sharing.vocabulary import Command, CoordinationState, State

NOT_CONNECTED = Problem(
    code="NOT_CONNECTED",
    title="该行业外数据尚未接入平台。",
    next_step="请完成接入后再继续办理。",
    basis=law.EXTERNAL_UNCONNECTED,
    who="主管部门",
)
NO_TASK = Problem(
    code="NOT_FOUND",
    title="没有这项在办的协调接入任务。",
    next_step="请刷新页面查看办理结果。",
    basis=law.EXTERNAL_UNCONNECTED,
)


def open_coordination(request: ShareRequest) -> None:
    """Open the task of the request's entry, or join the one that runs; in its transaction."""
    Coordination.objects.get_or_create(
        entry_code=request.entry_code,
        state=CoordinationState.RUNNING,
        defaults={
            "entry_name": request.entry_name,
            "owner_name": request.provider.name,
            "opened_at": clock.now(),
        },
    )


@transaction.atomic
def connected(number: str, *, by: Actor) -> ShareRequest:
    """Go on with a request once its entry is connected, and with all that waited for it."""
    request, _ = take(number, Command.CONNECTED, by=by)
    _connected(request.entry_code, by)
    request.refresh_from_db()
    return request


@transaction.atomic
def unconnectable(number: str, *, reason: str, by: Actor) -> ShareRequest:
    """End a request, and all that wait for its entry: the data can not be connected."""
    request, _ = take(number, Command.UNCONNECTABLE, by=by)
    _unconnectable(request.entry_code, reason, by)
    request.refresh_from_db()
    return request


@transaction.atomic
def close_coordination(task_id: int, *, is_connected: bool, reason: str, by: Actor) -> Coordination:
    """Close a task from the office's list. Raises: NOT_FOUND, NOT_CONNECTED, REASON_REQUIRED."""
    require(by, Permission.SHARING_REQUEST_MANAGING_APPROVE)
    running = Coordination.objects.select_for_update().filter(state=CoordinationState.RUNNING)
    task = running.filter(pk=task_id).first()
    if task is None:
        raise Rejected(NO_TASK)
    if is_connected:
        _connected(task.entry_code, by)
    else:
        _unconnectable(task.entry_code, reason, by)
    task.refresh_from_db()
    return task


def _connected(entry_code: str, by: Actor) -> None:
    if catalog.published(entry_code).connected_at is None:
        raise Rejected(NOT_CONNECTED)
    for request in _waiting(entry_code):
        start_stage(request, None, on=clock.today())
        _advance(request, Command.CONNECTED, by)
        tell_applicant(request, "所需行业外数据已接入，转主管部门审批", mark="connected")
    _close(entry_code, CoordinationState.CONNECTED, "已接入平台", by)


def _unconnectable(entry_code: str, reason: str, by: Actor) -> None:
    text = required_reason(reason, title="无法接入须写明协调的经过和原因。")
    for request in _waiting(entry_code):
        _advance(request, Command.UNCONNECTABLE, by, reason=text)
        tell_applicant(request, "所需行业外数据无法接入，本件办结", mark="unconnectable")
    _close(entry_code, CoordinationState.UNCONNECTABLE, text, by)


def _waiting(entry_code: str) -> list[ShareRequest]:
    found = ShareRequest.objects.select_for_update(of=("self",)).select_related(
        "consumer", "provider"
    )
    return list(found.filter(entry_code=entry_code, state=State.COORDINATING).order_by("pk"))


def _advance(request: ShareRequest, command: Command, by: Actor, *, reason: str = "") -> None:
    step = flow_of(request).step(State(request.state), command)
    problem = refused(Standing(request, by), step)
    if problem is not None:
        raise Rejected(problem)
    advance(request, step, by=by, reason=reason)


def _close(entry_code: str, state: CoordinationState, outcome: str, by: Actor) -> None:
    for task in Coordination.objects.filter(entry_code=entry_code, state=CoordinationState.RUNNING):
        task.state, task.outcome = state, outcome
        task.closed_at, task.closed_by = clock.now(), str(by)
        task.save()
        record(
            f"sharing.coordination.{state}", by=by, subject=entry_code,
            basis=law.EXTERNAL_UNCONNECTED,
        )  # fmt: skip
