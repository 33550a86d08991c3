"""Parquet files with field ids: written by DuckDB, described to Iceberg from their footer."""

import errno
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.io.pyarrow import (
    compute_statistics_plan,
    data_file_statistics_from_parquet_metadata,
    parquet_path_to_id_mapping,
    schema_to_pyarrow,
)
from pyiceberg.manifest import DataFile, DataFileContent, FileFormat
from pyiceberg.table import Table

from tongqu.adapters.tables.types import columns_of, field_ids, literal, plain_schema
from tongqu.kernel.statements import quoted
from tongqu.lake.vocabulary import Column, SchemaChanged, StorageFull, StoreUnreachable

FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
S3_WORDS = "AWS Error"  # how Arrow begins what an object store answered, or did not
FULL_WORDS = ("No space left", "File too large", "Disk quota exceeded", "disk is full")
# Row groups small enough to prune and to parallelise, large enough to compress.
COPY_OPTIONS = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880"


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn every library's way of saying "disk full" or "no answer" into our words."""
    try:
        yield
    except Exception as error:
        words = str(error)
        if getattr(error, "errno", None) in FULL or any(word in words for word in FULL_WORDS):
            raise StorageFull("the disk took no more bytes") from error
        if S3_WORDS in words:
            raise StoreUnreachable("the object store did not do what was asked") from error
        raise


def spill_folder(scratch: Path) -> Path:
    """Return where one instance of DuckDB may put what does not fit into its memory.

    Its files have fixed names: two instances in one folder would take them for their own.
    """
    return scratch / f"spill-{uuid.uuid4().hex}"


def write(data: Any, path: Path, columns: Sequence[Column], *, options: Mapping[str, Any]) -> None:
    """Write columns in memory, a stream of them or Parquet files as one file with field ids.

    Missing columns become NULL, narrower types are widened; memory does not grow with rows.
    """
    with duckdb.connect(":memory:", config=dict(options)) as connection:
        if isinstance(data, (pa.Table, pa.RecordBatchReader)):
            connection.register("incoming", data)
            source, came = "incoming", data.schema
        else:
            listed = ", ".join(literal(str(item)) for item in data)
            source = f"read_parquet([{listed}], union_by_name=true)"
            came = pa.unify_schemas([pq.read_schema(item) for item in data])
        unknown = set(came.names) - {column.name for column in columns}
        if unknown:
            raise SchemaChanged(path.parent.parent.name, min(unknown), "absent", "present")
        wanted = ", ".join(
            f"CAST({quoted(c.name) if c.name in came.names else 'NULL'} AS {c.type}) "
            f"AS {quoted(c.name)}"
            for c in columns
        )
        connection.execute(
            f"COPY (SELECT {wanted} FROM {source}) TO {literal(str(path))} "  # noqa: S608  # names from the table's schema
            f"({COPY_OPTIONS}, FIELD_IDS {field_ids(columns)})"
        )


def carries_ids(path: Path, table: Table) -> bool:
    """Say whether a Parquet file bears this table's field ids under this table's names."""
    known = {column.name: column.field_id for column in columns_of(table.schema())}
    found = pq.read_schema(path)
    return all(
        (field.metadata or {}).get(b"PARQUET:field_id") == str(known.get(field.name, "")).encode()
        for field in found
    ) and _fits(found, table)


def _fits(found: pa.Schema, table: Table) -> bool:
    want = plain_schema(schema_to_pyarrow(table.schema(), include_field_ids=False))
    plain = plain_schema(found)
    return all(plain.field(name).type == want.field(name).type for name in plain.names)


def take_over(path: Path, target: Path) -> None:
    """Bring a finished file into the warehouse without touching the original."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, target)
    except OSError as error:
        if error.errno in FULL:
            raise
        shutil.copyfile(path, target)  # another file system, or one without links


def describe(table: Table, path: Path, uri: str) -> DataFile:
    """Return what Iceberg keeps about the file at ``uri``: rows, sizes, bounds, NULLs.

    ``path`` is the same file on this machine.
    """
    footer = pq.read_metadata(path)
    schema = table.schema()
    statistics = data_file_statistics_from_parquet_metadata(
        parquet_metadata=footer,
        stats_columns=compute_statistics_plan(schema, table.metadata.properties),
        parquet_column_mapping=parquet_path_to_id_mapping(schema),
    )
    return DataFile.from_args(
        content=DataFileContent.DATA,
        file_path=uri,
        file_format=FileFormat.PARQUET,
        partition=statistics.partition(table.spec(), schema),
        file_size_in_bytes=path.stat().st_size,
        sort_order_id=None,
        spec_id=table.metadata.default_spec_id,
        equality_ids=None,
        key_metadata=None,
        **statistics.to_serialized_dict(),
    )
