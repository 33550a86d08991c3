"""Words of the catalogue: sharing types, states, and the values that cross its doors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from tongqu.kernel.words import Word

# Codes answered with something else than 422.
PROBLEM_STATUS: dict[str, int] = {
    "FROZEN": 409,
    "NO_DATA": 409,
    "NOT_CHECKED": 409,
    "ALREADY_CHANGING": 409,
    "ENTRY_CHANGED": 409,
    "IMPORT_DONE": 409,
    "SOURCE_UNREACHABLE": 503,
    "IDENTIFIER_TAKEN": 409,
    "NOT_YOUR_ENTRY": 403,
    "NO_FONT": 503,
}


class SharingType(Word):
    """共享类型: exactly three (measures, article 6)."""

    UNCONDITIONAL = "unconditional", "无条件共享"
    CONDITIONAL = "conditional", "有条件共享"
    WITHHELD = "withheld", "不予共享"


class Manner(Word):
    """共享方式 (article 10)."""

    QUERY = "query", "联机查询"
    SUBSCRIPTION = "subscription", "数据订阅"
    DOWNLOAD = "download", "数据下载"


class UpdateCycle(Word):
    """更新周期."""

    REALTIME = "realtime", "实时"
    DAILY = "daily", "每日"
    WEEKLY = "weekly", "每周"
    MONTHLY = "monthly", "每月"
    QUARTERLY = "quarterly", "每季度"
    YEARLY = "yearly", "每年"
    IRREGULAR = "irregular", "不定期"


class DataFormat(Word):
    """格式."""

    TABLE = "table", "库表"
    FILE = "file", "文件"
    INTERFACE = "interface", "接口"
    DOCUMENT = "document", "文档"
    IMAGE = "image", "图片"
    MEDIA = "media", "音视频"


class Scope(Word):
    """共享范围."""

    ALL = "all", "所有政府部门"
    LISTED = "listed", "指定部门"
    NOBODY = "nobody", "不对其他部门共享"


class EntryKind(Word):
    FORMAL = "formal", "正式目录"
    PRE = "pre", "预编目录"


class EntryState(Word):
    """States of a version of an entry (C.1)."""

    DRAFT = "draft", "草稿"
    CHECKING = "checking", "检测中"
    RETURNED = "returned", "退回修改"
    PRE_PASSED = "pre_passed", "预编通过"
    IN_REVIEW = "in_review", "待审核"
    PUBLISHED = "published", "已发布"
    TO_UPDATE = "to_update", "待更新"
    CHANGE_REGISTERED = "change_registered", "变更登记"
    CHANGE_PENDING = "change_pending", "变更待生效"
    STOPPED = "stopped", "停用"
    ARCHIVED = "archived", "归档"


# In force: what sharing may rest on. Working: what its department is still writing.
IN_FORCE = frozenset({EntryState.PUBLISHED, EntryState.TO_UPDATE})
EDITABLE = frozenset({EntryState.DRAFT, EntryState.RETURNED, EntryState.CHANGE_REGISTERED})
WORKING = EDITABLE | {
    EntryState.CHECKING,
    EntryState.PRE_PASSED,
    EntryState.IN_REVIEW,
    EntryState.CHANGE_PENDING,
}


class DataType(Word):
    """信息项类型."""

    STRING = "string", "字符型"
    INTEGER = "integer", "整数型"
    DECIMAL = "decimal", "数值型"
    DATE = "date", "日期型"
    DATETIME = "datetime", "日期时间型"
    TIME = "time", "时间型"
    BOOLEAN = "boolean", "布尔型"
    TEXT = "text", "长文本"


class BasicClass(Word):
    """七类必须共享的基础数据 (article 7)."""

    INFRASTRUCTURE = "infrastructure", "脱密基础设施空间和属性信息"
    VEHICLES = "vehicles", "运载工具基本信息"
    ENTERPRISES = "enterprises", "从业企业基本信息"
    PRACTITIONERS = "practitioners", "从业人员基本信息"
    PERMITS = "permits", "行政许可信息"
    CASES = "cases", "执法案件结果信息"
    CREDIT = "credit", "信用信息"


class Domain(Word):
    """领域: the two letters inside an identifier."""

    GENERAL = "GN", "综合交通"
    HIGHWAY = "HW", "公路"
    ROAD_TRANSPORT = "RT", "道路运输"
    WATERWAY = "WW", "水路"
    RAILWAY = "RL", "铁路"
    CIVIL_AVIATION = "CA", "民航"
    POST = "PS", "邮政"
    URBAN = "UT", "城市交通"
    EXTERNAL = "EX", "行业外"


class AdminLevel(Word):
    """层级: whose administration an entry belongs to (CAT-02)."""

    MINISTRY = "ministry", "部"
    PROVINCE = "province", "省"
    CITY = "city", "市"
    COUNTY = "county", "县（区）"


class TransportMode(Word):
    """运输方式 (CAT-02)."""

    HIGHWAY = "highway", "公路"
    WATERWAY = "waterway", "水路"
    RAILWAY = "railway", "铁路"
    AVIATION = "aviation", "民航"
    POST = "post", "邮政"
    URBAN = "urban", "城市交通"
    GENERAL = "general", "综合"


class BusinessDomain(Word):
    """业务领域 (CAT-02): five of the trade and the three cross-cutting ones."""

    PLANNING = "planning", "交通规划"
    CONSTRUCTION = "construction", "建设管养"
    TRANSPORT = "transport", "综合运输"
    ENFORCEMENT = "enforcement", "行政执法"
    SAFETY = "safety", "安全应急"
    COLLABORATION = "collaboration", "协同创新"
    ONENET = "onenet", "一网协同"
    COMMAND = "command", "一网统管"


class Strategy(Word):
    """国家战略和规划: what an entry, a scenario or an evaluation serves (GEN-17)."""

    BELT_ROAD = "belt_road", "一带一路"
    JING_JIN_JI = "jing_jin_ji", "京津冀协同发展"
    YANGTZE_BELT = "yangtze_belt", "长江经济带"
    GREATER_BAY = "greater_bay", "粤港澳大湾区"
    YANGTZE_DELTA = "yangtze_delta", "长三角一体化"
    YELLOW_RIVER = "yellow_river", "黄河流域"
    CHENG_YU = "cheng_yu", "成渝地区双城经济圈"
    PLAN_15 = "plan_15", "“十五五”规划"


class Compatibility(Word):
    """变更的兼容类别 (STD-13)."""

    COMPATIBLE = "compatible", "向后兼容"
    BREAKING = "breaking", "不兼容"


class ChangeReason(Word):
    """变更原因 (article 9)."""

    SYSTEM_UPGRADE = "system_upgrade", "信息系统升级改造"
    FUNCTION_CHANGE = "function_change", "机构职能调整"
    DATA_CHANGE = "data_change", "数据变更"
    OTHER = "other", "其他"


class ReceiptKind(Word):
    PRE = "pre", "预编目回执"
    FORMAL = "formal", "正式编目回执"


class ReceiptState(Word):
    VALID = "valid", "有效"
    UPDATED = "updated", "已更新"
    VOID = "void", "已作废"


class RuleGroup(Word):
    """合规性检测的规则组."""

    REQUIRED = "required", "必填"
    CODING = "coding", "编码"
    CODE_TABLE = "code_table", "码表"
    NAMING = "naming", "命名"
    SHARING_BASIS = "sharing_basis", "共享类型依据"
    AS_OBSERVED = "as_observed", "与实际库表一致"
    RESPONSIBILITY = "responsibility", "责任与依据"
    DUPLICATE = "duplicate", "重复"
    GRADING = "grading", "分级"


class Severity(Word):
    BLOCK = "block", "须改正"
    WARN = "warn", "提示"


@dataclass(frozen=True, slots=True)
class ItemView:
    """信息项. ``name_en`` is the column's name in the entry's service table."""

    position: int
    name_zh: str
    name_en: str
    data_type: DataType
    length: int | None = None
    code_table: str = ""
    nullable: bool = True
    is_key: bool = False
    level: int = 1
    is_shareable: bool = True
    is_openable: bool = False
    source_column: str = ""
    mask: str = "none"
    element: str = ""  # code of a data element in room standards; "": bound to none


@dataclass(frozen=True, slots=True)
class EntryView:
    """One version of an entry, as others may read it.

    NULLs: a draft may lack its sharing type, cycle or level; it is then read the careful
    way: withheld, irregular, level 4. A published version lacks nothing.
    """

    id: int
    code: str
    name: str
    kind: EntryKind
    state: EntryState
    version: str
    version_id: int
    provider_id: int
    provider_code: str
    provider_name: str
    sharing_type: SharingType
    scope: Scope
    scope_codes: tuple[str, ...]  # codes of organisations; empty: all
    conditions: str
    materials: tuple[str, ...]
    manners: tuple[Manner, ...]
    update_cycle: UpdateCycle
    level: int
    domain: Domain
    category: str
    formats: tuple[DataFormat, ...]
    source_system: str
    summary: str
    items: tuple[ItemView, ...]
    withheld_basis: tuple[str, ...]  # clause codes
    basic_class: BasicClass | None
    is_external: bool
    is_example: bool
    connected_at: datetime | None
    connected_rows: int
    table: str  # service table such as "svc_flights", or ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    admin_level: AdminLevel | None = None
    mode: TransportMode | None = None
    business: BusinessDomain | None = None
    accountable: str = ""  # 责任人: a post, never a person
    legal_basis: tuple[str, ...] = ()  # clause codes or titles of documents
    standards: tuple[str, ...] = ()  # codes of standards
    tools: tuple[str, ...] = ()
    strategies: tuple[Strategy, ...] = ()
    # Cross-column checks of this entry's own rows: documents of standards.vocabulary.Check.
    checks: tuple[Mapping[str, object], ...] = field(default=(), hash=False)
    project: str = ""  # code of the project that a pre-entry belongs to
    home: str = ""  # division code of the node that issued the identifier

    @property
    def shareable_items(self) -> tuple[ItemView, ...]:
        return tuple(item for item in self.items if item.is_shareable)

    @property
    def is_published(self) -> bool:
        return self.state in IN_FORCE

    def item(self, name_en: str) -> ItemView | None:
        return next((item for item in self.items if item.name_en == name_en), None)


@dataclass(frozen=True, slots=True)
class SourceOfDatum:
    """The one registered source of a datum (一数一源): an organisation's code, its system."""

    provider: str
    provider_name: str
    system: str


@dataclass(frozen=True, slots=True)
class DeclaredItem:
    """One information item of a version in force or in work, with who declares it."""

    entry_code: str
    entry_name: str
    provider_id: int
    provider_name: str
    source_system: str
    name_zh: str
    name_en: str
    data_type: str
    length: int | None
    code_table: str
    element: str
    source_column: str


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What a scan saw in one column of a source. ``null_share`` is 0 to 1."""

    name: str
    data_type: DataType
    nullable: bool
    null_share: Decimal
    distinct: int
    max_length: int
    shapes: tuple[str, ...] = ()
    level: int = 1
    detector: str = ""
    mask: str = "none"
    is_key_candidate: bool = False
    sketch: tuple[int, ...] = ()  # smallest salted hashes of the values seen


@dataclass(frozen=True, slots=True)
class SourceProfile:
    source_code: str
    title: str
    rows: int
    columns: tuple[ColumnProfile, ...]


@dataclass(frozen=True, slots=True)
class FindingView:
    """One thing a compliance check found. ``clause`` is a basis code."""

    rule: str
    group: RuleGroup
    severity: Severity
    field: str
    message: str
    remedy: str
    clause: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class RuleView:
    """合规性检测规则, as its page shows it. ``failing``: entries that fail it now."""

    code: str
    title: str
    group: RuleGroup
    severity: Severity
    clause: str
    remedy: str
    kinds: tuple[EntryKind, ...]
    looks_at: str
    example: str
    failing: int = 0


@dataclass(frozen=True, slots=True)
class ReportView:
    """检测报告 of one version."""

    id: int
    code: str
    version: str
    at: datetime
    passed: bool
    rules_run: int
    findings: tuple[FindingView, ...]

    @property
    def blocking(self) -> tuple[FindingView, ...]:
        return tuple(f for f in self.findings if f.severity is Severity.BLOCK)


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """编目回执. ``newer`` is the number of the receipt that replaced it, if any."""

    number: str
    kind: ReceiptKind
    state: ReceiptState
    entry_code: str
    entry_name: str
    version: str
    version_id: int
    provider_name: str
    rows: int
    issued_at: datetime
    digest: str  # SHA-256 of the canonical facts, hexadecimal
    digest_sm3: str
    newer: str = ""
    newer_version: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """Facets chosen by the asker; an empty tuple means any."""

    sharing_type: tuple[str, ...] = ()
    provider: tuple[str, ...] = ()  # organisation codes
    level: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    update_cycle: tuple[str, ...] = ()
    admin_level: tuple[str, ...] = ()
    mode: tuple[str, ...] = ()
    business: tuple[str, ...] = ()
    strategy: tuple[str, ...] = ()
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    label: str
    count: int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    name: str  # query parameter
    title: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    total: int
    entries: tuple[EntryView, ...]
    facets: tuple[Facet, ...] = ()
    words: tuple[str, ...] = ()  # what was searched for, after splitting into words
    sequence: int | None = None  # the change of the catalogue that this answer stands for
    is_behind: bool = False  # later changes are not in it yet
    is_from_database: bool = False  # without the index, which is being built


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One way to finish what is being typed."""

    text: str


@dataclass(frozen=True, slots=True)
class WayOut:
    """A search close to one that found nothing: without a condition, or without a word."""

    q: str
    without: str = ""  # the facet that is dropped
    dropped: str = ""  # the word that is left out
    total: int = 0


@dataclass(frozen=True, slots=True)
class Panel:
    """A block that another room adds to the detail page of an entry."""

    anchor: str
    title: str
    template: str
    context: Mapping[str, object] = field(default_factory=dict)
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Stock:
    """Figures of the catalogue, of versions in force."""

    entries: int
    connected: int
    items: int
    providers: int
    by_type: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ExternalIdentifierView:
    """外部标识: what somebody else calls an entry. ``valid_to`` is its last day, or None."""

    scheme: str
    value: str
    assigned_by: str
    valid_from: date
    valid_to: date | None = None
    entry_code: str = ""
    entry_name: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """节点: a hub that issues identifiers. ``is_here``: this one."""

    code: str  # administrative division, six digits
    name: str
    url: str = ""
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Resolved:
    """What an identifier stands for (INF-01). ``entry`` is None where only its home has it."""

    identifier: str
    scheme: str  # rule or external scheme under which it was found
    code: str  # 统一目录标识
    home: Node
    entry: EntryView | None = None


class ImportForm(Word):
    """What an import was read from."""

    WORKBOOK = "workbook", "电子表格"
    CSV = "csv", "CSV"
    JSON = "json", "JSON"
    DCAT = "dcat", "DCAT-AP"
    CONTRACT = "contract", "ODCS 数据合约"
    DATABASE = "database", "数据库扫描"


class ImportState(Word):
    PREVIEW = "preview", "待确认"
    DONE = "done", "已导入"


class ImportOutcome(Word):
    """What became of one document of an import."""

    DRAFTED = "drafted", "已建草稿"
    EXISTING = "existing", "已有同名目录"
    FAILED = "failed", "须改正"


@dataclass(frozen=True, slots=True)
class CellError:
    """One thing wrong in an imported document, where it stands and how to put it right.

    ``where`` is ``目录!C12`` for a sheet, else a path such as ``items[3].length``.
    """

    where: str
    field: str  # the field as users call it
    message: str
    remedy: str
    path: str = ""  # the same place inside the document


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """Result for one document. ``code``: the new draft, or the entry of the same name that
    stood there before (``outcome`` EXISTING); empty where ``errors`` say what is wrong."""

    position: int  # from 1, as given
    name: str
    code: str = ""
    errors: tuple[CellError, ...] = ()
    outcome: ImportOutcome = ImportOutcome.FAILED


@dataclass(frozen=True, slots=True)
class ScannedColumn:
    """技术元数据 of a column, as the database itself describes it."""

    name: str
    position: int
    source_type: str  # the database's own word
    data_type: DataType
    length: int | None = None
    nullable: bool = True
    is_key: bool = False
    comment: str = ""
    refers_to: str = ""  # "table.column" of a foreign key


@dataclass(frozen=True, slots=True)
class ScannedTable:
    """技术元数据 of a table or view. ``rows`` is an estimate; None: the database has none."""

    schema: str
    name: str
    columns: tuple[ScannedColumn, ...]
    comment: str = ""
    rows: int | None = None
    is_view: bool = False

    @property
    def title(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name
