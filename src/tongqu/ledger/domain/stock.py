"""存量: what the rates mean, and how they are computed from counts."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tongqu.lake.vocabulary import TableStep

_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with its definition: two counts, named in the measurement's facts."""

    label: str
    part: str
    whole: str
    definition: str


RATES = (
    Rate("汇聚率", "entries_connected", "entries",
         "已接入数据的目录条目数 ÷ 现行目录条目数"),
    Rate("治理率", "tables_treated", "tables",
         "已加工进入数仓层或服务层的贴源层表数 ÷ 贴源层表数"),
    Rate("共享率", "entries_shared", "entries_connected",
         "有有效共享授权的已接入条目数 ÷ 已接入数据的目录条目数"),
)  # fmt: skip


def share(part: int, whole: int) -> Decimal | None:
    """Return part of whole as a share of one; None where there is nothing to share.

    Example: share(1, 3) is 0.333333.
    """
    if whole == 0:
        return None
    return (Decimal(part) / Decimal(whole)).quantize(_PLACES, ROUND_HALF_UP)


def treated(tables: Collection[str], steps: Iterable[TableStep]) -> frozenset[str]:
    """Return the source tables from which another layer's table is made, at first or later hand."""
    made: dict[str, set[str]] = defaultdict(set)  # table → what is made from it
    for step in steps:
        made[step.source].add(step.target)
    found = set()
    for table in tables:
        seen, near = {table}, {table}
        while near:
            near = {far for one in near for far in made[one]} - seen
            seen |= near
        if not seen <= set(tables):
            found.add(table)
    return frozenset(found)
