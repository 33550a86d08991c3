"""Units' rules (制度): what is current, and who has none."""

from datetime import date

from django.db.models import Q, QuerySet

from tongqu.identity.public import organisations
from tongqu.identity.vocabulary import GOVERNMENT_KINDS
from tongqu.kernel import clock
from tongqu.standards.models import Standard
from tongqu.standards.vocabulary import RuleSubject, StandardKind, StandardState


def current_rules(on: date | None = None) -> QuerySet[Standard]:
    """Return the rules that are in force on a day: from their first day, until abolished."""
    day = on or clock.today()
    begun = Q(effective_on=None) | Q(effective_on__lte=day)
    in_use = Q(state__in=[StandardState.IN_FORCE, StandardState.UNDER_REVISION])
    released = Q(state=StandardState.RELEASED, effective_on__lte=day)
    return (
        Standard.objects.filter(in_use | released, begun, kind=StandardKind.RULE)
        .exclude(abolished_on__lte=day)
        .select_related("organisation")
    )


def units_without_rule(
    subject: RuleSubject = RuleSubject.SECURITY, on: date | None = None
) -> tuple[tuple[str, str], ...]:
    """Return (code, name) of every government unit with no current rule on the subject."""
    have = current_rules(on).filter(rule_subject=subject).values("organisation_id")
    units = organisations().filter(kind__in=[kind.value for kind in GOVERNMENT_KINDS])
    rows = units.exclude(pk__in=have).order_by("code").values_list("code", "name")
    return tuple((str(code), str(name)) for code, name in rows)


def units() -> int:
    return organisations().filter(kind__in=[kind.value for kind in GOVERNMENT_KINDS]).count()
