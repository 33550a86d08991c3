"""The life of an entry of the open list (requirements C.6)."""

from tongqu.identity.vocabulary import Role
from tongqu.kernel.law import Assumption
from tongqu.kernel.states import StateTable, Step
from tongqu.opening.vocabulary import OpenCommand, OpenState
from tongqu.policy.clauses import mot_2020, mot_2025

PLATFORM = "platform"
REPORT_FIRST = Assumption("再识别测试可在发布前任一环节重做，以最近一次为准")
_S, _C = OpenState, OpenCommand
_LEGAL = Role.PROVIDER_REVIEWER.value
_SAFETY = Role.SECURITY_OFFICER.value
_OFFICE = Role.MANAGING_OFFICE.value
_REVIEW = mot_2025.OPENING_SAFEGUARDS

OPENING: StateTable[OpenState, OpenCommand] = StateTable(
    "开放清单条目",
    _S.PROPOSED,
    (
        *(
            row
            for state in (_S.PROPOSED, _S.REVIEWING)
            for row in (
                Step(state, _C.LEGAL_PASS, _S.REVIEWING, _LEGAL, _REVIEW, "法律审查通过"),
                Step(state, _C.SAFETY_PASS, _S.REVIEWING, _SAFETY, _REVIEW, "安全审查通过"),
                Step(
                    state, _C.LEGAL_FAIL, _S.NOT_OPEN, _LEGAL, mot_2025.SECRETS_NOT_OPEN,
                    "法律审查不通过",
                ),
                Step(
                    state, _C.SAFETY_FAIL, _S.NOT_OPEN, _SAFETY, mot_2025.SECRETS_NOT_OPEN,
                    "安全审查不通过",
                ),
            )
        ),
        *(
            Step(state, _C.TEST, state, _SAFETY, REPORT_FIRST, "再识别测试")
            for state in (_S.PROPOSED, _S.REVIEWING, _S.TO_PUBLISH, _S.OPEN, _S.LATE)
        ),
        Step(_S.REVIEWING, _C.PASS, _S.TO_PUBLISH, _OFFICE, mot_2025.SECRETS_NOT_OPEN, "审查通过"),
        Step(_S.TO_PUBLISH, _C.PUBLISH, _S.OPEN, _OFFICE, mot_2020.OPEN_LIST, "发布"),
        Step(_S.OPEN, _C.MARK_LATE, _S.LATE, PLATFORM, mot_2025.OPEN_QUALITY, "更新超期"),
        Step(_S.LATE, _C.UPDATED, _S.OPEN, PLATFORM, mot_2025.OPEN_QUALITY, "已更新"),
        *(
            row
            for state in (_S.OPEN, _S.LATE)
            for row in (
                Step(state, _C.FREEZE, _S.SUSPENDED, _SAFETY, _REVIEW, "暂停开放"),
                Step(state, _C.SUSPEND, _S.SUSPENDED, PLATFORM, _REVIEW, "自动暂停"),
            )
        ),
        *(
            Step(state, _C.WITHDRAW, _S.WITHDRAWN, _OFFICE, mot_2025.OPEN_LIST, "撤回")
            for state in (_S.OPEN, _S.LATE, _S.SUSPENDED)
        ),
    ),
)  # fmt: skip
