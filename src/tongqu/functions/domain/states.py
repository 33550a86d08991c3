"""Lives of a register's part (C.16), a digitalisation task, static material."""

from tongqu.functions.vocabulary import (
    MaterialCommand,
    MaterialState,
    RegisterCommand,
    RegisterState,
    TaskCommand,
    TaskState,
)
from tongqu.identity.vocabulary import Role
from tongqu.kernel.states import StateTable, Step
from tongqu.policy.clauses import gd_2024 as plan

_CATALOGUER = Role.CATALOGUER.value
_REVIEWER = Role.PROVIDER_REVIEWER.value
_OFFICE = Role.MANAGING_OFFICE.value
_LISTS, _GAPS, _STATIC = plan.TWO_LISTS_ONE_CHART, plan.DATA_GAPS, plan.STATIC_DATA

_S, _C = RegisterState, RegisterCommand
REGISTER = StateTable(
    name="两清一图清单",
    initial=_S.DRAFT,
    steps=(
        Step(_S.DRAFT, _C.SUBMIT, _S.CONFIRMING, _CATALOGUER, _LISTS, "提交部门确认"),
        Step(_S.CHANGING, _C.SUBMIT, _S.CONFIRMING, _CATALOGUER, _LISTS, "提交部门确认"),
        Step(_S.CONFIRMING, _C.CONFIRM, _S.REVIEWING, _REVIEWER, _LISTS, "确认并报科技处"),
        Step(_S.CONFIRMING, _C.RETURN, _S.DRAFT, _REVIEWER, _LISTS, "退回修改"),
        Step(_S.REVIEWING, _C.APPROVE, _S.EFFECTIVE, _OFFICE, _LISTS, "审核通过"),
        Step(_S.REVIEWING, _C.RETURN, _S.DRAFT, _OFFICE, _LISTS, "退回修改"),
        Step(_S.EFFECTIVE, _C.CHANGE, _S.CHANGING, _CATALOGUER, plan.LINKED_UPDATE, "登记变更"),
    ),
)
EDITABLE = frozenset({RegisterState.DRAFT, RegisterState.CHANGING})
UNDER_REVIEW = frozenset({RegisterState.CONFIRMING, RegisterState.REVIEWING})

_T, _D = TaskState, TaskCommand
TASK = StateTable(
    name="数字化升级改造任务",
    initial=_T.OPEN,
    steps=(
        Step(_T.OPEN, _D.START, _T.DOING, _CATALOGUER, _GAPS, "开始实施"),
        Step(_T.DOING, _D.REPORT, _T.CHECKING, _CATALOGUER, _GAPS, "报告完成"),
        Step(_T.CHECKING, _D.ACCEPT, _T.DONE, _OFFICE, _GAPS, "核验通过"),
        Step(_T.CHECKING, _D.REOPEN, _T.DOING, _OFFICE, _GAPS, "退回实施"),
        Step(_T.OPEN, _D.CANCEL, _T.CANCELLED, _OFFICE, _GAPS, "取消任务"),
        Step(_T.DOING, _D.CANCEL, _T.CANCELLED, _OFFICE, _GAPS, "取消任务"),
    ),
)

_M, _A = MaterialState, MaterialCommand
MATERIAL = StateTable(
    name="静态材料",
    initial=_M.UNDIGITISED,
    steps=(
        Step(_M.UNDIGITISED, _A.SCAN, _M.SCANNED, _CATALOGUER, _STATIC, "登记扫描"),
        Step(_M.SCANNED, _A.STRUCTURE, _M.STRUCTURED, _CATALOGUER, _STATIC, "登记识别结果"),
        Step(_M.STRUCTURED, _A.VERIFY, _M.VERIFIED, _REVIEWER, _STATIC, "人工核验通过"),
        Step(_M.STRUCTURED, _A.REJECT, _M.SCANNED, _REVIEWER, _STATIC, "退回重新识别"),
    ),
)
# How a state is shown; colours follow the state, never the template.
TONES: dict[str, str] = {
    "draft": "quiet", "confirming": "info", "reviewing": "info", "effective": "ok",
    "changing": "busy", "open": "info", "doing": "busy", "checking": "info", "done": "ok",
    "cancelled": "past", "undigitised": "quiet", "scanned": "info", "structured": "busy",
    "verified": "ok", "in_use": "ok", "retired": "past", "proposed": "info", "settled": "ok",
    "confirmed": "ok", "declined": "past",
}  # fmt: skip
