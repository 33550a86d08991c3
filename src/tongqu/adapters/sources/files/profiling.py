# ruff: noqa: S608  # names are positions or quoted by sql.py; no text of a user is pasted
"""Profile a real file: types, gaps, shapes, keys, proposed levels. Aggregates, no row loops."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import duckdb

from tongqu.adapters.sources.files import sql, types
from tongqu.adapters.sources.files.reading import Raw
from tongqu.catalog.vocabulary import ColumnProfile, DataType, SourceProfile
from tongqu.ingest.vocabulary import ColumnSpec, Fix
from tongqu.security import public as security

SAMPLE = 10_000  # rows in which a type is guessed; then it is proved on all of them
EXACT = 2_000_000  # rows up to which distinct values are counted exactly
LEVEL_SAMPLE = 1_000
# Strict: a leading zero makes it a code, not a number.
_GUESSES: tuple[tuple[DataType, bool, str], ...] = (
    (DataType.BOOLEAN, False, r"(?i)true|false|是|否"),
    (DataType.INTEGER, False, r"-?(0|[1-9]\d{0,17})"),
    (DataType.DECIMAL, False, r"-?(0|[1-9]\d*)?(\.\d+)?([eE][+-]?\d+)?"),
    (DataType.DATE, False, types.PATTERNS[DataType.DATE]),
    (DataType.DATETIME, True, types.PATTERNS[DataType.DATETIME] + types.ZONE),
    (DataType.DATETIME, False, types.PATTERNS[DataType.DATETIME]),
    (DataType.TIME, False, types.PATTERNS[DataType.TIME]),
)
_PLATE = r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][A-Z0-9]{5,6}"


def profile(con: duckdb.DuckDBPyConnection, raw: Raw, *, code: str, title: str) -> tuple[
        SourceProfile, tuple[ColumnSpec, ...]]:  # fmt: skip
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE sampled AS"
        f" SELECT * FROM raw USING SAMPLE {SAMPLE} ROWS (reservoir, 7)"
    )
    specs = [_with_plate_fix(con, spec, n) for n, spec in enumerate(_specs(con, raw))]
    rows, measures = _measure(con, specs)
    columns = tuple(_column(con, spec, n, rows, measures[n]) for n, spec in enumerate(specs))
    return SourceProfile(code, title, raw.records, columns), tuple(specs)


def _trimmed(position: int) -> str:
    return f"nullif(trim({sql.raw(position)}, {sql.text(sql.BLANKS)}), '')"


def _specs(con: duckdb.DuckDBPyConnection, raw: Raw) -> list[ColumnSpec]:
    """Guess each type in the sample, then prove it on every row or fall back to text."""
    picks = ", ".join(
        f"coalesce(bool_and(regexp_full_match({_trimmed(n)}, {sql.text(pattern)})), false)"
        for n in range(len(raw.columns))
        for _, _, pattern in _GUESSES
    )
    row: tuple[Any, ...] = con.execute(f"SELECT {picks} FROM sampled").fetchone() or ()
    guesses = []
    for n, name in enumerate(raw.columns):
        flags = row[n * len(_GUESSES) : (n + 1) * len(_GUESSES)]
        hit = next((g for g, yes in zip(_GUESSES, flags, strict=True) if yes), None)
        guesses.append(ColumnSpec(name, hit[0], zoned=hit[1]) if hit else ColumnSpec(name))
    return _proved(con, guesses)


def _proved(con: duckdb.DuckDBPyConnection, guesses: list[ColumnSpec]) -> list[ColumnSpec]:
    pattern = {(kind, zoned): p for kind, zoned, p in _GUESSES}
    while True:
        open_ = [(n, s) for n, s in enumerate(guesses) if not types.is_text(s)]
        if not open_:
            return guesses
        # A value that the type's strict pattern refuses proves the guess wrong.
        picks = ", ".join(
            f"coalesce(bool_and({types.cast(_trimmed(n), s)}::VARCHAR = {_trimmed(n)}"
            f" OR (regexp_full_match({_trimmed(n)}, {sql.text(pattern[(s.data_type, s.zoned)])})"
            f" AND {types.cast(_trimmed(n), s)} IS NOT NULL)), true)"
            for n, s in open_
        )
        row: tuple[Any, ...] = con.execute(f"SELECT {picks} FROM raw").fetchone() or ()
        wrong = [(n, s) for (n, s), fits in zip(open_, row, strict=True) if not fits]
        if not wrong:
            return guesses
        for n, s in wrong:
            is_whole = s.data_type is DataType.INTEGER
            kind = DataType.DECIMAL if is_whole else DataType.STRING
            guesses[n] = replace(s, data_type=kind, zoned=False)


def _measure(con: duckdb.DuckDBPyConnection, specs: Sequence[ColumnSpec]) -> tuple[
        int, list[tuple[int, int, int]]]:  # fmt: skip
    """Return the rows, and of each column values present, distinct values, longest value."""
    total = con.execute("SELECT count(*) FROM raw").fetchone()
    rows = total[0] if total else 0
    count = "count(DISTINCT {})" if rows <= EXACT else "approx_count_distinct({})"
    picks = ", ".join(
        f"count({c}), {count.format(c)}, coalesce(max(length({c})), 0)"
        for c in (_trimmed(n) for n in range(len(specs)))
    )
    row: tuple[Any, ...] = con.execute(f"SELECT {picks} FROM raw").fetchone() or ()
    return rows, [tuple(row[3 * n : 3 * n + 3]) for n in range(len(specs))]


def _shapes(con: duckdb.DuckDBPyConnection, position: int) -> tuple[str, ...]:
    """Return the five commonest shapes: A a 9 stand for letters and digits, 文 for Chinese."""
    shape = _trimmed(position)
    for pattern, sign in ((r"\p{Han}+", "文"), ("[A-Z]", "A"), ("[a-z]", "a"), (r"\d", "9")):
        shape = f"regexp_replace({shape}, {sql.text(pattern)}, {sql.text(sign)}, 'g')"
    found = con.execute(
        f"""SELECT left(s, 40) FROM (SELECT {shape} AS s FROM sampled) WHERE s IS NOT NULL
        GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 5"""
    ).fetchall()
    return tuple(row[0] for row in found)


def _values(con: duckdb.DuckDBPyConnection, position: int) -> list[str]:
    found = con.execute(
        f"""SELECT v FROM (SELECT DISTINCT {_trimmed(position)} AS v FROM sampled)
        WHERE v IS NOT NULL ORDER BY v LIMIT {LEVEL_SAMPLE}"""
    ).fetchall()
    return [row[0] for row in found]


def _column(con: duckdb.DuckDBPyConnection, spec: ColumnSpec, position: int, rows: int,
            measure: tuple[int, int, int]) -> ColumnProfile:  # fmt: skip
    present, distinct, longest = measure
    proposal = security.propose_level(spec.name, _values(con, position))
    share = Decimal(rows - present) / rows if rows else Decimal(0)
    return ColumnProfile(
        name=spec.name,
        data_type=spec.data_type,
        nullable=present < rows,
        null_share=share.quantize(Decimal("0.0001")),
        distinct=distinct,
        max_length=longest,
        shapes=_shapes(con, position),
        level=proposal.level,
        detector=proposal.detector,
        mask=proposal.mask.value,
        is_key_candidate=rows > 0 and present == rows and distinct == rows,
    )


def _with_plate_fix(con: duckdb.DuckDBPyConnection, spec: ColumnSpec, position: int) -> ColumnSpec:
    """Propose plate normalisation where nearly every value is a plate once it is normalised."""
    if not types.is_text(spec):
        return spec
    row = con.execute(
        rf"""SELECT avg(regexp_full_match(upper(regexp_replace({_trimmed(position)},
        '[\s·•.\-]', '', 'g')), {sql.text(_PLATE)})::INT) FROM sampled"""
    ).fetchone()
    is_plate = bool(row and row[0] is not None and row[0] >= 0.8)
    return replace(spec, fixes=(*spec.fixes, Fix.PLATE)) if is_plate else spec
