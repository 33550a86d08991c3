"""The yearly check of units' rules."""

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.public import notify, organisation
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.law import Assumption
from tongqu.standards.models import RuleCheck
from tongqu.standards.queries.rules import units, units_without_rule
from tongqu.standards.vocabulary import RuleSubject

BASIS = Assumption("各单位应有现行的数据安全管理制度，每年检查一次")
REQUIRED = (RuleSubject.SECURITY,)


@transaction.atomic
def run_rule_check(*, by: Actor) -> RuleCheck:
    """List the units that lack a current rule which everybody must have, and tell them."""
    today = clock.today()
    missing = [
        {"organisation": code, "name": name, "subject": subject.value}
        for subject in REQUIRED
        for code, name in units_without_rule(subject, today)
    ]
    check = RuleCheck.objects.create(
        year=today.year, at=clock.now(), by=str(by)[:160], units=units(), missing=missing
    )
    for one in missing:
        unit = organisation(one["organisation"])
        notify(
            f"{today.year} 年度制度检查：缺少现行的{RuleSubject(one['subject']).label}管理制度",
            key=f"rule-check:{today.year}:{one['organisation']}:{one['subject']}",
            kind="制度检查",
            url="/manage/standards/rules/",
            organisation_id=unit.pk if unit else None,
        )
    record("standards.rules.checked", by=by, subject=str(today.year), basis=BASIS,
           details={"units": check.units, "missing": len(missing)})  # fmt: skip
    return check
