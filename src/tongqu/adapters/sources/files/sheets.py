"""Look a workbook over before the reader, which holds a whole sheet, sees it. One streaming pass.

A sheet is read as the rectangle between its farthest cells: two cells in opposite corners
make 17,000,000,000. A part that unpacks beyond measure is the other way to fill the memory.
"""

import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.parsers import expat

from tongqu.adapters.sources.files.detect import not_what_it_says
from tongqu.adapters.sources.files.guards import bomb, chunks

MAX_EMPTY = 1 << 24  # cells of the rectangle that nobody filled
_PLACE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_DRAWING = ".vml"  # old drawings are often no XML, and no sheet


@dataclass(slots=True)
class _Extent:
    """The rectangle of a sheet, and the cells that stand in it, of either kind of workbook."""

    cells: int = 0
    row: int = 0
    column: int = 0
    at_row: int = 0  # of an OpenDocument sheet, which repeats rows and cells by number
    at_column: int = 0
    repeated_row: int = 1

    def start(self, name: str, given: Mapping[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self._reach(_number(given, "r", 0), 0)
            case "c":
                self.cells += 1
                if found := _PLACE.fullmatch(given.get("r", "")):
                    self._reach(int(found[2]), _column(found[1]))
            case "table-row":
                self.repeated_row = _number(given, "table:number-rows-repeated", 1)
                self.at_row, self.at_column = self.at_row + self.repeated_row, 0
            case "table-cell" | "covered-table-cell":
                self.at_column += _number(given, "table:number-columns-repeated", 1)
                if any(key.rpartition(":")[2] == "value-type" for key in given):
                    self.cells += 1
                    self._reach(self.at_row, self.at_column)

    def _reach(self, row: int, column: int) -> None:
        self.row, self.column = max(self.row, row), max(self.column, column)
        if self.row * self.column - self.cells > MAX_EMPTY:
            raise bomb()


def _number(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name, "")
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else default


def _column(letters: str) -> int:
    """Return the number of a column: A is 1, XFD is 16,384."""
    found = 0
    for letter in letters.upper():
        found = found * 26 + ord(letter) - 64
    return found


def refuse_sheet_bombs(path: Path) -> None:
    """Raises: ``Unreadable`` DECOMPRESSION_BOMB, NOT_WHAT_IT_SAYS."""
    if not zipfile.is_zipfile(path):
        return  # the old format has at most 65,536 rows of 256 columns
    packed = path.stat().st_size
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if any(part.filename.lower().endswith("workbook.bin") for part in parts):
                raise not_what_it_says("电子表格", "二进制工作簿（xlsb）")
            for part in parts:
                with archive.open(part) as stream:
                    _look_over(stream, packed, is_drawing=part.filename.endswith(_DRAWING))
    except (zipfile.BadZipFile, RuntimeError, zlib.error, EOFError, NotImplementedError):
        raise not_what_it_says("电子表格", "损坏或加密的工作簿") from None


def _look_over(stream: IO[bytes], packed: int, *, is_drawing: bool) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = _Extent().start
    parser.StartDoctypeDeclHandler = _no_doctype
    is_xml = False
    for number, piece in enumerate(chunks(stream, packed=packed)):
        if number == 0:
            is_xml = piece.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \r\n\t").startswith(b"<")
        if is_xml and not is_drawing:
            _parse(parser, piece)


def _parse(parser: expat.XMLParserType, piece: bytes) -> None:
    try:
        parser.Parse(piece, False)
    except expat.ExpatError:
        raise not_what_it_says("电子表格", "损坏的工作簿") from None


def _no_doctype(*_: object) -> None:
    """No workbook declares entities; who does wants them to grow."""
    raise bomb()
