"""Working days (工作日) as the State Council announces them, 调休 included.

The day of receipt is day 0; the last day is inclusive. A year without an announcement is
counted by the weekend rule and the answer is marked provisional (暂定), never passed off
as certain.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tongqu.kernel.law import Assumption

DAY_COUNT = Assumption("收到当日不计入期限，自次日起算")
UNKNOWN_YEAR = Assumption("国务院尚未公布放假安排的年份，按周一至周五估算并标注暂定")


class DayKind(StrEnum):
    HOLIDAY = "holiday"  # 放假
    MAKEUP = "makeup"  # 调休上班


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day, inclusive; ``provisional`` when it needed a year not yet announced."""

    on: date
    provisional: bool = False

    def __str__(self) -> str:
        return f"{self.on.isoformat()}{'（暂定）' if self.provisional else ''}"


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The exceptions to Monday–Friday, and the years for which they are known."""

    exceptions: Mapping[date, DayKind]
    known_years: frozenset[int]

    def is_working(self, day: date) -> bool:
        match self.exceptions.get(day):
            case DayKind.HOLIDAY:
                return False
            case DayKind.MAKEUP:
                return True
            case _:
                return day.weekday() < 5

    def after(self, start: date, working_days: int) -> Deadline:
        """Return the working day that many working days after ``start``, not counting it."""
        if working_days < 0:
            raise ValueError("working_days must not be negative")
        day, left = start, working_days
        provisional = False
        while left:
            day += timedelta(days=1)
            provisional = provisional or day.year not in self.known_years
            left -= self.is_working(day)
        return Deadline(day, provisional)

    def between(self, start: date, end: date) -> int:
        """Return the working days in (start, end]; negative when ``end`` is earlier."""
        if end < start:
            return -self.between(end, start)
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(self.is_working(day) for day in days)

    def knows(self, day: date) -> bool:
        return day.year in self.known_years


def add_months(day: date, months: int) -> date:
    """Return the same day number that many calendar months on, or the month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(day.day, (first_of_next - timedelta(days=1)).day))
