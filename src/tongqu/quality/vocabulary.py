"""Words of quality: the six dimensions of GB/T 36344, kinds of rules, states of a ticket."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from tongqu.kernel.words import Word

PROBLEM_STATUS: dict[str, int] = {  # codes answered with something else than 422
    "NO_SUCH_TICKET": 404,
    "NO_SUCH_CASE": 404,
    "NOT_YOUR_TICKET": 403,
    "IDENTITY_NOT_VERIFIED": 403,
    "EXTENSION_NEEDS_BOTH": 409,
    "PRODUCTS_STALE": 409,
    "NOT_CURED": 409,
    "APPEALED_ALREADY": 409,
    "NO_SUCH_SCAN": 404,
    "NO_SUCH_RULE": 404,
    "NOT_CONNECTED": 409,
    "NO_SUCH_INDEX": 404,
    "NO_SUCH_IMPROVEMENT": 404,
    "NO_SUCH_GATE_CASE": 404,
    "NO_SUCH_REALITY_CASE": 404,
    "NO_SUCH_REPORT": 404,
    "NO_SUCH_STANDARD": 404,
    "NOT_YOUR_DATASET": 403,
    "NOT_GRANTED": 403,
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


class IndexScope(Word):
    """质量指数的范围."""

    DATASET = "dataset", "数据集"
    SYSTEM = "system", "系统"
    DEPARTMENT = "department", "部门"
    LEVEL = "level", "层级"


# What other rooms award points for: see ``public.award``.
AWARD_SHARED = "data_shared"
AWARD_REUSED = "data_reused"


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
    PLATE = "plate"  # 号牌与颜色
    VOLUME = "volume"  # 数据量, against a given or learned band
    DRIFT = "drift"  # 分布变化 since the scan before
    SPEED = "speed"  # 两点间速度
    SEQUENCE = "sequence"  # 时间先后: as the rows of one thing came in
    INSIDE = "inside"  # 位于辖区内
    NEAR = "near"  # 位于路网上


KIND_LABELS: dict[RuleKind, str] = {
    RuleKind.NOT_NULL: "必填",
    RuleKind.UNIQUE: "唯一",
    RuleKind.PATTERN: "格式",
    RuleKind.RANGE: "值域",
    RuleKind.CODES: "码表",
    RuleKind.LENGTH: "长度",
    RuleKind.ORDER: "先后",
    RuleKind.REFERENCE: "关联存在",
    RuleKind.FRESH: "更新时效",
    RuleKind.RELATED: "跨表比较",
    RuleKind.RECONCILE: "跨表对账",
    RuleKind.PATH: "状态先后",
    RuleKind.CHECK: "逐行校核",
    RuleKind.PLATE: "号牌与颜色",
    RuleKind.VOLUME: "数据量",
    RuleKind.DRIFT: "分布",
    RuleKind.SPEED: "两点间速度",
    RuleKind.SEQUENCE: "时间先后",
    RuleKind.INSIDE: "位于辖区内",
    RuleKind.NEAR: "位于路网上",
}


class TicketState(StrEnum):
    """质量问题工单 (requirements C.11)."""

    NEW = "new"  # 新建
    ASSIGNED = "assigned"  # 已派单
    CHECKING = "checking"  # 校核中
    UNFOUNDED = "unfounded"  # 不成立
    CORRECTING = "correcting"  # 更正中
    CORRECTED = "corrected"  # 已更正
    CLOSED = "closed"  # 关闭


class TicketCommand(StrEnum):
    ROUTE = "route"  # 派单
    ACCEPT = "accept"  # 受理
    DISMISS = "dismiss"  # 不成立
    CONFIRM = "confirm"  # 确认
    CORRECT = "correct"  # 更正完成
    CLOSE = "close"  # 检测核验关闭
    REOPEN = "reopen"  # 检测退回
    VERIFY = "verify"  # 提出人核验通过
    DISPUTE = "dispute"  # 提出人认为仍有问题
    LAPSE = "lapse"  # 期满未表示意见，关闭
    APPEAL = "appeal"  # 申诉


class Channel(Word):
    """Where a ticket comes from: it decides who verifies the correction."""

    SCAN = "scan", "规则检测"
    LOAD = "load", "接入隔离"
    USER = "user", "使用部门反馈"
    OVERSIGHT = "oversight", "检查发现"
    PUBLIC = "public", "公众纠错"
    OPERATOR = "operator", "数据校核需求"
    SUBJECT = "subject", "数据主体异议"


# Proved by data alone: by the next scan, by the resubmitted rows, by the case behind the ticket.
PROVED = frozenset({Channel.SCAN, Channel.LOAD, Channel.OPERATOR, Channel.SUBJECT})

STATE_LABELS: dict[TicketState, tuple[str, str]] = {  # word, tone
    TicketState.NEW: ("新建", "info"),
    TicketState.ASSIGNED: ("已派单", "info"),
    TicketState.CHECKING: ("校核中", "busy"),
    TicketState.UNFOUNDED: ("不成立", "quiet"),
    TicketState.CORRECTING: ("更正中", "busy"),
    TicketState.CORRECTED: ("已更正，待核验", "info"),
    TicketState.CLOSED: ("已关闭", "ok"),
}

COMMAND_LABELS: dict[str, str] = {  # what the history of a ticket says of a command
    "open": "提出",
    "note": "补充问题",
    "escalate": "超期，报主管部门",
    "successor": "部门撤销，转交",
    TicketCommand.ROUTE: "派单",
    TicketCommand.ACCEPT: "受理",
    TicketCommand.DISMISS: "认定不成立",
    TicketCommand.CONFIRM: "确认问题",
    TicketCommand.CORRECT: "已更正",
    TicketCommand.CLOSE: "核验通过，关闭",
    TicketCommand.REOPEN: "核验未通过，退回校核",
    TicketCommand.VERIFY: "提出人核验通过，关闭",
    TicketCommand.DISPUTE: "提出人认为仍有问题，退回校核",
    TicketCommand.LAPSE: "期满未表示意见，关闭",
    TicketCommand.APPEAL: "提出人申诉",
}


@dataclass(frozen=True, slots=True)
class RuleResultView:
    """One rule's answer. ``share`` = (checked − wrong) / checked, 0 to 1; NULL without rows.

    ``error``: why the rule was not carried out; empty when it was.
    """

    code: str
    title: str
    dimension: Dimension
    column: str
    checked: int
    wrong: int
    share: Decimal | None
    basis: str
    error: str = ""


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
    channel: Channel = Channel.SCAN
    item: str = ""
    is_overdue: bool = False
    reopened: int = 0
    provider_name: str = ""
