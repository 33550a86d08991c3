"""What the granting unit and the managing office do to a grant: suspend, resume, end it."""

from dataclasses import dataclass

from tongqu.delivery import queries
from tongqu.delivery.actions import change
from tongqu.delivery.domain import refusals
from tongqu.delivery.domain.states import GRANT, GRANTING, OFFICE
from tongqu.delivery.models import Grant
from tongqu.delivery.vocabulary import GrantCommand, GrantState, GrantView
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel.actor import Actor
from tongqu.kernel.law import Clause
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy import public as policy
from tongqu.policy.clauses import measures_2021 as law

# A grant that nobody used is decided by its own task (article 17), not here.
COMMANDS = (
    GrantCommand.SUSPEND, GrantCommand.RESUME, GrantCommand.RECONFIRM, GrantCommand.REVOKE,
)  # fmt: skip
CITING = frozenset({GrantCommand.SUSPEND, GrantCommand.REVOKE})
# What articles 16 and 23 hold a consumer to, and 19 everybody: a law may be cited as well.
GROUNDS = (law.PURPOSE_BOUND, law.SECURITY_DUTY, law.LOST_CONTROL)


@dataclass(frozen=True, slots=True)
class Choice:
    """A step open to the reader on one grant."""

    command: GrantCommand
    label: str
    needs_basis: bool


def grounds() -> list[Clause]:
    """Return what a suspension or an end may cite, one an article."""
    found = {clause.code: clause for clause in (*policy.legal_bases(), *GROUNDS)}
    return list(found.values())


def choices(grant: Grant, by: Actor) -> list[Choice]:
    """Return the steps that the actor may take on the grant now."""
    role = _role(grant, by)
    if not role or not by.may(Permission.SHARING_GRANT_REVOKE):
        return []
    is_idle = grant.state == GrantState.PENDING_REVOCATION_DECISION
    return [
        Choice(row.command, row.label, row.command in CITING)
        for row in GRANT.allowed(GrantState(grant.state), frozenset({role}))
        if row.command in COMMANDS and not (is_idle and row.command is GrantCommand.REVOKE)
    ]


def handle_grant(
    number: str, command: GrantCommand, *, reason: str, basis: str = "", by: Actor
) -> GrantView:
    """Take a step on a grant with a reason, and a clause where access ends or pauses.

    Raises: ``Rejected`` NO_GRANT, NOT_YOUR_GRANT, GRANT_STEP, REASON_REQUIRED, BASIS_REQUIRED.
    """
    require(by, Permission.SHARING_GRANT_REVOKE)
    grant = queries.grants_seen_by(by).filter(number=number).first()
    if grant is None:
        raise Rejected(refusals.NO_GRANT)
    if not _role(grant, by):
        raise Rejected(NOT_YOURS)
    if command not in {choice.command for choice in choices(grant, by)}:
        raise Rejected(_impossible(grant))
    if not 1 <= len(reason.strip()) <= 500:
        raise Rejected(change.REASON_REQUIRED)
    text = reason.strip()
    if command is GrantCommand.RESUME:
        return change.resume_grant(number, by=by, reason=text)
    if command is GrantCommand.RECONFIRM:
        return change.reconfirm_grant(number, by=by, reason=text)
    act = change.suspend_grant if command is GrantCommand.SUSPEND else change.revoke_grant
    return act(number, by=by, basis=_ground(basis), reason=text)


def _role(grant: Grant, by: Actor) -> str:
    """Return as whom the actor stands to the grant; nobody decides about his own use."""
    if by.organisation_id == grant.consumer_id:
        return ""
    if Role.MANAGING_OFFICE in by.roles:
        return OFFICE
    is_provider = by.organisation_id == grant.provider_id and not grant.is_external
    return GRANTING if is_provider and Role.PROVIDER_REVIEWER in by.roles else ""


def _ground(code: str) -> Clause:
    found = next((clause for clause in grounds() if clause.code == code.strip()), None)
    if found is None:
        raise Rejected(
            Problem(
                code="BASIS_REQUIRED",
                title="暂停或撤销授权须选择依据条款。",
                next_step="请从列出的条款中选择；依据会告知使用部门。",
                basis=law.RECTIFICATION,
                fields={"basis": "请选择依据条款。"},
            )
        )
    return found


NOT_YOURS = Problem(
    code="NOT_YOUR_GRANT",
    title="这项授权不由你单位处置。",
    next_step="由授权部门或主管部门处置；行业外数据由主管部门处置。",
    basis=law.RECTIFICATION,
    who="提供部门审核人、主管部门",
)


def _impossible(grant: Grant) -> Problem:
    return Problem(
        code="GRANT_STEP",
        title=f"授权当前为“{grant.state_label}”，不能这样处置。",
        next_step="请刷新页面查看当前可以办理的事项；满 3 个月未使用的，在授权台账中决定。",
        basis=law.RECTIFICATION,
    )
