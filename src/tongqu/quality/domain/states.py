"""The life of a quality ticket (质量问题工单): one table, requirements C.11."""

from tongqu.kernel.law import Assumption
from tongqu.kernel.states import StateTable, Step
from tongqu.policy.clauses import measures_2021 as law
from tongqu.quality.vocabulary import TicketCommand as C
from tongqu.quality.vocabulary import TicketState as S

VERIFIED_BY_SCAN = Assumption("由再次检测核验更正结果，不以点击代替")
PROVIDER = "provider_reviewer"
PLATFORM = "platform"

TICKETS: StateTable[S, C] = StateTable(
    "质量问题工单",
    S.ASSIGNED,
    (
        Step(S.ASSIGNED, C.ACCEPT, S.CHECKING, PROVIDER, law.CORRECTION, "受理"),
        Step(S.CHECKING, C.DISMISS, S.UNFOUNDED, PROVIDER, law.CORRECTION, "认定不成立"),
        Step(S.CHECKING, C.CONFIRM, S.CORRECTING, PROVIDER, law.CORRECTION, "确认问题"),
        Step(S.CORRECTING, C.CORRECT, S.CORRECTED, PROVIDER, law.CORRECTION, "登记已更正"),
        Step(S.CORRECTED, C.CLOSE, S.CLOSED, PLATFORM, VERIFIED_BY_SCAN, "检测通过，关闭"),
        Step(S.CORRECTED, C.REOPEN, S.CHECKING, PLATFORM, VERIFIED_BY_SCAN, "检测未通过，退回校核"),
    ),
)
