"""Closed sets of words of the catalogue; the door ``vocabulary`` hands them on."""

from tongqu.kernel.words import Word


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


class NationalGrade(Word):
    """数据分级 of the national rules, beside the platform's four levels."""

    GENERAL = "general", "一般"
    IMPORTANT = "important", "重要"
    CORE = "core", "核心"


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
