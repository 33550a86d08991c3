"""The few types that a table of the lake may have, in Arrow, Iceberg and DuckDB."""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
from pyiceberg import types as ice

from tongqu.kernel.problems import Problem, Rejected
from tongqu.kernel.statements import quoted
from tongqu.lake.vocabulary import Column

_DUCKDB: dict[type[ice.IcebergType], str] = {
    ice.BooleanType: "BOOLEAN",
    ice.IntegerType: "INTEGER",
    ice.LongType: "BIGINT",
    ice.FloatType: "FLOAT",
    ice.DoubleType: "DOUBLE",
    ice.DateType: "DATE",
    ice.TimeType: "TIME",
    ice.TimestampType: "TIMESTAMP",
    ice.TimestamptzType: "TIMESTAMP WITH TIME ZONE",
    ice.StringType: "VARCHAR",
    ice.UUIDType: "UUID",
    ice.BinaryType: "BLOB",
}


def duckdb_type(kind: ice.IcebergType) -> str:
    if isinstance(kind, ice.DecimalType):
        return f"DECIMAL({kind.precision},{kind.scale})"
    return _DUCKDB[type(kind)]


def columns_of(schema: Any) -> tuple[Column, ...]:
    """Return the columns of an Iceberg schema."""
    return tuple(Column(f.field_id, f.name, duckdb_type(f.field_type)) for f in schema.fields)


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """Return the schema in types that Iceberg v2 knows; all columns may be NULL."""
    return pa.schema([pa.field(field.name, _plain(field), nullable=True) for field in schema])


SAME = {
    pa.int8(): pa.int32(),
    pa.int16(): pa.int32(),
    pa.uint8(): pa.int32(),
    pa.uint16(): pa.int32(),
    pa.uint32(): pa.int64(),
    pa.uint64(): pa.decimal128(20, 0),
    pa.float16(): pa.float32(),
    pa.null(): pa.string(),
    pa.large_string(): pa.string(),
    pa.string_view(): pa.string(),
    pa.large_binary(): pa.binary(),
    pa.time32("s"): pa.time64("us"),
    pa.time32("ms"): pa.time64("us"),
    pa.time64("ns"): pa.time64("us"),
}


def _plain(field: pa.Field) -> pa.DataType:
    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", tz="UTC" if kind.tz else None)
    if pa.types.is_nested(kind):
        raise Rejected(
            Problem(
                code="COLUMN_TYPE",
                title=f"列 {field.name} 的类型不能入湖：不支持嵌套结构。",
                next_step="请在模型或接入配置中将其拆成普通列，或转为文本。",
                facts={"column": field.name},
            )
        )
    return SAME.get(kind, kind)


def widened(was: ice.IcebergType, came: ice.IcebergType) -> ice.IcebergType | None:
    """Return the type that holds both without loss; None if there is none in Iceberg."""
    if was == came or _widens(came, was):
        return was
    return came if _widens(was, came) else None


def _widens(narrow: ice.IcebergType, wide: ice.IcebergType) -> bool:
    match narrow, wide:
        case (ice.IntegerType(), ice.LongType()) | (ice.FloatType(), ice.DoubleType()):
            return True
        case ice.DecimalType(), ice.DecimalType():
            return narrow.scale == wide.scale and narrow.precision < wide.precision
    return False


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def field_ids(columns: Iterable[Column]) -> str:
    """Return the value of DuckDB's ``FIELD_IDS`` option."""
    return "{" + ", ".join(f"{quoted(c.name)}: {c.field_id}" for c in columns) + "}"


def read_files(paths: Iterable[str], columns: Iterable[Column]) -> str:
    """Return the call that reads files by field id: it survives renames and new columns."""
    fields = ", ".join(
        f"{c.field_id}: {{name: {literal(c.name)}, type: {literal(c.type)}, default_value: NULL}}"
        for c in columns
    )
    return f"read_parquet([{', '.join(map(literal, paths))}], schema=MAP {{{fields}}})"
