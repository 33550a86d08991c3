"""What people may decide about look-alikes and proposals."""

from tongqu.kernel.states import StateTable, Step
from tongqu.masters.vocabulary import LikenessCommand as L
from tongqu.masters.vocabulary import LikenessState as S
from tongqu.masters.vocabulary import ProposalCommand as C
from tongqu.masters.vocabulary import ProposalState as P
from tongqu.policy.clauses.mot_2025 import MASTER_DATA as LAW

DESK, ASKER, PLATFORM = "support", "consumer", "platform"

LIKENESSES: StateTable[S, L] = StateTable(
    "疑似重复",
    S.OPEN,
    (
        Step(S.OPEN, L.MERGE, S.MERGED, DESK, LAW, "合并"),
        Step(S.OPEN, L.APART, S.APART, DESK, LAW, "保持独立"),
        Step(S.OPEN, L.LATER, S.LATER, DESK, LAW, "暂缓"),
        Step(S.LATER, L.MERGE, S.MERGED, DESK, LAW, "合并"),
        Step(S.LATER, L.APART, S.APART, DESK, LAW, "保持独立"),
        Step(S.MERGED, L.SPLIT, S.OPEN, DESK, LAW, "撤销合并"),
        Step(S.APART, L.REOPEN, S.OPEN, DESK, LAW, "重新处理"),
    ),
)

PROPOSALS: StateTable[P, C] = StateTable(
    "更正建议",
    P.FILED,
    (
        Step(P.FILED, C.ACCEPT, P.ACCEPTED, DESK, LAW, "采纳"),
        Step(P.FILED, C.REFUSE, P.REFUSED, DESK, LAW, "不采纳"),
        Step(P.FILED, C.WITHDRAW, P.WITHDRAWN, ASKER, LAW, "撤回"),
        Step(P.ACCEPTED, C.FINISH, P.DONE, PLATFORM, LAW, "来源已更正"),
    ),
)
