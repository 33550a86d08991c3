"""Messages as lines of NDJSON. What cannot be one becomes a line that the load keeps apart."""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST_SHOWN = 4000  # characters of a bad message kept for its sender
MOST_MESSAGE = 1 << 20  # bytes


class Shape(StrEnum):
    JSON = "json"
    CSV = "csv"


class Poison(StrEnum):
    """Why a message is no row; the word stands in the quarantined line."""

    NOT_JSON = "不是 JSON 对象"
    NOT_TEXT = "不是 UTF-8 文本"
    UNKNOWN_FIELD = "有未登记的字段"
    WRONG_WIDTH = "字段数与登记不符"
    TOO_LARGE = "超过单条上限"
    EMPTY = "空消息"


@dataclass(frozen=True, slots=True)
class Lines:
    """Turns messages of one source into lines. ``columns`` empty: every field is taken.

    ``pick`` are technical fields that the transport adds, e.g. the topic, where registered.
    """

    columns: tuple[str, ...] = ()
    shape: Shape = Shape.JSON

    def of(self, message: bytes, added: Mapping[str, Any] | None = None) -> Iterator[bytes]:
        """Yield the line or lines of a message: an array of objects is several rows."""
        if len(message) > MOST_MESSAGE:
            yield bad(Poison.TOO_LARGE, message)
            return
        try:
            text = message.decode("utf-8-sig")
        except UnicodeDecodeError:
            yield bad(Poison.NOT_TEXT, message)
            return
        if not text.strip():
            yield bad(Poison.EMPTY, b"")
            return
        rows = self._csv(text) if self.shape is Shape.CSV else self._json(text)
        for row in rows:
            yield bad(row, message) if isinstance(row, Poison) else self._line(*row, added or {})

    def _json(self, text: str) -> "Iterator[_Row | Poison]":
        """Yield each object with its own text: 1.10 stays 1.10, whatever a float would make."""
        try:
            found = list(_objects(" ".join(text.splitlines()).strip()))
        except (ValueError, RecursionError):
            yield Poison.NOT_JSON
            return
        for row, own in found:
            if not isinstance(row, dict):
                yield Poison.NOT_JSON
            elif self.columns and set(row) - set(self.columns):
                yield Poison.UNKNOWN_FIELD
            else:
                yield row, own

    def _csv(self, text: str) -> "Iterator[_Row | Poison]":
        for cells in csv.reader(text.splitlines()):
            if len(cells) != len(self.columns):
                yield Poison.WRONG_WIDTH
            else:
                row = {n: c for n, c in zip(self.columns, cells, strict=True) if c}
                yield row, json.dumps(row, ensure_ascii=False)

    def _line(self, row: Mapping[str, Any], own: str, added: Mapping[str, Any]) -> bytes:
        # Every column in every line: a piece in which one never occurs is no change of form.
        rest = {name: added.get(name) for name in self.columns if name not in row}
        more = json.dumps(rest, ensure_ascii=False)[1:-1]
        body = own.strip()[1:-1].strip()
        return f"{{{', '.join(part for part in (body, more) if part)}}}".encode() + b"\n"


_Row = tuple[dict[str, Any], str]
_SPACE = re.compile(r"[ \t]*")
_COMMA = re.compile(r"[ \t]*(,|\])[ \t]*")


def _objects(text: str) -> Iterator[tuple[Any, str]]:
    """Yield the value, or the members of an array, each with its own text."""
    decoder = json.JSONDecoder(parse_constant=_refuse)
    if not text.startswith("["):
        value, end = decoder.raw_decode(text)
        if end != len(text):
            raise ValueError("more follows")
        yield value, text
        return
    at, mark = _end(_SPACE, text, 1), ","
    if text[at:] == "]":
        return
    while mark == ",":
        value, end = decoder.raw_decode(text, at)
        yield value, text[at:end]
        found = _COMMA.match(text, end)
        if found is None:
            raise ValueError("no end of the array")
        at, mark = found.end(), found[1]
    if at != len(text):
        raise ValueError("more follows")


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _refuse(word: str) -> Any:
    raise ValueError(word)  # NaN and Infinity are no JSON


def bad(why: str, message: bytes) -> bytes:
    """Return a line that no reader takes for an object: it says why and shows the message."""
    text = message[: MOST_SHOWN * 4].decode("utf-8", "replace")[:MOST_SHOWN]
    flat = " ".join(part for part in text.split() if part)
    shown = "".join(c if c.isprintable() else "�" for c in flat)
    return f"{{!{why}! {shown}".encode() + b"\n"


def columns_of(messages: Sequence[bytes]) -> tuple[str, ...]:
    """Return the fields that sample messages have, in the order of their appearance."""
    found: dict[str, None] = {}
    for message in messages:
        for row in Lines()._json(message.decode("utf-8", "replace")):
            found |= dict.fromkeys(() if isinstance(row, Poison) else row[0])
    return tuple(found)
