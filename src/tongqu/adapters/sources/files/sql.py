"""Spelling of names and values in DuckDB's SQL. Column names come from foreign files."""

from collections.abc import Iterable, Sequence

BLANKS = " \t\u00a0\u3000\ufeff"  # what counts as blank around a value


def name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def text(value: str) -> str:
    """Return a string literal; control characters are safe inside one."""
    return "'" + value.replace("'", "''") + "'"


def texts(values: Iterable[str]) -> str:
    return ", ".join(text(value) for value in values)


def raw(position: int) -> str:
    """Return the name of a column of the raw table: by position, whatever it is called."""
    return f"c{position}"


def something(value: str, words: Sequence[str]) -> str:
    """Return the SQL of a text, NULL where it is a word for nothing.

    Four words at a time: of a longer IN the engine makes a join, which takes rows in any order;
    and of ``<>`` beside a cast it makes a comparison of times, to which no word is a time.
    """
    some = [words[n : n + 4] for n in range(0, len(words), 4)]
    differs = " AND ".join(f"{value} NOT IN ({texts(part)})" for part in some)
    return f"CASE WHEN {differs} THEN {value} END"
