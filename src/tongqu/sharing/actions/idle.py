"""Grants that nobody uses (article 17): warn, open a task, let a person decide."""

from django.db import transaction

from tongqu.audit.public import record
from tongqu.delivery import public as delivery
from tongqu.delivery.vocabulary import GrantState, GrantView
from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.kernel.workdays import add_months
from tongqu.policy import public as policy
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing.actions.steps import not_your_step, required_reason
from tongqu.sharing.domain.use import Idle, idleness
from tongqu.sharing.models import RevocationTask
from tongqu.sharing.vocabulary import RevocationState

NO_TASK = Problem(
    code="NOT_FOUND",
    title="没有找到这项待决定的授权。",
    next_step="请到授权台账核对授权编号。",
    basis=law.IDLE_GRANT,
)


def review_idle() -> list[str]:
    """Warn after two months, open a task after three; return the grants that got a task."""
    today = clock.today()
    terms = policy.terms_on(today)
    horizon = add_months(today, -terms.idle_warning_months)
    opened = []
    for grant in delivery.unused_grants(horizon):
        found = idleness(
            grant.idle_since,
            today,
            warning_months=terms.idle_warning_months,
            idle_months=terms.idle_months,
        )
        if found is Idle.WARNED:
            _warn(grant, last_day=str(add_months(grant.idle_since, terms.idle_months)))
        elif found is Idle.REVOCABLE and _open_task(grant):
            opened.append(grant.number)
    return opened


def _warn(grant: GrantView, *, last_day: str) -> None:
    notify(
        f"授权 {grant.number}（{grant.entry_name}）尚未使用，{last_day} 后可能被撤销。",
        key=f"sharing.idle.warning.{grant.number}.{grant.idle_since}",
        kind="授权提醒",
        url=f"/desk/grants/{grant.number}/",
        organisation_id=grant.terms.consumer_id,
        role=Role.CONSUMER,
    )


@transaction.atomic
def _open_task(grant: GrantView) -> bool:
    """Open one task for one run of the clock; the grant goes on working meanwhile."""
    task, is_new = RevocationTask.objects.get_or_create(
        grant_number=grant.number,
        idle_since=grant.idle_since,
        defaults={
            "entry_code": grant.terms.entry_code,
            "entry_name": grant.entry_name,
            "unit_id": grant.provider_id,
            "is_external": grant.is_external,
            "consumer_id": grant.terms.consumer_id,
            "opened_at": clock.now(),
            "basis": law.IDLE_GRANT.code,
        },
    )
    if not is_new:
        return False
    if grant.state is GrantState.EFFECTIVE_UNUSED:
        delivery.mark_idle(grant.number, by=PLATFORM)
    record(
        "sharing.revocation.open", by=PLATFORM, subject=grant.number, grant=grant.number,
        basis=law.IDLE_GRANT, details={"idle_since": str(task.idle_since)},
    )  # fmt: skip
    notify(
        f"授权 {grant.number}（{grant.entry_name}）满 3 个月未使用，请决定撤销或保留。",
        key=f"sharing.idle.task.{grant.number}.{grant.idle_since}",
        kind="授权复核",
        url="/share/grants/",
        organisation_id=None if grant.is_external else grant.provider_id,
        role=Role.MANAGING_OFFICE if grant.is_external else Role.PROVIDER_REVIEWER,
    )
    return True


@transaction.atomic
def confirm_revocation(grant_number: str, *, reason: str, by: Actor) -> RevocationTask:
    """End an idle grant: access stops at once, and delivery tells the consumer."""
    task = _take(grant_number, by)
    text = required_reason(reason, title="撤销授权须写明理由。")
    if not _still_idle(task):
        return _close(task, RevocationState.MOOT, by=by, reason="期间已使用或授权已结束")
    delivery.revoke_grant(task.grant_number, by=by, basis=law.IDLE_GRANT, reason=text)
    return _close(task, RevocationState.REVOKED, by=by, reason=text)


@transaction.atomic
def keep_grant(grant_number: str, *, reason: str, by: Actor) -> RevocationTask:
    """Keep an idle grant with a reason: its three months are counted again from today."""
    task = _take(grant_number, by)
    text = required_reason(reason, title="保留授权须写明理由。")
    if not _still_idle(task):
        return _close(task, RevocationState.MOOT, by=by, reason="期间已使用或授权已结束")
    delivery.restart_idle_clock(task.grant_number, by=by, reason=text)
    return _close(task, RevocationState.KEPT, by=by, reason=text)


def _take(grant_number: str, by: Actor) -> RevocationTask:
    if not by.may(Permission.SHARING_GRANT_REVOKE):
        raise Rejected(not_your_step(Role.PROVIDER_REVIEWER))
    tasks = RevocationTask.objects.select_for_update().filter(grant_number=grant_number)
    newest = tasks.first()  # a grant that was kept has one task for each run of its clock
    if newest is None or not _is_unit(newest, by):
        raise Rejected(NO_TASK)
    if newest.state == RevocationState.OPEN:
        return newest
    raise Rejected(
        Problem(
            code="ALREADY_DECIDED",
            title=f"这项授权已由{newest.decided_by}作出决定。",
            next_step="请刷新页面查看结果。",
            basis=law.IDLE_GRANT,
        )
    )


def _is_unit(task: RevocationTask, by: Actor) -> bool:
    """Return whether the actor belongs to the granting unit (articles 13 and 17)."""
    if task.is_external:
        return Role.MANAGING_OFFICE.value in by.roles
    return by.organisation_id == task.unit_id


def _still_idle(task: RevocationTask) -> bool:
    grant = delivery.grant(task.grant_number)
    return grant is not None and grant.is_open and grant.first_used_at is None


def _close(
    task: RevocationTask, state: RevocationState, *, by: Actor, reason: str
) -> RevocationTask:
    task.state, task.decided_at, task.decided_by = state, clock.now(), str(by)
    task.reason = reason
    task.save()
    record(
        f"sharing.revocation.{state}", by=by, subject=task.grant_number,
        grant=task.grant_number, basis=law.IDLE_GRANT,
    )  # fmt: skip
    return task
