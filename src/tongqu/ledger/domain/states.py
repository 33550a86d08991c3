"""The lives of survey rounds, questionnaires, merges and operation lists, as tables."""

from enum import StrEnum

from tongqu.identity.vocabulary import Role
from tongqu.kernel.states import StateTable, Step
from tongqu.ledger.vocabulary import AnswerState, BatchState, MergeState, RoundState
from tongqu.policy.clauses import gd_2024, jx_2026, mot_2025

_MANAGING, _CATALOGUER, _PLATFORM = Role.MANAGING_OFFICE.value, Role.CATALOGUER.value, "platform"
_RESPONSIBLE = Role.FIRST_RESPONSIBLE.value


class RoundCommand(StrEnum):
    ISSUE = "issue"
    BEGIN = "begin"
    REVIEW = "review"
    SUMMARISE = "summarise"
    ARCHIVE = "archive"


R, RC = RoundState, RoundCommand
ROUND = StateTable(
    name="资源调查轮次",
    initial=R.COMPILING,
    steps=(
        Step(R.COMPILING, RC.ISSUE, R.ISSUED, _MANAGING, mot_2025.INVENTORY, "下发"),
        Step(R.ISSUED, RC.BEGIN, R.FILLING, _PLATFORM, mot_2025.INVENTORY, "首份填报"),
        Step(R.FILLING, RC.REVIEW, R.REVIEWING, _MANAGING, mot_2025.INVENTORY, "结束填报，转审核"),
        Step(R.REVIEWING, RC.SUMMARISE, R.SUMMARISED, _MANAGING, mot_2025.INVENTORY, "汇总"),
        Step(R.SUMMARISED, RC.ARCHIVE, R.ARCHIVED, _MANAGING, mot_2025.INVENTORY, "归档"),
    ),
)


class AnswerCommand(StrEnum):
    SUBMIT = "submit"
    ACCEPT = "accept"
    RETURN = "return"


A, AC = AnswerState, AnswerCommand
ANSWER = StateTable(
    name="资源调查问卷",
    initial=A.WAITING,
    steps=(
        Step(A.WAITING, AC.SUBMIT, A.SUBMITTED, _CATALOGUER, mot_2025.INVENTORY, "提交"),
        Step(A.RETURNED, AC.SUBMIT, A.SUBMITTED, _CATALOGUER, mot_2025.INVENTORY, "重新提交"),
        Step(A.SUBMITTED, AC.ACCEPT, A.ACCEPTED, _MANAGING, mot_2025.INVENTORY, "通过"),
        Step(A.SUBMITTED, AC.RETURN, A.RETURNED, _MANAGING, mot_2025.INVENTORY, "退回补充"),
    ),
)


class MergeCommand(StrEnum):
    FIND = "find"
    SETTLE = "settle"
    MERGE = "merge"
    PUBLISH = "publish"


M, MC = MergeState, MergeCommand
MERGE = StateTable(
    name="目录融合",
    initial=M.WAITING,
    steps=(
        Step(M.WAITING, MC.FIND, M.CONFLICT, _PLATFORM, gd_2024.FULL_CATALOGUE, "发现冲突"),
        Step(M.CONFLICT, MC.SETTLE, M.WAITING, _MANAGING, gd_2024.FULL_CATALOGUE, "冲突已处理"),
        Step(M.WAITING, MC.MERGE, M.MERGED, _MANAGING, gd_2024.FULL_CATALOGUE, "生成全省目录"),
        Step(M.MERGED, MC.PUBLISH, M.PUBLISHED, _PLATFORM, gd_2024.FULL_CATALOGUE, "全省目录发布"),
    ),
)


class BatchCommand(StrEnum):
    SUBMIT = "submit"
    REOPEN = "reopen"
    FREEZE = "freeze"


B, BC = BatchState, BatchCommand
BATCH = StateTable(
    name="授权运营目录清单",
    initial=B.COMPILING,
    steps=(
        Step(B.COMPILING, BC.SUBMIT, B.SIGNING, _MANAGING, jx_2026.LIST_COMPILED, "送会签"),
        Step(B.SIGNING, BC.REOPEN, B.COMPILING, _MANAGING, jx_2026.LIST_COMPILED, "退回修改"),
        Step(B.SIGNING, BC.FREEZE, B.FROZEN, _RESPONSIBLE, jx_2026.FIRST_BATCH, "最后一方会签"),
    ),
)
