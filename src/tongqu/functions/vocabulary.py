"""Words of functions (两清一图: 职能清、应用清、业务泳道图), and values that cross its doors."""

from dataclasses import dataclass
from datetime import date, datetime

from tongqu.kernel.words import Word

# Codes answered with something else than 422.
PROBLEM_STATUS: dict[str, int] = {
    "CHART_CHANGED": 409,
    "REGISTER_FROZEN": 409,
    "FUNCTION_CHANGED": 409,
    "NOT_YOUR_REGISTER": 403,
    "FILE_TOO_LARGE": 413,
}


class Part(Word):
    """The three parts of 两清一图."""

    FUNCTIONS = "functions", "职能清"
    SYSTEMS = "systems", "应用清"
    SWIMLANES = "swimlanes", "业务泳道图"


class RegisterState(Word):
    """States of one department's part (C.16)."""

    DRAFT = "draft", "草稿"
    CONFIRMING = "confirming", "部门确认"
    REVIEWING = "reviewing", "科技处审核"
    EFFECTIVE = "effective", "生效"
    CHANGING = "changing", "变更"


class RegisterCommand(Word):
    SUBMIT = "submit", "提交部门确认"
    CONFIRM = "confirm", "部门确认"
    RETURN = "return", "退回修改"
    APPROVE = "approve", "审核通过"
    CHANGE = "change", "登记变更"


class FunctionKind(Word):
    FUNCTION = "function", "职能"
    ITEM = "item", "工作项"


class BasisKind(Word):
    """What a function rests on."""

    LAW = "law", "法律法规"
    THREE_FIXED = "three_fixed", "三定规定"
    POLICY = "policy", "政策文件"


class SystemClass(Word):
    """系统类别 (measures, article 11)."""

    MINISTRY_NEW = "ministry_new", "新建部级"
    NETWORKED = "networked", "部省联网"
    CROSS_LEVEL = "cross_level", "原有跨部门跨层级"
    OTHER = "other", "其他"


# Article 11 names these: they must share through the platform.
MUST_SHARE = frozenset({SystemClass.MINISTRY_NEW, SystemClass.NETWORKED, SystemClass.CROSS_LEVEL})


class SystemState(Word):
    IN_USE = "in_use", "在用"
    RETIRED = "retired", "停用"


class Relation(Word):
    """What an activity does with a catalogue entry."""

    PRODUCE = "produce", "产生"
    USE = "use", "使用"
    UPDATE = "update", "更新"
    ARCHIVE = "archive", "归档"


WRITES = frozenset({Relation.PRODUCE, Relation.UPDATE, Relation.ARCHIVE})


class NodeKind(Word):
    TASK = "task", "环节"
    START = "start", "开始"
    END = "end", "结束"
    GATEWAY = "gateway", "判断"


class GapKind(Word):
    """数据缺口短板."""

    NO_SYSTEM = "no_system", "无系统"
    NO_DATA = "no_data", "无数据"
    NO_OWNER = "no_owner", "无责任人"
    UNSTRUCTURED = "unstructured", "静态未结构化"


class TaskState(Word):
    """States of a digitalisation task (业务数字化升级改造任务)."""

    OPEN = "open", "待开展"
    DOING = "doing", "实施中"
    CHECKING = "checking", "待核验"
    DONE = "done", "已完成"
    CANCELLED = "cancelled", "已取消"


class TaskCommand(Word):
    START = "start", "开始实施"
    REPORT = "report", "报告完成"
    ACCEPT = "accept", "核验通过"
    REOPEN = "reopen", "退回实施"
    CANCEL = "cancel", "取消任务"


class MaterialKind(Word):
    PAPER = "paper", "纸质"
    SCAN = "scan", "扫描件"
    PDF = "pdf", "PDF 文件"
    IMAGE = "image", "图片"


class MaterialState(Word):
    """静态数据转化 (MAP-07)."""

    UNDIGITISED = "undigitised", "未数字化"
    SCANNED = "scanned", "已扫描"
    STRUCTURED = "structured", "已结构化"
    VERIFIED = "verified", "已核验"


class MaterialCommand(Word):
    SCAN = "scan", "登记扫描"
    STRUCTURE = "structure", "登记识别结果"
    VERIFY = "verify", "核验通过"
    REJECT = "reject", "退回重新识别"


class MoveState(Word):
    PROPOSED = "proposed", "待确认"
    SETTLED = "settled", "已办结"


class MoveSubject(Word):
    """What a move of a function takes along."""

    SYSTEM = "system", "应用系统"
    ENTRY = "entry", "目录条目"
    ACCOUNTABLE = "accountable", "责任人"


class Decision(Word):
    PROPOSED = "proposed", "待确认"
    CONFIRMED = "confirmed", "已确认"
    DECLINED = "declined", "不变更"


@dataclass(frozen=True, slots=True)
class BareSystem:
    """A system in use from which no entry in force comes."""

    code: str
    name: str
    organisation_id: int
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class Origin:
    """Which activity writes an entry, in whose lane, with which system (MAP-05)."""

    entry_code: str
    relation: Relation
    chart_code: str
    chart_title: str
    activity: str
    lane: str
    department_code: str
    department_name: str
    system_code: str
    system_name: str
    item_code: str
    item_name: str


@dataclass(frozen=True, slots=True)
class SystemView:
    """An application system as other rooms may read it. NULL: still in use."""

    code: str
    name: str
    organisation_id: int
    organisation_code: str
    organisation_name: str
    system_class: SystemClass
    state: SystemState
    retired_on: date | None
    published_entries: int

    @property
    def is_violation(self) -> bool:
        """A system that must share and has nothing published (measures, article 11)."""
        return (
            self.state is SystemState.IN_USE
            and self.system_class in MUST_SHARE
            and not self.published_entries
        )


@dataclass(frozen=True, slots=True)
class PartProgress:
    """How many departments have finished a part. ``missing``: names of those that have not."""

    part: Part
    departments: int
    finished: int
    missing: tuple[str, ...]

    @property
    def share(self) -> float:
        return self.finished / self.departments if self.departments else 0.0
