"""Code tables as sheets: columns by their Chinese names, codes in half width, days as days."""

import csv
import io
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from tongqu.standards.domain.code_tables import normal
from tongqu.standards.vocabulary import BadDocument, Code

HEADERS = ("代码", "名称", "上级代码", "生效日期", "失效日期")
KEYS = {
    "代码": "code", "编码": "code", "code": "code", "名称": "label", "含义": "label",
    "label": "label", "上级代码": "parent", "上级": "parent", "parent": "parent",
    "生效日期": "valid_from", "validfrom": "valid_from", "失效日期": "valid_to",
    "validto": "valid_to",
}  # fmt: skip
MOST_NOTICES = 20


def documents(rows: Sequence[Sequence[object]]) -> tuple[list[dict[str, object]], list[str]]:
    """Return the codes of a sheet, and what was changed on the way, told line by line.

    Raises ``BadDocument``: a column that is not known, a cell that is no code or no day.
    """
    filled = [(n, row) for n, row in enumerate(rows, 1) if any(_text(cell) for cell in row)]
    if not filled:
        raise BadDocument("文件", "没有内容")
    first, head = filled[0]
    keys = _keys(head, first)
    notices: list[str] = []
    found = [_document(row, keys, line, notices) for line, row in filled[1:]]
    if len(notices) > MOST_NOTICES:
        notices[MOST_NOTICES:] = [f"另有 {len(notices) - MOST_NOTICES} 处同类更改"]
    return found, notices


def _keys(head: Sequence[object], line: int) -> list[str]:
    keys = []
    for cell in head:
        title = "".join(unicodedata.normalize("NFKC", _text(cell)).split()).casefold()
        if title and title.replace("_", "") not in KEYS:
            raise BadDocument(
                f"第 {line} 行", f"不认识的列“{_text(cell)[:20]}”；可用：{'、'.join(HEADERS)}"
            )
        keys.append(KEYS[title.replace("_", "")] if title else "")
    if missing := {"code", "label"} - set(keys):
        names = "、".join(HEADERS[("code", "label").index(key)] for key in sorted(missing))
        raise BadDocument(f"第 {line} 行", f"表头缺少 {names}")
    named = [key for key in keys if key]
    if len(set(named)) < len(named):
        raise BadDocument(f"第 {line} 行", "表头有重复的列")
    return keys


def _document(
    row: Sequence[object], keys: Sequence[str], line: int, notices: list[str]
) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, cell in zip(keys, row, strict=False):
        where = f"第 {line} 行 {key}"
        if key in ("code", "parent"):
            found[key] = _code(cell, line, where, notices)
        elif key == "label":
            found[key] = _text(cell)
        elif key:
            found[key] = _day(cell, where)
        elif _text(cell):
            raise BadDocument(f"第 {line} 行", "表头之外的列有内容")
    return {key: value for key, value in found.items() if value not in (None, "")}


def _code(cell: object, line: int, where: str, notices: list[str]) -> str:
    if isinstance(cell, (bool, date, datetime)):
        raise BadDocument(where, "代码变成了日期或是否，请把该列设为文本后重新填写")
    if isinstance(cell, float) and not cell.is_integer():
        raise BadDocument(where, "代码不能是小数")
    if isinstance(cell, (int, float)):
        notices.append(f"第 {line} 行：代码是数值，按 {int(cell)} 读取，请核对前导零")
        return str(int(cell))
    text = _text(cell)
    narrow = normal(text)
    if narrow != text:
        notices.append(f"第 {line} 行：代码 {text} 已改为半角 {narrow}")
    return narrow


def _day(cell: object, where: str) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = unicodedata.normalize("NFKC", _text(cell)).replace("/", "-").replace(".", "-")
    if not text:
        return None
    try:
        year, month, day = (int(part) for part in text.split("-"))
        return date(year, month, day)
    except ValueError:
        raise BadDocument(where, "应为 2026-09-24 样式的日期") from None


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def lines_of(codes: Sequence[Code]) -> list[list[str]]:
    """Return the rows of a sheet that ``documents`` reads back."""
    return [
        [code.code, code.label, code.parent, *(day.isoformat() if day else ""
         for day in (code.valid_from, code.valid_to))]
        for code in codes
    ]  # fmt: skip


def csv_of(codes: Sequence[Code]) -> str:
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(HEADERS)
    writer.writerows(lines_of(codes))
    return target.getvalue()


def typed_rows(text: str) -> list[list[object]]:
    """Return what was typed in a box: one code a line, parts by comma or tab."""
    rows = [line for line in text.replace("，", ",").splitlines() if line.strip()]
    head = [",".join(HEADERS)] if rows and not _is_head(rows[0]) else []
    found = csv.reader(io.StringIO("\n".join(head + [row.replace("\t", ",") for row in rows])))
    try:
        return [list(row) for row in found]
    except csv.Error:
        raise BadDocument("代码", "引号不完整") from None


def _is_head(row: str) -> bool:
    first = row.replace("\t", ",").split(",")[0].strip().casefold()
    return first in KEYS
