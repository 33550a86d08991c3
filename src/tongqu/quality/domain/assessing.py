"""Assessment of departments: ranks, who must improve, and whether it did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tongqu.kernel.law import Assumption
from tongqu.kernel.states import StateTable, Step
from tongqu.kernel.words import Word
from tongqu.policy.clauses.gd_2024 import REGULAR_QUALITY
from tongqu.quality.domain.scores import mean

PASS_MARK = Decimal(80)
TIMES = 2
TASK_RULE = Assumption("一个季度内有两个月低于 80 分的部门，季末生成改进任务，与下一次得分比较")


class TaskState(Word):
    OPEN = "open", "改进中"
    CLOSED = "closed", "已达标"
    ESCALATED = "escalated", "未达标，已上报"


class TaskCommand(Word):
    REACH = "reach", "复评达标"
    FALL_SHORT = "fall_short", "复评未达标"


TASKS = StateTable(
    "质量改进任务",
    TaskState.OPEN,
    (
        Step(TaskState.OPEN, TaskCommand.REACH, TaskState.CLOSED, "platform",
             REGULAR_QUALITY, "复评达标"),
        Step(TaskState.OPEN, TaskCommand.FALL_SHORT, TaskState.ESCALATED, "platform",
             REGULAR_QUALITY, "复评未达标，上报"),
        # Whoever fell short once may still come up: the next score that reaches the mark ends it.
        Step(TaskState.ESCALATED, TaskCommand.REACH, TaskState.CLOSED, "platform",
             REGULAR_QUALITY, "复评达标"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ranked:
    key: int
    score: Decimal
    rank: int  # equal scores share a rank


def ranking(scores: Mapping[int, Sequence[Decimal]]) -> list[Ranked]:
    """Rank by the mean of each one's scores, the best first; equal means share a rank."""
    means = {key: found for key, values in scores.items() if (found := mean(values)) is not None}
    ordered = sorted(means.items(), key=lambda pair: (-pair[1], pair[0]))
    best = sorted(means.values(), reverse=True)
    return [Ranked(key, score, best.index(score) + 1) for key, score in ordered]


def must_improve(scores: Sequence[Decimal]) -> bool:
    return sum(score < PASS_MARK for score in scores) >= TIMES


def outcome(score: Decimal) -> TaskCommand:
    return TaskCommand.REACH if score >= PASS_MARK else TaskCommand.FALL_SHORT
