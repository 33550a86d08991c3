"""Spelling of names and values in DuckDB's SQL. Column names come from foreign files."""

from collections.abc import Iterable

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
