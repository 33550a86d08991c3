"""What happens to a grant after its issue: each a row of the state table."""

from typing import Any

from django.db import transaction

from tongqu.audit.public import record
from tongqu.delivery import queries
from tongqu.delivery.domain import refusals
from tongqu.delivery.domain.states import GRANT
from tongqu.delivery.models import Grant
from tongqu.delivery.vocabulary import (
    ENDED_STATES,
    GrantCommand,
    GrantState,
    GrantView,
)
from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.law import Basis
from tongqu.kernel.problems import IllegalStep, Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law

REASON_REQUIRED = Problem(
    code="REASON_REQUIRED",
    title="请写明理由。",
    next_step="理由会告知使用部门，并留存备查。",
    basis=law.IDLE_GRANT,
    fields={"reason": "必填。"},
)


def revoke_grant(number: str, *, by: Actor, basis: Basis, reason: str) -> GrantView:
    """End access at once, in every manner, and tell the consumer; safe to run twice."""
    _need(reason)
    with transaction.atomic():
        grant = _locked(number)
        if grant.state == GrantState.REVOKED:
            return queries.view_of(grant)
        _move(grant, GrantCommand.REVOKE, by=by, basis=basis, reason=reason,
              ended_at=clock.now(), end_basis=basis.code, end_reason=reason)  # fmt: skip
        _tell(grant, "revoked", f"授权 {number}（{grant.entry_name}）已被撤销，访问即时停止。")
        return queries.view_of(grant)


def suspend_grant(number: str, *, by: Actor, basis: Basis, reason: str) -> GrantView:
    _need(reason)
    with transaction.atomic():
        grant = _locked(number)
        if grant.state == GrantState.SUSPENDED:
            return queries.view_of(grant)
        _move(grant, GrantCommand.SUSPEND, by=by, basis=basis, reason=reason)
        _tell(grant, f"suspended:{clock.now():%Y%m%d%H%M%S}",
              f"授权 {number}（{grant.entry_name}）已暂停，核实后恢复。")  # fmt: skip
        return queries.view_of(grant)


def resume_grant(number: str, *, by: Actor, reason: str) -> GrantView:
    _need(reason)
    return _moved(number, GrantCommand.RESUME, by=by, reason=reason)


def mark_idle(number: str, *, by: Actor) -> GrantView:
    """State 待撤销决定; access goes on until a person decides (article 17)."""
    return _moved(
        number, GrantCommand.MARK_IDLE, by=by, unless=GrantState.PENDING_REVOCATION_DECISION
    )


def restart_idle_clock(number: str, *, by: Actor, reason: str) -> GrantView:
    """Keep an idle grant with a reason: counted again from today."""
    _need(reason)
    return _moved(number, GrantCommand.KEEP, by=by, reason=reason, idle_since=clock.today())


def ask_feedback(number: str, *, by: Actor) -> GrantView:
    """State 待反馈, from 使用中; in any other state nothing changes."""
    return _moved(number, GrantCommand.ASK_FEEDBACK, by=by, only=GrantState.IN_USE)


def take_feedback(number: str, *, by: Actor) -> GrantView:
    """State 使用中, from 待反馈; in any other state nothing changes."""
    return _moved(number, GrantCommand.TAKE_FEEDBACK, by=by, only=GrantState.PENDING_FEEDBACK)


def entry_changed(number: str, *, by: Actor, reason: str) -> GrantView:
    """State 待重新确认: items of the grant were removed or graded anew."""
    return _moved(number, GrantCommand.ENTRY_CHANGED, by=by, reason=reason)


def reconfirm_grant(number: str, *, by: Actor, reason: str) -> GrantView:
    _need(reason)
    return _moved(number, GrantCommand.RECONFIRM, by=by, reason=reason)


def expire_grants(*, by: Actor) -> int:
    """Close the grants whose period has ended; return how many. Safe to run twice."""
    due = Grant.objects.filter(valid_until__lt=clock.today()).exclude(state__in=ENDED_STATES)
    numbers = list(due.values_list("number", flat=True))
    for number in numbers:
        _moved(number, GrantCommand.EXPIRE, by=by, reason="授权期满",
               unless=GrantState.EXPIRED, ended_at=clock.now())  # fmt: skip
    return len(numbers)


def _moved(
    number: str,
    command: GrantCommand,
    *,
    by: Actor,
    reason: str = "",
    only: GrantState | None = None,
    unless: GrantState | None = None,
    **changes: Any,
) -> GrantView:
    """Take the step; where ``only`` or ``unless`` says so, leave the grant as it stands."""
    with transaction.atomic():
        grant = _locked(number)
        if (only is None or grant.state == only) and grant.state != unless:
            _move(grant, command, by=by, reason=reason, **changes)
        return queries.view_of(grant)


def _move(
    grant: Grant,
    command: GrantCommand,
    *,
    by: Actor,
    reason: str,
    basis: Basis | None = None,
    **changes: Any,
) -> None:
    source = GrantState(grant.state)
    step = GRANT.step(source, command)
    changes["state"] = step.target
    if not Grant.objects.filter(pk=grant.pk, state=source).update(**changes):
        raise IllegalStep(f"{grant.number} has left {source}")  # somebody else was first
    for field, value in changes.items():
        setattr(grant, field, value)
    record(
        f"delivery.grant.{command.value}",
        by=by,
        subject=grant.entry_code,
        grant=grant.number,
        basis=basis or step.basis,
        details={"from": source.value, "to": step.target.value, "reason": reason},
    )


def _locked(number: str) -> Grant:
    found = queries.grants().select_for_update(of=("self",)).filter(number=number).first()
    if found is None:
        raise Rejected(refusals.NO_GRANT)
    return found


def _need(reason: str) -> None:
    if not reason.strip():
        raise Rejected(REASON_REQUIRED)


def _tell(grant: Grant, what: str, text: str) -> None:
    notify(
        text,
        key=f"grant:{grant.number}:{what}",
        kind="共享授权",
        url=f"/desk/grants/{grant.number}/",
        organisation_id=grant.consumer_id,
        role=Role.CONSUMER,
    )
