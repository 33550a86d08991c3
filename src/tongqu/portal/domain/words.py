"""How numbers and days are written for readers (interface guide, formats)."""

from datetime import date
from decimal import Decimal

MINUS = "−"
WEEKDAYS = "一二三四五六日"
UNITS = ((10**8, "亿"), (10**4, "万"))


def wan(value: float | Decimal | None) -> str:
    """Return the number in 万 or 亿 from ten thousand on, else in full with separators."""
    if value is None:
        return "—"
    sign = MINUS if value < 0 else ""
    size = -value if value < 0 else value
    for unit, name in UNITS:
        if size >= unit:
            return f"{sign}{_significant(float(size) / unit)} {name}"
    text = f"{size:,}" if isinstance(size, int) else f"{float(size):,.4g}"
    return sign + text


def _significant(value: float) -> str:
    digits = 2 if value < 10 else 1 if value < 1000 else 0
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def long_date(day: date) -> str:
    """Return 2026 年 9 月 24 日（周四）."""
    return f"{day.year} 年 {day.month} 月 {day.day} 日（周{WEEKDAYS[day.weekday()]}）"
