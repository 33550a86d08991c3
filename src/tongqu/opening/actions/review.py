"""The legal and the safety review, and the managing office's pass (000 (五), (十一))."""

from collections.abc import Mapping

from django.db import transaction

from tongqu.delivery.vocabulary import OpenRefusal
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.opening import queries
from tongqu.opening.actions.steps import advance, required, take
from tongqu.opening.domain import problems
from tongqu.opening.models import OpeningCase, OpenReview
from tongqu.opening.vocabulary import (
    CONCERN_LABELS,
    Concern,
    OpenCommand,
    ReviewKind,
)
from tongqu.policy.public import clause

COMMANDS = {
    (ReviewKind.LEGAL, True): OpenCommand.LEGAL_PASS,
    (ReviewKind.LEGAL, False): OpenCommand.LEGAL_FAIL,
    (ReviewKind.SAFETY, True): OpenCommand.SAFETY_PASS,
    (ReviewKind.SAFETY, False): OpenCommand.SAFETY_FAIL,
}


@transaction.atomic
def review(
    number: str,
    kind: ReviewKind,
    *,
    answers: Mapping[Concern, bool],
    passed: bool,
    reason: str,
    basis: str = "",
    by: Actor,
) -> OpenReview:
    """Give one of the two opinions. ``answers``: concern → the set is clear of it.

    Raises: ``Rejected`` REVIEW_BLOCKED, which names each item that stands in the way;
    CONCERNS_OPEN for a favourable opinion with an open concern; BASIS_REQUIRED for a refusal
    without one.
    """
    case, step = take(number, COMMANDS[kind, passed], by=by)
    told = required(reason, "reason", "审查意见")
    if passed:
        _require_clear(case, answers)
    cited = clause(basis) if basis else None
    if not passed and cited is None:
        raise Rejected(problems.required("basis", "不予开放的依据"))
    if case.reviews.filter(kind=kind).exists():
        raise Rejected(problems.not_now(f"{case.state_label}，该意见已出具"))
    found = OpenReview.objects.create(
        case=case,
        kind=kind,
        answers={concern.value: bool(answers.get(concern)) for concern in Concern},
        passed=passed,
        reason=told,
        basis=(cited or step.basis).code[:200],
        by_key=by.key,
        by_name=by.name,
        organisation_name=by.organisation_name,
        at=clock.now(),
    )
    if not passed:
        case.end_reason, case.ended_at = told, clock.now()
        case.end_basis = found.basis
    advance(case, step, by=by, reason=told, basis=cited)
    return found


def require_no_findings(case: OpeningCase) -> None:
    found = queries.findings(case)
    if top := [name for name, why in found.items() if why is OpenRefusal.TOP_LEVEL]:
        raise Rejected(problems.never_opens("、".join(top)))
    if found:
        raise Rejected(problems.blocked(found))


def _require_clear(case: OpeningCase, answers: Mapping[Concern, bool]) -> None:
    require_no_findings(case)
    open_ = [concern for concern in Concern if not answers.get(concern)]
    if open_:
        names = "、".join(CONCERN_LABELS[concern] for concern in open_)
        raise Rejected(
            Problem(
                code="CONCERNS_OPEN",
                title=f"以下要点未确认，不能通过：{names}。",
                next_step="请逐项核对；确有涉及的，请选择不予开放并写明依据。",
                basis=queries.SAFEGUARDS,
                fields={"answers": f"未确认：{names}。"},
            )
        )


@transaction.atomic
def pass_case(number: str, *, by: Actor) -> OpeningCase:
    """Pass what both reviews favour, with the de-identification report attached (C.6).

    Raises: ``Rejected`` OPENING_STEP, NO_RISK_REPORT, RISK_HELD.
    """
    case, step = take(number, OpenCommand.PASS, by=by)
    if case.reviews.filter(passed=True).count() < len(ReviewKind):
        raise Rejected(problems.NO_OPINIONS)
    require_no_findings(case)
    require_report(case)
    advance(case, step, by=by)
    return case


def require_report(case: OpeningCase) -> None:
    """Raise unless the newest test of the case let it pass."""
    newest = case.tests.first()
    if newest is None:
        raise Rejected(problems.NO_REPORT)
    if not newest.passed:
        raise Rejected(problems.held(queries.told_of(newest)))
