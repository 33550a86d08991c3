"""存量: what the rates mean, and how they are computed from counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with its definition: two counts, named in the measurement's facts."""

    key: str
    label: str
    part: str
    whole: str
    definition: str


RATES = (
    Rate("aggregation", "汇聚率", "entries_connected", "entries",
         "已接入数据的目录条目数 ÷ 现行目录条目数"),
    Rate("treatment", "治理率", "tables_treated", "tables",
         "已加工进入数仓层或服务层的贴源层表数 ÷ 贴源层表数"),
    Rate("sharing", "共享率", "entries_shared", "entries_connected",
         "有有效共享授权的已接入条目数 ÷ 已接入数据的目录条目数"),
)  # fmt: skip


def share(part: int, whole: int) -> Decimal | None:
    """Return part of whole as a share of one; None where there is nothing to share.

    Example: share(1, 3) is 0.333333.
    """
    if whole == 0:
        return None
    return (Decimal(part) / Decimal(whole)).quantize(_PLACES, ROUND_HALF_UP)


def rates(facts: Mapping[str, int]) -> dict[str, Decimal | None]:
    return {rate.key: share(facts[rate.part], facts[rate.whole]) for rate in RATES}
