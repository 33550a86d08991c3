"""What users say beside what the machine measures."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tongqu.kernel.law import Assumption

LEAST_VOTES = 5
FAR_APART = Decimal("1.5")
DIVERGENCE = Assumption(
    "机器得分折合星级与用户星级相差 1.5 星以上、且不少于 5 人评分的，标记分歧复核"
)
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Opinion:
    """Means of 1 to 5 over all votes; ``diverges``: machine and users tell different stories."""

    votes: int
    stars: Decimal
    needs_met: Decimal
    data_quality: Decimal
    effect: Decimal
    diverges: bool = False


def opinion(votes: int, totals: Sequence[int], machine: Decimal | None) -> Opinion | None:
    """``totals``: sums of stars and of the three answers. None without a vote."""
    if not votes:
        return None
    stars, needs_met, data_quality, effect = (
        (Decimal(t) / votes).quantize(HUNDREDTH, ROUND_HALF_UP) for t in totals
    )
    return Opinion(votes, stars, needs_met, data_quality, effect, diverges(votes, stars, machine))


def diverges(votes: int, stars: Decimal, machine: Decimal | None) -> bool:
    if machine is None or votes < LEAST_VOTES:
        return False
    return abs(machine / 20 - stars) >= FAR_APART
