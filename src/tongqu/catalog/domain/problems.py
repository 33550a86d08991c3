"""What can stand in the way of a step, worded once."""

from datetime import date

from tongqu.catalog.vocabulary import EntryState, FindingView
from tongqu.kernel.law import Clause
from tongqu.kernel.problems import Problem
from tongqu.policy.clauses import measures_2021 as law

NOT_FOUND = Problem(
    code="NOT_FOUND",
    title="没有找到这个目录条目。",
    next_step="请核对目录标识，或到数据目录检索。",
    basis=law.CATALOGUE_IS_BASIS,
)
NOT_PUBLISHED = Problem(
    code="NOT_PUBLISHED",
    title="该目录条目尚未发布，不能作为共享依据。",
    next_step="请联系提供部门完成合规性检测并发布后再申请。",
    basis=law.CATALOGUE_IS_BASIS,
    who="提供部门",
)
NOT_YOUR_ENTRY = Problem(
    code="NOT_YOUR_ENTRY",
    title="这个目录条目由其他部门编制，你单位不能办理。",
    next_step="请联系提供部门办理。",
    basis=law.PROVIDER_DUTY,
    who="提供部门编目员",
)
FROZEN = Problem(
    code="FROZEN",
    title="目录已发布，不能直接修改。",
    next_step="请先登记变更并写明原因，在新版本上修改。",
    basis=law.FROZEN,
    who="提供部门编目员",
)
IN_PROCESS = Problem(
    code="FROZEN",
    title="目录正在检测或审核，暂时不能修改。",
    next_step="请等待办结；确需修改的，请审核人退回。",
    basis=law.COMPLIANCE,
    who="提供部门审核人",
)
ENTRY_CHANGED = Problem(
    code="ENTRY_CHANGED",
    title="你打开表单后，这份草稿已被他人修改。",
    next_step="请重新打开查看最新内容，再填写你的修改。",
    basis=law.VERSIONED,
)
NO_DATA = Problem(
    code="NO_DATA",
    title="条目已通过检测，但还没有接入数据，不能签发正式编目回执。",
    next_step="请接入数据并完成首次加载后再下载。",
    basis=law.FORMAL_RECEIPT,
    who="提供部门编目员",
)
ALREADY_CHANGING = Problem(
    code="ALREADY_CHANGING",
    title="这个条目已有一份变更在办。",
    next_step="请在该变更上继续修改，或办结后再登记。",
    basis=law.VERSIONED,
)
RULE_UNKNOWN = Problem(
    code="NOT_FOUND",
    title="没有这条合规性检测规则。",
    next_step="请从规则列表中选择。",
    basis=law.COMPLIANCE,
)
NO_STOP = Problem(
    code="NOT_FOUND",
    title="这个目录条目没有待批准的停用申请。",
    next_step="请由提供部门审核人先申请停用。",
    basis=law.CHANGE_NOTICE,
    who="提供部门审核人",
)
NOT_PRE = Problem(
    code="NOT_CHECKED",
    title="只有预编检测通过的目录才能转为正式目录。",
    next_step="请先提交预编目录的合规性检测。",
    basis=law.PRE_CATALOGUE,
    who="提供部门编目员",
)
IDENTIFIER_TAKEN = Problem(
    code="IDENTIFIER_TAKEN",
    title="这个标识已经登记在一个目录条目上。",
    next_step="请核对标识；一个标识只能指向一个条目。",
    basis=law.COMPILE,
)
IDENTIFIER_UNKNOWN = Problem(
    code="NOT_FOUND",
    title="没有找到这个标识对应的目录条目或节点。",
    next_step="请核对标识；由其他节点签发的，请主管部门先登记该节点。",
    basis=law.CATALOGUE_IS_BASIS,
)
RECEIPT_UNKNOWN = Problem(
    code="NOT_FOUND",
    title="没有这个编号的编目回执。",
    next_step="请核对回执上的编号；仍查不到的，可能不是本平台签发。",
    basis=law.RECEIPT_USE,
)
IMPORT_UNKNOWN = Problem(
    code="NOT_FOUND",
    title="没有找到这次导入。",
    next_step="请到批量著录页查看本单位的导入记录。",
    basis=law.COMPILE,
)
IMPORT_DONE = Problem(
    code="IMPORT_DONE",
    title="这次导入已经确认过，没有重复导入。",
    next_step="请到目录管理查看已建的草稿。",
    basis=law.COMPILE,
)


def not_compliant(findings: tuple[FindingView, ...]) -> Problem:
    """Return why a version cannot be published: every rule, field and remedy."""
    return Problem(
        code="NOT_COMPLIANT",
        title=f"合规性检测未通过：{len(findings)} 处须改正。",
        next_step="请按检测报告逐项改正后重新提交检测。",
        basis=law.COMPLIANCE,
        who="提供部门编目员",
        fields={f.field: f"{f.message}。{f.remedy}。" for f in reversed(findings)},
        facts={
            "findings": [
                {"rule": f.rule, "field": f.field, "item": f.item, "message": f.message,
                 "remedy": f.remedy, "clause": f.clause}
                for f in findings
            ]
        },
    )  # fmt: skip


def not_checked(state: EntryState, basis: Clause = law.COMPLIANCE) -> Problem:
    return Problem(
        code="NOT_CHECKED",
        title=f"条目当前为“{state.label}”，还没有通过合规性检测。",
        next_step="请编目员提交检测，通过后再办理。",
        basis=basis,
        who="提供部门编目员",
    )


def too_early(earliest_on: date, active_grants: int) -> Problem:
    return Problem(
        code="CHANGE_TOO_EARLY",
        title=f"数据正被使用（{active_grants} 项授权），最早可于 {earliest_on.isoformat()} 变更。",
        next_step=f"请把生效日期改为 {earliest_on.isoformat()} 或以后；紧急的请主管部门特批。",
        basis=law.CHANGE_NOTICE,
        who="主管部门",
        fields={"effective_on": f"最早 {earliest_on.isoformat()}"},
        facts={"earliest_on": earliest_on.isoformat(), "active_grants": active_grants},
    )


def invalid(field: str, message: str) -> Problem:
    return Problem(
        code="INVALID",
        title="填写的内容不符合要求。",
        next_step="请按提示改正后重新提交。",
        basis=law.COMPILE,
        fields={field: message},
    )


def identifier_wrong(message: str) -> Problem:
    """Return that an identifier has the right shape but a wrong character in it."""
    return Problem(
        code="IDENTIFIER_WRONG",
        title=f"目录标识不正确：{message}。",
        next_step="请对照原件逐位核对后重新输入。",
        basis=law.COMPILE,
        fields={"identifier": message},
    )


def basis_unknown() -> Problem:
    return Problem(
        code="BASIS_UNKNOWN",
        title="没有引用可查证的法律法规或政策条款。",
        next_step="请从制度规范库选择条款；只有文字说明不算依据。",
        basis=law.WITHHELD_BASIS,
        fields={"basis_code": "请选择一条依据"},
    )
