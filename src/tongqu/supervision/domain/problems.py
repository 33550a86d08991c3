"""What can stand in the way at a gate, worded once."""

from collections.abc import Sequence

from tongqu.kernel.law import Basis
from tongqu.kernel.problems import Problem
from tongqu.policy.clauses import measures_2021 as law
from tongqu.supervision.vocabulary import Gate, Stage

NOT_FOUND = Problem(
    code="NOT_FOUND",
    title="没有找到这个项目，或不在你单位的办理范围内。",
    next_step="请核对项目编号。",
    basis=law.AUTHENTICATION,
)
NOT_YOUR_PROJECT = Problem(
    code="NOT_YOUR_PROJECT",
    title="这个项目由其他部门建设，你单位不能办理。",
    next_step="请联系项目建设部门办理。",
    basis=law.PRE_CATALOGUE,
    who="项目建设部门",
)
PROJECT_EXISTS = Problem(
    code="PROJECT_EXISTS",
    title="已有相同编号或名称的项目。",
    next_step="请核对立项文件；同一项目不要重复登记。",
    basis=law.PRE_CATALOGUE,
)

MANAGING_DECIDES = Problem(
    code="NOT_YOUR_PROJECT",
    title="整改线索由科技主管部门核实。",
    next_step="请转主管部门办理。",
    basis=law.RECTIFICATION,
    who="主管部门",
)

BASIS_REQUIRED = Problem(
    code="BASIS_REQUIRED",
    title="没有选择所依据的条款。",
    next_step="请选择第二十三条所列的情形；其他行为选（七）并写明事由。",
    basis=law.RECTIFICATION,
    fields={"case": "请选择情形。"},
)
EVENT_OF_NOBODY = Problem(
    code="NOT_FOUND",
    title="没有这条安全事件，或事件没有可追究的单位。",
    next_step="请从安全事件页核对编号。",
    basis=law.LOST_CONTROL,
)


NO_SUCH_ACT = Problem(
    code="INVALID",
    title="没有这项操作，什么也没有办理。",
    next_step="请刷新页面后重新选择。",
    basis=law.AUTHENTICATION,
)


def invalid(**fields: str) -> Problem:
    return Problem(
        code="INVALID",
        title="填写的内容不符合要求。",
        next_step="请按提示改正后重新提交。",
        basis=law.PRE_CATALOGUE,
        fields=fields,
    )


def wrong_stage(stage: Stage, gate: Gate) -> Problem:
    return Problem(
        code="WRONG_STAGE",
        title=f"项目处于“{stage.label}”阶段，不能办理{gate.label}。",
        next_step="请核对项目阶段，按立项、试运行、验收的次序办理。",
        basis=law.RECEIPT_USE,
    )


def gate_closed(gate: Gate, why: Sequence[str], basis: Basis) -> Problem:
    """Return why a gate stays shut: one sentence for every entry that is in the way."""
    return Problem(
        code="GATE_NOT_PASSED",
        title=f"{gate.label}不能通过：{len(why)} 项不符合要求。",
        next_step="请建设部门按所列各项办结后再申请。",
        basis=basis,
        who="项目建设部门编目员",
        fields={"entries": "；".join(why[:20])},
        facts={"why": list(why)},
    )
