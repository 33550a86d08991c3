"""Documents read strictly: an unknown key is an error that names the place."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeVar

from tongqu.kernel.words import Word
from tongqu.standards.vocabulary import BadDocument

W = TypeVar("W", bound=Word)


class Reader:
    """One document (or one table of it) with its place; every ``take`` marks a key as known."""

    def __init__(self, document: object, where: str) -> None:
        if not isinstance(document, Mapping):
            raise BadDocument(where, "应是一组键和值")
        self.where = where
        self._rest: dict[str, object] = {str(key): value for key, value in document.items()}

    def text(self, key: str, *, longest: int = 200, must: bool = False) -> str:
        value = self._rest.pop(key, "")
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            raise BadDocument(self.where, f"{key} 请加引号写成文字")
        if value is None:
            value = ""
        if not isinstance(value, str) or len(value) > longest or not _is_storable(value):
            raise BadDocument(self.where, f"{key} 应为不超过 {longest} 字的文字")
        if must and not value.strip():
            raise BadDocument(self.where, f"缺少 {key}")
        return value.strip()

    def word(self, key: str, words: type[W], default: W | None = None) -> W:
        value = self._rest.pop(key, default)
        if value is None:
            raise BadDocument(self.where, f"缺少 {key}")
        for word in words:  # the stored value, or the words that users read
            if value in (word.value, word.label):
                return word
        known = "、".join(f"{word.value}（{word.label}）" for word in words)
        raise BadDocument(self.where, f"{key} 不认识 {str(value)[:40]}；可用：{known}")

    def day(self, key: str) -> date | None:
        value = self._rest.pop(key, None)
        if value in (None, ""):
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            raise BadDocument(self.where, f"{key} 应为 2026-09-24 样式的日期") from None

    def whole(self, key: str, most: int) -> int | None:
        value = self._rest.pop(key, None)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= most:
            raise BadDocument(self.where, f"{key} 应为 1 到 {most} 的整数")
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        value = self._rest.pop(key, default)
        if not isinstance(value, bool):
            raise BadDocument(self.where, f"{key} 应为 true 或 false")
        return value

    def rows(self, key: str, most: int = 20_000) -> list[object]:
        value = self._rest.pop(key, [])
        if not isinstance(value, (list, tuple)) or len(value) > most:
            raise BadDocument(self.where, f"{key} 应为不超过 {most} 项的列表")
        return list(value)

    def texts(self, key: str, *, longest: int = 200, most: int = 100) -> tuple[str, ...]:
        found = self.rows(key, most)
        if not all(isinstance(v, str) and 0 < len(v) <= longest and _is_storable(v) for v in found):
            raise BadDocument(self.where, f"{key} 应为文字的列表")
        return tuple(str(value) for value in found)

    def table(self, key: str) -> dict[str, object]:
        value = self._rest.pop(key, {})
        if not isinstance(value, Mapping):
            raise BadDocument(self.where, f"{key} 应是一组键和值")
        return dict(value)

    def end(self) -> None:
        """Raise for what is left: nobody knows these keys."""
        if self._rest:
            raise BadDocument(self.where, f"不认识的键 {'、'.join(sorted(self._rest))}")


def _is_storable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
