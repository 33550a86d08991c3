"""A sheet as values, whatever program wrote it: what readers give and writers take."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Cell = str | int | float | bool | date | datetime | time | timedelta | None
Area = tuple[int, int, int, int]  # top, left, bottom, right; from 0
_HINT = re.compile(r"[\(\[（【].*?[\)\]）】]|[\s*＊:：]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """``rows`` begin at A1. ``valueless``: cells of formulas that were never calculated."""

    name: str
    rows: Sequence[Sequence[Cell]]
    is_hidden: bool = False
    merged: tuple[Area, ...] = ()
    valueless: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SheetOut:
    """A sheet to write: texts and numbers, never formulas. ``notes``: (row, column) → text."""

    name: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str | int | None]]
    notes: Mapping[tuple[int, int], str] = field(default_factory=dict)


def letters(column: int) -> str:
    """Return the letters of a column from 0: A, Z, AA."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def cell_name(row: int, column: int) -> str:
    return f"{letters(column)}{row + 1}"


def title_key(value: object) -> str:
    """Return a header for comparing: width, blanks, stars and hints in brackets are no matter."""
    return _HINT.sub("", unicodedata.normalize("NFKC", str(value or ""))).casefold()


def folded(name: str) -> str:
    """Return a name for comparing: half and full width, case and blanks do not count."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def is_blank(value: Cell) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
