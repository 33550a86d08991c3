"""What every step shares: lock, check who and when, move the state, write the history."""

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.public import require
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.law import Basis
from tongqu.kernel.problems import IllegalStep, Problem, Rejected
from tongqu.kernel.states import Step
from tongqu.opening.domain import problems
from tongqu.opening.domain.states import OPENING
from tongqu.opening.models import DailyNumber, OpenEvent, OpeningCase
from tongqu.opening.permissions import ROLE_PERMISSION
from tongqu.opening.vocabulary import STATE_LABELS, OpenCommand, OpenState
from tongqu.policy.clauses import mot_2025

Row = Step[OpenState, OpenCommand]
SEPARATION = Problem(
    code="SEPARATION",
    title="本件由你提出，不能由你审查。",
    next_step="请由本岗位的其他人员办理。",
    basis=mot_2025.OPENING_SAFEGUARDS,
)


def take(number: str, command: OpenCommand, *, by: Actor) -> tuple[OpeningCase, Row]:
    """Lock a case and return it with the row of the state table, or raise ``Rejected``."""
    actor = next(step.actor for step in OPENING.steps if step.command is command)
    if by is not PLATFORM:
        require(by, ROLE_PERMISSION[actor])
    case = OpeningCase.objects.select_for_update().filter(number=number).first()
    if case is None:
        raise Rejected(problems.CASE_NOT_FOUND)
    try:
        step = OPENING.step(OpenState(case.state), command)
    except IllegalStep:
        raise Rejected(problems.not_now(STATE_LABELS[OpenState(case.state)])) from None
    if command in REVIEWS and by.key == case.proposer_key:
        raise Rejected(SEPARATION)
    if command in LEGAL and by.organisation_id != case.publisher_id:
        raise Rejected(problems.NOT_YOURS)
    return case, step


LEGAL = frozenset({OpenCommand.LEGAL_PASS, OpenCommand.LEGAL_FAIL})
REVIEWS = LEGAL | {OpenCommand.SAFETY_PASS, OpenCommand.SAFETY_FAIL, OpenCommand.PASS}


def advance(
    case: OpeningCase, step: Row, *, by: Actor, reason: str = "", basis: Basis | None = None
) -> None:
    """Move the case along one row of the table; write its history and the trail."""
    source = case.state
    case.state = step.target
    case.save()
    note(case, step, source=source, by=by, reason=reason, basis=basis)


def note(  # keyword-only from the third on
    case: OpeningCase,
    step: Row,
    *,
    source: str,
    by: Actor,
    reason: str = "",
    basis: Basis | None = None,
) -> None:
    cited = basis or step.basis
    OpenEvent(
        case=case,
        position=case.events.count() + 1,
        command=step.command,
        label=step.label,
        source=source,
        target=step.target,
        actor_key=by.key,
        actor_name=by.name,
        organisation_name=by.organisation_name,
        at=clock.now(),
        reason=reason,
        basis=cited.code[:200],
    ).save()
    record(
        f"opening.case.{step.command}",
        by=by,
        subject=case.entry_code,
        basis=cited,
        details={"case": case.number, "source": source, "target": step.target.value},
    )


def required(text: str, field: str, label: str, length: int = 500) -> str:
    """Return the text without blanks, or raise ``Rejected`` REASON_REQUIRED."""
    clean = text.strip()
    if 0 < len(clean) <= length:
        return clean
    raise Rejected(problems.required(field, label, length))


def next_number(prefix: str) -> str:
    """Return a number of today, never given twice: ``KF-2026-0924-001``."""
    with transaction.atomic():
        today = clock.today()
        day, _ = DailyNumber.objects.select_for_update().get_or_create(day=today)
        day.last += 1
        day.save(update_fields=["last"])
    return f"{prefix}-{today:%Y-%m%d}-{day.last:03d}"
