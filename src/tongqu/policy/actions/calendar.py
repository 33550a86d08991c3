"""Enter or correct the holidays of a year; provisional deadlines are then counted anew."""

from collections.abc import Callable, Iterable
from uuid import uuid4

from django.db import transaction

from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.kernel.workdays import UNKNOWN_YEAR, DayKind
from tongqu.policy.domain.calendar import read_days
from tongqu.policy.models import CalendarDay, CalendarYear

_listeners: list[Callable[[int], object]] = []


def on_calendar_changed(callback: Callable[[int], object]) -> None:
    """Register whom to tell; the same function twice is told once."""
    if callback not in _listeners:
        _listeners.append(callback)


@transaction.atomic
def enter_year(
    *, year: int, notice: str, source: str, lines: Iterable[str], by: Actor
) -> CalendarYear:
    """Replace the days of a year by these lines. Raises: ``Rejected`` BAD_CALENDAR."""
    days, errors = read_days(lines, year)
    fields = {f"line {e.line}": f"第 {e.line} 行：{e.says}。" for e in errors}
    if not notice.strip():
        fields["notice"] = "请填写放假安排通知的名称和文号。"
    if not days and not errors:
        fields["lines"] = "请至少录入一天。"
    elif not errors and DayKind.HOLIDAY not in days.values():
        fields["lines"] = "没有一个放假日，请核对类型一列。"
    if fields:
        raise Rejected(
            Problem(
                code="BAD_CALENDAR",
                title=f"{year} 年放假安排没有保存，原有安排未改动。",
                next_step="请按所列行号改正后重新提交。",
                basis=UNKNOWN_YEAR,
                fields=fields,
            )
        )
    entered, _ = CalendarYear.objects.update_or_create(
        year=year,
        defaults={
            "notice": notice.strip(),
            "source": source.strip(),
            "entered_by": by.key,
            "entered_at": clock.now(),
            "stamp": uuid4().hex,
        },
    )
    entered.days.all().delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(date=day, year=entered, kind=kind) for day, kind in sorted(days.items())
    )
    for tell in _listeners:
        tell(year)
    return entered
