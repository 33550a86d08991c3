"""Words of ingest (汇聚): sources, batches, row rules, and the values that cross its doors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from tongqu.catalog.vocabulary import DataType
from tongqu.kernel.words import Word
from tongqu.standards.vocabulary import Check, Effect

# Codes answered with something else than 422.
PROBLEM_STATUS: dict[str, int] = {
    "NOT_YOUR_SOURCE": 403,
    "SOURCE_UNKNOWN": 404,
    "BATCH_UNKNOWN": 404,
    "SOURCE_EXISTS": 409,
    "NOT_SCANNED": 409,
    "STORAGE_FULL": 503,
    "CONNECTION_UNKNOWN": 404,
    "CONNECTION_EXISTS": 409,
    "RUN_UNKNOWN": 404,
    "SOURCE_BUSY": 409,
    "NOT_PULLED": 409,
    "MIGRATION_UNKNOWN": 404,
    "MIGRATION_NOT_EQUAL": 409,
    "AGREEMENT_EXPIRED": 403,
    "TEMPLATE_UNKNOWN": 404,
    "TEMPLATE_EXISTS": 409,
    "NOT_LINKED": 409,
    "ALREADY_PASSED": 409,
    "NOTHING_HELD": 409,
}


class Form(Word):
    """接入形式: the three supply forms of 004 四(四)4-2, streams, documents and media."""

    FILE = "file", "文件"
    DATABASE = "database", "库表"
    INTERFACE = "interface", "接口"
    STREAM = "stream", "消息流"
    DOCUMENT = "document", "文档与媒体"


class Mode(Word):
    """接入方式: how much of the source each pull takes."""

    FULL = "full", "全量"
    BY_KEY = "by_key", "按键增量"
    BY_TIME = "by_time", "按时间增量"
    CDC = "cdc", "变更捕获"
    STREAM = "stream", "流式"


class PullState(Word):
    """States of one run of a pull. ``RETRY``: failed, waits in the retry queue."""

    OPEN = "open", "处理中"
    DONE = "done", "完成"
    RETRY = "retry", "待重试"
    FAILED = "failed", "失败"


class Migration(Word):
    """States of a legacy exchange system on its way to the platform (ING-14)."""

    WAITING = "waiting", "待迁移"
    MOVING = "moving", "迁移中"
    PARALLEL = "parallel", "并行"
    MOVED = "moved", "已迁移"


class Op(Word):
    """What a change-captured row says (column ``_op``). An empty one is a plain row."""

    INSERT = "I", "新增"
    UPDATE = "U", "修改"
    DELETE = "D", "删除"
    SNAPSHOT = "S", "初始快照"
    TRUNCATE = "T", "清空"


# Change-captured rows carry these two columns before the technical ones. ``_seq`` orders the
# changes of a source; it is unique, so no change is taken for a duplicate of an earlier one.
OP, SEQ = "_op", "_seq"


class Authority(Word):
    """外部来源所属行业部门: the ten of 001 第五条, the five more of 003, and social sources."""

    POLICE = "police", "公安"
    LAND = "land", "自然资源"
    ECOLOGY = "ecology", "生态环境"
    WATER = "water", "水利"
    TOURISM = "tourism", "文化和旅游"
    HEALTH = "health", "卫生健康"
    EMERGENCY = "emergency", "应急管理"
    CUSTOMS = "customs", "海关"
    MARKET = "market", "市场监管"
    WEATHER = "weather", "气象"
    MARITIME = "maritime", "海事"
    TELECOM = "telecom", "通信管理"
    HOUSING = "housing", "住房和城乡建设"
    COMMERCE = "commerce", "商务"
    FIRE = "fire", "消防救援"
    SOCIAL = "social", "社会第三方"


class TemplateKind(Word):
    CITY = "city", "地市数递"
    ENTERPRISE = "enterprise", "企业报送"


class PassageState(Word):
    """层层汇聚: where a batch stands between two layers."""

    PASSED = "passed", "已上报"
    HELD = "held", "本级留置"


class FileFormat(Word):
    CSV = "csv", "分隔文本"
    XLSX = "xlsx", "电子表格"
    JSON = "json", "JSON"
    GEOJSON = "geojson", "GeoJSON"
    PARQUET = "parquet", "Parquet"
    SHAPEFILE = "shapefile", "Shapefile"
    XML = "xml", "XML"


class BatchState(Word):
    """States of a batch. Nobody but the platform moves them."""

    OPEN = "open", "处理中"
    CLOSED = "closed", "已入湖"
    QUARANTINED = "quarantined", "整批退回"
    FAILED = "failed", "失败"


class RunState(Word):
    """What the task view says of the last run (ING-19)."""

    NEVER = "never", "未运行"
    RUNNING = "running", "处理中"
    SUCCESS = "success", "成功"
    PARTIAL = "partial", "部分成功"
    FAILURE = "failure", "失败"
    LATE = "late", "延迟"


class Freshness(Word):
    """State of a resource against its update cycle (ING-13)."""

    NONE = "none", "未接入"
    ON_TIME = "on_time", "按期"
    LATE = "late", "超期"


class Rule(StrEnum):
    """Why a row is kept apart. ``label`` is the reason, ``hint`` what the provider can do."""

    label: str
    hint: str

    def __new__(cls, value: str, label: str = "", hint: str = "") -> "Rule":
        rule = str.__new__(cls, value)
        rule._value_ = value
        rule.label = label
        rule.hint = hint
        return rule

    TOO_FEW = "TOO_FEW_FIELDS", "字段数少于表头", "补齐缺少的字段，或检查换行是否断在字段中间"
    TOO_MANY = "TOO_MANY_FIELDS", "字段数多于表头", "值内含分隔符时用双引号括起"
    BAD_QUOTE = "BAD_QUOTE", "引号不成对", "值内的双引号写成两个双引号"
    BAD_JSON = "BAD_JSON", "不是合法的 JSON 记录", "逐行检查括号、引号和逗号"
    KEY_MISSING = "KEY_MISSING", "主键为空", "补填主键后重新报送该行"
    KEY_TWICE = "KEY_TWICE", "同一文件内主键相同而内容不同", "核对以哪一行为准，只报一行"
    REQUIRED = "REQUIRED_MISSING", "必填项为空", "补填必填项后重新报送该行"
    TYPE = "TYPE_MISMATCH", "与登记的类型不符", "按信息项的类型改正，或先登记变更"
    TOO_LONG = "TOO_LONG", "超过登记的长度", "核对是否错列；确需加长的先登记变更"
    NOT_IN_CODES = "NOT_IN_CODES", "不在代码表内", "改用代码表中的代码，或登记代码映射"
    # A row with such a place is stored and counted: the system declared may be wrong for all.
    OUTSIDE = "PLACE_OUTSIDE", "坐标不在合理范围内", "核对来源的坐标系声明，以及经纬度是否写反"


class Fix(Word):
    """Auto-fix rules (自动修复). The value before is kept in the lake."""

    TRIM = "trim", "去除首尾空白"
    HALF_WIDTH = "half_width", "全角转半角"
    PLATE = "plate", "号牌规范化"
    CODE_MAP = "code_map", "代码映射"


# Coordinate systems of sources, and the columns of places that the platform adds.
WGS84, CGCS2000, MERCATOR = "EPSG:4326", "EPSG:4490", "EPSG:3857"
GCJ02, BD09, BRITISH_GRID = "GCJ-02", "BD-09", "EPSG:27700"
SYSTEMS = {
    CGCS2000: "CGCS2000（EPSG:4490）", WGS84: "WGS-84（EPSG:4326）", GCJ02: "GCJ-02（火星坐标）",
    BD09: "BD-09（百度坐标）", MERCATOR: "Web 墨卡托（EPSG:3857）",
    BRITISH_GRID: "英国国家格网（EPSG:27700）",
}  # fmt: skip
COUNTRY = (73.5, 3.8, 135.1, 53.6)  # west, south, east, north; the box of rule R-LON/R-LAT
BRITAIN = (-9.1, 49.7, 2.1, 61.0)
LON, LAT, WKT = "lon_cgcs2000", "lat_cgcs2000", "wkt_cgcs2000"
DERIVED = (LON, LAT, WKT)


@dataclass(frozen=True, slots=True)
class FileOptions:
    """How to read a file. Empty strings mean: find out and say what was found.

    Units: ``max_line_bytes`` in bytes of the file as it came.
    """

    format: str = ""  # FileFormat; empty: from the file's name
    delimiter: str = ","
    encoding: str = ""  # utf-8, utf-8-sig, gb18030; empty: detect
    header: bool = True
    compression: str = ""  # none, gz, zip; empty: from the content
    member: str = ""  # of a zip; empty: its only file
    sheet: str = ""  # of a workbook; empty: the first
    null_values: tuple[str, ...] = ()  # besides the empty field, e.g. NA
    max_line_bytes: int = 1 << 20
    # One row a key in a file: rows that share a key and differ are all kept apart, for nobody
    # but the department knows which is right. Off where a file tells several states of a key.
    unique_keys: bool = False
    # Each delivery is the whole state: a key missing from it is recorded as withdrawn. Needs keys;
    # implies ``unique_keys``.
    full_state: bool = False
    # Percent of the keys there; a state that would withdraw more waits for somebody's word.
    withdraw_most: int = 30
    # Pieces of pulls: a zero-length text is a value, not the absence of one.
    keep_empty: bool = False
    # Places. ``crs``: EPSG:4326, EPSG:4490, GCJ-02, BD-09, EPSG:3857, EPSG:27700; empty: no places.
    # ``x`` and ``y`` name the columns of longitude and latitude (or east and north), ``geometry``
    # one of WKT; all empty: lon and lat. ``area``: west,south,east,north that is plausible.
    crs: str = ""
    x: str = ""
    y: str = ""
    geometry: str = ""
    area: str = ""
    records: str = ""  # JSON: the path to the records, e.g. data.items; XML: their element

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """The plausible area in degrees: as declared, or that of the system."""
        if self.area:
            west, south, east, north = (float(part) for part in self.area.split(","))
            return west, south, east, north
        return BRITAIN if self.crs == BRITISH_GRID else COUNTRY


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One registered column. ``codes`` empty: any value; ``code_map`` from → to.

    ``code_table`` names a table of room standards: its codes of the day come in when a batch
    is opened, so that a new version of the table acts without registering anew.
    """

    name: str
    data_type: DataType = DataType.STRING
    nullable: bool = True
    is_key: bool = False
    length: int | None = None
    zoned: bool = False  # an instant with offset, stored as UTC
    fixes: tuple[Fix, ...] = (Fix.TRIM, Fix.HALF_WIDTH)
    codes: tuple[str, ...] = ()
    code_table: str = ""
    code_map: Mapping[str, str] = field(default_factory=dict)
    item: str = ""  # English name of the 信息项, where it differs: checks speak of items


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule or check found in a batch: rejected rows, or stored ones to look at."""

    code: str
    title: str
    remedy: str
    effect: Effect
    rows: int


@dataclass(frozen=True, slots=True)
class SourceView:
    code: str
    name: str
    form: Form
    provider_id: int
    provider_code: str
    provider_name: str
    entry_code: str
    cycle: str  # catalog UpdateCycle
    table: str  # of the raw layer, e.g. "ods_flights"
    columns: tuple[ColumnSpec, ...]
    options: FileOptions
    freshness: Freshness
    last_loaded_at: datetime | None
    checks: tuple[Check, ...] = ()
    connector: str = ""  # name of the puller; empty: files are handed in
    mode: Mode = Mode.FULL
    schedule: str = ""  # cron, Shanghai time
    next_run_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A file as its newest load left it."""

    batch: str
    source_code: str
    source_name: str
    provider_id: int
    entry_code: str
    name: str
    size: int
    rows: int


@dataclass(frozen=True, slots=True)
class BatchView:
    """One load. Ledger: received = stored + rejected + duplicate.

    ``fixed`` counts rows repaired on the way (they are also stored or duplicate);
    ``reasons`` counts rejected rows by rule or check, ``warnings`` stored rows by check,
    ``fixes`` repaired values by rule; ``findings`` tells the first two in words.
    """

    number: str  # PC-2026-0924-001
    source_code: str
    file_name: str
    sha256: str
    state: BatchState
    received: int
    stored: int
    rejected: int
    duplicate: int
    fixed: int
    snapshot_id: int | None
    reasons: Mapping[str, int]
    fixes: Mapping[str, int]
    warnings: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    tables: Mapping[str, str] = field(default_factory=dict)  # code table → version judged by
    code: str = ""  # why it failed or was quarantined, e.g. SCHEMA_DRIFT
    note: str = ""  # Chinese, for the provider
    facts: Mapping[str, Any] = field(default_factory=dict)
    resumed_from: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def is_balanced(self) -> bool:
        return self.received == self.stored + self.rejected + self.duplicate


@dataclass(frozen=True, slots=True)
class RunView:
    """One pull. The figures are the sums of its batches; no log line holds a value of a row."""

    number: str  # YX-2026-0924-001
    source_code: str
    state: PullState
    attempt: int
    pieces: int
    received: int
    stored: int
    rejected: int
    duplicate: int
    code: str = ""
    note: str = ""
    log: tuple[Mapping[str, str], ...] = ()
    resumed_from: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReconciliationView:
    """What the source holds and what the platform holds. ``difference`` is a share of 1."""

    source_code: str
    source_rows: int
    hub_rows: int
    source_checksum: str
    hub_checksum: str
    difference: float
    tolerance: float
    is_equal: bool
    made_at: datetime
