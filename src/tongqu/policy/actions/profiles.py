"""A new dated version of the rules. What was in force stays as it was."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.policy.domain.terms import BadProfile, check
from tongqu.policy.models import PolicyProfile


@transaction.atomic
def add_profile(
    *,
    title: str,
    regulation: str,
    valid_from: date,
    values: Mapping[str, Any],
    sources: Mapping[str, str],
    reason: str,
    by: Actor,
    valid_to: date | None = None,
) -> PolicyProfile:
    """Add a version from a future day on; the open-ended one before it ends the day before.

    Raises: ``Rejected`` BAD_PROFILE, PROFILE_IN_THE_PAST, PROFILE_OVERLAPS.
    """
    _check(values, reason=reason, valid_from=valid_from, valid_to=valid_to)
    if valid_from <= clock.today():
        raise _rejected(
            "PROFILE_IN_THE_PAST",
            "新版本只能从明天或以后开始生效，已经生效的规则不改动。",
            "valid_from",
        )
    active = PolicyProfile.objects.select_for_update().filter(is_active=True)
    open_ended = active.filter(valid_to=None, valid_from__lt=valid_from).first()
    others = active.exclude(pk=open_ended.pk if open_ended else 0)
    overlap = others.filter(Q(valid_to=None) | Q(valid_to__gte=valid_from))
    if valid_to is not None:
        overlap = overlap.filter(valid_from__lte=valid_to)
    if overlap.exists():
        raise _rejected(
            "PROFILE_OVERLAPS", "与另一版本的生效期重叠，同一天只能有一个版本。", "valid_from"
        )
    if open_ended:
        open_ended.valid_to = valid_from - timedelta(days=1)
        open_ended.save(update_fields=["valid_to"])
    return PolicyProfile.objects.create(
        key=f"{regulation}@{valid_from.isoformat()}",
        title=title,
        regulation=regulation,
        valid_from=valid_from,
        valid_to=valid_to,
        terms=dict(values),
        sources=dict(sources),
        author=by.key,
        reason=reason.strip(),
        created_at=clock.now(),
    )


def _check(
    values: Mapping[str, Any], *, reason: str, valid_from: date, valid_to: date | None
) -> None:
    if not reason.strip():
        raise _rejected("BAD_PROFILE", "请填写制定新版本的理由和文件依据。", "reason")
    if valid_to is not None and valid_to < valid_from:
        raise _rejected("BAD_PROFILE", "失效日期不能早于生效日期。", "valid_to")
    try:
        check(values)
    except BadProfile as error:
        problem = _rejected("BAD_PROFILE", "数值须为不小于 1 的整数，且逐项填写完整。", "terms")
        raise problem from error


def _rejected(code: str, says: str, field: str) -> Rejected:
    return Rejected(
        Problem(
            code=code,
            title="规则版本没有保存。",
            next_step="请改正后重新提交；已办事项仍按受理当日的版本办理。",
            basis=law.IN_FORCE,
            who="主管部门",
            fields={field: says},
        )
    )
