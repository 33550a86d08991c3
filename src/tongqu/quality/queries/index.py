"""Reads of the index: values of a month, the way to them, and the reasons behind them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from tongqu.kernel.problems import Problem, Rejected
from tongqu.quality.domain.scores import Loss, Result, dimensions_of, losses
from tongqu.quality.models import IndexValue, RuleResult, Scan, WeightSet
from tongqu.quality.vocabulary import DIMENSION_LABELS, Dimension, IndexScope

TREND_MONTHS = 12
WORST = 50  # datasets whose rules are told as the reasons of a group
REASONS = 20


def months() -> list[date]:
    """Return the months that have an index, the newest first."""
    return list(IndexValue.objects.order_by("-month").values_list("month", flat=True).distinct())


def values(month: date, scope: IndexScope) -> QuerySet[IndexValue]:
    """Return a month's values of a scope, the lowest first."""
    return IndexValue.objects.filter(month=month, scope=scope).order_by("score", "key")


def value(pk: int) -> IndexValue:
    found = IndexValue.objects.select_related("weights").filter(pk=pk).first()
    if found is None:
        raise Rejected(Problem("NO_SUCH_INDEX", "没有这个质量指数。", "请从质量指数页面重新进入。"))
    return found


def trend(of: IndexValue) -> list[IndexValue]:
    """Return the values of the same thing up to this month, the oldest first."""
    found = IndexValue.objects.filter(scope=of.scope, key=of.key, month__lte=of.month)
    return list(found.order_by("-month")[:TREND_MONTHS])[::-1]


def members(of: IndexValue) -> QuerySet[IndexValue]:
    """Return the datasets that a system's, department's or level's value is the mean of."""
    found = values(of.month, IndexScope.DATASET)
    match IndexScope(of.scope):
        case IndexScope.SYSTEM:
            return found.filter(system=of.key)
        case IndexScope.DEPARTMENT:
            return found.filter(department_id=of.department_id)
        case IndexScope.LEVEL:
            return found.filter(level=of.key)
        case _:
            return found.filter(pk=of.pk)


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule of a dataset and how many points of the opened value it cost."""

    dataset: IndexValue
    loss: Loss
    points: Decimal


def reasons(of: IndexValue) -> list[Reason]:
    """Return which rules cost a value its points, the dearest first; three statements.

    A group's points are those of its datasets, shared alike; of many, the lowest are told.
    """
    datasets = list(members(of).select_related("weights")[:WORST])
    results = _results(one.scan for one in datasets)
    found = [
        Reason(one, loss, (loss.points / of.datasets).quantize(Decimal("0.01")))
        for one in datasets
        for loss in losses(
            results.get(one.scan, []), dimensions_of(one.dimensions), weights_in(one)
        )
    ]
    return sorted(found, key=lambda reason: (-reason.points, reason.loss.code))[:REASONS]


def _results(scans: Iterable[str]) -> dict[str, list[Result]]:
    found: dict[str, list[Result]] = {}
    rows = RuleResult.objects.filter(scan__number__in=list(scans))
    for number, code, title, dimension, checked, wrong in rows.values_list(
        "scan__number", "code", "title", "dimension", "checked", "wrong"
    ):
        row = (code, title, Dimension(dimension), checked, wrong)
        found.setdefault(number, []).append(row)
    return found


def weights_in(of: IndexValue) -> dict[Dimension, Decimal] | None:
    return of.weights.weights if of.weights else None


def weight_rows(chosen: WeightSet | None) -> list[tuple[Dimension, str, str]]:
    """Return each dimension with its weight as it is shown."""
    held = chosen.weights if chosen else None
    return [(d, DIMENSION_LABELS[d], f"{held[d]}" if held else "16.7") for d in Dimension]


def unmeasured(codes: Iterable[str]) -> set[str]:
    """Return those of the entries that were never measured."""
    told = set(codes)
    return told - set(
        Scan.objects.filter(entry_code__in=told, score__isnull=False).values_list(
            "entry_code", flat=True
        )
    )
