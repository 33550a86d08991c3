"""目录与实际核对: what an entry declares, held against what arrived."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from tongqu.catalog.vocabulary import RealityLine, UpdateCycle
from tongqu.kernel.law import Assumption
from tongqu.kernel.states import StateTable, Step
from tongqu.kernel.words import Word
from tongqu.policy.clauses.measures_2021 import MISMATCH

LATE = Assumption("超过更新周期一倍仍未更新的，视为与所报周期不符；不定期更新的不核对")
LESS = Assumption("实有行数比最近一次编目回执所记少 10% 以上的，视为数据量不符")
SHARE = Decimal("0.1")
DAYS = {
    UpdateCycle.REALTIME: 1, UpdateCycle.DAILY: 2, UpdateCycle.WEEKLY: 14,
    UpdateCycle.MONTHLY: 62, UpdateCycle.QUARTERLY: 184, UpdateCycle.YEARLY: 731,
}  # fmt: skip
NAMED = 8


class Aspect(Word):
    """核对的方面."""

    FIELDS = "fields", "信息项"
    CYCLE = "cycle", "更新周期"
    VOLUME = "volume", "数据量"


class CaseState(Word):
    OPEN = "open", "待处理"
    TICKETED = "ticketed", "已派工单"
    CHANGING = "changing", "已转变更登记"
    CLOSED = "closed", "已一致"


class CaseCommand(Word):
    TICKET = "ticket", "派工单"
    CHANGE = "change", "转变更登记"
    AGREE = "agree", "核对一致"


_S, _C = CaseState, CaseCommand
CASES = StateTable(
    "目录实际核对事项",
    _S.OPEN,
    (
        Step(_S.OPEN, _C.TICKET, _S.TICKETED, "support", MISMATCH, "派质量工单"),
        Step(_S.OPEN, _C.CHANGE, _S.CHANGING, "support", MISMATCH, "转目录变更登记"),
        *(Step(s, _C.AGREE, _S.CLOSED, "platform", MISMATCH, "核对一致")
          for s in (_S.OPEN, _S.TICKETED, _S.CHANGING)),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    aspect: Aspect
    declared: str
    actual: str


def differences(line: RealityLine, now: datetime) -> list[Difference]:
    """Return in what an entry and what arrived do not agree; names and numbers, never values."""
    found = (
        _fields(line.declared, line.observed), _cycle(line, now), _volume(line),
    )  # fmt: skip
    return [difference for difference in found if difference is not None]


def _fields(declared: Mapping[str, str], observed: Mapping[str, str]) -> Difference | None:
    """A column that nobody declared, or a declared one that never came; types are the check's."""
    if not observed:
        return None
    missing = [name for name in declared if name not in observed]
    more = [name for name in observed if name not in declared]
    if not missing and not more:
        return None
    parts = [f"缺 {_named(missing)}"] if missing else []
    parts += [f"多 {_named(more)}"] if more else []
    return Difference(Aspect.FIELDS, f"{len(declared)} 项", "；".join(parts))


def _named(names: list[str]) -> str:
    return "、".join(names[:NAMED]) + (f" 等 {len(names)} 项" if len(names) > NAMED else "")


def _cycle(line: RealityLine, now: datetime) -> Difference | None:
    cycle = UpdateCycle(line.update_cycle)
    if cycle not in DAYS or line.last_loaded_at is None:
        return None
    late = now - line.last_loaded_at
    if late <= timedelta(days=DAYS[cycle]):
        return None
    return Difference(Aspect.CYCLE, f"{cycle.label}更新", f"{late.days} 天未更新")


def _volume(line: RealityLine) -> Difference | None:
    if not line.receipt_rows or line.rows >= line.receipt_rows * (1 - SHARE):
        return None
    less = 100 * Decimal(line.receipt_rows - line.rows) / line.receipt_rows
    return Difference(Aspect.VOLUME, f"{line.receipt_rows} 行", f"{line.rows} 行，少 {less:.1f}%")
