"""Words of supervision: IT projects, their gates, and drafts of rectification notices."""

from dataclasses import dataclass
from datetime import date, datetime

from tongqu.kernel.words import Word

# Codes answered with something else than 422.
PROBLEM_STATUS: dict[str, int] = {
    "PROJECT_EXISTS": 409,
    "PROJECT_NOT_IN_APPROVAL": 409,
    "GATE_NOT_PASSED": 409,
    "WRONG_STAGE": 409,
    "NOT_YOUR_PROJECT": 403,
}


class Stage(Word):
    """信息化项目阶段 (C.16 IT-project data gate)."""

    APPROVAL = "approval", "立项"
    BUILDING = "building", "建设"
    TRIAL = "trial", "试运行"
    ACCEPTED = "accepted", "验收"
    OPERATING = "operating", "运营"


class Gate(Word):
    """关口: what a receipt is shown for (article 20)."""

    APPROVAL = "approval", "立项审批"
    TRIAL = "trial", "上线试运行"
    ACCEPTANCE = "acceptance", "验收"


class Need(Word):
    """What a gate asks for."""

    PRE_RECEIPT = "pre_receipt", "预编目回执"
    FORMAL_ENTRY = "formal_entry", "正式目录"
    FORMAL_RECEIPT = "formal_receipt", "正式编目回执"


class Connection(Word):
    """数据接入情况 of a project."""

    NOT_DUE = "not_due", "未到接入期"
    DUE = "due", "待接入"
    LATE = "late", "逾期未接入"
    CONNECTED = "connected", "已接入"


class DraftState(Word):
    """整改线索 (C.14, the first steps: notices come with the evaluation)."""

    CLUE = "clue", "线索"
    CONFIRMED = "confirmed", "已核实"
    DISMISSED = "dismissed", "排除"


EVIDENCE_LABELS: dict[str, str] = {  # what the page calls the facts of a clue
    "sub_case": "情况", "system": "系统", "registered_on": "登记日期", "due_on": "截止日",
    "entry": "目录", "source": "来源", "cycle": "更新周期", "last_loaded_at": "最近更新",
    "late_days": "距今天数", "scan": "检测", "conformity": "规范性得分", "rule": "不符最多的规则",
    "wrong": "不符数", "checked": "检查数", "batch": "批次", "received": "接收行数",
    "stored": "入湖行数", "code": "原因代码", "ticket": "工单", "opened_on": "提出日期",
    "source_rows": "来源行数", "hub_rows": "平台行数", "share": "差异", "event": "安全事件",
    "reason": "核实情况", "suspended": "暂停的授权", "reported_by": "登记人",
    "connect_due_on": "接入期限", "entries_without_data": "未接入目录",
}  # fmt: skip


class Facility(Word):
    """设施类别 of a construction project (ING-16)."""

    RAILWAY = "railway", "铁路"
    ROAD = "road", "公路"
    PORT = "port", "港口"
    CHANNEL = "channel", "航道"
    AIRPORT = "airport", "机场"
    HUB = "hub", "综合枢纽"


class Together(Word):
    """四同步: what is done for sensing and network equipment along with the works."""

    PLANNED = "planned", "同步规划"
    DESIGNED = "designed", "同步设计"
    BUILT = "built", "同步建设"
    MAINTAINED = "maintained", "同步运维"


@dataclass(frozen=True, slots=True)
class TogetherRow:
    """One line of the checklist; open while nothing is said of it. NULLs: not filled in."""

    item: Together
    content: str
    filled_at: datetime | None
    filled_by: str

    @property
    def is_open(self) -> bool:
        return not self.content


@dataclass(frozen=True, slots=True)
class ReceiptCheck:
    """What a receipt's number says at a gate. ``newer_*`` name what replaced it."""

    number: str
    state: str  # 有效 / 已更新 / 已作废, or "" for an unknown number
    kind: str
    entry_code: str
    entry_name: str
    version: str
    newer: str = ""
    newer_version: str = ""
    holds: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class ProjectView:
    """A project as other rooms may read it. NULLs: what has not happened yet."""

    code: str
    name: str
    organisation_id: int
    organisation_name: str
    stage: Stage
    trial_started_on: date | None
    connect_due_on: date | None
    late_since: datetime | None
    entries: tuple[str, ...]
