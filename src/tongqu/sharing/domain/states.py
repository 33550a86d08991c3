"""The life of a request (requirements C.4): enforcement, buttons, matrix and tests read this."""

from tongqu.identity.vocabulary import Role
from tongqu.kernel.law import Assumption
from tongqu.kernel.states import StateTable, Step
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing.vocabulary import Command, State

PLATFORM = "platform"
SUPPLEMENT_READING = Assumption("初审要求补正的，期限中止；逾期未补正视为撤回")
WITHDRAWAL_READING = Assumption("办结前申请单位可以撤回")
OWN_DATA_READING = Assumption("提供部门申请使用本单位所提供数据的，由主管部门决定")
MEDIATION_READING = Assumption("协商不成的，双方都可以请主管部门协调；协调意见不代替提供部门的决定")
COUNTING_READING = Assumption("放假安排公布后，暂定期限按公布的安排重算")

OPEN_STATES = (
    State.VERIFYING,
    State.FIRST_REVIEW,
    State.SUPPLEMENT,
    State.PROVIDER_REVIEW,
    State.NEGOTIATING,
    State.MANAGING_APPROVAL,
    State.COORDINATING,
    State.MEDIATING,
)
# States whose clock the measures set; only these can be overdue.
LIMITED_STATES = (State.FIRST_REVIEW, State.PROVIDER_REVIEW)


_USER = Role.CONSUMER.value
_SUPPORT = Role.SUPPORT.value
_PROVIDER = Role.PROVIDER_REVIEWER.value
_OFFICE = Role.MANAGING_OFFICE.value
_S, _C = State, Command

_FILING = (
    Step(_S.DRAFT, _C.GRANT, _S.GRANTED, PLATFORM, law.AUTOMATIC, "自动授权"),
    Step(_S.DRAFT, _C.WAIT, _S.VERIFYING, PLATFORM, law.AUTOMATIC, "等待身份核验"),
    Step(_S.DRAFT, _C.FILE, _S.FIRST_REVIEW, _USER, law.FIRST_REVIEW, "提交申请"),
    Step(_S.DRAFT, _C.FILE_NEGOTIATION, _S.NEGOTIATING, _USER, law.NEGOTIATION, "提交协商"),
    Step(
        _S.DRAFT, _C.FILE_EXTERNAL, _S.MANAGING_APPROVAL, _USER, law.EXTERNAL_CONNECTED,
        "提交主管部门",
    ),
    Step(
        _S.DRAFT, _C.FILE_UNCONNECTED, _S.COORDINATING, _USER, law.EXTERNAL_UNCONNECTED,
        "申请协调接入",
    ),
    Step(_S.VERIFYING, _C.VERIFY, _S.GRANTED, _USER, law.AUTOMATIC, "已完成核验，继续"),
)  # fmt: skip
_FIRST_REVIEW = (
    Step(
        _S.FIRST_REVIEW, _C.PASS, _S.PROVIDER_REVIEW, _SUPPORT, law.FIRST_REVIEW, "通过初审"
    ),
    Step(
        _S.FIRST_REVIEW, _C.PASS_OWN, _S.MANAGING_APPROVAL, _SUPPORT, OWN_DATA_READING,
        "通过初审，转主管部门",
    ),
    Step(
        _S.FIRST_REVIEW, _C.ASK_SUPPLEMENT, _S.SUPPLEMENT, _SUPPORT, law.MATERIALS, "退回补正"
    ),
    Step(
        _S.FIRST_REVIEW, _C.FAIL, _S.FIRST_REVIEW_FAILED, _SUPPORT, law.FIRST_REVIEW,
        "初审不通过",
    ),
    Step(_S.SUPPLEMENT, _C.SUPPLY, _S.FIRST_REVIEW, _USER, law.MATERIALS, "提交补正材料"),
    Step(
        _S.SUPPLEMENT, _C.LAPSE, _S.WITHDRAWN, PLATFORM, SUPPLEMENT_READING, "逾期未补正，撤回"
    ),
)  # fmt: skip
_DECISION = (
    Step(_S.PROVIDER_REVIEW, _C.APPROVE, _S.GRANTED, _PROVIDER, law.PROVIDER_REVIEW, "同意"),
    Step(
        _S.PROVIDER_REVIEW, _C.APPROVE_PART, _S.GRANTED, _PROVIDER, law.PROVIDER_REVIEW,
        "部分同意",
    ),
    Step(_S.PROVIDER_REVIEW, _C.REFUSE, _S.REFUSED, _PROVIDER, law.REFUSAL_BASIS, "不予共享"),
    *(
        # Article 14: where the provider entrusted its review, the support unit decides.
        Step(_S.PROVIDER_REVIEW, command, target, _SUPPORT, basis, label)
        for command, target, basis, label in (
            (_C.APPROVE, _S.GRANTED, law.ENTRUSTED, "同意"),
            (_C.APPROVE_PART, _S.GRANTED, law.ENTRUSTED, "部分同意"),
            (_C.REFUSE, _S.REFUSED, law.REFUSAL_BASIS, "不予共享"),
        )
    ),
    Step(_S.NEGOTIATING, _C.AGREE, _S.GRANTED, _PROVIDER, law.NEGOTIATION, "协商一致"),
    Step(_S.NEGOTIATING, _C.DISAGREE, _S.NOT_AGREED, _PROVIDER, law.NEGOTIATION, "协商未果"),
    *(
        Step(
            _S.NEGOTIATING, _C.REFER, _S.MEDIATING, side, MEDIATION_READING, "转主管部门协调"
        )
        for side in (_USER, _PROVIDER)
    ),
    Step(
        _S.MEDIATING, _C.MEDIATE, _S.NEGOTIATING, _OFFICE, MEDIATION_READING,
        "提出协调意见，退回协商",
    ),
    Step(_S.MEDIATING, _C.DISAGREE, _S.NOT_AGREED, _OFFICE, law.NEGOTIATION, "协商未果"),
    Step(
        _S.MANAGING_APPROVAL, _C.APPROVE, _S.GRANTED, _OFFICE, law.EXTERNAL_CONNECTED, "同意"
    ),
    Step(
        _S.MANAGING_APPROVAL, _C.APPROVE_PART, _S.GRANTED, _OFFICE, law.EXTERNAL_CONNECTED,
        "部分同意",
    ),
    Step(_S.MANAGING_APPROVAL, _C.REFUSE, _S.REFUSED, _OFFICE, law.REFUSAL_BASIS, "不予共享"),
    Step(
        _S.COORDINATING, _C.CONNECTED, _S.MANAGING_APPROVAL, _OFFICE, law.EXTERNAL_UNCONNECTED,
        "已协调接入",
    ),
    Step(
        _S.COORDINATING, _C.UNCONNECTABLE, _S.UNCONNECTABLE, _OFFICE, law.EXTERNAL_UNCONNECTED,
        "无法接入",
    ),
)  # fmt: skip
_ANY_TIME = (
    *(
        Step(state, _C.WITHDRAW, _S.WITHDRAWN, _USER, WITHDRAWAL_READING, "撤回申请")
        for state in OPEN_STATES
    ),
    *(
        Step(state, _C.ESCALATE, state, PLATFORM, law.SUPERVISION, "标记超期并报主管部门")
        for state in LIMITED_STATES
    ),
    *(
        Step(state, _C.RECOUNT, state, PLATFORM, COUNTING_READING, "重算期限")
        for state in (*LIMITED_STATES, _S.SUPPLEMENT)
    ),
)

REQUEST: StateTable[State, Command] = StateTable(
    "共享申请", State.DRAFT, (*_FILING, *_FIRST_REVIEW, *_DECISION, *_ANY_TIME)
)
