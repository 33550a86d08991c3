"""数据分级: the department's reviewer says whether an entry is 重要数据."""

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog.actions import guards
from tongqu.catalog.domain import problems
from tongqu.catalog.models import EntryGrade
from tongqu.catalog.vocabulary import NationalGrade
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.policy.clauses import measures_2021 as law


@transaction.atomic
def grade_entry(code: str, grade: NationalGrade, *, reason: str, by: Actor) -> None:
    """Set an entry's national grade. Raises: ``Rejected`` NOT_YOUR_ENTRY, INVALID."""
    entry = guards.shared_duty(code, by=by, permission=Permission.CATALOG_ENTRY_PUBLISH)
    if not reason.strip():
        raise Rejected(problems.invalid("reason", "请写明分级的理由"))
    before = EntryGrade.objects.filter(entry=entry).values_list("grade", flat=True).first()
    EntryGrade.objects.update_or_create(
        entry=entry,
        defaults={"grade": grade, "reason": reason.strip()[:500], "decided_by": str(by)[:120],
                  "decided_at": clock.now()},
    )  # fmt: skip
    record(
        "catalog.entry.graded", by=by, subject=code, basis=law.SECURITY_DUTY,
        details={"grade": grade.value, "before": before or NationalGrade.GENERAL.value},
    )  # fmt: skip
