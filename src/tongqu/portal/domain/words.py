"""How numbers and days are written for readers (interface guide, formats)."""

import re
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


# The lake's types in the catalogue's words; parts of a list or a structure stay as they are.
_TYPES = {
    "string": "字符型", "uuid": "字符型", "boolean": "布尔型", "int": "整数型", "long": "整数型",
    "float": "数值型", "double": "数值型", "decimal": "数值型", "date": "日期型", "time": "时间型",
    "timestamp": "日期时间型", "timestamptz": "日期时间型", "binary": "二进制型",
    "fixed": "二进制型", "list": "列表", "struct": "结构", "map": "映射",
}  # fmt: skip


def type_of(name: str) -> str:
    """Return the word for a type of the lake, e.g. ``decimal(18, 2)`` 数值型; unknown: itself."""
    return _TYPES.get(re.split(r"[(<\[]", name, maxsplit=1)[0].strip(), name)


def lasting(seconds: float | None) -> str:
    """Return how long: 45 秒, 12 分 5 秒, 3 小时 20 分, 2 日 4 小时; 缺值 as a dash."""
    if seconds is None:
        return "—"
    rest = round(seconds)
    steps = ((86_400, "日", 3_600, "小时"), (3_600, "小时", 60, "分"), (60, "分", 1, "秒"))
    for size, word, below, small in steps:
        if rest >= size:
            more = rest % size // below
            return f"{rest // size} {word}" + (f" {more} {small}" if more else "")
    return f"{rest} 秒"
