"""After the grant (article 17): when it counts as idle, and when feedback is missing."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tongqu.kernel.law import Assumption
from tongqu.kernel.workdays import add_months

FEEDBACK_CYCLE = Assumption("使用反馈每三个月一次；连续两次未反馈的列入通报")
IDLE_WARNING = Assumption("授权满两个月未使用的先提醒使用部门")
MISSES_UNTIL_NOTICE = 2


class Idle(StrEnum):
    """闲置程度 of a grant that was never used since its clock began."""

    NO = "no"
    WARNED = "warned"  # 满两个月，提醒
    REVOCABLE = "revocable"  # 已过三个月，可由授权部门撤销


def idleness(since: date, today: date, *, warning_months: int, idle_months: int) -> Idle:
    """Return how idle a grant is; it may be revoked only when the last day has passed."""
    if today > add_months(since, idle_months):
        return Idle.REVOCABLE
    if today >= add_months(since, warning_months):
        return Idle.WARNED
    return Idle.NO


@dataclass(frozen=True, slots=True)
class FeedbackClock:
    """Where a grant stands in its cycle of feedback."""

    misses: int
    due_on: date  # the last day of the first cycle not answered

    @property
    def is_noticed(self) -> bool:
        return self.misses >= MISSES_UNTIL_NOTICE


def feedback_clock(since: date, today: date, *, months: int) -> FeedbackClock:
    """Return the misses since the grant or the last feedback, whichever is later."""
    misses = 0
    while today > add_months(since, months * (misses + 1)):
        misses += 1
    return FeedbackClock(misses, add_months(since, months))
