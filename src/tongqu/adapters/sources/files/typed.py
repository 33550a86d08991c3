# ruff: noqa: S608  # names are positions or quoted by sql.py; no text of a user is pasted
"""The quick way of a Parquet file, as pullers write it: what is typed stays typed.

The careful way makes a text of every value and reads it again. A column whose type is the
agreed one, or widens into it without loss, need not: the engine reads its own spelling back as
the same value. Where that is not sure (a time beyond the calendar's four digits, NaN) the row is
not plainly right and goes the careful way; where a type is spelled otherwise (a decimal, a real,
nanoseconds) the column goes through its text within the stream.
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from tongqu.adapters.sources.files import quick, reading, sorting, sql, types
from tongqu.adapters.sources.files.blocks import Places
from tongqu.adapters.sources.files.reading import Raw
from tongqu.adapters.sources.files.sorting import Column
from tongqu.catalog.vocabulary import DataType
from tongqu.ingest.ports import Contract, Target, Unreadable
from tongqu.ingest.vocabulary import ColumnSpec, FileOptions, Fix

_WHOLE = frozenset({"TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER"})
# What a column may be in the file to be taken as it is, by the type it is agreed to have.
_SAME = {
    "BIGINT": _WHOLE | {"BIGINT"}, "DOUBLE": _WHOLE | {"DOUBLE"}, "DATE": frozenset({"DATE"}),
    "TIMESTAMP": frozenset({"TIMESTAMP"}), "TIME": frozenset({"TIME"}),
    "TIMESTAMPTZ": frozenset({"TIMESTAMP WITH TIME ZONE"}), "BOOLEAN": frozenset({"BOOLEAN"}),
}  # fmt: skip
# What the engine spells as everybody does; the careful way judges the rest by its text.
_USUAL = {
    DataType.DECIMAL: "isfinite({0})",
    DataType.DATE: "{0} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'",
    DataType.DATETIME: "{0} BETWEEN '0001-01-01'::{1} AND '9999-12-31 23:59:59'::{1}",
    DataType.TIME: "{0} BETWEEN TIME '00:00:00' AND TIME '23:59:59.999999'",
}
_ROW = "file_row_number"


@dataclass(frozen=True, slots=True)
class _Typed(Column):
    """A column of the file: of the agreed type already, or a text."""

    source: str = ""  # as the file names it
    is_typed: bool = False

    @property
    def clean(self) -> str:
        return self.raw

    @property
    def typed(self) -> str:
        return self.raw if self.is_typed or types.is_text(self.spec) else f"v{self.position}"


def _is_typed(spec: ColumnSpec, came: str, options: FileOptions) -> bool:
    needs_text = Fix.PLATE in spec.fixes or spec.code_map or spec.codes or options.null_values
    return not needs_text and came in _SAME.get(types.duck_type(spec), frozenset())


class Rows:
    """See ``quick.Stream``. A row's line is its place in the file, from 1."""

    def __init__(self, path: Path, names: Mapping[str, str], contract: Contract,
                 records: int) -> None:  # fmt: skip
        """``names``: the file's own names of columns, and their types as the engine says them."""
        self.records = records
        self._came, self._options = tuple(names), contract.options
        self._file = f"read_parquet({sql.text(str(path))}, {_ROW}=true)"
        self.names = reading.check_header(self._came)
        heads = dict(zip(self.names, self._came, strict=True))
        at = {head: n for n, head in enumerate(heads)}
        self.columns: Sequence[_Typed] = [
            _Typed(spec, n, sql.raw(at[spec.name]), heads[spec.name],
                   _is_typed(spec, names[heads[spec.name]], contract.options))
            for n, spec in enumerate(contract.columns)
        ]  # fmt: skip

    def write(self, con: duckdb.DuckDBPyConnection, contract: Contract, target: Target) -> int:
        columns = self.columns
        picks = ", ".join(f"{self._pick(c)} AS {c.raw}" for c in columns)
        made = "".join(f", {types.cast(c.raw, c.spec)} AS {c.typed}"
                       for c in columns if c.typed != c.raw)  # fmt: skip
        inner = f"(SELECT {picks}, {_ROW} + 1 AS line FROM {self._file})"
        source = f"(SELECT *{made} FROM {inner})" if made else inner
        is_piece = self._options.keep_empty  # the next is being fetched, which takes longer
        with quick.beside(con) if is_piece else nullcontext():
            return quick.write(con, (columns, source), self._plain(contract), contract, target)

    def _pick(self, column: _Typed) -> str:
        source = sql.name(column.source)
        if column.is_typed:
            return f"{source}::{types.duck_type(column.spec)}"
        return reading.text_value(source, self._options)

    def _plain(self, contract: Contract) -> list[str]:
        """Return the conditions of a row that is plainly right. None of them is ever NULL."""
        found, empty = list[str](), reading.nulls(self._options)
        for c in self.columns:
            if c.is_typed:
                usual = _USUAL.get(c.spec.data_type)
                if usual:
                    same = usual.format(c.raw, types.duck_type(c.spec))
                    found.append(f"({same}) IS NOT FALSE")
                continue
            if Fix.TRIM in c.spec.fixes:
                found.append(f"({sorting.has_blanks(c.raw)}) IS NOT TRUE")
            if Fix.HALF_WIDTH in c.spec.fixes:
                found.append(f"({sorting.has_wide(c.raw)}) IS NOT TRUE")
            if rest := sorting.steps_of(c, (False, False)):
                found.append(f"{sorting.applied(c, rest, empty)} IS NOT DISTINCT FROM {c.raw}")
        typed = frozenset(c.spec.name for c in self.columns if c.is_typed)
        return found + quick.plain(self.columns, contract, typed)

    def absent(self, accepted: Path, written: int) -> Places:
        if written == self.records:
            return np.empty(0, np.int64)
        return quick.gaps(accepted, 1, self.records)

    def pick(self, con: duckdb.DuckDBPyConnection, contract: Contract, scratch: Path,
             lines: Places) -> Raw:  # fmt: skip
        del contract, scratch
        con.register("wanted", pa.table({"line": lines}))
        con.execute(
            f"""CREATE OR REPLACE TEMP TABLE raw AS
            SELECT {reading.text_columns(self._came, self._options)} FROM {self._file}
            WHERE {_ROW} + 1 IN (SELECT line FROM wanted) ORDER BY {_ROW}"""
        )
        con.unregister("wanted")
        reading.create_bad(con)
        return Raw(self.names, len(lines), 1, False)


def rows_of(con: duckdb.DuckDBPyConnection, path: Path, contract: Contract) -> Rows | None:
    """Return the quick way of a file; None where the careful way must read it, or say why not."""
    where = sql.text(str(path))
    try:
        described = con.execute(f"DESCRIBE SELECT * FROM read_parquet({where})").fetchall()
        names = {str(row[0]): str(row[1]) for row in described}
        columns = reading.check_header(tuple(names))
        records = reading.count_rows(con, where, width=len(columns), size=path.stat().st_size)
    except (duckdb.Error, Unreadable):
        return None
    if {c.name for c in contract.columns} != set(columns) or _ROW in columns:
        return None  # drift is told first
    return Rows(path, names, contract, records)
