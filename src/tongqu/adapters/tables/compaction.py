"""Small files made into large ones: the same rows, proved before they are committed."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from pyiceberg.manifest import DataFile
from pyiceberg.table import Table

from tongqu.adapters.engines.planned import PlannedFiles
from tongqu.adapters.tables.datafiles import COPY_OPTIONS, storage_errors
from tongqu.adapters.tables.types import columns_of, field_ids, literal, read_files
from tongqu.adapters.tables.warehouse import Bucket, Warehouse
from tongqu.kernel.statements import quoted
from tongqu.lake.vocabulary import Column

SMALL = 0.75  # of the target: a file of this size or more is large enough
# Of the table's own facts a rewrite hands on those by which models and cursors know a table.
CARRIED = ("inputs", "model", "run", "moment", "seq", "clause", "self-until")


class RowsDiffer(RuntimeError):
    """The rewritten files do not hold the rows of the old ones: a bug, nothing is committed."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Files that are made into one."""

    files: tuple[DataFile, ...]


def bins(table: Table, *, target_bytes: int, least_files: int) -> list[Bin]:
    """Return which of the table's files go together; nothing while few are small."""
    tasks = table.scan().plan_files() if table.current_snapshot() else ()
    small = [t.file for t in tasks if t.file.file_size_in_bytes < SMALL * target_bytes]
    if len(small) < least_files:
        return []
    found: list[Bin] = []
    waiting: list[DataFile] = []
    size = 0
    for file in sorted(small, key=lambda f: f.file_path):
        if waiting and size + file.file_size_in_bytes > target_bytes:
            found.append(Bin(tuple(waiting)))
            waiting, size = [], 0
        waiting.append(file)
        size += file.file_size_in_bytes
    found.append(Bin(tuple(waiting)))
    return [one for one in found if len(one.files) > 1]


def rewrite(
    table: Table, one: Bin, target: Path, warehouse: Warehouse, options: dict[str, Any]
) -> int:
    """Write a bin's rows to one local file and return their number. Raises: ``RowsDiffer``."""
    columns = columns_of(table.schema())
    old = [warehouse.readable(file.file_path) for file in one.files]
    names = ", ".join(quoted(column.name) for column in columns)
    with duckdb.connect(":memory:", config=options) as connection, storage_errors():
        if isinstance(warehouse, Bucket):
            planned = PlannedFiles(warehouse.files)
            planned.allow(old)
            connection.register_filesystem(planned)
        connection.execute(
            f"COPY (SELECT {names} FROM {read_files(old, columns)}{_order(table, columns)}) "  # noqa: S608  # our own files and names
            f"TO {literal(str(target))} ({COPY_OPTIONS}, FIELD_IDS {field_ids(columns)})"
        )
        before = _content(connection, old, columns)
        if before != _content(connection, [str(target)], columns):
            raise RowsDiffer(table.name()[-1])
    return before[0]


def _order(table: Table, columns: Sequence[Column]) -> str:
    """Sort by the table's key where it is declared: readers by key then skip row groups."""
    known = {column.name for column in columns}
    keys = [k.strip() for k in table.properties.get("tongqu.keys", "").split(",")]
    keys = [key for key in keys if key in known]
    return f" ORDER BY {', '.join(map(quoted, keys))}" if keys else ""


def _content(
    connection: duckdb.DuckDBPyConnection, paths: Sequence[str], columns: Sequence[Column]
) -> tuple[int, int]:
    """Return number of rows and a hash of their content that does not depend on their order."""
    names = ", ".join(quoted(column.name) for column in columns)
    found = connection.execute(
        f"SELECT count(*), coalesce(sum(hash({names})::HUGEINT), 0) "  # noqa: S608  # our own files and names
        f"FROM {read_files(paths, columns)}"
    ).fetchone()
    assert found is not None  # noqa: S101  # an aggregate always gives a row
    return int(found[0]), int(found[1])


def carried(table: Table) -> dict[str, str]:
    """Return the facts that the rewritten table keeps: by them models find it unchanged."""
    found = table.current_snapshot()
    summary = dict(found.summary.additional_properties) if found and found.summary else {}
    return {key: str(value) for key, value in summary.items() if key in CARRIED}
