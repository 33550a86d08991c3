"""The registry of compliance rules, with how many entries fail each of them now."""

from collections.abc import Mapping

from django.db.models import Count, Max, QuerySet

from tongqu.catalog.domain import compliance
from tongqu.catalog.domain.compliance.rules import Rule
from tongqu.catalog.models import ComplianceFinding, ComplianceReport, EntryVersion
from tongqu.catalog.queries import sees_all_drafts
from tongqu.catalog.vocabulary import IN_FORCE, WORKING, RuleView
from tongqu.kernel.actor import Actor

_ALIVE = sorted(state.value for state in IN_FORCE | WORKING)


def failing(actor: Actor) -> Mapping[str, int]:
    """Return how many entries fail each rule in their newest report; the asker's own ones.

    Grain: one entry counts once a rule, however many places a rule names in it.
    """
    counts = _found(actor).values_list("rule").annotate(Count("report_id", distinct=True))
    return dict(counts)


def _found(actor: Actor) -> QuerySet[ComplianceFinding]:
    """Return the findings of each entry's newest report."""
    reports = ComplianceReport.objects.filter(version__state__in=_ALIVE)
    if not sees_all_drafts(actor):
        reports = reports.filter(version__entry__owner_id=actor.organisation_id or 0)
    newest = reports.order_by().values("version__entry_id").annotate(last=Max("pk")).values("last")
    return ComplianceFinding.objects.filter(report_id__in=newest).order_by()


def entries_failing(code: str, actor: Actor) -> QuerySet[EntryVersion]:
    """Return the versions whose newest report names the rule."""
    reports = _found(actor).filter(rule=code).values("report_id")
    found = EntryVersion.objects.filter(reports__in=reports).distinct()
    return found.select_related("entry__owner").order_by("entry__code")


def registry(actor: Actor) -> tuple[RuleView, ...]:
    counts = failing(actor)
    return tuple(rule_view(rule, counts) for rule in compliance.RULES)


def rule_view(rule: Rule, counts: Mapping[str, int]) -> RuleView:
    return RuleView(
        code=rule.code,
        title=rule.title,
        group=rule.group,
        severity=rule.severity,
        clause=rule.basis.code,
        remedy=rule.remedy,
        kinds=rule.kinds,
        looks_at=rule.looks_at,
        example=rule.example,
        failing=counts.get(rule.code, 0),
    )
