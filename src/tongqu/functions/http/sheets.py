"""Sheets at the edge: an uploaded xlsx becomes rows of text, rows become an xlsx."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.http import HttpResponse

from tongqu.catalog.ports import Refused, interchange
from tongqu.functions.domain import problems
from tongqu.kernel.problems import Rejected

LARGEST = 5 << 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def read(upload: Any, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows below the heading with their row numbers; columns by their titles.

    The heading is the first row that holds the column 名称. Raises: ``Rejected`` INVALID.
    """
    if upload is None:
        raise Rejected(problems.invalid("file", "请选择 xlsx 文件"))
    if upload.size > LARGEST:
        raise Rejected(problems.invalid("file", f"文件超过 {LARGEST >> 20} MB，请分开导入"))
    rows = _rows(upload.read())
    at = next((n for n, row in enumerate(rows) if "名称" in map(_text, row)), None)
    if at is None:
        raise Rejected(problems.invalid("file", "没有找到表头，请使用导出的表格填写"))
    titles = [_text(cell) for cell in rows[at]]
    if unknown := [title for title in titles if title and title not in columns]:
        raise Rejected(problems.invalid("file", f"不认识的列：{'、'.join(unknown)[:80]}"))
    found = []
    for position, row in enumerate(rows[at + 1 :], start=at + 2):
        cells = dict(zip(titles, (_text(cell) for cell in row), strict=False))
        cells.pop("", None)
        if any(cells.values()):
            found.append((position, cells))
    return found


def _rows(content: bytes) -> list[list[Any]]:
    """Read the first sheet by the catalogue's reader: it knows bombs, sparse ones as well."""
    try:
        sheets = interchange().read_sheets(content, name="upload.xlsx")
    except Refused as refused:
        raise Rejected(problems.invalid("file", f"{refused.title}{refused.next_step}")) from None
    return [list(row) for row in sheets[0].rows] if sheets else []


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()
    return "" if cell is None else str(cell).strip()


def answer(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Return rows as an xlsx file; a text that begins like a formula stays text."""
    import xlsxwriter

    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(name)
        heading = book.add_format({"bold": True, "border": 1})
        sheet.write_row(0, 0, columns, heading)
        sheet.freeze_panes(1, 0)
        widths = [len(title) * 2 + 4 for title in columns]
        for n, row in enumerate(rows, start=1):
            sheet.write_row(n, 0, row)
            widths = [
                min(60, max(w, len(str(c)) * 2 + 2)) for w, c in zip(widths, row, strict=True)
            ]
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
    response = HttpResponse(target.getvalue(), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{_ascii(name)}.xlsx"'
    return response


FILES = {"职能清": "functions", "核心业务": "core-business", "应用清": "systems"}


def _ascii(name: str) -> str:
    return FILES.get(name, "list")
