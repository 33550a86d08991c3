"""Arrow batches into one worksheet, row after row, in constant memory."""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tongqu.delivery.domain import refusals
from tongqu.kernel.problems import Rejected

if TYPE_CHECKING:
    import pyarrow as pa

MAX_SHEET_ROWS = 1_048_575  # and one of headers
EXACT = 2**53  # beyond it a spreadsheet rounds integers: they become text
# Text stays text: a cell that begins with "=" must not run as a formula on a desk.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
    "default_date_format": "yyyy-mm-dd hh:mm:ss",
}


def write_sheet(reader: "pa.RecordBatchReader", path: Path, *, go_on: Callable[[], bool]) -> None:
    """Write the batches; ``go_on`` is asked before each. The file appears whole or not at all.

    A worksheet's rows are written one by one because the format is: this is the one place.
    Raises: ``Rejected`` when the rows pass the sheet's end, or the grant ends on the way.
    """
    import xlsxwriter

    part = path.with_suffix(".part")
    book = xlsxwriter.Workbook(str(part), OPTIONS)
    sheet = book.add_worksheet("数据")
    sheet.write_row(0, 0, reader.schema.names)
    at = 1
    try:
        for batch in reader:
            if not go_on():
                raise Rejected(refusals.ENDED_MEANWHILE)
            if at + batch.num_rows > MAX_SHEET_ROWS + 1:
                raise Rejected(refusals.SHEET_TOO_LONG)
            columns = [[_cell(value) for value in column.to_pylist()] for column in batch.columns]
            for row in zip(*columns, strict=True):
                sheet.write_row(at, 0, row)
                at += 1
        book.close()
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _cell(value: Any) -> object:
    match value:
        case None | bool() | str() | datetime() | date() | time() | Decimal():
            return value
        case int():
            return value if abs(value) < EXACT else str(value)
        case float():
            return value if isfinite(value) else None
        case _:
            return str(value)
