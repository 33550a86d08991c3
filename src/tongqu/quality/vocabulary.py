"""Words of quality: the six dimensions of GB/T 36344, kinds of rules, states of a ticket."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

PROBLEM_STATUS: dict[str, int] = {  # codes answered with something else than 422
    "NO_SUCH_TICKET": 404,
    "NO_SUCH_SCAN": 404,
    "NOT_CONNECTED": 409,
}


class Dimension(StrEnum):
    """质量维度, in the standard's order."""

    CONFORMITY = "conformity"  # 规范性
    COMPLETENESS = "completeness"  # 完整性
    ACCURACY = "accuracy"  # 准确性
    CONSISTENCY = "consistency"  # 一致性
    TIMELINESS = "timeliness"  # 时效性
    ACCESSIBILITY = "accessibility"  # 可访问性


DIMENSION_LABELS: dict[Dimension, str] = {
    Dimension.CONFORMITY: "规范性",
    Dimension.COMPLETENESS: "完整性",
    Dimension.ACCURACY: "准确性",
    Dimension.CONSISTENCY: "一致性",
    Dimension.TIMELINESS: "时效性",
    Dimension.ACCESSIBILITY: "可访问性",
}


class RuleKind(StrEnum):
    NOT_NULL = "not_null"  # 必填
    UNIQUE = "unique"  # 唯一
    PATTERN = "pattern"  # 格式
    RANGE = "range"  # 值域
    CODES = "codes"  # 码表
    LENGTH = "length"  # 长度
    ORDER = "order"  # 先后
    REFERENCE = "reference"  # 关联存在
    FRESH = "fresh"  # 更新时效
    RELATED = "related"  # 与另一张表的对应行相比
    RECONCILE = "reconcile"  # 与另一张表对账: totals of some days
    PATH = "path"  # 状态先后: the states of one thing, version after version
    CHECK = "check"  # 逐行校核: the language of room standards


class TicketState(StrEnum):
    """质量问题工单 (requirements C.11)."""

    ASSIGNED = "assigned"  # 已派单
    CHECKING = "checking"  # 校核中
    UNFOUNDED = "unfounded"  # 不成立
    CORRECTING = "correcting"  # 更正中
    CORRECTED = "corrected"  # 已更正
    CLOSED = "closed"  # 关闭


class TicketCommand(StrEnum):
    ACCEPT = "accept"  # 受理
    DISMISS = "dismiss"  # 不成立
    CONFIRM = "confirm"  # 确认
    CORRECT = "correct"  # 更正完成
    CLOSE = "close"  # 核验关闭
    REOPEN = "reopen"  # 重新校核


STATE_LABELS: dict[TicketState, tuple[str, str]] = {  # word, tone
    TicketState.ASSIGNED: ("已派单", "info"),
    TicketState.CHECKING: ("校核中", "busy"),
    TicketState.UNFOUNDED: ("不成立", "quiet"),
    TicketState.CORRECTING: ("更正中", "busy"),
    TicketState.CORRECTED: ("已更正，待核验", "info"),
    TicketState.CLOSED: ("已关闭", "ok"),
}

COMMAND_LABELS: dict[str, str] = {  # what the history of a ticket says of a command
    "open": "派单",
    "note": "补充问题",
    TicketCommand.ACCEPT: "受理",
    TicketCommand.DISMISS: "认定不成立",
    TicketCommand.CONFIRM: "确认问题",
    TicketCommand.CORRECT: "登记已更正",
    TicketCommand.CLOSE: "核验通过，关闭",
    TicketCommand.REOPEN: "核验未通过，退回校核",
}


@dataclass(frozen=True, slots=True)
class RuleResultView:
    """One rule's answer. ``share`` = (checked − wrong) / checked, 0 to 1; NULL without rows."""

    code: str
    title: str
    dimension: Dimension
    column: str
    checked: int
    wrong: int
    share: Decimal | None
    basis: str


@dataclass(frozen=True, slots=True)
class ScanView:
    """One run over one snapshot. A dimension without a rule has no score (NULL), not 100."""

    number: str
    entry_code: str
    table: str
    snapshot_id: int
    rows: int
    at: datetime
    score: Decimal | None  # 0 to 100, one place
    dimensions: dict[Dimension, Decimal | None]
    results: tuple[RuleResultView, ...]
    ticket: str  # number, or ""


@dataclass(frozen=True, slots=True)
class TicketView:
    number: str
    entry_code: str
    entry_name: str
    provider_id: int
    state: TicketState
    title: str
    wrong: int
    opened_at: datetime
    due_on: date
    due_provisional: bool
    scan: str
