"""Rows pasted from a spreadsheet become information items (tab-separated text)."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from tongqu.catalog.vocabulary import DataType, ItemView

COLUMNS: tuple[tuple[str, str], ...] = (
    ("name_zh", "中文名称"), ("name_en", "英文名称"), ("data_type", "类型"), ("length", "长度"),
    ("code_table", "码表"), ("nullable", "可空"), ("is_key", "主键"), ("level", "分级"),
    ("is_shareable", "共享"), ("is_openable", "可开放"), ("source_column", "来源字段"),
    ("mask", "脱敏"), ("element", "数据元"),
)  # fmt: skip
_LABELS = {label: name for name, label in COLUMNS}
_TYPES = {kind.label: kind for kind in DataType} | {kind.value: kind for kind in DataType}
_TYPES |= {
    "varchar": DataType.STRING, "char": DataType.STRING, "文本": DataType.STRING,
    "字符": DataType.STRING, "int": DataType.INTEGER, "bigint": DataType.INTEGER,
    "整数": DataType.INTEGER, "number": DataType.DECIMAL, "double": DataType.DECIMAL,
    "数值": DataType.DECIMAL, "timestamp": DataType.DATETIME, "日期": DataType.DATE,
    "日期时间": DataType.DATETIME,
}  # fmt: skip
_YES, _NO = {"是", "y", "yes", "1", "true", "√"}, {"否", "n", "no", "0", "false", "×", ""}
_FLAGS = {"nullable", "is_key", "is_shareable", "is_openable"}
LARGEST, LONGEST = 2000, 2_000_000_000


@dataclass(frozen=True, slots=True)
class PasteFault:
    """Where a pasted cell cannot be read: line from 1, column by its title."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"第 {self.line} 行“{self.column}”：{self.message}"


def pasted(text: str, *, first: int = 1) -> tuple[tuple[ItemView, ...], tuple[PasteFault, ...]]:
    """Return the items of pasted text and its faults; with a fault, use none of the items.

    A first line of column titles sets the order; without one it is that of ``COLUMNS``.
    """
    lines = [
        [unicodedata.normalize("NFKC", cell).strip() for cell in line.split("\t")]
        for line in text.splitlines()
        if line.strip()
    ]
    order, start = [name for name, _ in COLUMNS], 0
    if lines and any(cell in _LABELS for cell in lines[0]):
        order, start = [_LABELS.get(cell, "") for cell in lines[0]], 1
    items: list[ItemView] = []
    faults: list[PasteFault] = []
    if len(lines) > LARGEST:
        return (), (PasteFault(LARGEST + 1, "行", f"一次最多 {LARGEST} 行"),)
    for n, cells in enumerate(lines[start:], start=start + 1):
        row, wrong = _row(dict(zip(order, cells, strict=False)), n)
        faults += wrong
        items.append(ItemView(position=first + len(items), **row))
    return tuple(items), tuple(faults)


def _row(cells: dict[str, str], line: int) -> tuple[dict[str, Any], list[PasteFault]]:
    row: dict[str, Any] = {"name_zh": "", "name_en": "", "data_type": DataType.STRING}
    faults = []
    titles = dict(COLUMNS)
    for name, text in cells.items():
        if not name or (not text and name not in {"name_zh", "name_en"}):
            continue
        value, message = _value(name, text)
        if message:
            faults.append(PasteFault(line, titles[name], message))
        else:
            row[name] = value
    return row, faults


def _value(name: str, text: str) -> tuple[Any, str]:
    """Return the value of a cell, or what is wrong with it."""
    if name == "data_type":
        found = _TYPES.get(text.lower())
        return (found, "") if found else (None, "不是已知的类型")
    if name == "length":
        ok = text.isascii() and text.isdecimal() and 0 < int(text[:12]) <= LONGEST
        return (int(text), "") if ok else (None, "应为正整数")
    if name == "level":
        digit = text.removesuffix("级").strip()
        return (int(digit), "") if digit in {"1", "2", "3", "4"} else (None, "应为 1 至 4")
    if name in _FLAGS:
        known = text.lower() in _YES | _NO
        return (text.lower() in _YES, "" if known else "应为是或否")
    return (text, "" if len(text) <= 120 else "不超过 120 个字")
