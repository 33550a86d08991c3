"""Words of delivery: grants, their states, and the values that cross its doors."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tongqu.catalog.vocabulary import DataType, Manner

# Codes answered with something else than 422.
PROBLEM_STATUS: dict[str, int] = {
    "NO_GRANT": 403,
    "GRANT_NOT_YET_VALID": 403,
    "GRANT_EXPIRED": 403,
    "GRANT_REVOKED": 403,
    "GRANT_SUSPENDED": 403,
    "GRANT_TO_RECONFIRM": 403,
    "MANNER_NOT_GRANTED": 403,
    "PURPOSE_MISMATCH": 403,
    "ENV_NOT_REGISTERED": 403,
    "QUOTA_EXCEEDED": 429,
    "FREE_BY_POLICY": 409,
    "NOT_YOUR_GRANT": 403,
    "GRANT_STEP": 409,
    "COPY_NOT_FOUND": 404,
    "DOWNLOAD_NOT_FOUND": 404,
    "DOWNLOAD_NOT_READY": 409,
    "DOWNLOAD_FAILED": 409,
    "DOWNLOAD_EXPIRED": 410,
    "SNAPSHOT_GONE": 410,
    "NO_SERVICE_TABLE": 409,
    "RANGE_NOT_SATISFIABLE": 416,
    "QUERY_BUSY": 429,
    "QUERY_TABLE": 403,
    "EXPORT_LEVEL": 403,
}
DEFAULT_RIGHT_LEVEL = 2  # 2 级: what a consumer sees in clear unless its grant says more


class GrantState(StrEnum):
    """授权状态 (C.5)."""

    EFFECTIVE_UNUSED = "effective_unused"  # 生效（未使用）
    IN_USE = "in_use"  # 使用中
    PENDING_REVOCATION_DECISION = "pending_revocation_decision"  # 待撤销决定
    PENDING_FEEDBACK = "pending_feedback"  # 待反馈
    TO_RECONFIRM = "to_reconfirm"  # 待重新确认
    SUSPENDED = "suspended"  # 已暂停
    REVOKED = "revoked"  # 已撤销
    EXPIRED = "expired"  # 已到期


STATE_LABELS: dict[GrantState, str] = {
    GrantState.EFFECTIVE_UNUSED: "生效（未使用）",
    GrantState.IN_USE: "使用中",
    GrantState.PENDING_REVOCATION_DECISION: "待撤销决定",
    GrantState.PENDING_FEEDBACK: "待反馈",
    GrantState.TO_RECONFIRM: "待重新确认",
    GrantState.SUSPENDED: "已暂停",
    GrantState.REVOKED: "已撤销",
    GrantState.EXPIRED: "已到期",
}
STATE_TONES: dict[GrantState, str] = {
    GrantState.EFFECTIVE_UNUSED: "info",
    GrantState.IN_USE: "ok",
    GrantState.PENDING_REVOCATION_DECISION: "warn",
    GrantState.PENDING_FEEDBACK: "warn",
    GrantState.TO_RECONFIRM: "warn",
    GrantState.SUSPENDED: "bad",
    GrantState.REVOKED: "past",
    GrantState.EXPIRED: "past",
}
# In these states data may leave. A decision that is only pending is not an automatic cut.
OPEN_STATES = frozenset(
    {
        GrantState.EFFECTIVE_UNUSED,
        GrantState.IN_USE,
        GrantState.PENDING_REVOCATION_DECISION,
        GrantState.PENDING_FEEDBACK,
    }
)
ENDED_STATES = frozenset({GrantState.REVOKED, GrantState.EXPIRED})


class GrantCommand(StrEnum):
    """What can happen to a grant."""

    USE = "use"  # 首次使用
    MARK_IDLE = "mark_idle"  # 三个月未使用
    KEEP = "keep"  # 保留
    REVOKE = "revoke"  # 撤销
    ASK_FEEDBACK = "ask_feedback"  # 到期反馈
    TAKE_FEEDBACK = "take_feedback"  # 已反馈
    SUSPEND = "suspend"  # 暂停
    RESUME = "resume"  # 恢复
    ENTRY_CHANGED = "entry_changed"  # 目录变更生效
    RECONFIRM = "reconfirm"  # 重新确认
    EXPIRE = "expire"  # 到期


class Operator(StrEnum):
    """筛选运算, of a grant's row filter and of a call's own filters."""

    EQ = "eq"  # 等于
    IN = "in"  # 属于
    BETWEEN = "between"  # 介于（含两端）
    PREFIX = "prefix"  # 以…开头
    HAS = "has"  # 用逗号分隔的多个值中有
    MIN = "min"  # 不小于、不早于
    MAX = "max"  # 不大于、不晚于
    NOT = "not"  # 不等于
    EMPTY = "empty"  # 为空


OPERATOR_LABELS: dict[Operator, str] = {
    Operator.EQ: "等于",
    Operator.IN: "属于",
    Operator.BETWEEN: "介于",
    Operator.PREFIX: "开头为",
    Operator.HAS: "含有",
    Operator.MIN: "不小于",
    Operator.MAX: "不大于",
    Operator.NOT: "不等于",
    Operator.EMPTY: "为空",
}
TODAY = "{today}"  # as a value of an open set's row filter: the legal day of the call


class FileFormat(StrEnum):
    """下载格式."""

    PARQUET = "parquet"
    CSV = "csv"
    XLSX = "xlsx"


class OpenForm(StrEnum):
    """开放下载格式."""

    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"
    GEOJSON = "geojson"


class DownloadState(StrEnum):
    """下载任务状态."""

    QUEUED = "queued"  # 排队中
    RUNNING = "running"  # 准备中
    READY = "ready"  # 可下载
    FAILED = "failed"  # 未完成
    EXPIRED = "expired"  # 已过期


DOWNLOAD_LABELS: dict[DownloadState, str] = {
    DownloadState.QUEUED: "排队中",
    DownloadState.RUNNING: "准备中",
    DownloadState.READY: "可下载",
    DownloadState.FAILED: "未完成",
    DownloadState.EXPIRED: "已过期",
}


class TimeUnit(StrEnum):
    """时间精度."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


class FeeThing(StrEnum):
    """What somebody may try to hang on a share: there is none of it (article 5)."""

    PRICE = "price"
    BILL = "bill"
    FEE = "fee"
    INVOICE = "invoice"
    PAYMENT = "payment"
    QUOTATION = "quotation"


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on one item; all conditions of a query hold together.

    ``values`` are texts in the item's own type: two for between (both ends included), one or
    more for in, none for empty, one for all others.
    """

    item: str
    operator: Operator
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rounding:
    """精度: an item given less exactly than it is kept: decimals, or a unit of time."""

    item: str
    decimals: int | None = None
    unit: TimeUnit | None = None


@dataclass(frozen=True, slots=True)
class GrantTerms:
    """What is granted. ``items`` are English names; ``networks`` are CIDR texts, empty: any.

    ``right_level`` is the highest level shown in clear; ``clear_items`` are shown in clear
    although their level is higher, because the decision says so. ``zone``: code of the
    operation zone (运营域) for which a grant of authorised operation is: in it persons are
    keyed by the zone's own pseudonyms, which nothing in the terms can lift.
    """

    entry_code: str
    version_id: int
    items: tuple[str, ...]
    purpose_code: str
    purpose_text: str
    consumer_id: int
    manners: tuple[Manner, ...]
    valid_from: date
    valid_until: date
    row_filter: tuple[Filter, ...] = ()
    system_name: str = ""
    networks: tuple[str, ...] = ()
    quota_rows_per_day: int | None = None
    precision: tuple[Rounding, ...] = ()
    right_level: int = DEFAULT_RIGHT_LEVEL
    clear_items: tuple[str, ...] = ()
    zone: str = ""


@dataclass(frozen=True, slots=True)
class GrantView:
    """A share grant (共享授权) as others may read it.

    NULLs: ``first_used_at`` and ``last_used_at`` (exact to five minutes) until a first use.
    ``idle_since`` is the day from which the three months of article 17 are counted.
    """

    id: int
    number: str
    state: GrantState
    terms: GrantTerms
    entry_name: str
    version: str
    provider_id: int
    consumer_code: str
    consumer_name: str
    is_external: bool
    issued_at: datetime
    idle_since: date
    first_used_at: datetime | None
    last_used_at: datetime | None
    approved_by: str
    approver_role: str
    basis: str  # code of a clause
    source_reference: str  # 办件号
    end_basis: str = ""
    end_reason: str = ""

    @property
    def state_label(self) -> str:
        return STATE_LABELS[self.state]

    @property
    def state_tone(self) -> str:
        return STATE_TONES[self.state]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


@dataclass(frozen=True, slots=True)
class Shown:
    """How an open set shows one item: as it is, masked, or masked but for some rows.

    ``unless`` names the rows in which it is shown in clear; what it does not match, unknown
    values too, is masked. ``part``: a partial display (部分显示) of an item that is not
    itself opened; it leaves under ``item_part`` and is never the value.
    """

    item: str
    mask: str = ""
    unless: Filter | None = None
    is_part: bool = False

    @property
    def name(self) -> str:
        return f"{self.item}_part" if self.is_part else self.item


@dataclass(frozen=True, slots=True)
class OpenTerms:
    """What everybody may take, without a person or a purpose: the terms of an open set.

    ``set_code`` salts the masks: what two open sets give does not join by a masked value.
    """

    set_code: str
    version_id: int
    table: str
    shown: tuple[Shown, ...]
    row_filter: tuple[Filter, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenColumn:
    """One column of an open set, for its dictionary. ``mask`` is empty when shown in clear."""

    name: str
    title: str
    data_type: DataType
    is_key: bool
    mask: str
    is_masked_partly: bool


class OpenRefusal(StrEnum):
    """Why the gate does not let an item be opened as asked."""

    UNKNOWN = "unknown"  # 目录版本中没有
    TOP_LEVEL = "top_level"  # 4 级
    IN_CLEAR = "in_clear"  # 2、3 级而未脱敏
    NOT_OPENABLE = "not_openable"  # 目录未标可开放
    BAD_MASK = "bad_mask"  # 脱敏方法不明


class QueryRefusal(StrEnum):
    """Why the text of an ad-hoc query does not run."""

    SYNTAX = "syntax"  # 无法解析
    NOT_SELECT = "not_select"  # 不是一条查询
    FUNCTION = "function"  # 未列入的函数
    PART = "part"  # 不允许的成分
    TABLE = "table"  # 无权或不存在的表
    TOO_MANY = "too_many"  # 表过多
    TOO_DEEP = "too_deep"  # 嵌套过深


class QueryState(StrEnum):
    """即席查询状态."""

    RUNNING = "running"  # 运行中
    DONE = "done"  # 完成
    FAILED = "failed"  # 未完成


QUERY_LABELS: dict[QueryState, str] = {
    QueryState.RUNNING: "运行中",
    QueryState.DONE: "完成",
    QueryState.FAILED: "未完成",
}
