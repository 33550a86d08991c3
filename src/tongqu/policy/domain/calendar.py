"""Read a year's holidays from a CSV or a pasted list, with an error for each bad line."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tongqu.kernel.workdays import DayKind

WORDS: dict[str, DayKind] = {
    "holiday": DayKind.HOLIDAY,
    "放假": DayKind.HOLIDAY,
    "休": DayKind.HOLIDAY,
    "makeup": DayKind.MAKEUP,
    "调休上班": DayKind.MAKEUP,
    "上班": DayKind.MAKEUP,
    "班": DayKind.MAKEUP,
}
HEADERS = frozenset({"date", "日期"})


@dataclass(frozen=True, slots=True)
class LineError:
    line: int
    says: str  # 中文，给录入人看


def read_days(lines: Iterable[str], year: int) -> tuple[dict[date, DayKind], tuple[LineError, ...]]:
    """Return the days of ``year`` and what is wrong, line by line; lines count from 1.

    A line is ``2027-01-01,放假``. A heading and empty lines are passed over.
    """
    days: dict[date, DayKind] = {}
    errors: list[LineError] = []
    for number, cells in enumerate(csv.reader(lines), start=1):
        values = [cell.strip().lstrip("\ufeff") for cell in cells]
        if not any(values) or values[0].lower() in HEADERS:
            continue
        found = _day(values, year)
        if isinstance(found, str):
            errors.append(LineError(number, found))
        elif found[0] in days:
            errors.append(LineError(number, "同一天出现两次"))
        else:
            days[found[0]] = found[1]
    return days, tuple(errors)


def _day(values: list[str], year: int) -> tuple[date, DayKind] | str:
    if len(values) < 2:
        return "应为两列：日期、类型"
    try:
        day = date.fromisoformat(values[0])
    except ValueError:
        return "日期应写成 2027-01-01"
    if day.year != year:
        return f"日期不在 {year} 年内"
    kind = WORDS.get(values[1])
    if kind is None:
        return "类型应为“放假”或“调休上班”"
    if kind is DayKind.MAKEUP and day.weekday() < 5:
        return "调休上班日应为周六或周日"
    return day, kind
