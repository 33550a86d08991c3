"""Words of the lake: layers, libraries, tables, snapshots, runs, lineage."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tongqu.kernel.problems import Changed, Problem, Rejected, Unavailable
from tongqu.kernel.words import Word

# Codes answered with something else than 422.
PROBLEM_STATUS: dict[str, int] = {
    "OUT_OF_BAND": 403,
    "ROW_UNKNOWN": 404,
    "LAKE_TABLE_NOT_FOUND": 404,
    "LAKE_CHANGED": 409,
    "MODEL_UNKNOWN": 404,
    "BUSINESS_MODEL_UNKNOWN": 404,
    "TOPIC_UNKNOWN": 404,
    "NOT_YOUR_MODEL": 403,
    "TOPIC_EXISTS": 409,
}


class Layer(StrEnum):
    """数据分层. A table's name begins with its layer's prefix."""

    ODS = "ods"  # 贴源层
    DW = "dw"  # 数仓层
    SVC = "svc"  # 服务层
    QUARANTINE = "quarantine"  # 隔离区


LAYER_LABELS: dict[Layer, str] = {
    Layer.ODS: "贴源层",
    Layer.DW: "数仓层",
    Layer.SVC: "服务层",
    Layer.QUARANTINE: "隔离区",
}
PREFIXES: dict[Layer, str] = {
    Layer.ODS: "ods_",
    Layer.DW: "dw_",
    Layer.SVC: "svc_",
    Layer.QUARANTINE: "quarantine_",
}


class Library(StrEnum):
    """五库. The base and theme libraries lie in the warehouse layer, topic and service above."""

    BASE = "base"  # 基础库
    THEME = "theme"  # 主题库
    TOPIC = "topic"  # 专题库
    SERVICE = "service"  # 服务库
    SELF = "self"  # 自管库


LIBRARY_LABELS: dict[Library, str] = {
    Library.BASE: "基础库",
    Library.THEME: "主题库",
    Library.TOPIC: "专题库",
    Library.SERVICE: "服务库",
    Library.SELF: "自管库",
}


class Theme(Word):
    """主题库 is kept by business domain: a table of it belongs to one of the five."""

    PLANNING = "planning", "交通规划"
    BUILDING = "building", "建设管养"
    TRANSPORT = "transport", "综合运输"
    ENFORCEMENT = "enforcement", "行政执法"
    SAFETY = "safety", "安全应急"


# 基础库: the business objects of which a province keeps one standardised record each.
OBJECTS = (
    "从业人员", "从业单位", "交通工具", "公路", "铁路", "航道", "港口", "桥梁", "隧道", "站场",
    "服务区", "收费站",
)  # fmt: skip


class ModelLevel(Word):
    """业务数据模型的层次."""

    CONCEPTUAL = "conceptual", "概念"
    LOGICAL = "logical", "逻辑"
    PHYSICAL = "physical", "物理"


class ModelScope(Word):
    """Whose model it is: 核心 of the whole industry, 本级 of one hub."""

    CORE = "core", "核心"
    OWN = "own", "本级"


class ServiceKind(Word):
    """服务形式 of the service layer."""

    INTERFACE = "interface", "接口"
    TABLE = "table", "库表"
    FILE = "file", "文件"
    MODEL = "model", "模型"
    REPORT = "report", "报告"
    SUBSCRIPTION = "subscription", "订阅"


class ServiceGroup(Word):
    """服务库 holds three groups of products."""

    OPENING = "opening", "开放"
    SHARING = "sharing", "共享"
    ANALYSIS = "analysis", "分析"


class Transform(StrEnum):
    """How a column comes from another (血缘)."""

    DIRECT = "direct"  # 直接取用
    DERIVED = "derived"  # 计算得出
    AGGREGATE = "aggregate"  # 汇总得出


TRANSFORM_LABELS: dict[Transform, str] = {
    Transform.DIRECT: "直接取用",
    Transform.DERIVED: "计算得出",
    Transform.AGGREGATE: "汇总得出",
}


class Direction(StrEnum):
    UP = "up"  # 溯源
    DOWN = "down"  # 影响


class RunState(StrEnum):
    RUNNING = "running"  # 运行中
    DONE = "done"  # 完成
    FAILED = "failed"  # 失败


class StepState(StrEnum):
    DONE = "done"  # 完成
    UNCHANGED = "unchanged"  # 无变化
    FAILED = "failed"  # 失败
    BLOCKED = "blocked"  # 上游失败，未执行
    WAITING = "waiting"  # 上游尚无数据


STEP_LABELS: dict[StepState, str] = {
    StepState.DONE: "完成",
    StepState.UNCHANGED: "无变化",
    StepState.FAILED: "失败",
    StepState.BLOCKED: "上游失败，未执行",
    StepState.WAITING: "上游尚无数据",
}

# Columns the platform adds; models and consumers see them only when they name them.
ODS_TECHNICAL = ("_batch_id", "_load_time", "_source", "_line", "_row_hash")
SVC_TECHNICAL = ("_row_hash", "_seq", "_op")

_NAME = re.compile(r"[a-z][a-z0-9_]{0,119}")


@dataclass(frozen=True, slots=True, order=True)
class TableRef:
    """A table of the lake. The name begins with the prefix of its layer, or it is refused."""

    layer: Layer
    name: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or not self.name.startswith(PREFIXES[self.layer]):
            raise Rejected(
                Problem(
                    code="TABLE_NAME",
                    title=f"{LAYER_LABELS[self.layer]}的表名须以 {PREFIXES[self.layer]} 开头。",
                    next_step="请用小写字母、数字和下划线命名，前缀与所在层一致。",
                    facts={"layer": self.layer.value},
                )
            )

    @property
    def identifier(self) -> str:
        return f"{self.layer}.{self.name}"

    def __str__(self) -> str:
        return self.identifier


def ods_ref(name: str) -> TableRef:
    """Return the source-layer table of this name; ``flights`` is read as ``ods_flights``."""
    return _ref(Layer.ODS, name)


def dw_ref(name: str) -> TableRef:
    return _ref(Layer.DW, name)


def svc_ref(name: str) -> TableRef:
    return _ref(Layer.SVC, name)


def quarantine_ref(name: str) -> TableRef:
    return _ref(Layer.QUARANTINE, name)


def _ref(layer: Layer, name: str) -> TableRef:
    prefix = PREFIXES[layer]
    is_bare = not any(name.startswith(known) for known in PREFIXES.values())
    return TableRef(layer, prefix + name if is_bare else name)


def ref_of(name: str) -> TableRef | None:
    """Return the table that a bare name or ``layer.name`` speaks of; None if no layer claims it."""
    bare = name.rsplit(".", 1)[-1]
    for layer, prefix in PREFIXES.items():
        if bare.startswith(prefix) and _NAME.fullmatch(bare):
            return TableRef(layer, bare)
    return None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One committed state of a table. ``rows`` is the number of rows in the whole table."""

    id: int
    sequence: int
    at: datetime
    rows: int
    summary: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``type`` is a DuckDB type; the id outlives every rename."""

    field_id: int
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a reader needs: the columns as they are now and the files of one snapshot."""

    snapshot_id: int | None
    columns: tuple[Column, ...]
    files: tuple[str, ...]
    rows: int


class StoredKind(StrEnum):
    """文件种类: what a file of a table is for."""

    METADATA = "metadata"  # 表元数据
    LIST = "list"  # 清单目录
    MANIFEST = "manifest"  # 文件清单
    DATA = "data"  # 数据文件


STORED_LABELS: dict[StoredKind, str] = {
    StoredKind.METADATA: "表元数据",
    StoredKind.LIST: "清单目录",
    StoredKind.MANIFEST: "文件清单",
    StoredKind.DATA: "数据文件",
}


class Harm(StrEnum):
    """What a scrub finds wrong with a file (巡检)."""

    MISSING = "missing"  # 缺失
    TRUNCATED = "truncated"  # 长度不符
    ALTERED = "altered"  # 内容被改动


HARM_LABELS: dict[Harm, str] = {
    Harm.MISSING: "缺失",
    Harm.TRUNCATED: "长度不符",
    Harm.ALTERED: "内容被改动",
}


class UpkeepKind(StrEnum):
    """维护事项."""

    COMPACT = "compact"  # 小文件合并
    EXPIRE = "expire"  # 快照到期
    CLEAN = "clean"  # 残留清理
    SCRUB = "scrub"  # 完整性巡检
    BACKUP = "backup"  # 异地备份
    RESTORE = "restore"  # 恢复
    DRILL = "drill"  # 恢复演练


UPKEEP_LABELS: dict[UpkeepKind, str] = {
    UpkeepKind.COMPACT: "小文件合并",
    UpkeepKind.EXPIRE: "快照到期",
    UpkeepKind.CLEAN: "残留清理",
    UpkeepKind.SCRUB: "完整性巡检",
    UpkeepKind.BACKUP: "异地备份",
    UpkeepKind.RESTORE: "恢复",
    UpkeepKind.DRILL: "恢复演练",
}


class RecoveryClass(StrEnum):
    """恢复类别: the layers, and the control database; in the order in which they come back."""

    CONTROL = "control"  # 控制数据库
    SVC = "svc"  # 服务层
    DW = "dw"  # 数仓层
    ODS = "ods"  # 贴源层
    QUARANTINE = "quarantine"  # 隔离区


RECOVERY_LABELS: dict[RecoveryClass, str] = {
    RecoveryClass.CONTROL: "控制数据库",
    RecoveryClass.SVC: "服务层",
    RecoveryClass.DW: "数仓层",
    RecoveryClass.ODS: "贴源层",
    RecoveryClass.QUARANTINE: "隔离区",
}


class BackupAltered(Exception):
    """A backup is not what was signed. ``what`` names the object; nothing is restored from it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that snapshots of a table need.

    ``snapshots`` are those that need it. NULLs: ``rows`` is None where the file does not tell
    how many rows depend on it; ``sha256`` is empty until it was recorded.
    """

    uri: str
    kind: StoredKind
    size: int
    sha256: str
    snapshots: tuple[int, ...]
    rows: int | None


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that is not as it was committed, and whom that touches."""

    ref: TableRef
    file: StoredFile
    harm: Harm


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """What a scrub of one table looked at. ``adopted`` files had no checksum until now."""

    files: int
    size: int
    adopted: int
    damages: tuple[Damage, ...]


@dataclass(frozen=True, slots=True)
class Compacted:
    """Small files made into large ones; the rows are the same."""

    before: int
    after: int
    rows: int
    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Files that nothing named any more. ``size`` in bytes."""

    files: int
    size: int


# Property of a table whose rows are cells that count people: {"users": 15} as JSON. Smaller
# counts are held back in the service layer. The empty name: the counts were lost on the way.
MIN_CELLS = "tongqu.min_cells"


@dataclass(frozen=True, slots=True)
class Edge:
    """One step of lineage: this column of the source goes into that column of the target."""

    source_table: str
    source_column: str
    target_table: str
    target_column: str
    transform: Transform
    job: str  # name of the model or load that carries it


@dataclass(frozen=True, slots=True)
class TableStep:
    """One step of lineage between tables, whatever the columns."""

    source: str
    target: str
    job: str


@dataclass(frozen=True, slots=True)
class RowSource:
    """A row of the source layer that a row came from. ``line`` counts lines of the file."""

    table: str
    system: str  # 来源系统
    department: str  # 数源部门
    batch: str
    loaded_at: datetime
    line: int


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where one row of a table came from, newest first.

    ``untraced`` names source tables that take part in the row, but whose own rows the key does
    not reach (they were joined by other columns, or summed up): for them the table is known.
    """

    table: str
    key: Mapping[str, str]
    sources: tuple[RowSource, ...]
    untraced: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableView:
    """A table as the pages and the API show it; the numbers are those of its snapshot.

    ``measured_at`` is when the numbers were read. ``broken`` tells why the table is not
    up to date; empty while its jobs run.
    """

    name: str
    layer: Layer
    library: Library | None
    title: str
    owner: str
    columns: tuple[Column, ...]
    rows: int
    snapshot: Snapshot | None
    measured_at: datetime
    broken: str = ""

    @property
    def layer_label(self) -> str:
        return LAYER_LABELS[self.layer]

    @property
    def library_label(self) -> str:
        return LIBRARY_LABELS[self.library] if self.library else ""


class StorageFull(Unavailable):
    """The disk took no more bytes. Nothing was committed; the old data is served on."""


class StoreUnreachable(Unavailable):
    """The object store did not answer or refused. What was committed before is untouched."""


class QueryTimeout(Unavailable):
    """The engine was stopped at its time limit."""


class Conflict(Unavailable):
    """Others committed to the table at every attempt, or since the state expected."""


class SchemaChanged(Changed):
    """The data does not fit the table. ``column`` and the two types name the place."""

    def __init__(self, table: str, column: str, was: str, came: str) -> None:
        super().__init__(f"{table}.{column}: {was} became {came}")
        self.table = table
        self.column = column
        self.was = was
        self.came = came


class NotReadable(Rejected):
    """SQL that names what was not handed to it, or is not one SELECT."""


class QueryFailed(Exception):
    """A query that cannot run as it is written. ``reason`` quotes no value from a row."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(f"{kind}: {reason}")
        self.kind = kind
        self.reason = reason
