"""Words and states of check requests (C.12), objections (C.13) and the register of hardships."""

from dataclasses import dataclass

from tongqu.identity.vocabulary import Role
from tongqu.kernel.law import Assumption
from tongqu.kernel.states import StateTable, Step
from tongqu.kernel.words import Word
from tongqu.policy.clauses import gd_2024
from tongqu.policy.clauses import jx_2026 as plan

OPERATOR, IMPLEMENTER = Role.OPERATOR.value, Role.IMPLEMENTER.value
PROVIDER, OFFICE, PLATFORM = Role.PROVIDER_REVIEWER.value, Role.MANAGING_OFFICE.value, "platform"
FILER = "filer"
OBJECTION_TERM = Assumption("异议与质量问题同一期限核实，默认 10 个工作日")


class CheckState(Word):
    """数据校核需求."""

    PROPOSED = "proposed", "已提出"
    CONFIRMED = "confirmed", "实施机构已确认"
    DECLINED = "declined", "不确认"
    FED_BACK = "fed_back", "已反馈省厅"
    NEGOTIATED = "negotiated", "协商延期"
    REPAIRED = "repaired", "已修复，待复核"
    RETURNED = "returned", "复核退回"
    CLOSED = "closed", "已关闭"


class CheckCommand(Word):
    CONFIRM = "confirm", "确认"
    DECLINE = "decline", "不予确认"
    FEED_BACK = "feed_back", "反馈省厅"
    PROPOSE = "propose", "提出延期"
    CONSENT = "consent", "同意延期"
    REPAIR = "repair", "已更正或修复"
    PASS = "pass", "复核通过"
    RETURN = "return", "复核退回"


def _extensible(source: CheckState) -> "tuple[Step[CheckState, CheckCommand], ...]":
    return tuple(
        Step(source, command, CheckState.NEGOTIATED if command is CheckCommand.CONSENT else source,
             role, plan.CHECK_TERM, command.label)
        for command in (CheckCommand.PROPOSE, CheckCommand.CONSENT)
        for role in (PROVIDER, OFFICE, IMPLEMENTER)
    )  # fmt: skip


def _repairable(source: CheckState) -> "Step[CheckState, CheckCommand]":
    # Through the ticket: the department corrects there, and the request learns of it.
    return Step(source, CheckCommand.REPAIR, CheckState.REPAIRED, PLATFORM, plan.CHECK_TERM,
                CheckCommand.REPAIR.label)  # fmt: skip


S, C = CheckState, CheckCommand
CHECKS: StateTable[CheckState, CheckCommand] = StateTable(
    "数据校核需求",
    S.PROPOSED,
    (
        Step(S.PROPOSED, C.CONFIRM, S.CONFIRMED, IMPLEMENTER, plan.CHECK_CONFIRMED, "确认"),
        Step(S.PROPOSED, C.DECLINE, S.DECLINED, IMPLEMENTER, plan.CHECK_CONFIRMED, "不予确认"),
        Step(S.CONFIRMED, C.FEED_BACK, S.FED_BACK, PLATFORM, plan.CHECK_CONFIRMED, "反馈省厅"),
        *_extensible(S.FED_BACK),
        *_extensible(S.NEGOTIATED),
        *_extensible(S.RETURNED),
        _repairable(S.FED_BACK),
        _repairable(S.NEGOTIATED),
        _repairable(S.RETURNED),
        Step(S.REPAIRED, C.PASS, S.CLOSED, IMPLEMENTER, plan.QUALITY_LOOP, "复核通过，关闭"),
        Step(S.REPAIRED, C.RETURN, S.RETURNED, IMPLEMENTER, plan.QUALITY_LOOP, "复核退回"),
        Step(S.REPAIRED, C.RETURN, S.RETURNED, OPERATOR, plan.QUALITY_LOOP, "复核退回"),
    ),
)
CHECK_OPEN = frozenset(set(CheckState) - {CheckState.CLOSED, CheckState.DECLINED})


class ObjectionState(Word):
    """异议. While one is neither proposed nor closed its item is marked in every output."""

    PROPOSED = "proposed", "已提出"
    VERIFYING = "verifying", "核实中"
    CORRECTING = "correcting", "更正"
    TOLD = "told", "告知"
    TOLD_UNFOUNDED = "told_unfounded", "告知（不成立）"
    CLOSED = "closed", "已关闭"


class ObjectionCommand(Word):
    ACCEPT = "accept", "受理核实"
    UPHOLD = "uphold", "异议成立"
    REFUSE = "refuse", "异议不成立"
    TELL = "tell", "更正完成，告知"
    DONE = "done", "办结"


B, D = ObjectionState, ObjectionCommand
OBJECTIONS: StateTable[ObjectionState, ObjectionCommand] = StateTable(
    "数据主体异议",
    B.PROPOSED,
    (
        Step(B.PROPOSED, D.ACCEPT, B.VERIFYING, PROVIDER, plan.QUALITY_LOOP, "受理核实"),
        Step(B.PROPOSED, D.ACCEPT, B.VERIFYING, IMPLEMENTER, plan.QUALITY_LOOP, "受理核实"),
        Step(B.VERIFYING, D.UPHOLD, B.CORRECTING, PROVIDER, plan.QUALITY_LOOP, "异议成立"),
        Step(B.VERIFYING, D.REFUSE, B.TOLD_UNFOUNDED, PROVIDER, plan.QUALITY_LOOP, "异议不成立"),
        Step(B.CORRECTING, D.TELL, B.TOLD, PLATFORM, plan.QUALITY_LOOP, "更正完成，告知"),
        Step(B.TOLD, D.DONE, B.CLOSED, PLATFORM, plan.QUALITY_LOOP, "办结"),
        Step(B.TOLD_UNFOUNDED, D.DONE, B.CLOSED, PLATFORM, plan.QUALITY_LOOP, "办结"),
    ),
)
MARKED = frozenset({B.VERIFYING, B.CORRECTING, B.TOLD, B.TOLD_UNFOUNDED})


class HardshipClass(Word):
    """The four problem classes of the plan (003 一（二）)."""

    ENVIRONMENT = "environment", "信息化环境复杂"
    DEMAND = "demand", "深层应用需求不足"
    QUALITY = "quality", "数据质量不高"
    SAFETY = "safety", "安全与监管不足"


class HardshipState(Word):
    LOGGED = "logged", "已登记"
    CLASSED = "classed", "已归类"
    TREATING = "treating", "治理中"
    CLOSED = "closed", "已销账"


class HardshipCommand(Word):
    CLASS = "class", "归类"
    TREAT = "treat", "采用治理措施"
    CLOSE = "close", "销账"


STAFF = "staff"  # the unit that logged it, the managing office, support
HARDSHIPS: StateTable[HardshipState, HardshipCommand] = StateTable(
    "困难挑战台账",
    HardshipState.LOGGED,
    (
        Step(HardshipState.LOGGED, HardshipCommand.CLASS, HardshipState.CLASSED, STAFF,
             gd_2024.HARDSHIPS, "归类"),
        Step(HardshipState.CLASSED, HardshipCommand.CLASS, HardshipState.CLASSED, STAFF,
             gd_2024.HARDSHIPS, "重新归类"),
        Step(HardshipState.CLASSED, HardshipCommand.TREAT, HardshipState.TREATING, STAFF,
             gd_2024.HARDSHIPS, "采用治理措施"),
        Step(HardshipState.TREATING, HardshipCommand.CLOSE, HardshipState.CLOSED, STAFF,
             gd_2024.HARDSHIPS, "销账"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remedy:
    """What the platform offers against a class of problem.

    ``dimensions``: the rules of an entry's pack that measure the cure; empty: no measure, a
    reason closes the line. ``words``: which wordings of a problem it fits first.
    """

    code: str
    hardship: HardshipClass
    title: str
    page: str  # name of the page where one goes on
    words: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()


H = HardshipClass
REMEDIES: tuple[Remedy, ...] = (
    Remedy("two-lists", H.ENVIRONMENT, "梳理职能清、应用清和业务泳道图", "functions:swimlanes",
           ("职能", "交叉", "重叠", "不清晰")),
    Remedy("standards", H.ENVIRONMENT, "采用数据标准、数据元和代码集", "standards:library",
           ("标准", "各自为政", "口径")),
    Remedy("one-source", H.ENVIRONMENT, "登记一数一源，明确来源系统和责任部门",
           "onesource:authorities", ("多头", "重复", "来源")),
    Remedy("topics", H.DEMAND, "建立专题库，按指标组织数据", "lake:topics", ("专题", "指标")),
    Remedy("feedback", H.DEMAND, "收集使用反馈，发现新的用数需求", "sharing:feedback",
           ("需求", "统计层面", "应用")),
    Remedy("pack-consistency", H.QUALITY, "一致性规则包：跨表比较、跨表对账、关联存在",
           "quality:overview", ("不一致", "冲突", "对不上", "跨系统"), ("consistency",)),
    Remedy("pack-completeness", H.QUALITY, "完整性规则包：必填、主键、数据量",
           "quality:overview", ("缺失", "为空", "不全", "不完整"), ("completeness",)),
    Remedy("pack-accuracy", H.QUALITY, "规范与准确规则包：格式、值域、码表、校验位",
           "quality:overview", ("错误", "不准", "格式", "不规范"), ("conformity", "accuracy")),
    Remedy("pack-timeliness", H.QUALITY, "时效规则包：更新周期、到达时间", "quality:overview",
           ("频率", "滞后", "更新", "不及时"), ("timeliness",)),
    Remedy("grading", H.SAFETY, "数据分级、脱敏与授权控制", "sharing:grants",
           ("泄露", "分级", "脱敏", "越权")),
    Remedy("audit", H.SAFETY, "全程审计与存证核验", "audit:trail", ("监管", "追溯", "审计")),
    Remedy("rectification", H.SAFETY, "监督检查与整改线索", "supervision:rectifications",
           ("整改", "违规")),
)  # fmt: skip
BY_CODE = {remedy.code: remedy for remedy in REMEDIES}


def offered(hardship: HardshipClass, text: str) -> tuple[Remedy, ...]:
    """Return the remedies of a class, those whose words occur in the problem first."""
    found = [remedy for remedy in REMEDIES if remedy.hardship is hardship]
    return tuple(sorted(found, key=lambda r: -sum(word in text for word in r.words)))
