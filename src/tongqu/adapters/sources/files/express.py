# ruff: noqa: S608  # names are positions or quoted by sql.py; no text of a user is pasted
"""The quick way of a text: one stream from the landed file to the accepted rows.

A row takes it if it is plainly right: nothing to fix, to refuse or to warn of, and its like not
seen before. What that means is said by the same SQL as in ``sorting``. The others, few as a rule,
are picked out of the file by their line numbers and go through ``sorting``, the only place where
fixes, reasons and raw texts are made. Where they are many, or where rows must be told from rows
of the quick way, ``sorting`` takes the whole file. Both ways end in the same rows and counts.
"""

import io
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tongqu.adapters.sources.files import duplicates, reading, sorting, sql, staging, types
from tongqu.adapters.sources.files.blocks import Blocks, Layout, NotPlain, Places, pick, too_many
from tongqu.adapters.sources.files.detect import Kind
from tongqu.adapters.sources.files.guards import Census
from tongqu.adapters.sources.files.sorting import Column
from tongqu.adapters.sources.files.staging import StagedText
from tongqu.catalog.vocabulary import DataType
from tongqu.ingest.ports import Contract, Hashes, Sorted, Target, Unreadable
from tongqu.ingest.vocabulary import ColumnSpec, Fix, Rule
from tongqu.standards.vocabulary import Effect

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


def layout_of(
    path: Path, kind: Kind, contract: Contract, head: bytes
) -> tuple[Layout, tuple[str, ...]] | None:
    """Return how to stream a text, and its columns; None where the careful way must read it."""
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
    return Layout(
        path, kind, encoding, options.delimiter, options.header, len(names),
        options.max_line_bytes, ("", *options.null_values), dict(sorted(kinds.items())),
    ), names  # fmt: skip


def sort(con: duckdb.DuckDBPyConnection, layout: tuple[Layout, tuple[str, ...]],
         contract: Contract, target: Target, known: Hashes) -> Sorted | None:  # fmt: skip
    """Return where every row went, or None where the careful way must take the file."""
    columns = _columns(contract, layout[1])
    try:
        return _sort(con, (layout[0], columns, layout[1]), contract, target, known)
    except NotPlain:
        target.accepted.unlink(missing_ok=True)
        return None
    except BaseException:
        target.accepted.unlink(missing_ok=True)
        raise


def _columns(contract: Contract, names: Sequence[str]) -> list[_Streamed]:
    return [
        _Streamed(spec, n, sql.raw(names.index(spec.name)), kind_of(spec) is not None)
        for n, spec in enumerate(contract.columns)
    ]


_Text = tuple[Layout, Sequence[_Streamed], tuple[str, ...]]


def _sort(con: duckdb.DuckDBPyConnection, text: _Text, contract: Contract, target: Target,
          known: Hashes) -> Sorted | None:  # fmt: skip
    layout, columns, names = text
    blocks = Blocks(layout, _Judge(columns, contract))
    written = _stream(con, blocks, columns, contract, target)
    if too_many(blocks.records - written, blocks.records):
        return None
    if contract.options.unique_keys and not _are_keys_distinct(con, columns, target, written):
        return None
    absent = _absent(blocks, target.accepted, written)
    again = _seen_before(con, target.accepted, written, known)
    if too_many(len(absent) + len(again), blocks.records):
        return None
    if len(again):
        _leave_out(con, target, again)
        written -= len(again)
    rest = None
    doubtful = np.union1d(absent, again)
    if len(doubtful):
        rest = _careful(con, (blocks, names, doubtful), contract, target, known)
        if rest.accepted and written and _overlap(con, contract, target, rest.accepted):
            return None
    return _together(blocks.records, written, target, rest)


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


def _plain(columns: Sequence[_Streamed], contract: Contract) -> list[str]:
    """Return the conditions of a row that is plainly right, over the stream."""
    found = []
    for c in columns:
        # The stream has shown that nothing is padded or wide.
        rest = sorting.steps_of(c, (False, False))
        if rest:
            after = sorting.applied(c, rest, reading.nulls(contract.options))
            found.append(f"{after} IS NOT DISTINCT FROM {c.raw}")
        if c.is_typed and c.spec.data_type is DataType.DECIMAL:
            found.append(f"isfinite({c.raw}) IS NOT FALSE")
    typed = {c.spec.name for c in columns if c.is_typed}
    verdicts = [v for v in sorting.verdicts_of(columns, contract)
                if not (v.rule == Rule.TYPE and v.column in typed)]  # fmt: skip
    found += [f"({v.condition}) IS NOT TRUE" for v in verdicts]
    found += [f"({right}) IS NOT FALSE"
              for _, right in sorting.rights_of(columns, contract, Effect.WARN)]  # fmt: skip
    return found


def _stream(con: duckdb.DuckDBPyConnection, blocks: Blocks, columns: Sequence[_Streamed],
            contract: Contract, target: Target) -> int:  # fmt: skip
    """Write the rows that are plainly right, from the file to Parquet; return how many."""
    made = "".join(f", {types.cast(c.raw, c.spec)} AS {c.typed}"
                   for c in columns if c.typed != c.raw)  # fmt: skip
    values = ", ".join(f"{c.typed} AS {sql.name(c.spec.name)}" for c in columns)
    plain = _plain(columns, contract)
    con.register("stream", blocks.reader())
    try:
        return sorting.write(
            con,
            f"""SELECT {values}, {sorting.marks(contract, target)}, line AS _line,
            {duplicates.row_hash([c.typed for c in columns])} AS _row_hash
            FROM (SELECT *{made} FROM stream) WHERE {" AND ".join(plain) or "true"}""",
            target.accepted,
            sorting.parquet_options(target),
        )
    except duckdb.Error:
        if blocks.error is not None:  # said in the engine's words
            raise blocks.error from None
        raise
    finally:
        con.unregister("stream")


def _absent(blocks: Blocks, path: Path, written: int) -> Places:
    """Return the lines that are not written: cut out of the stream, or found not plainly right."""
    cut = np.concatenate([np.empty(0, np.int64), *blocks.doubtful])
    if written == blocks.fed:
        return np.unique(cut)
    there = [np.array([blocks.first - 1], np.int64)]
    gaps = [np.empty(0, np.int64)]
    file = pq.ParquetFile(path)
    for group in range(file.num_row_groups):
        lines = file.read_row_group(group, columns=["_line"]).column(0).to_numpy()
        there = [there[-1][-1:], np.sort(lines)]
        gaps.append(_between(np.concatenate(there)))
    gaps.append(_between(np.array([there[-1][-1], blocks.last + 1], np.int64)))
    blank = np.concatenate([np.empty(0, np.int64), *blocks.blank])
    missing = np.setdiff1d(np.concatenate(gaps), np.union1d(blank, cut))
    return np.union1d(missing, cut)


def _between(lines: Places) -> Places:
    """Return the numbers that an ascending row of numbers skips."""
    steps = np.diff(lines) - 1
    at = np.flatnonzero(steps > 0)
    total = np.cumsum(steps[at])
    offsets = np.arange(total[-1] if len(total) else 0)
    begins = np.repeat(total - steps[at], steps[at])
    return np.asarray(np.repeat(lines[at] + 1, steps[at]) + offsets - begins, np.int64)


def _seen_before(con: duckdb.DuckDBPyConnection, path: Path, written: int, known: Hashes) -> Places:
    """Return the lines whose like may stand elsewhere, in the file or in the lake."""
    found = [np.empty(0, np.int64)]
    accepted = f"read_parquet({sql.text(str(path))})"
    if not written:
        return found[0]
    if not _is_ascending(path):
        (contents,) = duplicates.one(con, f"SELECT count(DISTINCT _row_hash) FROM {accepted}")
        if contents < written:
            twice = f"SELECT _row_hash FROM {accepted} GROUP BY 1 HAVING count(*) > 1"
            found.append(_lines(con, f"{accepted} WHERE _row_hash IN ({twice})"))
    reader = known()
    if reader is not None:
        if "_row_hash" not in reader.schema.names:  # another scheme: the careful way compares
            raise NotPlain
        con.register("stored_hashes", reader)
        found.append(_lines(con, f"{accepted} AS a SEMI JOIN stored_hashes AS s USING (_row_hash)"))
        con.unregister("stored_hashes")
    return np.unique(np.concatenate(found))


def _lines(con: duckdb.DuckDBPyConnection, source: str) -> Places:
    found = con.execute(f"SELECT _line FROM {source}").to_arrow_table()
    return np.asarray(found.column(0).to_numpy(), np.int64)


def _is_ascending(path: Path) -> bool:
    """Tell whether a column of numbers or times only rises: then no row comes twice."""
    file = pq.ParquetFile(path)
    groups = [file.metadata.row_group(n) for n in range(file.num_row_groups)]
    for at, name in enumerate(file.schema_arrow.names):
        kind = file.schema_arrow.field(at).type
        is_day = pa.types.is_date(kind) or pa.types.is_timestamp(kind)
        if name.startswith("_") or not (is_day or pa.types.is_integer(kind)):
            continue
        stats = [group.column(at).statistics for group in groups]
        if any(s is None or not s.has_min_max or s.null_count for s in stats):
            continue
        if any(a.max >= b.min for a, b in pairwise(stats)):
            continue
        if all(_rises(file, group, name) for group in range(file.num_row_groups)):
            return True
    return False


def _rises(file: pq.ParquetFile, group: int, name: str) -> bool:
    values = file.read_row_group(group, columns=[name]).column(0)
    if values.null_count:
        return False
    return bool((np.diff(values.to_numpy()).astype(np.int64) > 0).all())


def _are_keys_distinct(con: duckdb.DuckDBPyConnection, columns: Sequence[Column], target: Target,
                       written: int) -> bool:  # fmt: skip
    keys = ", ".join(sql.name(c.spec.name) for c in columns if c.spec.is_key)
    if not keys:
        return True
    accepted = f"read_parquet({sql.text(str(target.accepted))})"
    (distinct,) = duplicates.one(con, f"SELECT count(DISTINCT hash({keys})) FROM {accepted}")
    return bool(distinct == written)


def _leave_out(con: duckdb.DuckDBPyConnection, target: Target, lines: Places) -> None:
    con.register("left_out", pa.table({"line": lines}))
    before = target.accepted.rename(target.scratch / "before.parquet")
    sorting.write(
        con,
        f"SELECT * FROM read_parquet({sql.text(str(before))})"
        " WHERE _line NOT IN (SELECT line FROM left_out)",
        target.accepted,
        sorting.parquet_options(target),
    )
    con.unregister("left_out")
    before.unlink()


def _careful(con: duckdb.DuckDBPyConnection, found: tuple[Blocks, tuple[str, ...], Places],
             contract: Contract, target: Target, known: Hashes) -> Sorted:  # fmt: skip
    """Sort the lines in doubt, under the numbers they have in the file."""
    blocks, names, lines = found
    layout = blocks.layout
    census = Census(layout.delimiter.encode())
    path = target.scratch / "doubtful"
    with path.open("wb") as out:
        for line in pick(Blocks(layout, blocks.judge).lines(), lines):
            out.write(line + b"\n")
            census.feed(line + b"\n")
    options = replace(contract.options, header=False)
    raw = reading.read_csv(con, StagedText(path, layout.encoding, census), options, names)
    con.register("numbers", pa.table({"n": np.arange(1, len(lines) + 1), "line": lines}))
    con.execute(
        f"""CREATE OR REPLACE TABLE skips AS
        SELECT raw.rowid AS start, numbers.line - raw.rowid - {raw.first_line} AS lines
        FROM {raw.source} JOIN numbers ON numbers.n = {raw.line} ORDER BY start"""
    )
    con.execute("UPDATE bad SET line = numbers.line FROM numbers WHERE bad.line = numbers.n")
    con.unregister("numbers")
    second = replace(target, accepted=target.accepted.with_name(f"{uuid.uuid4()}.parquet"))
    rest = sorting.sort(con, replace(raw, has_skips=True), contract, second, known)
    if rest.received != len(lines):
        raise NotPlain
    return rest


def _overlap(con: duckdb.DuckDBPyConnection, contract: Contract, target: Target,
             others: Sequence[str]) -> bool:  # fmt: skip
    """Tell whether a row mended is the like of another, or shares its key where it must not."""
    rest = f"read_parquet({sql.text(others[0])})"
    keys = [sql.name(c.name) for c in contract.columns if c.is_key]
    pairs = ["_row_hash"] + ([", ".join(keys)] if contract.options.unique_keys and keys else [])
    for names in pairs:
        (hits,) = duplicates.one(
            con,
            f"SELECT count(*) FROM read_parquet({sql.text(str(target.accepted))})"
            f" SEMI JOIN {rest} USING ({names})",
        )
        if hits:
            Path(others[0]).unlink()
            target.accepted.unlink()
            return True
    return False


def _together(records: int, written: int, target: Target, rest: Sorted | None) -> Sorted:
    accepted = (str(target.accepted),) if written else ()
    if not written:
        target.accepted.unlink(missing_ok=True)
    if rest is None:
        none: Mapping[str, int] = Counter()
        return Sorted(records, written, 0, 0, 0, none, none, accepted=accepted)
    return replace(
        rest, received=records, stored=written + rest.stored, accepted=(*accepted, *rest.accepted)
    )
