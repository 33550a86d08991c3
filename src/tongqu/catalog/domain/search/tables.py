"""The word tables of search: plain data in ``words.toml``, edited without touching code."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Pattern:
    """A form of a query, such as a plate number, and words for the thing it stands for."""

    form: re.Pattern[str]
    words: tuple[str, ...]


@cache
def _document() -> dict[str, Any]:
    text = files("tongqu.catalog.domain.search").joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def variants() -> tuple[str, ...]:
    """Return pairs of a traditional and its simplified character."""
    return tuple(pair for line in _document()["variants"] for pair in line.split())


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """Return each word with the other words of its group; a word may stand in several."""
    found: dict[str, dict[str, None]] = {}
    for group in _document()["synonyms"]:
        for word in group:
            found.setdefault(word, {}).update(dict.fromkeys(w for w in group if w != word))
    return {word: tuple(others) for word, others in found.items()}


@cache
def longest() -> int:
    return max(map(len, synonyms()))


@cache
def patterns() -> tuple[Pattern, ...]:
    return tuple(
        Pattern(re.compile(row["form"]), tuple(row["words"])) for row in _document()["patterns"]
    )


@cache
def noise() -> frozenset[str]:
    """Return words that narrow nothing down: a query without them means the same."""
    return frozenset(_document()["noise"])
