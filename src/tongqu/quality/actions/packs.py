"""Keep the rules of an entry; a change is a new version."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from tongqu.audit.public import record
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.quality.actions.language import read
from tongqu.quality.domain.rules import BadRule
from tongqu.quality.models import RulePack


@transaction.atomic
def save_pack(entry_code: str, rules: Sequence[Mapping[str, Any]], *, by: Actor) -> RulePack:
    """Store the rules as the next version; the same rules again change nothing.

    Raises: ``Rejected`` BAD_RULE naming the rule and the key that is not understood.
    """
    try:
        read(rules)
    except BadRule as wrong:
        raise Rejected(
            Problem(
                code="BAD_RULE",
                title="规则未通过校验，未保存。",
                next_step="请按所列规则逐条改正后重新提交。",
                basis=law.QUALITY,
                fields={wrong.where: wrong.what},
            )
        ) from wrong
    plain = [dict(rule) for rule in rules]
    newest = RulePack.objects.filter(entry_code=entry_code).first()
    if newest is not None and newest.rules == plain:
        return newest
    pack = RulePack.objects.create(
        entry_code=entry_code,
        version=newest.version + 1 if newest else 1,
        rules=plain,
        author=str(by),
        created_at=clock.now(),
    )
    record(
        "quality.pack.saved", by=by, subject=entry_code, basis=law.QUALITY,
        details={"version": pack.version, "rules": len(plain)},
    )  # fmt: skip
    return pack
