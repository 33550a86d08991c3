"""From rule results to scores: exact fractions, no score where nothing was measured."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tongqu.kernel.law import Assumption
from tongqu.quality.vocabulary import DIMENSION_LABELS, Dimension

WEIGHTS = Assumption("GB/T 36344 未给出权重：未另行设定时各维度等权，同一维度内各规则等权")
SMOOTHING = Assumption("趋势值为本期得分与上期趋势值的平均，首期取得分")
EACH_ALIKE = Assumption("系统、部门、层级的指数为其数据集得分的平均，各数据集等权")
TENTH, HUNDREDTH = Decimal("0.1"), Decimal("0.01")
WHOLE = Decimal(100)
Weights = Mapping[Dimension, Decimal]
EQUAL: Weights = {d: WHOLE / len(Dimension) for d in Dimension}  # shown as 16.7 each


def share(checked: int, wrong: int) -> Decimal | None:
    """Return the share of right elements, 0 to 1; NULL when none was checked."""
    return None if checked == 0 else Decimal(checked - wrong) / Decimal(checked)


def dimensions_of(stored: Mapping[str, object]) -> dict[Dimension, Decimal | None]:
    """Return the scores of a stored measurement; NULL for what was not measured."""
    return {
        d: None if (value := stored.get(d.value)) is None else Decimal(str(value))
        for d in Dimension
    }


def by_dimension(
    results: Sequence[tuple[Dimension, Decimal | None]],
) -> dict[Dimension, Decimal | None]:
    """Return each dimension's score, 0 to 100 with one place, rounded half up; NULL unmeasured."""
    found: dict[Dimension, Decimal | None] = {}
    for dimension in Dimension:
        shares = [value for d, value in results if d is dimension and value is not None]
        found[dimension] = _tenth(sum(shares, Decimal(0)) / len(shares) * 100) if shares else None
    return found


def total(
    dimensions: Mapping[Dimension, Decimal | None], weights: Weights | None = None
) -> Decimal | None:
    """Return the weighted mean of the measured dimensions, 0 to 100 with one place.

    Without weights they count alike. A dimension that was not measured takes no part; where
    only dimensions of weight 0 were measured, there is no score.
    """
    known = {d: value for d, value in dimensions.items() if value is not None}
    if weights is None:
        return mean(known.values())
    heavy = sum((weights[d] for d in known), Decimal(0))
    if not heavy:
        return None
    return _tenth(sum((weights[d] * value for d, value in known.items()), Decimal(0)) / heavy)


def mean(values: Iterable[Decimal]) -> Decimal | None:
    found = list(values)
    return _tenth(sum(found, Decimal(0)) / len(found)) if found else None


def by_mean(
    found: Sequence[Mapping[Dimension, Decimal | None]],
) -> dict[Dimension, Decimal | None]:
    """Return the mean of each dimension over those that were measured on it."""
    return {d: mean(v for one in found if (v := one[d]) is not None) for d in Dimension}


def smoothed(before: Decimal | None, score: Decimal) -> Decimal:
    """Return the trend value beside a raw score."""
    return score if before is None else _tenth((before + score) / 2)


@dataclass(frozen=True, slots=True)
class Loss:
    """How many points of a dataset's score one rule cost."""

    code: str
    title: str
    dimension: Dimension
    checked: int
    wrong: int
    points: Decimal

    @property
    def label(self) -> str:
        return DIMENSION_LABELS[self.dimension]


Result = tuple[str, str, Dimension, int, int]  # code, title, dimension, checked, wrong


def losses(
    results: Sequence[Result],
    dimensions: Mapping[Dimension, Decimal | None],
    weights: Weights | None = None,
) -> list[Loss]:
    """Return what each rule cost, the dearest first; together the points missing to 100.

    The rules of a dimension share its weight; what the rounding of a dimension leaves over
    stays below a tenth.
    """
    held = weights or EQUAL
    heavy = sum((held[d] for d, value in dimensions.items() if value is not None), Decimal(0))
    measured = [row for row in results if row[3] > 0]
    found = []
    for code, title, dimension, checked, wrong in measured:
        siblings = sum(row[2] is dimension for row in measured)
        siblings += dimension is Dimension.ACCESSIBILITY  # that the table could be read at all
        missing = Decimal(wrong) / Decimal(checked)
        if wrong and heavy:
            points = missing * WHOLE * held[dimension] / heavy / siblings
            found.append(Loss(code, title, dimension, checked, wrong,
                              points.quantize(HUNDREDTH, ROUND_HALF_UP)))  # fmt: skip
    return sorted(found, key=lambda loss: (-loss.points, loss.code))


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(TENTH, ROUND_HALF_UP)
