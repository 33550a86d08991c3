"""The life of a quality ticket (质量问题工单): one table, requirements C.11."""

from tongqu.kernel.law import Assumption
from tongqu.kernel.states import StateTable, Step
from tongqu.policy.clauses import measures_2021 as law
from tongqu.policy.clauses import mot_2025
from tongqu.quality.vocabulary import TicketCommand as C
from tongqu.quality.vocabulary import TicketState as S

VERIFIED_BY_SCAN = Assumption("由再次检测核验更正结果，不以点击代替")
VERIFIED_BY_FILER = Assumption("更正后由提出人核验，5 个工作日未表示意见的视为通过")
APPEAL_ONCE = Assumption("认定不成立的，提出人可申诉一次")
ROUTED_BY_SOURCE = mot_2025.INVENTORY  # 一数一源: the ticket goes to who answers for the datum
VERIFY_WORKING_DAYS = 5  # VERIFIED_BY_FILER
PROVIDER = "provider_reviewer"
CATALOGUER = "cataloguer"
SUPPORT = "support"
FILER = "filer"  # a part in the ticket, not an office: whoever filed it, or a colleague
PLATFORM = "platform"

TICKETS: StateTable[S, C] = StateTable(
    "质量问题工单",
    S.NEW,
    (
        Step(S.NEW, C.ROUTE, S.ASSIGNED, PLATFORM, ROUTED_BY_SOURCE, "派单"),
        Step(S.ASSIGNED, C.ROUTE, S.ASSIGNED, SUPPORT, ROUTED_BY_SOURCE, "改派"),
        Step(S.ASSIGNED, C.ACCEPT, S.CHECKING, PROVIDER, law.CORRECTION, "受理"),
        Step(S.CHECKING, C.DISMISS, S.UNFOUNDED, PROVIDER, law.CORRECTION, "认定不成立"),
        Step(S.CHECKING, C.CONFIRM, S.CORRECTING, PROVIDER, law.CORRECTION, "确认问题"),
        Step(S.CORRECTING, C.CORRECT, S.CORRECTED, PROVIDER, law.CORRECTION, "登记已更正"),
        Step(S.CORRECTING, C.CORRECT, S.CORRECTED, CATALOGUER, law.CORRECTION, "登记已更正"),
        Step(S.ASSIGNED, C.CORRECT, S.CORRECTED, PLATFORM, VERIFIED_BY_SCAN, "更正数据已到"),
        Step(S.CHECKING, C.CORRECT, S.CORRECTED, PLATFORM, VERIFIED_BY_SCAN, "更正数据已到"),
        Step(S.CORRECTING, C.CORRECT, S.CORRECTED, PLATFORM, VERIFIED_BY_SCAN, "更正数据已到"),
        Step(S.CORRECTED, C.CLOSE, S.CLOSED, PLATFORM, VERIFIED_BY_SCAN, "核验通过，关闭"),
        Step(S.CORRECTED, C.REOPEN, S.CHECKING, PLATFORM, VERIFIED_BY_SCAN, "核验未通过，退回校核"),
        Step(S.CORRECTED, C.VERIFY, S.CLOSED, FILER, VERIFIED_BY_FILER, "核验通过，关闭"),
        Step(S.CORRECTED, C.DISPUTE, S.CHECKING, FILER, VERIFIED_BY_FILER, "仍有问题，退回"),
        Step(S.CORRECTED, C.LAPSE, S.CLOSED, PLATFORM, VERIFIED_BY_FILER, "期满关闭"),
        Step(S.UNFOUNDED, C.APPEAL, S.CHECKING, FILER, APPEAL_ONCE, "申诉"),
    ),
)
