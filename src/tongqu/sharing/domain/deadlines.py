"""The clock of a stage: when it ends, how it pauses, and how to show it day by day."""

from dataclasses import dataclass
from datetime import date, timedelta

from tongqu.kernel.workdays import DayKind, Deadline, WorkingCalendar

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
LONGEST_STRIP = 40  # days; a strip longer than a screen explains nothing


@dataclass(frozen=True, slots=True)
class Clock:
    """A running stage: received on day 0, with so many working days left from there."""

    received_on: date
    working_days: int

    def ends(self, calendar: WorkingCalendar) -> Deadline:
        return calendar.after(self.received_on, self.working_days)

    def paused(self, on: date, calendar: WorkingCalendar) -> int:
        """Return the working days still to run when the stage pauses on that day."""
        return max(0, self.working_days - calendar.between(self.received_on, on))


def is_overdue(due_on: date | None, today: date) -> bool:
    """Return whether the last day, inclusive, has passed."""
    return due_on is not None and today > due_on


@dataclass(frozen=True, slots=True)
class Day:
    """One cell of the working-day strip (工作日历)."""

    on: date
    weekday: str
    note: str
    is_off: bool
    is_past: bool
    is_today: bool
    is_last: bool


def strip(clock: Clock, due_on: date, *, today: date, calendar: WorkingCalendar) -> list[Day]:
    """Return each day from receipt to the last day, with its count or its rest."""
    length = min((due_on - clock.received_on).days, LONGEST_STRIP)
    days = (clock.received_on + timedelta(days=n) for n in range(length + 1))
    return [_cell(day, clock.received_on, due_on, today, calendar) for day in days]


def _cell(
    day: date, received_on: date, due_on: date, today: date, calendar: WorkingCalendar
) -> Day:
    working = calendar.is_working(day)
    return Day(
        on=day,
        weekday=WEEKDAYS[day.weekday()],
        note=_note(day, received_on, due_on, calendar),
        is_off=not working,
        is_past=day < today,
        is_today=day == today,
        is_last=day == due_on,
    )


def _note(day: date, received_on: date, due_on: date, calendar: WorkingCalendar) -> str:
    if day == received_on:
        return "收到"
    if not calendar.is_working(day):
        return "假" if calendar.exceptions.get(day) is DayKind.HOLIDAY else "休"
    count = calendar.between(received_on, day)
    if day == due_on:
        return f"截止 {count}"
    makeup = calendar.exceptions.get(day) is DayKind.MAKEUP
    return f"调休 {count}" if makeup else f"第 {count} 日"


def rests(days: list[Day], calendar: WorkingCalendar) -> tuple[list[date], list[date]]:
    """Return the make-up days counted and the public holidays not counted, to be named."""
    kinds = {day.on: calendar.exceptions.get(day.on) for day in days[1:]}
    return (
        [on for on, kind in kinds.items() if kind is DayKind.MAKEUP],
        [on for on, kind in kinds.items() if kind is DayKind.HOLIDAY],
    )
