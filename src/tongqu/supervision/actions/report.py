"""What a person lays before the office: a breach in words (七), an event confirmed (五)."""

from hashlib import sha256

from django.db import transaction

from tongqu.delivery import public as delivery
from tongqu.delivery.vocabulary import OPEN_STATES, GrantState
from tongqu.identity.public import organisation, require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.security import public as security
from tongqu.security.vocabulary import EVENT_LABELS, EventKind
from tongqu.supervision import queries
from tongqu.supervision.actions.clues import Clue, lay
from tongqu.supervision.domain import problems
from tongqu.supervision.domain.cases import BY_CASE
from tongqu.supervision.models import RectificationDraft

LEAST_TEXT = 5  # characters: "违规" alone says nothing


@transaction.atomic
def report_breach(*, organisation_code: str, case: str, text: str, by: Actor) -> RectificationDraft:
    """Lay a breach before the office in one's own words, with the clause that it breaks.

    ``case``: 一 to 七, whose clause is the basis. The same words about the same unit on one day are
    one clue. Raises: ``Rejected`` NOT_PERMITTED, BASIS_REQUIRED, INVALID.
    """
    require(by, Permission.SUPERVISION_PROJECT_CHECK)
    if not queries.sees_all(by):
        raise Rejected(problems.MANAGING_DECIDES)
    if case not in BY_CASE:
        raise Rejected(problems.BASIS_REQUIRED)
    unit = organisation(organisation_code)
    if unit is None:
        raise Rejected(problems.invalid(organisation="没有这个单位，请从列表中选择。"))
    if len(said := text.strip()) < LEAST_TEXT:
        raise Rejected(problems.invalid(text="请写明事由，不少于 5 个字。"))
    digest = sha256(said.encode()).hexdigest()[:16]
    clue = Clue(
        key=f"reported {unit.code} {clock.today():%F} {digest}",
        basis=BY_CASE[case],
        organisation_id=unit.pk,
        title=said,
        evidence={"text": said[:2000], "reported_by": str(by)},
        subject=unit.code,
    )
    return lay(clue, by=by)[0]


@transaction.atomic
def confirm_misuse(event_id: int, *, reason: str, by: Actor) -> RectificationDraft:
    """Confirm a security event as misuse: a draft of case （五）, the unit's grants suspended.

    The grants wait for the decision: dismissing the draft gives them back. Confirming an event
    twice changes nothing. Raises: ``Rejected`` NOT_PERMITTED, NOT_FOUND, INVALID.
    """
    require(by, Permission.SUPERVISION_PROJECT_CHECK)
    if not queries.sees_all(by):
        raise Rejected(problems.MANAGING_DECIDES)
    event = security.event(event_id)
    unit = organisation(event.organisation_code) if event else None
    if event is None or unit is None:
        raise Rejected(problems.EVENT_OF_NOBODY)
    if len(said := reason.strip()) < LEAST_TEXT:
        raise Rejected(problems.invalid(reason="请写明核实情况，不少于 5 个字。"))
    label = EVENT_LABELS[EventKind(event.kind)]
    open_grants = [g.number for g in delivery.grants_of(unit.pk) if g.state in OPEN_STATES]
    clue = Clue(
        key=f"misuse {event.pk}",
        basis=law.LOST_CONTROL,
        organisation_id=unit.pk,
        title=f"{unit.name}：{label}（{event.subject}）",
        evidence={
            "event": event.pk,
            "kind": event.kind,
            "at": event.at.isoformat(),
            "reason": said[:500],
            "suspended": open_grants,
        },
        subject=unit.code,
    )
    made, is_new = lay(clue, by=by)
    why = f"滥用线索 ZG-{made.pk} 已核实，待处理决定"
    for number in open_grants if is_new else ():
        delivery.suspend_grant(number, by=by, basis=law.LOST_CONTROL, reason=why)
    return made


def give_back(found: RectificationDraft, *, by: Actor) -> None:
    """Resume the grants that a dismissed clue had suspended, of those still suspended."""
    for number in found.evidence.get("suspended", ()):
        held = delivery.grant(number)
        if held is not None and held.state is GrantState.SUSPENDED:
            delivery.resume_grant(number, by=by, reason=f"线索 ZG-{found.pk} 已排除")
