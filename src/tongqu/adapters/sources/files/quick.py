# ruff: noqa: S608  # names are positions or quoted by sql.py; no text of a user is pasted
"""The quick way: one stream from the landed file to the accepted rows, whatever the file is.

A row takes it if it is plainly right: nothing to fix, to refuse or to warn of, and its like not
seen before. What that means is said by the same SQL as in ``sorting``. The others, few as a rule,
are picked out of the file by their line numbers and go through ``sorting``, the only place where
fixes, reasons and raw texts are made. Where they are many, or where rows must be told from rows
of the quick way, ``sorting`` takes the whole file. Both ways end in the same rows and counts.
"""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tongqu.adapters.sources.files import duplicates, sorting, sql
from tongqu.adapters.sources.files.blocks import NotPlain, Places, too_many
from tongqu.adapters.sources.files.reading import Raw
from tongqu.adapters.sources.files.sorting import Column
from tongqu.ingest.ports import Contract, Hashes, Sorted, Target
from tongqu.ingest.vocabulary import Rule
from tongqu.standards.vocabulary import Effect


class Stream(Protocol):
    """A file on its quick way. ``records`` is known once it was written."""

    @property
    def records(self) -> int: ...

    @property
    def columns(self) -> Sequence[Column]: ...

    def write(self, con: duckdb.DuckDBPyConnection, contract: Contract, target: Target) -> int:
        """Write the rows that are plainly right; return how many. Raises: ``NotPlain``."""
        ...

    def absent(self, accepted: Path, written: int) -> Places:
        """Return the lines that were not written, in order."""
        ...

    def pick(self, con: duckdb.DuckDBPyConnection, contract: Contract, scratch: Path,
             lines: Places) -> Raw:  # fmt: skip
        """Make the raw table of these lines alone, in their order."""
        ...


def sort(con: duckdb.DuckDBPyConnection, stream: Stream, contract: Contract, target: Target,
         known: Hashes) -> Sorted | None:  # fmt: skip
    """Return where every row went, or None where the careful way must take the file."""
    try:
        found = _sort(con, stream, contract, target, known)
    except NotPlain:
        found = None
    except BaseException:
        target.accepted.unlink(missing_ok=True)
        raise
    if found is None:
        target.accepted.unlink(missing_ok=True)
    return found


def _sort(con: duckdb.DuckDBPyConnection, stream: Stream, contract: Contract, target: Target,
          known: Hashes) -> Sorted | None:  # fmt: skip
    written = stream.write(con, contract, target)
    if too_many(stream.records - written, stream.records):
        return None
    rising = _rising(target.accepted) if written else ""
    if contract.options.unique_keys and not _are_keys_distinct(
        con, stream.columns, target, (written, rising)
    ):
        return None
    absent = stream.absent(target.accepted, written)
    again = _seen_before(con, target.accepted, (written, rising), known)
    if too_many(len(absent) + len(again), stream.records):
        return None
    if len(again):
        _leave_out(con, target, again)
        written -= len(again)
    rest = None
    doubtful = np.union1d(absent, again)
    if len(doubtful):
        rest = _careful(con, (stream, doubtful), contract, target, known)
        if rest.accepted and written and _overlap(con, contract, target, rest.accepted):
            return None
    return _together(stream.records, written, target, rest)


def plain(columns: Sequence[Column], contract: Contract, typed: frozenset[str]) -> list[str]:
    """Return the conditions of a row that is plainly right; ``typed`` columns fit their types."""
    verdicts = [v for v in sorting.verdicts_of(columns, contract)
                if not (v.rule == Rule.TYPE and v.column in typed)]  # fmt: skip
    found = [f"({v.condition}) IS NOT TRUE" for v in verdicts]
    found += [f"({right}) IS NOT FALSE"
              for _, right in sorting.rights_of(columns, contract, Effect.WARN)]  # fmt: skip
    return found


@contextmanager
def beside(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Leave a core to whoever makes what is to be written: more threads only get in its way."""
    (threads,) = duplicates.one(con, "SELECT current_setting('threads')")
    con.execute(f"SET threads = {max(int(threads) - 1, 1)}")
    try:
        yield
    finally:
        con.execute(f"SET threads = {int(threads)}")


def write(con: duckdb.DuckDBPyConnection, what: tuple[Sequence[Column], str],
          conditions: Sequence[str], contract: Contract, target: Target) -> int:  # fmt: skip
    """Write the rows of a source of typed columns and ``line`` that meet the conditions."""
    columns, source = what
    values = ", ".join(f"{c.typed} AS {sql.name(c.spec.name)}" for c in columns)
    return sorting.write(
        con,
        f"""SELECT {values}, {sorting.marks(contract, target)}, line AS _line,
        {duplicates.row_hash([c.typed for c in columns])} AS _row_hash
        FROM {source} WHERE {" AND ".join(conditions) or "true"}""",
        target.accepted,
        sorting.parquet_options(target),
    )


def gaps(accepted: Path, first: int, last: int) -> Places:
    """Return the lines between two, both included, that an accepted file lacks."""
    last_seen, found = first - 1, [np.empty(0, np.int64)]
    file = pq.ParquetFile(accepted)
    for group in range(file.num_row_groups):
        lines = np.sort(file.read_row_group(group, columns=["_line"]).column(0).to_numpy())
        if not len(lines):
            continue
        if lines[0] <= last_seen:  # where rows met a join (a long list of codes)
            return _lacking(file, first, last)
        found.append(_between(np.concatenate([[last_seen], lines])))
        last_seen = int(lines[-1])
    found.append(_between(np.array([last_seen, last + 1], np.int64)))
    return np.concatenate(found)


def _lacking(file: pq.ParquetFile, first: int, last: int) -> Places:
    """Return the same of a file whose lines come in no order: a byte a line."""
    lacks = np.ones(last - first + 1, bool)
    for group in range(file.num_row_groups):
        lines = file.read_row_group(group, columns=["_line"]).column(0).to_numpy()
        lacks[lines - first] = False
    return np.flatnonzero(lacks) + first


def _between(lines: Places) -> Places:
    """Return the numbers that an ascending row of numbers skips."""
    steps = np.diff(lines) - 1
    at = np.flatnonzero(steps > 0)
    total = np.cumsum(steps[at])
    offsets = np.arange(total[-1] if len(total) else 0)
    begins = np.repeat(total - steps[at], steps[at])
    return np.asarray(np.repeat(lines[at] + 1, steps[at]) + offsets - begins, np.int64)


def _seen_before(con: duckdb.DuckDBPyConnection, path: Path, found: tuple[int, str],
                 known: Hashes) -> Places:  # fmt: skip
    """Return the lines whose like may stand elsewhere, in the file or in the lake."""
    written, rising = found
    again = [np.empty(0, np.int64)]
    accepted = f"read_parquet({sql.text(str(path))})"
    if not written:
        return again[0]
    if not rising:
        (contents,) = duplicates.one(con, f"SELECT count(DISTINCT _row_hash) FROM {accepted}")
        if contents < written:
            twice = f"SELECT _row_hash FROM {accepted} GROUP BY 1 HAVING count(*) > 1"
            again.append(_lines(con, f"{accepted} WHERE _row_hash IN ({twice})"))
    reader = known()
    if reader is not None:
        if "_row_hash" not in reader.schema.names:  # another scheme: the careful way compares
            raise NotPlain
        con.register("stored_hashes", reader)
        again.append(_lines(con, f"{accepted} AS a SEMI JOIN stored_hashes AS s USING (_row_hash)"))
        con.unregister("stored_hashes")
    return np.unique(np.concatenate(again))


def _lines(con: duckdb.DuckDBPyConnection, source: str) -> Places:
    found = con.execute(f"SELECT _line FROM {source}").to_arrow_table()
    return np.asarray(found.column(0).to_numpy(), np.int64)


def _rising(path: Path) -> str:
    """Return a column of numbers or times that only rises, if there is one: no row comes twice."""
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
            return str(name)
    return ""


def _rises(file: pq.ParquetFile, group: int, name: str) -> bool:
    column = file.read_row_group(group, columns=[name]).column(0)
    if column.null_count:
        return False
    values = column.to_numpy()
    return bool((values[1:] > values[:-1]).all())


def _are_keys_distinct(con: duckdb.DuckDBPyConnection, columns: Sequence[Column], target: Target,
                       found: tuple[int, str]) -> bool:  # fmt: skip
    written, rising = found
    keys = [c.spec.name for c in columns if c.spec.is_key]
    if not keys or not written or rising in keys:
        return True
    accepted = f"read_parquet({sql.text(str(target.accepted))})"
    names = ", ".join(map(sql.name, keys))
    (distinct,) = duplicates.one(con, f"SELECT count(DISTINCT hash({names})) FROM {accepted}")
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


def _careful(con: duckdb.DuckDBPyConnection, found: tuple[Stream, Places], contract: Contract,
             target: Target, known: Hashes) -> Sorted:  # fmt: skip
    """Sort the lines in doubt, under the numbers they have in the file."""
    stream, lines = found
    raw = stream.pick(con, contract, target.scratch, lines)
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
