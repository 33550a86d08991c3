# ruff: noqa: S608  # names are positions or quoted by sql.py; no text of a user is pasted
"""Rows seen before, in the file and in the lake; and keys that stand for two contents.

``_row_hash`` is the engine's own hash of the typed values: cheap, but of 63 bits and not promised
to last. So it finds candidates and their contents decide; and a table carries the mark of the
scheme its hashes were made by, for another scheme's hashes are never compared (ADR 0019).
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import duckdb

from tongqu.adapters.sources.files import sql
from tongqu.ingest.ports import Hashes

Names = Sequence[tuple[str, str]]  # a column's name in the lake, its value in ``work``
_PROBES = (
    "1::BIGINT, '示例', 'a text of more than twelve bytes', NULL::BIGINT, 1.5::DOUBLE, true,"
    " DATE '2026-01-31', TIMESTAMP '2026-01-31 12:30:45', TIME '12:30:45',"
    " TIMESTAMPTZ '2026-01-31 12:30:45+00'"
)


def row_hash(values: Sequence[str]) -> str:
    """Return the SQL of ``_row_hash`` over typed values. The lake knows no unsigned numbers."""
    return f"(hash({', '.join(values)}) >> 1)::BIGINT" if values else "0::BIGINT"


@cache
def scheme() -> str:
    """Return the mark of the hashes of this engine: what it makes of known values."""
    with duckdb.connect(":memory:") as con:
        row = con.execute(f"SELECT {row_hash([_PROBES])}").fetchone()
    return f"typed-{row[0] if row else 0:016x}"


def tell(con: duckdb.DuckDBPyConnection, known: Hashes, own: Names) -> tuple[int, int]:
    """Make ``keepers``, the first row of each new content; return how many, and duplicates."""
    unseen = "AND rowid NOT IN (SELECT r FROM known)" if _stored_before(con, known, own) else ""
    good, contents = one(
        con, f"SELECT count(*), count(DISTINCT h) FROM work WHERE verdict = 0 {unseen}"
    )
    if good == contents:  # equal rows have equal hashes: no row comes twice
        query = f"SELECT rowid AS r FROM work WHERE verdict = 0 {unseen}"
    else:
        values = "".join(f", {value}" for _, value in own)
        con.execute(
            f"""CREATE OR REPLACE TEMP TABLE twice AS SELECT h FROM work
            WHERE verdict = 0 {unseen} GROUP BY h HAVING count(*) > 1"""
        )
        query = f"""SELECT rowid AS r FROM work
            WHERE verdict = 0 {unseen} AND h NOT IN (SELECT h FROM twice)
            UNION ALL SELECT min(rowid) FROM work
            WHERE verdict = 0 {unseen} AND h IN (SELECT h FROM twice) GROUP BY h{values}"""
    con.execute(f"CREATE OR REPLACE TEMP TABLE keepers AS {query}")
    kept, all_good = one(
        con, "SELECT (SELECT count(*) FROM keepers), (SELECT count(*) FROM work WHERE verdict = 0)"
    )
    return kept, all_good - kept


def _stored_before(con: duckdb.DuckDBPyConnection, known: Hashes, own: Names) -> bool:
    """Make ``known``, the rows of ``work`` whose very content the lake holds."""
    reader = known()
    if reader is None:
        return False
    if "_row_hash" in reader.schema.names:
        con.register("stored_hashes", reader)
        (hits,) = one(con, "SELECT count(*) FROM stored_hashes"
                           " SEMI JOIN work ON stored_hashes._row_hash = work.h")  # fmt: skip
        con.unregister("stored_hashes")
        if not hits:
            return False
        reader = known(contents=True)
        if reader is None:
            return False
    same = " AND ".join(f"work.{value} IS NOT DISTINCT FROM s.{sql.name(name)}"
                        for name, value in own)  # fmt: skip
    hashed = row_hash([f"s.{sql.name(name)}" for name, _ in own])
    con.register("stored_rows", reader)
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE known AS SELECT DISTINCT work.rowid AS r
        FROM stored_rows AS s JOIN work ON work.h = {hashed} AND {same}"""
    )
    con.unregister("stored_rows")
    return True


def one(con: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    return con.execute(query).fetchone() or ()
