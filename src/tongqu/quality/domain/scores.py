"""From rule results to scores: exact fractions, no score where nothing was measured."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from tongqu.kernel.law import Assumption
from tongqu.quality.vocabulary import Dimension

WEIGHTS = Assumption("GB/T 36344 未给出权重：各维度等权，同一维度内各规则等权")
TENTH = Decimal("0.1")


def share(checked: int, wrong: int) -> Decimal | None:
    """Return the share of right elements, 0 to 1; NULL when none was checked."""
    return None if checked == 0 else Decimal(checked - wrong) / Decimal(checked)


def by_dimension(
    results: Sequence[tuple[Dimension, Decimal | None]],
) -> dict[Dimension, Decimal | None]:
    """Return each dimension's score, 0 to 100 with one place, rounded half up; NULL unmeasured."""
    found: dict[Dimension, Decimal | None] = {}
    for dimension in Dimension:
        shares = [value for d, value in results if d is dimension and value is not None]
        found[dimension] = _tenth(sum(shares, Decimal(0)) / len(shares) * 100) if shares else None
    return found


def total(dimensions: Mapping[Dimension, Decimal | None]) -> Decimal | None:
    """Return the mean of the measured dimensions, 0 to 100 with one place."""
    known = [value for value in dimensions.values() if value is not None]
    return _tenth(sum(known, Decimal(0)) / len(known)) if known else None


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(TENTH, ROUND_HALF_UP)
