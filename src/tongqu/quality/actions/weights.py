"""Set the weights of the dimensions; an old month keeps those it was computed with."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses.gd_2024 import QUALITY_INDEX
from tongqu.quality.domain.periods import month_of
from tongqu.quality.models import WeightSet
from tongqu.quality.vocabulary import DIMENSION_LABELS, Dimension

WHOLE = 100


@transaction.atomic
def set_weights(
    weights: Mapping[Dimension, int], *, by: Actor, from_month: date | None = None, note: str = ""
) -> WeightSet:
    """Add a version of the weights, in use from this month or a later one.

    Raises: ``Rejected`` BAD_WEIGHTS where they are not whole numbers from 0 that sum to 100, or
    where a month that is past would change.
    """
    require(by, Permission.QUALITY_ASSESSMENT_EDIT)
    this_month = month_of(clock.today())
    month = month_of(from_month or this_month)
    fields = {
        d.value: f"{DIMENSION_LABELS[d]}应为 0 至 100 的整数。"
        for d in Dimension if not 0 <= weights.get(d, -1) <= WHOLE
    }  # fmt: skip
    told = sum(weights.values())
    if not fields and told != WHOLE:
        fields["weights"] = f"六个维度的权重合计应为 100，现为 {told}。"
    if month < this_month:
        fields["from_month"] = "过去的月份不再改变，请填写本月或以后的月份。"
    if fields:
        raise Rejected(
            Problem(
                code="BAD_WEIGHTS",
                title="权重未通过校验，未保存。",
                next_step="请改正后重新提交。",
                basis=QUALITY_INDEX,
                fields=fields,
            )
        )
    newest = WeightSet.objects.order_by("-version").first()
    made = WeightSet.objects.create(
        version=newest.version + 1 if newest else 1, from_month=month, note=note.strip()[:300],
        author=str(by)[:160], created_at=clock.now(), **{d.value: weights[d] for d in Dimension},
    )  # fmt: skip
    record("quality.weights.set", by=by, subject=f"weights v{made.version}", basis=QUALITY_INDEX,
           details={**{d.value: weights[d] for d in Dimension},
                    "from": f"{month:%Y-%m}"})  # fmt: skip
    return made
