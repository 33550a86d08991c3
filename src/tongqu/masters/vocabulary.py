"""Words of masters (主数据与多源校核): domains, golden records, look-alikes, checks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tongqu.kernel.words import Word

# Codes answered with something else than 422.
PROBLEM_STATUS: dict[str, int] = {
    "MASTER_UNKNOWN": 404,
    "RECORD_UNKNOWN": 404,
    "LIKENESS_UNKNOWN": 404,
    "PROPOSAL_UNKNOWN": 404,
    "CROSS_CHECK_UNKNOWN": 404,
    "NOT_SUBSCRIBED": 403,
    "NO_MASTER_GRANT": 403,
    "NOT_YOUR_CHECK": 403,
    "NOT_YOUR_PROPOSAL": 403,
    "MASTER_BUSY": 409,
    "ALREADY_MERGED": 409,
    "NO_SOURCE_ROWS": 409,
}


class MasterDomain(Word):
    """主数据域: the five of 000 (三)."""

    INFRASTRUCTURE = "infrastructure", "基础设施"
    CARRIERS = "carriers", "运载工具"
    OPERATORS = "operators", "经营业户"
    STAFF = "staff", "从业人员"
    GENERAL = "general", "综合管理"


class RecordState(Word):
    """金记录状态."""

    ACTIVE = "active", "在用"
    MERGED = "merged", "已合并"
    STOPPED = "stopped", "停用"


class ChangeKind(Word):
    """变更事件: what a subscriber is told (STD-08)."""

    ADDED = "added", "新增"
    CHANGED = "changed", "变更"
    MERGED = "merged", "合并"
    STOPPED = "stopped", "停用"


class LikenessState(Word):
    """What people said of two records that may be one thing."""

    OPEN = "open", "待处理"
    LATER = "later", "暂缓"
    MERGED = "merged", "已合并"
    APART = "apart", "保持独立"


class LikenessCommand(Word):
    MERGE = "merge", "合并"
    APART = "apart", "保持独立"
    LATER = "later", "暂缓"
    SPLIT = "split", "撤销合并"
    REOPEN = "reopen", "重新处理"


class ClashState(Word):
    """标识冲突: records of one key that tell different identities."""

    OPEN = "open", "待核实"
    CONFIRMED = "confirmed", "已核实"
    SETTLED = "settled", "来源已一致"


class ProposalState(Word):
    """更正建议 of a subscriber (STD-08)."""

    FILED = "filed", "已提出"
    ACCEPTED = "accepted", "已采纳，待来源更正"
    REFUSED = "refused", "未采纳"
    WITHDRAWN = "withdrawn", "已撤回"
    DONE = "done", "来源已更正"


class ProposalCommand(Word):
    ACCEPT = "accept", "采纳"
    REFUSE = "refuse", "不采纳"
    WITHDRAW = "withdraw", "撤回"
    FINISH = "finish", "来源已更正"


class Winner(Word):
    """取值建议: how the winner of a conflict is suggested."""

    PRIORITY = "priority", "来源优先"
    NEWEST = "newest", "最近报送"
    MAJORITY = "majority", "多数来源一致"


LIKENESS_TONES: Mapping[LikenessState, str] = {
    LikenessState.OPEN: "warn", LikenessState.LATER: "quiet", LikenessState.MERGED: "ok",
    LikenessState.APART: "past",
}  # fmt: skip
PROPOSAL_TONES: Mapping[ProposalState, str] = {
    ProposalState.FILED: "warn", ProposalState.ACCEPTED: "busy", ProposalState.REFUSED: "past",
    ProposalState.WITHDRAWN: "quiet", ProposalState.DONE: "ok",
}  # fmt: skip
CLASH_TONES: Mapping[ClashState, str] = {
    ClashState.OPEN: "warn", ClashState.CONFIRMED: "info", ClashState.SETTLED: "ok",
}  # fmt: skip
RECORD_TONES: Mapping[RecordState, str] = {
    RecordState.ACTIVE: "ok", RecordState.MERGED: "quiet", RecordState.STOPPED: "past",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Consolidated:
    """What a run over the sources came to. Counts are exact, lists of people's work capped."""

    scheme: str
    records: int
    rows: int
    events: Mapping[str, int]
    likenesses: int
    clashes: int
    snapshot_id: int


@dataclass(frozen=True, slots=True)
class ItemAgreement:
    """How far the sources agree on one item. ``compared``: keys for which two tell a value.

    ``alone``: keys that several sources hold, of which one only tells the item. ``rate`` NULL:
    nothing to compare.
    """

    item: str
    title: str
    compared: int
    conflicts: int
    alone: int = 0

    @property
    def rate(self) -> float | None:
        return (self.compared - self.conflicts) / self.compared if self.compared else None


@dataclass(frozen=True, slots=True)
class SaidBy:
    """One source's word in a conflict; ``rank`` 1 goes first."""

    source: str
    rank: int
    value: str | None
    told_at: datetime | None
    is_suggested: bool = False
    ticket: str = ""


@dataclass(frozen=True, slots=True)
class ConflictView:
    """One fact that sources tell differently, values masked for who asks."""

    key: str
    item: str
    title: str
    said: tuple[SaidBy, ...]
    winner: str  # name of the source
    reason: str


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A source's own record within a golden one."""

    source: str
    source_key: str
    told_at: datetime | None
    born_key: str  # the golden key it was born with
    values: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MasterRecord:
    """A golden record, masked for who asks. ``into_key``: where a merged one went."""

    scheme: str
    key: str
    state: RecordState
    version: int
    changed_at: datetime | None
    into_key: str
    values: Mapping[str, str | None]
    given_by: Mapping[str, str]  # field → source
    conflicts: tuple[str, ...]
    source_count: int


@dataclass(frozen=True, slots=True)
class MasterEvent:
    seq: int
    kind: ChangeKind
    key: str
    into_key: str
    version: int
    fields: tuple[str, ...]
    at: datetime


Document = Mapping[str, Any]
