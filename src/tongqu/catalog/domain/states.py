"""The lives of a version of an entry and of a receipt, as tables."""

from enum import StrEnum

from tongqu.catalog.vocabulary import EntryState, ReceiptState
from tongqu.identity.vocabulary import Role
from tongqu.kernel.states import StateTable, Step
from tongqu.policy.clauses import measures_2021 as law

S = EntryState


class Command(StrEnum):
    SUBMIT = "submit"
    FAIL = "fail"
    COMPLY_PRE = "comply_pre"
    COMPLY = "comply"
    APPROVE = "approve"
    APPROVE_LATER = "approve_later"
    TAKE_EFFECT = "take_effect"
    REFUSE = "refuse"
    MAKE_FORMAL = "make_formal"
    FIND_CHANGE = "find_change"
    REPLACE = "replace"
    STOP = "stop"
    ARCHIVE = "archive"


C = Command
_CATALOGUER, _REVIEWER, _PLATFORM = Role.CATALOGUER.value, Role.PROVIDER_REVIEWER.value, "platform"

# A change registers a new version: it begins in CHANGE_REGISTERED and is checked like any.
ENTRY = StateTable(
    name="目录版本",
    initial=S.DRAFT,
    steps=(
        Step(S.DRAFT, C.SUBMIT, S.CHECKING, _CATALOGUER, law.CORE_METADATA, "提交检测"),
        Step(S.RETURNED, C.SUBMIT, S.CHECKING, _CATALOGUER, law.COMPILE, "重新提交检测"),
        Step(S.CHANGE_REGISTERED, C.SUBMIT, S.CHECKING, _CATALOGUER, law.COMPLIANCE, "提交检测"),
        Step(S.CHECKING, C.FAIL, S.RETURNED, _PLATFORM, law.COMPLIANCE, "检测未通过"),
        Step(S.CHECKING, C.COMPLY_PRE, S.PRE_PASSED, _PLATFORM, law.PRE_RECEIPT, "预编检测通过"),
        Step(S.CHECKING, C.COMPLY, S.IN_REVIEW, _PLATFORM, law.COMPLIANCE, "检测通过"),
        Step(S.PRE_PASSED, C.MAKE_FORMAL, S.DRAFT, _CATALOGUER, law.PRE_CATALOGUE, "转为正式目录"),
        Step(S.IN_REVIEW, C.APPROVE, S.PUBLISHED, _REVIEWER, law.COMPLIANCE, "发布"),
        Step(S.IN_REVIEW, C.APPROVE_LATER, S.CHANGE_PENDING, _REVIEWER, law.CHANGE_NOTICE, "批准"),
        Step(S.IN_REVIEW, C.REFUSE, S.RETURNED, _REVIEWER, law.COMPILE, "退回修改"),
        Step(S.CHANGE_PENDING, C.TAKE_EFFECT, S.PUBLISHED, _PLATFORM, law.VERSIONED, "变更生效"),
        Step(S.PUBLISHED, C.FIND_CHANGE, S.TO_UPDATE, _PLATFORM, law.COMPILE, "发现变化"),
        Step(S.PUBLISHED, C.REPLACE, S.ARCHIVED, _PLATFORM, law.VERSIONED, "由新版本替代"),
        Step(S.TO_UPDATE, C.REPLACE, S.ARCHIVED, _PLATFORM, law.VERSIONED, "由新版本替代"),
        Step(S.PUBLISHED, C.STOP, S.STOPPED, _REVIEWER, law.CHANGE_NOTICE, "停用"),
        Step(S.TO_UPDATE, C.STOP, S.STOPPED, _REVIEWER, law.CHANGE_NOTICE, "停用"),
        Step(S.PRE_PASSED, C.REPLACE, S.ARCHIVED, _PLATFORM, law.VERSIONED, "由正式目录替代"),
        Step(S.STOPPED, C.ARCHIVE, S.ARCHIVED, _PLATFORM, law.VERSIONED, "归档"),
    ),
)  # fmt: skip


class ReceiptCommand(StrEnum):
    UPDATE = "update"
    VOID = "void"


R, V = ReceiptCommand, ReceiptState
RECEIPT = StateTable(
    name="编目回执",
    initial=V.VALID,
    steps=(
        Step(V.VALID, R.UPDATE, V.UPDATED, _PLATFORM, law.VERSIONED, "条目有新版本"),
        Step(V.VALID, R.VOID, V.VOID, Role.MANAGING_OFFICE.value, law.SUPERVISION, "作废"),
        Step(V.UPDATED, R.VOID, V.VOID, Role.MANAGING_OFFICE.value, law.SUPERVISION, "作废"),
    ),
)
