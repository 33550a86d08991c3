"""What can stand in the way, worded once."""

from tongqu.functions.vocabulary import RegisterState
from tongqu.kernel.law import Basis
from tongqu.kernel.problems import Problem
from tongqu.policy.clauses import gd_2024 as plan
from tongqu.policy.clauses import measures_2021 as law

NOT_FOUND = Problem(
    code="NOT_FOUND",
    title="没有找到，或不在你单位的范围内。",
    next_step="请核对编码；可在职能清、应用清或业务泳道图列表中查找。",
    basis=plan.TWO_LISTS_ONE_CHART,
)
NOT_YOUR_REGISTER = Problem(
    code="NOT_YOUR_REGISTER",
    title="这由其他部门梳理，你单位不能修改。",
    next_step="请联系该部门编目员办理。",
    basis=plan.TWO_LISTS_ONE_CHART,
    who="该部门编目员",
)
CLASSIFIED = Problem(
    code="CLASSIFIED",
    title="涉密系统不得录入。",
    next_step="请只登记非涉密系统；涉密系统按保密规定另行管理，不要在本平台填写任何信息。",
    basis=law.NON_SECRET,
    fields={"is_secret": "平台只收非涉密系统"},
)
ORPHAN_ITEM = Problem(
    code="NO_PARENT",
    title="工作项没有上级职能，不能保存。",
    next_step="请先登记职能，再在该职能之下登记工作项。",
    basis=plan.TWO_LISTS_ONE_CHART,
    fields={"parent": "请选择上级职能"},
)
CHART_CHANGED = Problem(
    code="CHART_CHANGED",
    title="你打开后，这张泳道图已被他人修改，你的修改没有保存。",
    next_step="请先下载你的修改，重新打开查看最新内容，再补上你的修改，或导入所下载的文件。",
    basis=plan.SWIMLANES,
)
FUNCTION_CHANGED = Problem(
    code="FUNCTION_CHANGED",
    title="你打开表单后，这一项已被他人修改。",
    next_step="请重新打开查看最新内容，再填写你的修改。",
    basis=plan.TWO_LISTS_ONE_CHART,
)
MOVE_OPEN = Problem(
    code="MOVE_OPEN",
    title="这项职能已有一件划转在办。",
    next_step="请先办结在办的划转。",
    basis=plan.LINKED_UPDATE,
)
SAME_HAND = Problem(
    code="SAME_HAND",
    title="识别结果由你登记，不能由你核验。",
    next_step="请本部门另一名审核人对照原件核验。",
    basis=plan.STATIC_DATA,
    who="提供部门审核人",
)


def frozen(state: RegisterState) -> Problem:
    change = state is RegisterState.EFFECTIVE
    return Problem(
        code="REGISTER_FROZEN",
        title=f"清单当前为“{state.label}”，不能修改。",
        next_step="请先登记变更再修改。" if change else "请等待办结；确需修改的，请确认人退回。",
        basis=plan.LINKED_UPDATE if change else plan.TWO_LISTS_ONE_CHART,
        who="本部门编目员" if change else "提供部门审核人、主管部门",
    )


def invalid(field: str, message: str, *, basis: Basis = plan.TWO_LISTS_ONE_CHART) -> Problem:
    return Problem(
        code="INVALID",
        title="填写的内容不符合要求。",
        next_step="请按提示改正后重新提交。",
        basis=basis,
        fields={field: message},
    )


def bad_chart(message: str) -> Problem:
    """Return why a chart or a BPMN file cannot be taken; ``message`` says where and why."""
    return Problem(
        code="BAD_CHART",
        title=f"泳道图不能保存：{message}。",
        next_step="请改正后重新提交。文件应为 BPMN 2.0 XML，UTF-8 编码，不含文档类型声明。",
        basis=plan.SWIMLANES,
        fields={"document": message},
    )
