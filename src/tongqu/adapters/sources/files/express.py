# ruff: noqa: S608  # names are positions or quoted by sql.py; no text of a user is pasted
"""The quick way of a delimited text: typed blocks, with what is not plain in them cut out.

See ``quick`` for what becomes of the rows.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from tongqu.adapters.sources.files import quick, reading, sorting, sql, staging, types
from tongqu.adapters.sources.files.blocks import Blocks, Layout, Places, pick
from tongqu.adapters.sources.files.detect import Kind
from tongqu.adapters.sources.files.guards import Census
from tongqu.adapters.sources.files.reading import Raw
from tongqu.adapters.sources.files.sorting import Column
from tongqu.adapters.sources.files.staging import StagedText
from tongqu.catalog.vocabulary import DataType
from tongqu.ingest.ports import Contract, Target, Unreadable
from tongqu.ingest.vocabulary import ColumnSpec, Fix

# Kinds that Arrow reads as strictly as we do; the others are made from their text by SQL.
_KINDS = {
    DataType.INTEGER: pa.int64(), DataType.DECIMAL: pa.float64(), DataType.DATE: pa.date32(),
    DataType.DATETIME: pa.timestamp("us"), DataType.BOOLEAN: pa.bool_(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Streamed(Column):
    """A column of the stream: typed already, or its text."""

    is_typed: bool = False

    @property
    def clean(self) -> str:
        return self.raw

    @property
    def typed(self) -> str:
        return self.raw if self.is_typed or types.is_text(self.spec) else f"v{self.position}"


def kind_of(spec: ColumnSpec) -> pa.DataType | None:
    """Return what Arrow may make of a column; None: its text is needed."""
    is_changed = Fix.PLATE in spec.fixes or spec.code_map or spec.codes
    if is_changed or spec.zoned or types.is_text(spec):
        return None
    return _KINDS.get(spec.data_type)


def text_of(path: Path, kind: Kind, contract: Contract, head: bytes) -> "Text | None":
    """Return the quick way of a text; None where the careful way must read it."""
    options = contract.options
    encoding = staging.choose(head, options.encoding)
    registered = [column.name for column in contract.columns]
    try:
        text = head.decode(encoding, "ignore").replace("\r\n", "\n").replace("\r", "\n")
        names = reading.csv_names(io.StringIO(text, newline=""), options, registered)
    except Unreadable:  # the careful way says why
        return None
    is_odd = options.delimiter in ' "\n' or not options.delimiter.isascii()
    if is_odd or len(names) < 2 or set(registered) != set(names):  # drift is told first
        return None
    kinds = {names.index(column.name): kind_of(column) for column in contract.columns}
    layout = Layout(
        path, kind, encoding, options.delimiter, options.header, len(names),
        options.max_line_bytes, ("", *options.null_values), dict(sorted(kinds.items())),
    )  # fmt: skip
    return Text(layout, names, contract)


class _Judge:
    """Judge the lines of a block that is not plain, as text, with an engine of its own."""

    def __init__(self, columns: Sequence[_Streamed], contract: Contract) -> None:
        self.con = duckdb.connect(":memory:", config={"threads": 1})
        self.con.execute("SET TimeZone = 'UTC'")
        empty = reading.nulls(contract.options)
        picks, plain = [], []
        for c in columns:
            value = types.cast(c.raw, c.spec)
            picks.append(f"{value} AS {c.raw}" if c.is_typed else c.raw)
            fixed = sorting.applied(c, sorting.steps_of(c, (True, True)), empty)
            fits = types.fits(c.raw, f"({value})", c.spec)
            plain.append(f"({c.raw} IS NULL OR ({fixed} IS NOT DISTINCT FROM {c.raw} AND {fits}))")
        self.query = (f"SELECT {', '.join(picks)}, line FROM judged"
                      f" WHERE {' AND '.join(plain) or 'true'} ORDER BY line")  # fmt: skip

    def __call__(self, table: pa.Table) -> pa.Table:
        self.con.register("judged", table)
        found = self.con.execute(self.query).to_arrow_table()
        self.con.unregister("judged")
        return found.combine_chunks()


class Text:
    """See ``quick.Stream``."""

    def __init__(self, layout: Layout, names: tuple[str, ...], contract: Contract) -> None:
        self.columns: Sequence[_Streamed] = [
            _Streamed(spec, n, sql.raw(names.index(spec.name)), kind_of(spec) is not None)
            for n, spec in enumerate(contract.columns)
        ]
        self.names, self.encoding = names, layout.encoding
        self._blocks = Blocks(layout, _Judge(self.columns, contract))

    @property
    def records(self) -> int:
        return self._blocks.records

    def write(self, con: duckdb.DuckDBPyConnection, contract: Contract, target: Target) -> int:
        columns, blocks = self.columns, self._blocks
        made = "".join(f", {types.cast(c.raw, c.spec)} AS {c.typed}"
                       for c in columns if c.typed != c.raw)  # fmt: skip
        with blocks.reader() as stream, quick.beside(con):
            con.register("stream", stream)
            try:
                source = f"(SELECT *{made} FROM stream)"
                return quick.write(con, (columns, source), self._plain(contract), contract, target)
            except duckdb.Error:
                if blocks.error is not None:  # said in the engine's words
                    raise blocks.error from None
                raise
            finally:
                con.unregister("stream")

    def _plain(self, contract: Contract) -> list[str]:
        """Return the conditions of a row that is plainly right, over the stream."""
        found = []
        for c in self.columns:
            # The stream has shown that nothing is padded or wide.
            rest = sorting.steps_of(c, (False, False))
            if rest:
                after = sorting.applied(c, rest, reading.nulls(contract.options))
                found.append(f"{after} IS NOT DISTINCT FROM {c.raw}")
            if c.is_typed and c.spec.data_type is DataType.DECIMAL:
                found.append(f"isfinite({c.raw}) IS NOT FALSE")
        typed = frozenset(c.spec.name for c in self.columns if c.is_typed)
        return found + quick.plain(self.columns, contract, typed)

    def absent(self, accepted: Path, written: int) -> Places:
        """Return the lines cut out of the stream, or found not plainly right in it."""
        blocks = self._blocks
        cut = np.concatenate([np.empty(0, np.int64), *blocks.doubtful])
        if written == blocks.fed:
            return np.unique(cut)
        blank = np.concatenate([np.empty(0, np.int64), *blocks.blank])
        lacking = quick.gaps(accepted, blocks.first, blocks.last)
        return np.union1d(np.setdiff1d(lacking, np.union1d(blank, cut)), cut)

    def pick(self, con: duckdb.DuckDBPyConnection, contract: Contract, scratch: Path,
             lines: Places) -> Raw:  # fmt: skip
        layout = self._blocks.layout
        census = Census(layout.delimiter.encode())
        path = scratch / "doubtful"
        with path.open("wb") as out:
            for line in pick(Blocks(layout, self._blocks.judge).lines(), lines):
                out.write(line + b"\n")
                census.feed(line + b"\n")
        options = replace(contract.options, header=False)
        return reading.read_csv(con, StagedText(path, layout.encoding, census), options, self.names)
