"""What can stand in the way of a step, worded once."""

from tongqu.kernel.law import Basis
from tongqu.kernel.problems import Problem
from tongqu.policy.clauses import gd_2024, jx_2026, mot_2025
from tongqu.policy.clauses import measures_2021 as law

NOT_FOUND = Problem(
    code="NOT_FOUND",
    title="没有找到这项记录，或不在你单位的办理范围内。",
    next_step="请回到列表核对。",
    basis=law.AUTHENTICATION,
)
NOT_YOUR_SURVEY = Problem(
    code="NOT_YOUR_SURVEY",
    title="本轮调查没有下发到你单位。",
    next_step="需要参加的，请联系主管部门补充下发。",
    basis=mot_2025.INVENTORY,
    who="主管部门",
)
SURVEY_CLOSED = Problem(
    code="SURVEY_CLOSED",
    title="问卷已提交或本轮填报已结束，不能修改。",
    next_step="确需补充的，请主管部门退回问卷。",
    basis=mot_2025.INVENTORY,
    who="主管部门",
)
ANSWERS_OPEN = Problem(
    code="ANSWERS_OPEN",
    title="还有已提交、未审核的问卷，不能汇总。",
    next_step="请先逐份审核。",
    basis=mot_2025.INVENTORY,
    who="主管部门",
)
CONFLICTS_OPEN = Problem(
    code="CONFLICTS_OPEN",
    title="还有未处理的冲突，不能生成全省目录。",
    next_step="请逐项选定后再生成。",
    basis=gd_2024.FULL_CATALOGUE,
    who="主管部门",
)
TOO_FEW = Problem(
    code="TOO_FEW_SOURCES",
    title="融合至少需要两个不同部门的现行目录。",
    next_step="请选择两个以上市县已发布的目录。",
    basis=gd_2024.FULL_CATALOGUE,
)
BATCH_FROZEN = Problem(
    code="BATCH_FROZEN",
    title="清单已送会签或已会签，内容不能修改。",
    next_step="会签中的可退回修改，原会签作废；已会签的请编制下一批次。",
    basis=jx_2026.LIST_COMPILED,
    who="主管部门",
)
NOT_YOUR_PART = Problem(
    code="NOT_YOUR_PART",
    title="你单位不是这份清单的会签方。",
    next_step="请由清单所列的会签单位办理。",
    basis=jx_2026.LIST_COMPILED,
    who="会签单位",
)
ALREADY_SIGNED = Problem(
    code="ALREADY_SIGNED",
    title="你单位已会签这份清单。",
    next_step="等待其他单位会签即可。",
    basis=jx_2026.LIST_COMPILED,
)
NOT_YOUR_OBJECT = Problem(
    code="NOT_YOUR_OBJECT",
    title="这项元数据由其他部门负责填写。",
    next_step="请联系责任部门填写。",
    basis=gd_2024.ONE_LEDGER,
    who="责任部门编目员",
)
NOT_YOUR_FLOW = Problem(
    code="NOT_YOUR_FLOW",
    title="这一步由其他岗位或其他部门办理。",
    next_step="请由步骤所列的岗位办理。",
    basis=law.COMPILE,
    who="步骤所列岗位",
)
FLOW_CHANGED = Problem(
    code="FLOW_CHANGED",
    title="流程已由他人办到下一步。",
    next_step="请刷新页面查看当前步骤。",
    basis=law.COMPILE,
)
NO_SUCH_ACT = Problem(
    code="INVALID",
    title="没有这项操作，什么也没有办理。",
    next_step="请刷新页面后重新选择。",
    basis=law.AUTHENTICATION,
)
NOT_MEASURED = Problem(
    code="NOT_FOUND",
    title="存量尚未测量。",
    next_step="平台每小时测量一次；也可由技术支持部门立即测量。",
    basis=gd_2024.ONE_LEDGER,
    who="技术支持部门",
)


def invalid(basis: Basis, **fields: str) -> Problem:
    """Return what is wrong with a form, field by field."""
    return Problem(
        code="INVALID",
        title="填写的内容不符合要求。",
        next_step="请按提示改正后重新提交。",
        basis=basis,
        fields=fields,
    )


def unpublished(codes: list[str]) -> Problem:
    return Problem(
        code="NOT_PUBLISHED",
        title=f"有 {len(codes)} 个目录条目没有发布，不能列入清单。",
        next_step="请提供部门发布后再列入，或从清单中移除。",
        basis=jx_2026.FIRST_BATCH,
        who="提供部门",
        fields={"entries": "、".join(codes[:20])},
        facts={"codes": codes},
    )


def step_not_done(title: str, fact: str) -> Problem:
    return Problem(
        code="STEP_NOT_DONE",
        title=f"“{title}”还没有完成：{fact}尚不成立。",
        next_step="请先在目录或汇聚页面办结，再回到流程。",
        basis=law.COMPILE,
        who="提供部门编目员",
    )
