"""Words of government sharing (政务数据共享): requests, decisions, feedback, revocation."""

from enum import StrEnum

from tongqu.policy.domain import matters

Matter = matters.Matter
MATTER_LABELS = matters.MATTER_LABELS

# Codes answered with something else than 422.
PROBLEM_STATUS: dict[str, int] = {
    "NOT_GOV_DEPT": 403,
    "OUT_OF_SCOPE": 403,
    "SEPARATION": 403,
    "NOT_YOUR_CASE": 403,
    "NOT_YOUR_STEP": 403,
    "NOT_ENTRUSTED": 403,
    "ENTRUSTED": 403,
    "ENTRY_CHANGED": 409,
    "ALREADY_DECIDED": 409,
    "KEY_REUSED": 409,
    "FLOW_CHANGED": 409,
    "ALREADY_ENTRUSTED": 409,
    "CODE_TAKEN": 409,
}


class State(StrEnum):
    """办理状态 of a request (requirements C.4)."""

    DRAFT = "draft"  # 草稿
    VERIFYING = "verifying"  # 待身份核验
    FIRST_REVIEW = "first_review"  # 待初审
    SUPPLEMENT = "supplement"  # 待补正
    PROVIDER_REVIEW = "provider_review"  # 待审核
    NEGOTIATING = "negotiating"  # 协商中
    MANAGING_APPROVAL = "managing_approval"  # 待主管审批
    COORDINATING = "coordinating"  # 协调接入中
    GRANTED = "granted"  # 已授权
    REFUSED = "refused"  # 不予共享
    FIRST_REVIEW_FAILED = "first_review_failed"  # 初审不通过
    NOT_AGREED = "not_agreed"  # 协商未果
    MEDIATING = "mediating"  # 转主管部门协调
    UNCONNECTABLE = "unconnectable"  # 无法接入
    WITHDRAWN = "withdrawn"  # 已撤回


STATE_LABELS: dict[State, str] = {
    State.DRAFT: "草稿",
    State.VERIFYING: "待身份核验",
    State.FIRST_REVIEW: "待初审",
    State.SUPPLEMENT: "待补正",
    State.PROVIDER_REVIEW: "待审核",
    State.NEGOTIATING: "协商中",
    State.MANAGING_APPROVAL: "待主管审批",
    State.COORDINATING: "协调接入中",
    State.GRANTED: "已授权",
    State.REFUSED: "不予共享",
    State.FIRST_REVIEW_FAILED: "初审不通过",
    State.NOT_AGREED: "协商未果",
    State.MEDIATING: "转主管部门协调",
    State.UNCONNECTABLE: "无法接入",
    State.WITHDRAWN: "已撤回",
}
# ui.md §13: the colour of a state is decided here and nowhere else.
STATE_TONES: dict[State, str] = {
    State.DRAFT: "quiet",
    State.VERIFYING: "busy",
    State.FIRST_REVIEW: "info",
    State.SUPPLEMENT: "busy",
    State.PROVIDER_REVIEW: "info",
    State.NEGOTIATING: "busy",
    State.MANAGING_APPROVAL: "info",
    State.COORDINATING: "busy",
    State.GRANTED: "ok",
    State.REFUSED: "bad",
    State.FIRST_REVIEW_FAILED: "bad",
    State.NOT_AGREED: "warn",
    State.MEDIATING: "busy",
    State.UNCONNECTABLE: "warn",
    State.WITHDRAWN: "quiet",
}


class Command(StrEnum):
    """办理动作: what somebody may do to a request."""

    GRANT = "grant"  # 自动授权
    WAIT = "wait"  # 等待身份核验
    VERIFY = "verify"  # 核验后继续
    FILE = "file"  # 提交（有条件共享）
    FILE_NEGOTIATION = "file_negotiation"  # 提交（不予共享，请求协商）
    FILE_EXTERNAL = "file_external"  # 提交（行业外，已接入）
    FILE_UNCONNECTED = "file_unconnected"  # 提交（行业外，未接入）
    PASS = "pass"  # noqa: S105  (通过初审, not a password)
    PASS_OWN = "pass_own"  # noqa: S105  (本单位数据：初审后转主管部门)
    ASK_SUPPLEMENT = "ask_supplement"  # 退回补正
    FAIL = "fail"  # 初审不通过
    SUPPLY = "supply"  # 提交补正材料
    LAPSE = "lapse"  # 逾期未补正，自动撤回
    APPROVE = "approve"  # 同意
    APPROVE_PART = "approve_part"  # 部分同意
    REFUSE = "refuse"  # 不予共享
    AGREE = "agree"  # 协商一致
    DISAGREE = "disagree"  # 协商未果
    REFER = "refer"  # 转主管部门协调
    MEDIATE = "mediate"  # 提出协调意见，退回协商
    CONNECTED = "connected"  # 已协调接入
    UNCONNECTABLE = "unconnectable"  # 无法接入
    WITHDRAW = "withdraw"  # 撤回
    ESCALATE = "escalate"  # 标记超期并上报
    RECOUNT = "recount"  # 工作日历变更，重算期限


class Frequency(StrEnum):
    """使用频次."""

    REALTIME = "realtime"  # 实时
    DAILY = "daily"  # 每天
    WEEKLY = "weekly"  # 每周
    MONTHLY = "monthly"  # 每月
    ON_DEMAND = "on_demand"  # 按需


FREQUENCY_LABELS: dict[Frequency, str] = {
    Frequency.REALTIME: "实时",
    Frequency.DAILY: "每天",
    Frequency.WEEKLY: "每周",
    Frequency.MONTHLY: "每月",
    Frequency.ON_DEMAND: "按需",
}


class Retention(StrEnum):
    """留存期限: how long the consumer keeps what it received."""

    NOT_KEPT = "not_kept"  # 不留存，用后即删
    DAYS_30 = "days_30"  # 30 日
    MONTHS_6 = "months_6"  # 6 个月
    YEAR_1 = "year_1"  # 1 年
    YEARS_3 = "years_3"  # 3 年


RETENTION_LABELS: dict[Retention, str] = {
    Retention.NOT_KEPT: "不留存，用后即删",
    Retention.DAYS_30: "30 日",
    Retention.MONTHS_6: "6 个月",
    Retention.YEAR_1: "1 年",
    Retention.YEARS_3: "3 年",
}


class Stage(StrEnum):
    """环节 in which a decision fell."""

    PLATFORM = "platform"  # 自动授权
    FIRST_REVIEW = "first_review"  # 初审
    PROVIDER_REVIEW = "provider_review"  # 提供部门审核
    MANAGING_APPROVAL = "managing_approval"  # 主管部门审批
    NEGOTIATION = "negotiation"  # 协商


STAGE_LABELS: dict[Stage, str] = {
    Stage.PLATFORM: "自动授权",
    Stage.FIRST_REVIEW: "初审",
    Stage.PROVIDER_REVIEW: "提供部门审核",
    Stage.MANAGING_APPROVAL: "主管部门审批",
    Stage.NEGOTIATION: "协商",
}


class RevocationState(StrEnum):
    """撤销任务状态 (article 17)."""

    OPEN = "open"  # 待决定
    REVOKED = "revoked"  # 已撤销
    KEPT = "kept"  # 已保留
    MOOT = "moot"  # 已无须决定（期间已使用或已到期）


REVOCATION_LABELS: dict[RevocationState, str] = {
    RevocationState.OPEN: "待决定",
    RevocationState.REVOKED: "已撤销",
    RevocationState.KEPT: "已保留",
    RevocationState.MOOT: "已无须决定",
}


class CoordinationState(StrEnum):
    """协调接入任务状态 (article 13)."""

    RUNNING = "running"  # 协调中
    CONNECTED = "connected"  # 已接入
    UNCONNECTABLE = "unconnectable"  # 无法接入


COORDINATION_LABELS: dict[CoordinationState, str] = {
    CoordinationState.RUNNING: "协调中",
    CoordinationState.CONNECTED: "已接入",
    CoordinationState.UNCONNECTABLE: "无法接入",
}


class SupplyState(StrEnum):
    """供给任务状态."""

    ASSIGNED = "assigned"  # 待提供部门办理
    MET = "met"  # 已有目录满足
    DECLINED = "declined"  # 不能提供


SUPPLY_LABELS: dict[SupplyState, str] = {
    SupplyState.ASSIGNED: "待提供部门办理",
    SupplyState.MET: "已落实目录",
    SupplyState.DECLINED: "不能提供",
}
SUPPLY_TONES: dict[SupplyState, str] = {
    SupplyState.ASSIGNED: "info",
    SupplyState.MET: "ok",
    SupplyState.DECLINED: "warn",
}


class DutyKind(StrEnum):
    """责任清单的场景."""

    ONE_MATTER = "one_matter"  # 高效办成一件事
    VERTICAL = "vertical"  # 重点垂直管理系统对接


DUTY_KIND_LABELS: dict[DutyKind, str] = {
    DutyKind.ONE_MATTER: "高效办成一件事",
    DutyKind.VERTICAL: "重点垂直管理系统对接",
}


class DutyState(StrEnum):
    """责任清单事项状态, read from the catalogue."""

    CONNECTED = "connected"  # 已接入
    CATALOGUED = "catalogued"  # 已编目，未接入
    MISSING = "missing"  # 未编目


DUTY_STATE_LABELS: dict[DutyState, tuple[str, str]] = {  # word, tone
    DutyState.CONNECTED: ("已接入", "ok"),
    DutyState.CATALOGUED: ("已编目，未接入", "warn"),
    DutyState.MISSING: ("未编目", "bad"),
}
