"""Words of the ledger (总账本): surveys, merges, operation batches, coverage, metadata, stock."""

from dataclasses import dataclass

from tongqu.kernel.words import Word

# Codes answered with something else than 422.
PROBLEM_STATUS: dict[str, int] = {
    "NOT_YOUR_SURVEY": 403,
    "NOT_YOUR_PART": 403,
    "NOT_YOUR_OBJECT": 403,
    "NOT_YOUR_FLOW": 403,
    "SURVEY_CLOSED": 409,
    "BATCH_FROZEN": 409,
    "ALREADY_SIGNED": 409,
    "ALREADY_MERGED": 409,
    "CONFLICTS_OPEN": 409,
    "FLOW_CHANGED": 409,
    "STEP_NOT_DONE": 409,
    "LEDGER_STALE": 409,
}


class RoundState(Word):
    """资源调查 (C.16): 编制→下发→填报→审核→汇总→归档."""

    COMPILING = "compiling", "编制"
    ISSUED = "issued", "下发"
    FILLING = "filling", "填报"
    REVIEWING = "reviewing", "审核"
    SUMMARISED = "summarised", "汇总"
    ARCHIVED = "archived", "归档"


class AnswerState(Word):
    """One department's questionnaire."""

    WAITING = "waiting", "待填报"
    SUBMITTED = "submitted", "已提交"
    RETURNED = "returned", "退回补充"
    ACCEPTED = "accepted", "审核通过"


# ui.md §13: the colour of a state is decided here and nowhere else.
TONES: dict[str, str] = {
    "compiling": "quiet", "issued": "info", "filling": "busy", "reviewing": "info",
    "summarised": "ok", "archived": "past", "waiting": "quiet", "submitted": "info",
    "returned": "bad", "accepted": "ok", "conflict": "warn", "merged": "busy",
    "published": "ok", "signing": "busy", "frozen": "ok", "missing": "warn",
    "collected": "ok", "no_demand": "quiet", "filled": "ok", "running": "busy", "done": "ok",
}  # fmt: skip
ANSWERED = frozenset({AnswerState.SUBMITTED, AnswerState.ACCEPTED})


class MergeState(Word):
    """目录融合 of cities' entries into the province's."""

    WAITING = "waiting", "待融合"
    CONFLICT = "conflict", "冲突"
    MERGED = "merged", "已融合"
    PUBLISHED = "published", "已发布"


class ConflictKind(Word):
    """In what the sources differ on one information item."""

    ONLY_IN_SOME = "only_in_some", "仅部分来源有"
    NAME = "name", "名称不同"
    TYPE = "type", "类型不同"
    LENGTH = "length", "长度不同"
    LEVEL = "level", "分级不同"
    CODE_TABLE = "code_table", "码表不同"


class BatchState(Word):
    """授权运营目录清单."""

    COMPILING = "compiling", "编制中"
    SIGNING = "signing", "会签中"
    FROZEN = "frozen", "已会签"


class Party(Word):
    """Who signs an operation list together; which organisation it is, is configuration."""

    DATA_AUTHORITY = "data_authority", "数据主管部门"
    TRANSPORT = "transport", "交通运输主管部门"
    SERVICE_OFFICE = "service_office", "政务服务管理部门"
    IMPLEMENTING = "implementing", "实施机构"


class SupplyManner(Word):
    """供给方式 in an operation list."""

    INTERFACE = "interface", "接口"
    TABLE = "table", "库表"
    FILE = "file", "文件"


class CoverageState(Word):
    """按需归集、应归尽归."""

    MISSING = "missing", "应归未归"
    COLLECTED = "collected", "已归集"
    NO_DEMAND = "no_demand", "无需求"


class ObjectKind(Word):
    """What the metadata ledger holds."""

    DATABASE = "database", "数据库"
    TABLE = "table", "数据表"
    ITEM = "item", "数据项"
    MODEL = "model", "数据模型"
    FILE = "file", "数据文件"


class MetadataKind(Word):
    """四类元数据."""

    BASIC = "basic", "基础元数据"
    BUSINESS = "business", "业务元数据"
    TECHNICAL = "technical", "技术元数据"
    MANAGEMENT = "management", "管理元数据"


class Filled(Word):
    FILLED = "filled", "已填"
    MISSING = "missing", "待补"


class Crossing(Word):
    """五跨."""

    SYSTEM = "system", "跨系统"
    DEPARTMENT = "department", "跨部门"
    BUSINESS = "business", "跨业务"
    LEVEL = "level", "跨层级"
    REGION = "region", "跨地域"


class FlowState(Word):
    RUNNING = "running", "进行中"
    DONE = "done", "已办结"


class FlowFact(Word):
    """What the platform can see by itself; a step without one is confirmed by a person."""

    NONE = "none", "由经办人确认"
    COMPILED = "compiled", "目录已编制"
    CHECKED = "checked", "合规性检测已通过"
    PUBLISHED = "published", "目录已发布"
    CONNECTED = "connected", "数据已接入"


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One step of the provision-and-update flow. ``who`` is a role's code."""

    code: str
    title: str
    who: str
    fact: FlowFact = FlowFact.NONE
