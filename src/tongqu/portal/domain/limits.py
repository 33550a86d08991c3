"""A limit in working days as readers see it: how much is left, and which days count."""

from dataclasses import dataclass
from datetime import date, timedelta

from tongqu.kernel.law import Assumption
from tongqu.kernel.workdays import WorkingCalendar
from tongqu.portal.domain.words import WEEKDAYS

SOON = 3
SOON_BASIS = Assumption("期限剩 3 个工作日以内标为临期")
LONGEST_STRIP = 62  # days shown one by one; a longer span is told in words


@dataclass(frozen=True, slots=True)
class Remaining:
    days: int  # negative when overdue
    tone: str  # "", soon, over, ok
    icon: str
    text: str

    @property
    def size(self) -> int:
        return abs(self.days)


def remaining(
    on: date, today: date, calendar: WorkingCalendar, *, is_done: bool = False
) -> Remaining:
    """Return what is left until the last day, which is inclusive."""
    left = calendar.between(today, on)
    if is_done:
        text = f"提前 {left} 个工作日办结" if left > 0 else "按期办结"
        overdue = Remaining(left, "over", "urgent", "逾期办结")
        return overdue if today > on else Remaining(left, "ok", "circle-check", text)
    if today > on:
        # A weekend after the last day has no working day yet, and the limit is past all the same.
        over = f"已超期 {-left} 个工作日" if left else "已超期"
        return Remaining(left, "over", "urgent", over)
    if today == on:
        return Remaining(0, "soon", "hourglass", "今日 24:00 截止")
    tone, icon = ("soon", "hourglass") if left <= SOON else ("", "calendar-time")
    return Remaining(left, tone, icon, f"剩 {left} 个工作日")


@dataclass(frozen=True, slots=True)
class Day:
    weekday: str
    number: str
    note: str
    css: str  # past, today, off, end
    is_known: bool


def days(
    start: date, end: date, today: date, calendar: WorkingCalendar, *, until: date | None = None
) -> tuple[Day, ...]:
    """Return every day from receipt (day 0) to the last day, with its count or 休."""
    last = min(max(end, until or end), start + timedelta(days=LONGEST_STRIP))
    found, count = [], 0
    for offset in range((last - start).days + 1):
        day = start + timedelta(days=offset)
        is_working = calendar.is_working(day)
        is_counted = offset > 0 and is_working and day <= end
        count += is_counted
        number = f"{day.month}/{day.day}" if day.day == 1 or offset == 0 else str(day.day)
        note = "收到" if offset == 0 else _note(day, count if is_counted else 0, today, end)
        css = _css(day, today, end, is_off=not is_working and offset > 0)
        found.append(Day(f"周{WEEKDAYS[day.weekday()]}", number, note, css, calendar.knows(day)))
    return tuple(found)


def _note(day: date, count: int, today: date, end: date) -> str:
    number = str(count) if count else ""
    if day == end:
        return f"截止 {number}".strip()
    if day == today:
        return f"今日 {number}".strip()
    if not count:
        return "休"
    return f"班 第 {count} 日" if day.weekday() >= 5 else f"第 {count} 日"


def _css(day: date, today: date, end: date, *, is_off: bool) -> str:
    if day == end:
        return "end"
    if day == today:
        return "today"
    if is_off:
        return "off"
    return "past" if day < today else ""
