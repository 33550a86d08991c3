"""应归未归: every entry in force with who needs it and whether its data are here."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import BasicClass
from tongqu.kernel.actor import Actor
from tongqu.ledger.domain import coverage
from tongqu.ledger.domain.stock import share
from tongqu.ledger.queries.scope import provider_of
from tongqu.ledger.vocabulary import CoverageState
from tongqu.sharing import public as sharing


@dataclass(frozen=True, slots=True)
class Covered:
    """One entry: required by law or not, demanded by whom, connected or not."""

    entry: catalog.EntryLine
    state: CoverageState
    demands: tuple[sharing.Demand, ...]

    @property
    def required_by(self) -> str:
        """Return the basic class of article 7 that makes it owed, or nothing."""
        return BasicClass(self.entry.basic_class).label if self.entry.basic_class else ""

    @property
    def demand_numbers(self) -> str:
        return "、".join(demand.number for demand in self.demands)

    @property
    def demanded_by(self) -> str:
        return "、".join(dict.fromkeys(demand.consumer_name for demand in self.demands))


@dataclass(frozen=True, slots=True)
class Board:
    """How far one department has come. ``share`` is collected ÷ owed; None where none is."""

    name: str
    entries: int
    collected: int
    missing: int
    no_demand: int
    share: Decimal | None


def covered(actor: Actor) -> list[Covered]:
    """Return every entry in the reader's sight, what is missing first.

    Two statements whatever the size: entries as lines, and demands.
    """
    demands: dict[str, list[sharing.Demand]] = defaultdict(list)
    for demand in sharing.demands():
        demands[demand.entry_code].append(demand)
    rows = [
        _covered(line, demands.get(line.code, ()))
        for line in catalog.lines(provider_id=provider_of(actor))
    ]
    order = list(CoverageState)
    return sorted(rows, key=lambda r: (order.index(r.state), -len(r.demands), r.entry.code))


def _covered(line: catalog.EntryLine, demands: Sequence[sharing.Demand]) -> Covered:
    state = coverage.state_of(
        demands=len(demands),
        is_required=bool(line.basic_class),
        is_connected=line.connected_at is not None,
    )
    return Covered(line, state, tuple(demands))


def boards(rows: Sequence[Covered]) -> list[Board]:
    """Return one board a department, those with most missing first."""
    by_name: dict[str, list[CoverageState]] = defaultdict(list)
    for row in rows:
        by_name[row.entry.provider_name].append(row.state)
    found = [_board(name, states) for name, states in by_name.items()]
    return sorted(found, key=lambda board: (-board.missing, board.name))


def _board(name: str, states: Sequence[CoverageState]) -> Board:
    collected = states.count(CoverageState.COLLECTED)
    missing = states.count(CoverageState.MISSING)
    return Board(
        name, len(states), collected, missing, states.count(CoverageState.NO_DEMAND),
        share(collected, collected + missing),
    )  # fmt: skip


HEADS = ("目录标识", "名称", "提供部门", "状态", "应归依据", "需求数", "需求办件号", "需求部门",
         "接入行数")  # fmt: skip


def cells(row: Covered) -> tuple[str | int, ...]:
    return (
        row.entry.code, row.entry.name, row.entry.provider_name, row.state.label,
        row.required_by, len(row.demands), row.demand_numbers, row.demanded_by,
        row.entry.connected_rows,
    )  # fmt: skip
