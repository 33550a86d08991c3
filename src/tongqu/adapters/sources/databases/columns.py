"""Columns of foreign tables: what they become here, and how they are asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tongqu.catalog.vocabulary import DataType
from tongqu.ingest.vocabulary import OP, SEQ, ColumnSpec

EXACT_DIGITS = 15  # of a decimal number that a double holds without loss
TECHNICAL = (ColumnSpec(OP, fixes=()), ColumnSpec(SEQ, fixes=()))


@dataclass(frozen=True, slots=True)
class Described:
    """A table as its database describes it. ``types``: the database's own names, by column."""

    name: str
    schema: str
    columns: tuple[ColumnSpec, ...]
    key: tuple[str, ...]
    types: dict[str, Any]


def described(connection: sa.Connection, what: str) -> Described | None:
    """Return a table or view, ``schema.table`` or ``table``; None for an unknown one."""
    schema, _, name = what.rpartition(".")
    inspector = sa.inspect(connection)
    try:
        found = inspector.get_columns(name, schema=schema or None)
        key = tuple(inspector.get_pk_constraint(name, schema=schema or None)["constrained_columns"])
    except sa.exc.NoSuchTableError:
        return None
    columns = tuple(_column(column, is_key=column["name"] in key) for column in found)
    types = {str(column["name"]): column["type"] for column in found}
    return Described(name, schema, columns, key, types)


def _column(column: Any, *, is_key: bool) -> ColumnSpec:
    """Return the column proposed. Nothing is mended on the way: what the source holds, we hold."""
    kind = column["type"]
    return ColumnSpec(
        name=str(column["name"]),
        data_type=_data_type(kind),
        nullable=bool(column["nullable"]) and not is_key,
        is_key=is_key,
        zoned=bool(getattr(kind, "timezone", False)) and isinstance(kind, sa.DateTime),
        fixes=(),
    )


# The first that fits; a decimal that a double would round stays the text it is.
_TYPES: tuple[tuple[type[Any], DataType], ...] = (
    (sa.Boolean, DataType.BOOLEAN),
    (sa.Integer, DataType.INTEGER),
    (sa.Float, DataType.DECIMAL),
    (sa.DateTime, DataType.DATETIME),
    (sa.Date, DataType.DATE),
    (sa.Text, DataType.TEXT),
)


def _data_type(kind: Any) -> DataType:
    if isinstance(kind, sa.Numeric) and not isinstance(kind, sa.Float):
        is_exact = kind.precision is not None and kind.precision <= EXACT_DIGITS
        return DataType.DECIMAL if is_exact else DataType.STRING
    if isinstance(kind, sa.Time) and not getattr(kind, "timezone", False):
        return DataType.TIME
    return next((word for base, word in _TYPES if isinstance(kind, base)), DataType.STRING)


def plain(columns: Sequence[ColumnSpec]) -> tuple[ColumnSpec, ...]:
    """Return the columns that the source itself has."""
    return tuple(column for column in columns if column.name not in {OP, SEQ})
