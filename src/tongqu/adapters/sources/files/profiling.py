# ruff: noqa: S608  # names are positions or quoted by sql.py; no text of a user is pasted
"""Profile a real file: types, gaps, shapes, keys, proposed levels. Aggregates, no row loops.

Real columns repeat themselves: whatever looks at a text closely (a pattern, a trim, a cast)
looks at each distinct value once and weighs it by how often it occurs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
SKETCH = 64  # hashes kept of a column: enough to tell whether two columns hold the same values
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


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the sample shows of one column: the type it suggests, its values, its shapes."""

    guess: tuple[DataType, bool] | None = None
    values: Sequence[str] = ()
    shapes: Sequence[str] = ()
    sketch: Sequence[int] = ()
    plates: float = 0.0  # part of the values that are plates once they are normalised


def profile(con: duckdb.DuckDBPyConnection, raw: Raw, *, code: str, title: str) -> tuple[
        SourceProfile, tuple[ColumnSpec, ...]]:  # fmt: skip
    sample = _sample(con)
    total = con.execute("SELECT count(*) FROM raw").fetchone()
    rows = total[0] if total else 0
    specs, columns = [], []
    for n, name in enumerate(raw.columns):
        seen = sample.get(sql.raw(n), _Seen())
        spec, measure = _measured(con, n, _guessed(name, seen), rows)
        if types.is_text(spec) and seen.plates >= 0.8:
            spec = replace(spec, fixes=(*spec.fixes, Fix.PLATE))
        specs.append(spec)
        columns.append(_column(spec, seen, rows, measure))
    return SourceProfile(code, title, raw.records, tuple(columns)), tuple(specs)


def _trimmed(column: str) -> str:
    return f"nullif(trim({column}, {sql.text(sql.BLANKS)}), '')"


def _salted(column: str) -> str:
    """Return the SQL of a hash that tells equal values and, without our secret, nothing else.

    53 bits: a number that JSON carries whole.
    """
    salt = sql.text(security.mask_salt())
    return f"(hash({_trimmed(column)} || {salt}) >> 11)::BIGINT"


def _shape(value: str) -> str:
    """Return the SQL of a shape: A a 9 stand for letters and digits, 文 for Chinese."""
    for pattern, sign in ((r"\p{Han}+", "文"), ("[A-Z]", "A"), ("[a-z]", "a"), (r"\d", "9")):
        value = f"regexp_replace({value}, {sql.text(pattern)}, {sql.text(sign)}, 'g')"
    return f"left({value}, 40)"


def _sample(con: duckdb.DuckDBPyConnection) -> dict[str, _Seen]:
    """Look closely at some rows; a column without a value in them is absent.

    Shape of ``seen``: column, value, how often; of the answer: column, one flag a type,
    the first values, the five commonest shapes, the part of plates.
    """
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE seen AS
        SELECT col, {_trimmed("value")} AS v, count(*) AS k, any_value({_salted("value")}) AS h
        FROM (UNPIVOT (SELECT * FROM raw USING SAMPLE {SAMPLE} ROWS (reservoir, 7))
              ON COLUMNS(*) INTO NAME col VALUE value)
        GROUP BY ALL HAVING v IS NOT NULL"""
    )
    flags = ", ".join(
        f"bool_and(regexp_full_match(v, {sql.text(pattern)}))" for _, _, pattern in _GUESSES
    )
    found = con.execute(
        rf"""WITH values_of AS (
          SELECT col, [{flags}] AS flags, list(v ORDER BY v)[:{LEVEL_SAMPLE}] AS vs,
            list(h ORDER BY h)[:{SKETCH}] AS sketch,
            sum(k) FILTER (WHERE regexp_full_match(upper(regexp_replace(v,
              '[\s·•.\-]', '', 'g')), {sql.text(_PLATE)})) / sum(k) AS plates
          FROM seen GROUP BY col),
        shapes_of AS (
          SELECT col, list(s ORDER BY k DESC, s)[:5] AS shapes
          FROM (SELECT col, {_shape("v")} AS s, sum(k) AS k FROM seen GROUP BY ALL) GROUP BY col)
        SELECT col, flags, vs, shapes, plates, sketch FROM values_of JOIN shapes_of USING (col)"""
    ).fetchall()
    return {
        col: _Seen(_guess(flags), values, tuple(shapes), tuple(sketch), plates or 0.0)
        for col, flags, values, shapes, plates, sketch in found
    }


def _guess(flags: Sequence[bool]) -> tuple[DataType, bool] | None:
    fitting = (g for g, fits in zip(_GUESSES, flags, strict=True) if fits)
    return next(((kind, zoned) for kind, zoned, _ in fitting), None)


def _guessed(name: str, seen: _Seen) -> ColumnSpec:
    return ColumnSpec(name, seen.guess[0], zoned=seen.guess[1]) if seen.guess else ColumnSpec(name)


def _measured(
    con: duckdb.DuckDBPyConnection, position: int, guess: ColumnSpec, rows: int
) -> tuple[ColumnSpec, tuple[int, int, int]]:
    """Prove a column's type on every row, or fall back; count values, distinct ones, the longest.

    Beyond ``EXACT`` rows distinct values would not be counted exactly: then none are gathered.
    """
    column = sql.raw(position)
    if rows <= EXACT:
        held, distinct = f"SELECT {column} AS v, count(*) AS k FROM raw GROUP BY 1", "count(v)"
        held = f"SELECT {_trimmed('v')} AS v, sum(k) AS k FROM ({held}) GROUP BY 1"
        con.execute(f"CREATE OR REPLACE TEMP TABLE held AS {held}")
        held = "held"
    else:
        held = f"(SELECT {_trimmed(column)} AS v, 1 AS k FROM raw)"
        distinct = "approx_count_distinct(v)"
    row: tuple[Any, ...] = con.execute(
        f"SELECT coalesce(sum(k) FILTER (WHERE v IS NOT NULL), 0)::BIGINT, {distinct},"
        f" coalesce(max(length(v)), 0), {_proof(guess)} FROM {held}"
    ).fetchone() or (0, 0, 0, True)
    spec, fits = guess, row[3]
    while not fits:
        is_whole = spec.data_type is DataType.INTEGER
        kind = DataType.DECIMAL if is_whole else DataType.STRING
        spec = replace(spec, data_type=kind, zoned=False)
        proved = con.execute(f"SELECT {_proof(spec)} FROM {held}").fetchone()
        fits = proved is None or proved[0]
    return spec, (row[0], row[1], row[2])


def _proof(spec: ColumnSpec) -> str:
    """Return the SQL that tells whether every value is spelled as the type's pattern wants."""
    if types.is_text(spec):
        return "true"
    pattern = next(
        p for kind, zoned, p in _GUESSES if (kind, zoned) == (spec.data_type, spec.zoned)
    )
    cast = types.cast("v", spec)
    return (
        # A value that cannot be cast is no value left out: NULL would be to the aggregate.
        f"coalesce(bool_and(CASE WHEN v IS NULL THEN NULL WHEN {cast} IS NULL THEN false"
        f" ELSE {cast}::VARCHAR = v OR regexp_full_match(v, {sql.text(pattern)}) END), true)"
    )


def _column(
    spec: ColumnSpec, seen: _Seen, rows: int, measure: tuple[int, int, int]
) -> ColumnProfile:
    present, distinct, longest = measure
    proposal = security.propose_level(spec.name, seen.values)
    share = Decimal(rows - present) / rows if rows else Decimal(0)
    return ColumnProfile(
        name=spec.name,
        data_type=spec.data_type,
        nullable=present < rows,
        null_share=share.quantize(Decimal("0.0001")),
        distinct=distinct,
        max_length=longest,
        shapes=tuple(seen.shapes),
        level=proposal.level,
        detector=proposal.detector,
        mask=proposal.mask.value,
        is_key_candidate=rows > 0 and present == rows and distinct == rows,
        sketch=tuple(seen.sketch),
    )
