"""What opening refuses, and what to do next."""

from collections.abc import Mapping

from tongqu.delivery.vocabulary import OpenRefusal
from tongqu.kernel.law import Assumption
from tongqu.kernel.problems import Problem
from tongqu.policy.clauses import gd_2024, mot_2025

TYPES_READING = Assumption("开放类型分无条件开放、有条件开放、不予开放三类")
RATE_READING = Assumption("未登录调用每个来源每分钟最多 120 次")
NOT_FOUND = Problem(
    code="NOT_FOUND",
    title="没有找到这个开放数据集。",
    next_step="请在开放清单中检索。",
)
CASE_NOT_FOUND = Problem(
    code="NOT_FOUND", title="没有找到这件开放事项。", next_step="请在开放管理中检索。"
)
NO_TABLE = Problem(
    code="NO_TABLE",
    title="该目录还没有接入服务库，不能开放。",
    next_step="请先接入数据并生成服务库表。",
    basis=mot_2025.OPEN_QUALITY,
)
NOTHING_SHOWN = Problem(
    code="NOTHING_SHOWN",
    title="没有选择要开放的信息项。",
    next_step="请至少选择一个信息项。",
    fields={"shown": "请至少选择一个信息项。"},
)
ALREADY = Problem(
    code="ALREADY_PROPOSED",
    title="该目录已在开放清单中或正在办理。",
    next_step="请在开放管理中查看。",
)
NOT_YOURS = Problem(
    code="NOT_YOUR_ENTRY",
    title="只能由目录的提供单位提出开放。",
    next_step="请联系提供单位。",
    who="提供单位",
)
NO_OPINIONS = Problem(
    code="OPENING_STEP",
    title="法律审查和安全审查均通过后才能办理这一步。",
    next_step="请先由审查岗位出具意见。",
    basis=mot_2025.OPENING_SAFEGUARDS,
)
NO_REPORT = Problem(
    code="NO_RISK_REPORT",
    title="还没有再识别测试报告。",
    next_step="请先运行再识别测试。",
    basis=gd_2024.OPEN_WITH_WATCH,
    who="数据安全员",
)
CLOSED_TYPE = Problem(
    code="OPEN_TYPE_CLOSED",
    title="该数据集为有条件开放，不能直接取数。",
    next_step="请按开放条件向发布单位提出申请。",
    basis=TYPES_READING,
)
RATE = Problem(
    code="OPEN_RATE",
    title="调用过于频繁。",
    next_step="请在一分钟后重试，或下载整个文件。",
    basis=RATE_READING,
)
NO_PLACE = Problem(
    code="NO_POINT",
    title="该数据集没有经纬度，不能生成 GeoJSON。",
    next_step="请选择 CSV、JSON 或 XLSX。",
)
ANSWERED = Problem(code="ALREADY_DECIDED", title="这件意见已经答复。", next_step="请刷新页面查看。")
_WHY: Mapping[OpenRefusal, str] = {
    OpenRefusal.UNKNOWN: "目录版本中没有这个信息项",
    OpenRefusal.TOP_LEVEL: "属于 4 级，不予开放",
    OpenRefusal.IN_CLEAR: "高于 1 级且未脱敏",
    OpenRefusal.NOT_OPENABLE: "目录未标为可开放",
    OpenRefusal.BAD_MASK: "脱敏方法不符合规定",
}


def never_opens(names: str) -> Problem:
    """Level 4 is never opened: no role, no reason and no setting changes that."""
    return Problem(
        code="LEVEL_NEVER_OPENS",
        title=f"4 级信息项不得开放：{names}。",
        next_step="请去掉这些信息项；任何岗位都不能例外。",
        basis=mot_2025.SECRETS_NOT_OPEN,
        fields={"shown": f"4 级信息项不得开放：{names}。"},
    )


def blocked(findings: Mapping[str, OpenRefusal]) -> Problem:
    """Return the review's block, which names each item and what is wrong with it."""
    told = "；".join(f"{name}（{_WHY[why]}）" for name, why in findings.items())
    return Problem(
        code="REVIEW_BLOCKED",
        title=f"审查不能通过：{told}。",
        next_step="请由提供单位调整信息项或脱敏方法后重新提出。",
        basis=mot_2025.OPENING_SAFEGUARDS,
        who="提供单位",
        fields={"verdict": told},
    )


def held(told: str) -> Problem:
    return Problem(
        code="RISK_HELD",
        title=f"再识别测试未通过：{told}",
        next_step="请减少信息项、提高脱敏程度后重新提出，或先撤回相关数据集。",
        basis=gd_2024.OPEN_WITH_WATCH,
        who="数据安全员",
    )


def required(field: str, label: str, length: int = 500) -> Problem:
    return Problem(
        code="REASON_REQUIRED",
        title=f"请填写{label}。",
        next_step="请补填后重新提交。",
        fields={field: f"请填写{label}，不超过 {length} 个字。"},
    )


def not_now(state: str) -> Problem:
    return Problem(
        code="OPENING_STEP",
        title=f"本件当前为“{state}”，不能这样办理。",
        next_step="请刷新页面查看办理结果。",
    )
