"""One number for the content of a table, whatever the order of its rows (QLT-12)."""

from collections.abc import Sequence

from tongqu.catalog.vocabulary import DataType
from tongqu.ingest.vocabulary import OP, SEQ, ColumnSpec

_KINDS = {
    DataType.INTEGER: "BIGINT",
    DataType.DECIMAL: "DOUBLE",
    DataType.DATE: "DATE",
    DataType.DATETIME: "TIMESTAMP",
    DataType.TIME: "TIME",
    DataType.BOOLEAN: "BOOLEAN",
}


def digest_sql(columns: Sequence[ColumnSpec]) -> str:
    """Return SQL that sums a digest of each row over the agreed columns, typed as agreed.

    The digests are 60 bits of MD5, so that the sum of 10^15 rows fits: equal tables have equal
    sums, and a single changed value shows. NULL and the empty text differ.
    """
    fields = ", ".join(
        f"coalesce(CAST({_typed(column)} AS VARCHAR), CAST({quoted(column)} AS VARCHAR), chr(30))"
        for column in columns
        if column.name not in {OP, SEQ}
    )
    return (
        f"CAST(sum(CAST('0x' || substr(md5(concat_ws(chr(31), {fields})), 1, 15) AS BIGINT))"
        " AS VARCHAR)"
    )


def quoted(column: ColumnSpec) -> str:
    return '"' + column.name.replace('"', '""') + '"'


def _typed(column: ColumnSpec) -> str:
    """Return the value as agreed; NULL where it does not fit, and its text then stands for it."""
    if column.data_type is DataType.DATETIME and column.zoned:  # whatever the engine's zone
        return f"epoch_us(TRY_CAST({quoted(column)} AS TIMESTAMPTZ))"
    return f"TRY_CAST({quoted(column)} AS {_KINDS.get(column.data_type, 'VARCHAR')})"
