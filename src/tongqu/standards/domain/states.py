"""The life of a standard, from 立项 to 废止."""

from tongqu.identity.vocabulary import Role
from tongqu.kernel.law import Assumption
from tongqu.kernel.states import StateTable, Step
from tongqu.standards.vocabulary import StandardCommand as C
from tongqu.standards.vocabulary import StandardState as S

BASIS = Assumption("标准制修订程序：立项、起草、征求意见、审查、发布、实施、修订、废止")
OFFICE, PLATFORM = Role.MANAGING_OFFICE.value, "platform"

STANDARDS: StateTable[S, C] = StateTable(
    name="标准",
    initial=S.PROPOSED,
    steps=(
        Step(S.PROPOSED, C.DRAFT, S.DRAFTING, OFFICE, BASIS, "开始起草"),
        Step(S.PROPOSED, C.ABOLISH, S.ABOLISHED, OFFICE, BASIS, "终止立项"),
        Step(S.DRAFTING, C.CONSULT, S.CONSULTING, OFFICE, BASIS, "公开征求意见"),
        Step(S.DRAFTING, C.ABOLISH, S.ABOLISHED, OFFICE, BASIS, "终止起草"),
        Step(S.CONSULTING, C.SUBMIT, S.IN_REVIEW, OFFICE, BASIS, "送审"),
        Step(S.CONSULTING, C.REDRAFT, S.DRAFTING, OFFICE, BASIS, "退回起草"),
        Step(S.IN_REVIEW, C.REDRAFT, S.DRAFTING, OFFICE, BASIS, "退回起草"),
        Step(S.IN_REVIEW, C.RELEASE, S.RELEASED, OFFICE, BASIS, "发布"),
        Step(S.RELEASED, C.ENFORCE, S.IN_FORCE, OFFICE, BASIS, "实施"),
        Step(S.RELEASED, C.ABOLISH, S.ABOLISHED, OFFICE, BASIS, "废止"),
        Step(S.RELEASED, C.SUPERSEDE, S.ABOLISHED, PLATFORM, BASIS, "由新版本替代"),
        Step(S.IN_FORCE, C.REVISE, S.UNDER_REVISION, OFFICE, BASIS, "启动修订"),
        Step(S.IN_FORCE, C.ABOLISH, S.ABOLISHED, OFFICE, BASIS, "废止"),
        Step(S.IN_FORCE, C.SUPERSEDE, S.ABOLISHED, PLATFORM, BASIS, "由新版本替代"),
        Step(S.UNDER_REVISION, C.KEEP, S.IN_FORCE, OFFICE, BASIS, "复审继续有效"),
        Step(S.UNDER_REVISION, C.ABOLISH, S.ABOLISHED, OFFICE, BASIS, "废止"),
        Step(S.UNDER_REVISION, C.SUPERSEDE, S.ABOLISHED, PLATFORM, BASIS, "由新版本替代"),
    ),
)
