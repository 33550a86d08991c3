"""What every step shares: lock, check who and when, move the state, write the history."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

from tongqu.audit.public import record
from tongqu.identity.public import NOT_LOGGED_IN, keeps_client
from tongqu.identity.vocabulary import ROLE_LABELS, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.law import Basis
from tongqu.kernel.problems import Problem, Rejected
from tongqu.kernel.states import Step
from tongqu.policy import public as policy
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing import queries
from tongqu.sharing.actions.flows import flow_of
from tongqu.sharing.domain.deadlines import Clock
from tongqu.sharing.domain.duties import DECIDING, ROLE_PERMISSION
from tongqu.sharing.domain.flow import Table
from tongqu.sharing.domain.states import REQUEST
from tongqu.sharing.models import RequestEvent, ShareRequest
from tongqu.sharing.vocabulary import STATE_LABELS, Command, State

Row = Step[State, Command]
NOT_ENTRUSTED = Problem(
    code="NOT_ENTRUSTED",
    title="提供部门没有委托审核这项数据的申请。",
    next_step="由提供部门审核；需要委托的，由提供部门登记委托的目录和期限。",
    basis=law.ENTRUSTED,
    who="提供部门审核人",
)
ENTRUSTED = Problem(
    code="ENTRUSTED",
    title="这项数据的申请已委托技术支持部门审核。",
    next_step="需要自行审核的，请先收回委托。",
    basis=law.ENTRUSTED,
    who="技术支持部门",
)
# Steps of the platform itself: they do not answer the question who closed a case.
UNATTENDED = (Command.ESCALATE.value, Command.RECOUNT.value)


def take(number: str, command: Command, *, by: Actor) -> tuple[ShareRequest, Row]:
    """Lock a request and return it with the row of the state table, or raise ``Rejected``.

    Two reviewers at once: the second one waits for the lock, then reads who was first.
    """
    request = queries.visible(by).select_for_update(of=("self",)).filter(number=number).first()
    _require_any(flow_of(request) if request else REQUEST, command, by)
    if request is None:
        raise Rejected(queries.NO_REQUEST)
    return request, _row(request, command, by)


def _row(request: ShareRequest, command: Command, by: Actor) -> Row:
    """Return the row of the case's own flow by which this actor takes the step."""
    rows = [
        row
        for row in flow_of(request).steps
        if row.source == request.state and row.command is command
    ]
    if not rows:
        raise Rejected(_already(request))
    standing, refusals = Standing(request, by), []
    for row in rows:
        refusal = refused(standing, row)
        if refusal is None:
            return row
        refusals.append(refusal)
    told = next((found for found in refusals if found.code != "NOT_YOUR_STEP"), None)
    raise Rejected(told or not_your_step(*sorted({row.actor for row in rows})))


def open_rows(request: ShareRequest, by: Actor) -> list[Row]:
    """Return the rows that are open to the actor now: the buttons of a page."""
    rows = [row for row in flow_of(request).steps if row.source == request.state]
    standing = Standing(request, by)
    return [row for row in rows if refused(standing, row) is None]


def advance(
    request: ShareRequest,
    step: Row,
    *,
    by: Actor,
    reason: str = "",
    basis: Basis | None = None,
    facts: Mapping[str, Any] | None = None,
) -> RequestEvent:
    """Move the request along one row of the table; write its history and the trail."""
    request.state = step.target
    if step.target in REQUEST.final:
        request.closed_at = clock.now()
    request.save()
    cited = basis or step.basis
    event = RequestEvent(
        request=request,
        position=request.events.count() + 1,
        command=step.command,
        label=step.label,
        source=step.source,
        target=step.target,
        actor_kind=by.kind,
        actor_key=by.key,
        actor_name=by.name,
        organisation_name=by.organisation_name,
        at=clock.now(),
        reason=reason,
        basis=cited.code[:200],
        facts=dict(facts or {}),
    )
    event.save()
    record(
        f"sharing.request.{step.command}",
        by=by,
        subject=request.number,
        basis=cited,
        grant=request.grant_number,
        purpose=request.matter,
        details={"source": step.source, "target": step.target, "entry": request.entry_code},
    )
    return event


def start_stage(request: ShareRequest, working_days: int | None, *, on: date) -> None:
    """Set the clock of the stage that begins; NULL days where the law sets no limit."""
    request.stage_received_on = on
    request.stage_working_days = working_days
    request.overdue_at = None
    if working_days is None:
        request.due_on, request.due_provisional = None, False
        return
    deadline = Clock(on, working_days).ends(policy.calendar())
    request.due_on, request.due_provisional = deadline.on, deadline.provisional


def required_reason(reason: str, *, title: str, field: str = "reason") -> str:
    """Return the reason without blanks, or raise ``Rejected`` REASON_REQUIRED."""
    text = reason.strip()
    if 0 < len(text) <= 500:
        return text
    raise Rejected(
        Problem(
            code="REASON_REQUIRED",
            title=title,
            next_step="请写明事实和理由后重新提交。",
            fields={field: "请填写，不超过 500 个字。"},
        )
    )


def _may(role: str, by: Actor) -> bool:
    permission = ROLE_PERMISSION.get(role)
    return permission is not None and by.may(permission)


def _require_any(table: Table, command: Command, by: Actor) -> None:
    """Refuse those who may not take this step in any state, before telling them anything."""
    roles = {step.actor for step in table.steps if step.command is command}
    if any(_may(role, by) for role in roles):
        return
    if by.kind == "public":
        raise Rejected(NOT_LOGGED_IN)
    raise Rejected(not_your_step(*sorted(roles)))


def not_your_step(*roles: str) -> Problem:
    """Return NOT_YOUR_STEP: the asker may read the case, and this step is another role's."""
    who = "、".join(ROLE_LABELS[Role(role)] for role in roles if role in set(Role)) or "共享平台"
    return Problem(
        code="NOT_YOUR_STEP",
        title="你的岗位不能办理这一步。",
        next_step=f"此步由{who}办理。",
        basis=law.AUTHENTICATION,
        who=who,
    )


def _already(request: ShareRequest) -> Problem:
    """Return who brought the request into its present state, and when."""
    last = request.events.exclude(command__in=UNATTENDED).last()
    state = STATE_LABELS[State(request.state)]
    if last is None:
        told = f"本件当前为“{state}”，不能这样办理。"
    else:
        when = last.at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M")
        who = f"{last.organisation_name} {last.actor_name}".strip()
        told = f"本件已由{who}于 {when} 办理（{last.label}），当前为“{state}”。"
    return Problem(
        code="ALREADY_DECIDED",
        title=told,
        next_step="请刷新页面查看办理结果。",
        facts={"state": request.state, "by": last.actor_name if last else "",
               "at": last.at.isoformat() if last else ""},
    )  # fmt: skip


class Standing:
    """How an actor stands to a case; each question is asked of the database at most once."""

    def __init__(self, request: ShareRequest, by: Actor) -> None:
        self.request, self.by = request, by

    @cached_property
    def is_own(self) -> bool:
        return is_own_case(self.request, self.by)

    @cached_property
    def is_entrusted(self) -> bool:
        return queries.is_entrusted(self.request)


def refused(standing: Standing, step: Row) -> Problem | None:
    """Return what keeps the actor from a step: role, unit, separation, entrustment."""
    request, by = standing.request, standing.by
    if not _may(step.actor, by):
        return not_your_step(step.actor)
    if step.command in DECIDING and standing.is_own:
        return _separation("本件由你提交，不能由你办理。")
    problem = _unit_problem(request, step.actor, by)
    if problem is None and request.state == State.PROVIDER_REVIEW and step.command in DECIDING:
        problem = _entrusted(standing, step)
    return problem


def _unit_problem(request: ShareRequest, role: str, by: Actor) -> Problem | None:
    if role == Role.CONSUMER.value and by.organisation_id != request.consumer_id:
        return _other_unit("申请单位")
    if role == Role.PROVIDER_REVIEWER.value:
        if by.organisation_id != request.provider_id:
            return _other_unit("提供部门")
        if by.organisation_id == request.consumer_id:
            return _separation("本单位的申请不能由本单位审核。")
    return None


def _entrusted(standing: Standing, step: Row) -> Problem | None:
    """Hold article 14: an entrusted review is the support unit's, any other the provider's."""
    if step.actor == Role.SUPPORT.value:
        if not standing.is_entrusted:
            return NOT_ENTRUSTED
        if standing.by.organisation_id == standing.request.consumer_id:
            return _separation("本单位的申请不能由本单位审核。")
    if step.actor == Role.PROVIDER_REVIEWER.value and standing.is_entrusted:
        return ENTRUSTED
    return None


def is_own_case(request: ShareRequest, by: Actor) -> bool:
    """Say whether the actor filed the request, itself or through a system that it keeps."""
    return by.key == request.applicant_key or keeps_client(by, request.applicant_key)


def _separation(title: str) -> Problem:
    return Problem(
        code="SEPARATION",
        title=title,
        next_step="请由本环节的其他经办人或主管部门办理。",
        basis=law.AUTHENTICATION,
        who="主管部门",
    )


def _other_unit(unit: str) -> Problem:
    return Problem(
        code="NOT_YOUR_CASE",
        title=f"本件不是你单位的办件，只能由{unit}办理。",
        next_step=f"请联系{unit}。",
        basis=law.AUTHENTICATION,
        who=unit,
    )
