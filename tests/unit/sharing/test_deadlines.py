"""The clock of a stage, over the National Day of 2026."""

from datetime import date

import pytest

from tongqu.kernel.workdays import DayKind, WorkingCalendar
from tongqu.sharing.domain.deadlines import Clock, is_overdue

HOLIDAYS = {date(2026, 9, day): DayKind.HOLIDAY for day in (25, 26, 27)} | {
    date(2026, 10, day): DayKind.HOLIDAY for day in range(1, 8)
}
MAKEUP = {date(2026, 9, 20): DayKind.MAKEUP, date(2026, 10, 10): DayKind.MAKEUP}
DAYS = WorkingCalendar(HOLIDAYS | MAKEUP, frozenset({2026}))
THURSDAY = date(2026, 9, 24)


@pytest.mark.parametrize(
    ("working_days", "ends"),
    [(3, date(2026, 9, 30)), (5, date(2026, 10, 9)), (7, date(2026, 10, 12))],
)
def test_a_stage_ends_on_the_last_working_day(working_days: int, ends: date) -> None:
    assert Clock(THURSDAY, working_days).ends(DAYS).on == ends


def test_a_pause_keeps_the_working_days_that_were_left() -> None:
    running = Clock(THURSDAY, 3)

    assert running.paused(THURSDAY, DAYS) == 3
    assert running.paused(date(2026, 9, 28), DAYS) == 2
    assert running.paused(date(2026, 10, 9), DAYS) == 0


def test_the_last_day_itself_is_still_in_time() -> None:
    assert not is_overdue(date(2026, 9, 30), date(2026, 9, 30))
    assert is_overdue(date(2026, 9, 30), date(2026, 10, 1))
    assert not is_overdue(None, date(2026, 10, 1))


def test_an_unknown_year_is_provisional() -> None:
    deadline = Clock(date(2026, 12, 30), 3).ends(DAYS)

    assert deadline.provisional
    assert deadline.on == date(2027, 1, 4)
