"""Types: what a column's text may be cast to, and how strictly."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tongqu.adapters.sources.files import sql
from tongqu.catalog.vocabulary import DataType
from tongqu.ingest.vocabulary import ColumnSpec

if TYPE_CHECKING:
    import pyarrow as pa

DUCK = {
    DataType.STRING: "VARCHAR",
    DataType.TEXT: "VARCHAR",
    DataType.INTEGER: "BIGINT",
    DataType.DECIMAL: "DOUBLE",
    DataType.DATE: "DATE",
    DataType.DATETIME: "TIMESTAMP",
    DataType.TIME: "TIME",
    DataType.BOOLEAN: "BOOLEAN",
}
_DAY = r"\d{4}[-/]\d{1,2}[-/]\d{1,2}"
_HOUR = r"\d{1,2}:\d{2}(:\d{2}(\.\d{1,9})?)?"
ZONE = r"(Z|[+-]\d{2}(:?\d{2})?)"
# The engine's cast forgives more (1.5 → 2, trailing words): these do not.
PATTERNS = {
    DataType.INTEGER: r"[+-]?\d+",
    DataType.DATE: _DAY,
    DataType.DATETIME: f"{_DAY}[ T]{_HOUR}",
    DataType.TIME: _HOUR,
}
TRUE = ("true", "t", "yes", "y", "1", "是", "有")
FALSE = ("false", "f", "no", "n", "0", "否", "无")
TECHNICAL = (
    ("_batch_id", "VARCHAR"),
    ("_load_time", "TIMESTAMPTZ"),
    ("_source", "VARCHAR"),
    ("_line", "BIGINT"),
    ("_row_hash", "BIGINT"),
)


def duck_type(column: ColumnSpec) -> str:
    if column.data_type is DataType.DATETIME and column.zoned:
        return "TIMESTAMPTZ"
    return DUCK[column.data_type]


def is_text(column: ColumnSpec) -> bool:
    return duck_type(column) == "VARCHAR"


def cast(text: str, column: ColumnSpec) -> str:
    """Return the SQL of the typed value; NULL where the text does not fit."""
    kind = column.data_type
    if is_text(column):
        return text
    if kind is DataType.BOOLEAN:
        return (
            f"CASE WHEN lower({text}) IN ({sql.texts(TRUE)}) THEN true"
            f" WHEN lower({text}) IN ({sql.texts(FALSE)}) THEN false END"
        )
    return f"TRY_CAST({text} AS {duck_type(column)})"


def fits(text: str, typed: str, column: ColumnSpec) -> str:
    """Return the SQL that tells whether a text, not NULL, is a strict spelling of its value.

    Most values are spelled as the engine would spell them; only the rest meets a pattern.
    """
    if is_text(column):
        return "true"
    if column.data_type is DataType.DECIMAL:
        return f"({typed} IS NOT NULL AND isfinite({typed}) AND NOT contains({text}, '_'))"
    if column.data_type is DataType.BOOLEAN:
        return f"({typed} IS NOT NULL)"
    pattern = PATTERNS[column.data_type]
    if column.data_type is DataType.DATETIME:
        pattern = f"{pattern}{ZONE}" if column.zoned else f"{_DAY}([ T]{_HOUR})?"
    # CASE and not OR: under a NOT the engine would work out both sides for every row.
    return (
        f"CASE WHEN {typed} IS NULL THEN false WHEN {typed}::VARCHAR = {text} THEN true"
        f" ELSE regexp_full_match({text}, {sql.text(pattern)}) END"
    )


def arrow_schema(columns: Sequence[ColumnSpec]) -> "pa.Schema":
    """Return the schema of the raw-layer table: the registered columns, then ours."""
    import pyarrow as pa

    kinds = {
        "VARCHAR": pa.string(), "BIGINT": pa.int64(), "DOUBLE": pa.float64(),
        "DATE": pa.date32(), "TIMESTAMP": pa.timestamp("us"), "TIME": pa.time64("us"),
        "TIMESTAMPTZ": pa.timestamp("us", tz="UTC"), "BOOLEAN": pa.bool_(),
    }  # fmt: skip
    return pa.schema(
        [pa.field(column.name, kinds[duck_type(column)]) for column in columns]
        + [pa.field(name, kinds[kind]) for name, kind in TECHNICAL]
    )
