"""Lists on their way out: xlsx and csv in which a text is never a formula."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO

Cell = str | int | None
# What a spreadsheet would run when it opens a csv: such a text gets a quote before it.
_RUNS = ("=", "+", "-", "@", "\t", "\r")
_PLAIN = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def as_csv(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return UTF-8 with a byte-order mark, so that desks read the Chinese at once."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RUNS) else cell


def as_xlsx(
    heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, title: str, links: Sequence[str] = ()
) -> bytes:
    """Return a workbook with one sheet. ``links``: one address a row, put on its last cell."""
    import xlsxwriter

    out = BytesIO()
    with xlsxwriter.Workbook(out, _PLAIN) as book:
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, heads, bold)
        for n, row in enumerate(rows, start=1):
            sheet.write_row(n, 0, ["" if cell is None else cell for cell in row])
            if n <= len(links):
                sheet.write_url(n, len(row) - 1, links[n - 1], string=str(row[-1]))
        sheet.freeze_panes(1, 0)
    return out.getvalue()
