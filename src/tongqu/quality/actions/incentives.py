"""激励台账: who corrects, shares and reuses earns points (QLT-10)."""

from django.db import transaction
from django.db.models import F

from tongqu.audit.public import record
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses.gd_2024 import INCENTIVES
from tongqu.quality.domain.points import TICKET_IN_TIME, Points
from tongqu.quality.models import PointEntry, PointRule, Ticket
from tongqu.quality.queries.assessment import point_rules
from tongqu.quality.vocabulary import TicketState

MOST = 1_000


@transaction.atomic
def set_rule(code: str, *, value: int, by: Actor) -> Points:
    """Change what a rule is worth from now on. Raises: ``Rejected`` BAD_POINT_RULE."""
    require(by, Permission.QUALITY_ASSESSMENT_EDIT)
    known = point_rules().get(code)
    if known is None or not 0 <= value <= MOST:
        raise Rejected(
            Problem(
                code="BAD_POINT_RULE", title="激励规则未通过校验，未保存。",
                next_step="请从现有规则中选择，分值填 0 至 1000。", basis=INCENTIVES,
                fields={"value" if known else "code": "分值应为 0 至 1000。" if known
                        else "没有这项规则。"},
            )
        )  # fmt: skip
    made = PointRule.objects.create(
        code=code, version=known.version + 1, title=known.title, value=value,
        author=str(by)[:160], created_at=clock.now(),
    )  # fmt: skip
    record("quality.points.rule", by=by, subject=code, basis=INCENTIVES,
           details={"version": made.version, "value": value})  # fmt: skip
    return Points(made.code, made.title, made.value, made.version)


@transaction.atomic
def award(
    rule: str,
    *,
    organisation_id: int,
    evidence: str,
    key: str,
    url: str = "",
    by: Actor = PLATFORM,
) -> bool:
    """Add one occurrence to the ledger; return whether it was new. ``key`` makes it count once."""
    known = point_rules()[rule]
    if not known.value:
        return False
    _, is_new = PointEntry.objects.get_or_create(
        key=key[:200],
        defaults={"organisation_id": organisation_id, "rule": rule, "points": known.value,
                  "rule_version": known.version, "evidence": evidence[:200], "url": url,
                  "at": clock.now()},
    )  # fmt: skip
    if is_new:
        record("quality.points.awarded", by=by, subject=evidence[:200], basis=INCENTIVES,
               details={"rule": rule, "points": known.value,
                        "organisation": organisation_id})  # fmt: skip
    return is_new


def award_tickets() -> int:
    """Award what was corrected by its day and then proved right; return how many.

    What a department filed against itself earns nothing: points are for answering others.
    """
    corrected = (
        Ticket.objects.filter(state=TicketState.CLOSED, corrected_at__isnull=False)
        .exclude(filer_organisation_id=F("provider_id"))
        .order_by("pk")
    )
    known = set(PointEntry.objects.filter(rule=TICKET_IN_TIME).values_list("key", flat=True))
    awarded = 0
    for ticket in corrected.only("number", "provider_id", "corrected_at", "due_on"):
        key = f"ticket:{ticket.number}"
        is_late = (
            ticket.corrected_at is None or clock.legal_day(ticket.corrected_at) > ticket.due_on
        )
        if key in known or is_late:
            continue
        awarded += award(
            TICKET_IN_TIME, organisation_id=ticket.provider_id, evidence=ticket.number, key=key,
            url=f"/manage/quality/issues/{ticket.number}/",
        )  # fmt: skip
    return awarded
