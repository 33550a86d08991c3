"""Read the sheets of a file that a person filled in. Nothing is guessed and nothing runs."""

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from xml.parsers import expat

from tongqu.adapters.sources.files.sheets import refuse_sheet_bombs
from tongqu.adapters.sources.files.staging import looks_like
from tongqu.catalog.ports import Cell, Refused, Sheet
from tongqu.ingest.ports import Unreadable

MOST_ROWS = 60_000  # of one sheet: a province's whole catalogue fits twice
MOST_COLUMNS = 300
_FORMULA = re.compile(
    rb'<c\b[^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*'
    rb"(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)


def read(content: bytes, *, name: str) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook, or a csv as one sheet.

    Raises: ``Refused`` EMPTY_FILE, FORMAT_UNKNOWN, NOT_WHAT_IT_SAYS, DECOMPRESSION_BOMB,
    TOO_MANY_ROWS, WRONG_ENCODING.
    """
    if not content.strip(b"\xef\xbb\xbf \r\n\t"):
        raise Refused("EMPTY_FILE", "文件是空的，没有表头也没有数据。", "请核对文件后重新导入。")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _workbook(content)
    if PurePosixPath(name.lower()).suffix in {".csv", ".txt", ".tsv"}:
        return (_csv(content, name),)
    raise Refused(
        "FORMAT_UNKNOWN", "看不出文件的格式。", "请导入 xlsx、csv 或 JSON 文件；可下载模板。"
    )


def _workbook(content: bytes) -> tuple[Sheet, ...]:
    import python_calamine as calamine

    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(content)
        file.flush()
        try:
            refuse_sheet_bombs(Path(file.name))
        except Unreadable as error:
            raise Refused(error.code, error.title, error.next_step) from None
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            valueless = _valueless(content)
            return tuple(
                _sheet(book, meta, valueless)
                for meta in book.sheets_metadata
                if meta.typ == calamine.SheetTypeEnum.WorkSheet
            )
    except Refused:
        raise
    except calamine.PasswordError:
        raise _damaged("电子表格加了密码", "请去掉密码后重新导入。") from None
    except (calamine.CalamineError, OSError, ValueError):
        raise _damaged("电子表格损坏，或不是电子表格", "请在电子表格软件中另存后导入。") from None


def _damaged(what: str, next_step: str) -> Refused:
    return Refused("NOT_WHAT_IT_SAYS", f"{what}，没有读取。", next_step)


def _sheet(book: Any, meta: Any, valueless: dict[str, frozenset[str]]) -> Sheet:
    import python_calamine as calamine

    sheet = book.get_sheet_by_name(meta.name)
    hidden = meta.visible != calamine.SheetVisibleEnum.Visible
    if hidden:
        return Sheet(meta.name, [[None]] if sheet.total_height else [], is_hidden=True)
    row, column = sheet.end or (-1, -1)
    _check_size(meta.name, row + 1, column + 1)
    merged = tuple((a[0], a[1], b[0], b[1]) for a, b in sheet.merged_cell_ranges or ())
    rows: Sequence[Sequence[Cell]] = sheet.to_python(skip_empty_area=False)
    return Sheet(meta.name, rows, merged=merged, valueless=valueless.get(meta.name, frozenset()))


def _check_size(name: str, rows: int, columns: int) -> None:
    if rows > MOST_ROWS:
        raise Refused(
            "TOO_MANY_ROWS",
            f"工作表“{name}”有 {rows} 行，超过一次导入的 {MOST_ROWS} 行。",
            "请拆成几份文件分别导入。",
        )
    if columns > MOST_COLUMNS:
        raise Refused(
            "TOO_MANY_COLUMNS",
            f"工作表“{name}”有 {columns} 列，超过 {MOST_COLUMNS} 列。",
            "请删去目录以外的列；可下载模板。",
        )


def _valueless(content: bytes) -> dict[str, frozenset[str]]:
    """Return sheet → cells of formulas without a calculated value; a reader shows them empty."""
    if not content.startswith(b"PK"):
        return {}
    found: dict[str, frozenset[str]] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name, part in _parts(archive):
            data = archive.read(part)
            if b"<f" in data:
                found[name] = frozenset(m[1].decode() for m in _FORMULA.finditer(data))
    return found


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield sheet names and the files they stand in."""
    try:
        book = archive.read("xl/workbook.xml")
        links = dict(_attributes(archive.read("xl/_rels/workbook.xml.rels"), "Relationship",
                                 "Id", "Target"))  # fmt: skip
    except (KeyError, zipfile.BadZipFile, expat.ExpatError):
        return
    present = set(archive.namelist())
    for name, link in _attributes(book, "sheet", "name", "r:id"):
        target = links.get(link, "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in present:
            yield name, path


def _attributes(data: bytes, tag: str, key: str, value: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []

    def start(name: str, given: dict[str, str]) -> None:
        if name.rpartition(":")[2] == tag and key in given:
            found.append((given[key], given.get(value, "")))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(data, True)
    return found


def _csv(content: bytes, name: str) -> Sheet:
    encoding = looks_like(content)
    if encoding not in {"utf-8", "utf-8-sig", "gb18030"}:
        raise Refused(
            "WRONG_ENCODING",
            f"文件内容看起来是 {encoding}，不能读取。",
            "请另存为 UTF-8 或 GBK 编码的 csv 后导入。",
        )
    if b"\x00" in content:
        raise _damaged("文件不是文本", "请另存为 csv 后导入。")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:  # a character cut off at the end
        raise _damaged("文件不是完整的文本", "请另存为 csv 后导入。") from None
    head = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise _damaged("csv 的引号或分隔符不完整", "请重新导出 csv 后导入。") from None
    title = PurePosixPath(name).stem[:40] or "csv"
    _check_size(title, len(rows), max(map(len, rows), default=0))
    return Sheet(title, rows)
