"""A cell becomes a value of a document, and back: what people write into sheets."""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Any

from tongqu.catalog.domain.interchange.documents import Fault
from tongqu.catalog.domain.interchange.fields import Field, Kind
from tongqu.catalog.domain.interchange.sheets import Cell
from tongqu.kernel.words import Word

# Texts that are codes: full-width letters in them are slips of the keyboard.
_CODES = frozenset(
    {"name_en", "code_table", "source_column", "element", "provider_code", "project"}
)
_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})
_SPLIT = re.compile(r"[、，,;；/|\s]+")
_LINES = re.compile(r"[;；\r\n]+")
_LEVEL = re.compile(r"第?\s*(?:L|l)?\s*([0-9一二三四]+)\s*级?")
_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4}
_YES = frozenset({"是", "y", "yes", "true", "1", "√", "✓", "有", "共享", "开放", "可空", "可"})
_NO = frozenset({"否", "n", "no", "false", "0", "×", "x", "无", "不共享", "不开放", "不可空", "不"})
MOST_TEXT = 32_767  # what a cell of a workbook can hold


def value_of(spec: Field, cell: Cell) -> Any:
    """Return the document's value for a cell that is not blank. Raises: ``Fault``."""
    if isinstance(cell, str) and cell.strip() in _ERRORS:
        raise Fault("单元格是公式的错误值", "请改正公式，或直接填写内容")
    return _READERS[spec.kind](spec, cell)


def text_of(cell: Cell) -> str:
    """Return a cell as a person reads it: whole numbers without a point, days as ISO."""
    match cell:
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case date() | time():
            return cell.isoformat()
        case _:
            return str(cell).strip()


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _text(spec: Field, cell: Cell) -> str:
    text = text_of(cell)
    return _narrow(text) if spec.name in _CODES else text


@cache
def _meanings(words: type[Word], synonyms: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """Return everything that may stand for a word, as compared."""
    pairs = [(word.value, word.value) for word in words]
    pairs += [(word.label, word.value) for word in words]
    found = {_narrow(said).casefold(): value for said, value in (*synonyms, *pairs)}
    return found


def _one(spec: Field, text: str) -> str:
    known = _meanings(spec.words or Word, spec.synonyms)
    said = _narrow(text)
    # What is not known stays as written: the document's reader words the fault.
    return known.get(said.casefold(), said)


def _word(spec: Field, cell: Cell) -> str:
    return _one(spec, text_of(cell))


def _words(spec: Field, cell: Cell) -> list[str]:
    return [_one(spec, part) for part in _SPLIT.split(text_of(cell)) if part]


def _lines(spec: Field, cell: Cell) -> list[str]:
    split = _SPLIT if spec.name in {"scope_codes", "withheld_basis"} else _LINES
    return [part.strip() for part in split.split(text_of(cell)) if part.strip()]


def _whole(spec: Field, cell: Cell) -> int:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if isinstance(cell, float) and not cell.is_integer():
            raise Fault("应为整数", f"请填写 {spec.least} 至 {spec.most} 的整数")
        return int(cell)
    text = _narrow(text_of(cell))
    found = _LEVEL.fullmatch(text) if spec.name == "level" else re.fullmatch(r"([0-9]+)", text)
    if isinstance(cell, date) or found is None or len(found[1]) > 12:
        raise Fault(f"“{text[:20]}”不是整数", f"请填写 {spec.least} 至 {spec.most} 的整数")
    return _DIGITS.get(found[1]) or _plain_number(found[1], spec)


def _plain_number(text: str, spec: Field) -> int:
    if not text.isascii() or not text.isdecimal():
        raise Fault(f"“{text[:20]}”不是整数", f"请填写 {spec.least} 至 {spec.most} 的整数")
    return int(text)


def _flag(_: Field, cell: Cell) -> bool:
    said = _narrow(text_of(cell)).casefold()
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise Fault(f"“{said[:20]}”应为是或否", "请填写是或否")


def _documents(_: Field, cell: Cell) -> Any:
    try:
        return json.loads(text_of(cell))
    except (ValueError, RecursionError):
        raise Fault("行检查不是合法的 JSON", "请按行检查的格式填写，或留空") from None


_READERS: dict[Kind, Callable[[Field, Cell], Any]] = {
    Kind.TEXT: _text,
    Kind.WORD: _word,
    Kind.WORDS: _words,
    Kind.LINES: _lines,
    Kind.WHOLE: _whole,
    Kind.FLAG: _flag,
    Kind.DOCUMENTS: _documents,
}


def shown(spec: Field, value: Any) -> str | int | None:
    """Return a document's value as we write it into a cell; the reader reads it back."""
    if value is None or spec.kind is Kind.WHOLE:
        return value if value is None else int(value)
    return _WRITERS.get(spec.kind, _as_text)(spec, value)


def _as_text(_: Field, value: Any) -> str:
    return str(value)


_WRITERS: dict[Kind, Callable[[Field, Any], str]] = {
    Kind.WORD: lambda spec, value: _label(spec, value) if value else "",
    Kind.WORDS: lambda spec, value: "、".join(_label(spec, member) for member in value),
    Kind.LINES: lambda _, value: "\n".join(value),
    Kind.FLAG: lambda _, value: "是" if value else "否",
    Kind.DOCUMENTS: lambda _, value: json.dumps(value, ensure_ascii=False) if value else "",
}


def _label(spec: Field, value: str) -> str:
    found = next((word.label for word in spec.words or () if word.value == value), None)
    return found or str(value)
