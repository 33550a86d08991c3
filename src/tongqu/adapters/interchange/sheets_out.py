"""Write sheets as xlsx. A text stays a text: whatever it begins with, it is never a formula."""

import io
from collections.abc import Sequence

from tongqu.catalog.ports import MOST_TEXT, SheetOut

_WIDE = 46
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False}  # fmt: skip


def write(sheets: Sequence[SheetOut]) -> bytes:
    """Return a workbook: a bold header that stays in view, columns wide enough to read."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        wrong = book.add_format({"bg_color": "#FFE3E0"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 1)
            for column, title in enumerate(sheet.headers):
                page.write_string(0, column, title, bold)
                page.set_column(column, column, _width(sheet, column))
            for row, values in enumerate(sheet.rows, start=1):
                for column, value in enumerate(values):
                    style = wrong if (row, column) in sheet.notes else None
                    _cell(page, row, column, value, style)
            for (row, column), text in sheet.notes.items():
                page.write_comment(row, column, text[:500], {"author": "导入", "x_scale": 2})
    return target.getvalue()


def _cell(page: object, row: int, column: int, value: str | int | None, style: object) -> None:
    if isinstance(value, int):
        page.write_number(row, column, value, style)  # type: ignore[attr-defined]  # untyped library
    elif value:
        page.write_string(row, column, value[:MOST_TEXT], style)  # type: ignore[attr-defined]  # the same
    elif style is not None:
        page.write_blank(row, column, None, style)  # type: ignore[attr-defined]  # the same


def _width(sheet: SheetOut, column: int) -> int:
    texts = [sheet.headers[column], *(str(row[column] or "") for row in sheet.rows[:50])]
    return min(_WIDE, max(8, 2 + max(2 * len(text) for text in texts)))
