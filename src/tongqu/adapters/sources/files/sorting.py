# ruff: noqa: S608  # names are positions or quoted by sql.py; no text of a user is pasted
"""Fix, check, tell apart: every row ends in exactly one of four files. Set-based throughout."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tongqu.adapters.sources.files import checking, duplicates, sql, types
from tongqu.adapters.sources.files.reading import Raw, in_order, nulls
from tongqu.ingest.ports import Contract, Hashes, Sorted, Target
from tongqu.ingest.vocabulary import OP, ColumnSpec, Fix, Op, Rule
from tongqu.standards.vocabulary import Check, Effect

_WIDE = "".join(chr(c) for c in range(0xFF01, 0xFF5F)) + "\u3000"
_HALF = "".join(chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)) + " "
# In words, full-width punctuation is Chinese and stays; letters and digits are typing habits.
_WIDE_ALNUM = "".join(c for c, h in zip(_WIDE, _HALF, strict=True) if h.isalnum())
_HALF_ALNUM = "".join(h for h in _HALF if h.isalnum())
_PLATE_NOISE = r"[\s·•∙‧・.．\-—_]"

Step = tuple[Fix, Callable[[str], str]]  # SQL of the value before → SQL of the value after
Steps = Sequence[Step]


@dataclass(frozen=True, slots=True)
class Column:
    """One registered column and its names: in the raw table, clean, typed."""

    spec: ColumnSpec
    position: int
    raw: str

    @property
    def clean(self) -> str:
        return f"k{self.position}"

    @property
    def typed(self) -> str:
        return f"v{self.position}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One reason to keep a row apart: SQL that is true for such a row, and what is said of it."""

    condition: str
    rule: str
    column: str
    reason: str

    @classmethod
    def of(cls, condition: str, rule: Rule, column: Column) -> "Verdict":
        name = column.spec.name
        return cls(condition, rule.value, name, f"{name}：{rule.label}")


Verdicts = Sequence[Verdict]
Warns = Sequence[tuple[str, str]]  # code → SQL that is not FALSE for a right row


def columns_of(contract: Contract, raw: Raw) -> list[Column]:
    at = {name: sql.raw(n) for n, name in enumerate(raw.columns)}
    return [Column(spec, n, at[spec.name]) for n, spec in enumerate(contract.columns)]


def _probe(
    con: duckdb.DuckDBPyConnection, columns: Sequence[Column]
) -> Mapping[str, tuple[bool, bool]]:
    """Return, by column, whether any value has blanks around it, and any full-width character."""
    picks = ", ".join(
        f"coalesce(bool_or({has_blanks(c)}), false), coalesce(bool_or({has_wide(c)}), false)"
        for c in (column.raw for column in columns)
    )
    row: tuple[Any, ...] = con.execute(f"SELECT {picks} FROM raw").fetchone() or ()
    return {c.raw: (row[2 * n], row[2 * n + 1]) for n, c in enumerate(columns)}


def has_blanks(value: str) -> str:
    """Return the SQL that tells whether a text may have blanks around it.

    Trims walk through every character, so only values beyond ASCII meet them; the others show a
    blank at their ends ("!" is the first character after it; control characters come along).
    """
    return f"""(CASE WHEN strlen({value}) <> length({value})
        THEN {value} <> trim({value}, {sql.text(sql.BLANKS)})
        ELSE ({value} < '!' AND {value} <> '') OR suffix({value}, ' ') OR suffix({value}, chr(9))
        END)"""


def has_wide(value: str) -> str:
    """Return the SQL that tells whether a text has a character of full width; NULL for no."""
    return f"(CASE WHEN strlen({value}) <> length({value}) THEN {_is_wide(value)} END)"


def steps_of(column: Column, probe: tuple[bool, bool]) -> Steps:
    """Return the fixes that may change this column, each as SQL over SQL."""
    has_blanks, has_wide = probe
    spec, steps = column.spec, list[Step]()
    if Fix.HALF_WIDTH in spec.fixes and has_wide:
        pair = (_WIDE_ALNUM, _HALF_ALNUM) if types.is_text(spec) else (_WIDE, _HALF)
        steps.append((Fix.HALF_WIDTH, lambda value: _translated(value, *pair)))
    if Fix.TRIM in spec.fixes and has_blanks:
        steps.append((Fix.TRIM, lambda value: f"trim({value}, {sql.text(sql.BLANKS)})"))
    if Fix.PLATE in spec.fixes:
        steps.append((Fix.PLATE, _plate))
    if spec.code_map:
        steps.append((Fix.CODE_MAP, lambda value: _mapped(value, spec.code_map)))
    return steps


def _is_wide(value: str) -> str:
    return f"regexp_matches({value}, '[{_WIDE[0]}-{_WIDE[-2]}{_WIDE[-1]}]')"


def _translated(value: str, wide: str, half: str) -> str:
    """Return the SQL of a value in half width. Translating is slow: only where there is need."""
    translated = f"translate({value}, {sql.text(wide)}, {sql.text(half)})"
    return f"CASE WHEN {_is_wide(value)} THEN {translated} ELSE {value} END"


def _plate(value: str) -> str:
    half = _translated(value, _WIDE, _HALF)
    return f"upper(regexp_replace({half}, {sql.text(_PLATE_NOISE)}, '', 'g'))"


def _mapped(value: str, code_map: Mapping[str, str]) -> str:
    cases = " ".join(f"WHEN {sql.text(k)} THEN {sql.text(v)}" for k, v in sorted(code_map.items()))
    return f"CASE {value} {cases} ELSE {value} END"


def applied(column: Column, steps: Steps, nulls: Sequence[str]) -> str:
    expression = column.raw
    for _, step in steps:
        expression = step(expression)
    # A value may have become empty or a word for nothing by trimming.
    return sql.something(expression, nulls) if steps else expression


def verdicts_of(columns: Sequence[Column], contract: Contract) -> list[Verdict]:
    """Return why rows are rejected, in the order in which it is told; the checks come last.

    A row is told the first reason alone, so a check meets only values that fit their types.
    """
    found: list[Verdict] = []
    # A deletion names its key alone, a truncation not even that.
    op = next((f"coalesce({c.clean}, '')" for c in columns if c.spec.name == OP), "''")
    for c in columns:
        if c.spec.is_key:
            missing = f"({c.clean} IS NULL AND {op} <> '{Op.TRUNCATE}')"
            found.append(Verdict.of(missing, Rule.KEY_MISSING, c))
        elif not c.spec.nullable:
            missing = f"({c.clean} IS NULL AND {op} NOT IN ('{Op.DELETE}', '{Op.TRUNCATE}'))"
            found.append(Verdict.of(missing, Rule.REQUIRED, c))
    for c in columns:
        fits = types.fits(c.clean, c.typed, c.spec)
        if fits != "true":
            found.append(Verdict.of(f"({c.clean} IS NOT NULL AND NOT {fits})", Rule.TYPE, c))
        if c.spec.length and types.is_text(c.spec):
            found.append(Verdict.of(f"length({c.clean}) > {int(c.spec.length)}", Rule.TOO_LONG, c))
        if c.spec.codes:
            codes = sql.texts(c.spec.codes)
            found.append(Verdict.of(f"({c.clean} NOT IN ({codes}))", Rule.NOT_IN_CODES, c))
    return [
        *found,
        *(
            Verdict(f"NOT ({right})", check.code, "、".join(check.columns), check.title)
            for check, right in rights_of(columns, contract, Effect.REJECT)
        ),
    ]


def rights_of(
    columns: Sequence[Column], contract: Contract, effect: Effect
) -> Sequence[tuple[Check, str]]:
    seen = {c.spec.item or c.spec.name: checking.seen(c.spec, c.typed) for c in columns}
    return checking.rights(contract, seen, effect)


def sort(
    con: duckdb.DuckDBPyConnection, raw: Raw, contract: Contract, target: Target, known: Hashes
) -> Sorted:
    """Return where every row went. Writes the accepted, rejected and fixed-value files."""
    columns = columns_of(contract, raw)
    probe = _probe(con, columns)
    steps = {c.position: steps_of(c, probe[c.raw]) for c in columns}
    verdicts = verdicts_of(columns, contract)
    warns = [(check.code, right) for check, right in rights_of(columns, contract, Effect.WARN)]
    if raw.outside:
        warns.append((Rule.OUTSIDE.value, f"NOT ({raw.outside})"))
    empty = nulls(contract.options)
    _check(con, columns, steps, (verdicts, warns), nulls=empty, derived=raw.derived)
    if contract.options.unique_keys:
        verdicts = [*verdicts, *_tell_keys_apart(con, columns, len(verdicts) + 1)]
    own = [(c.spec.name, c.typed) for c in columns if c.spec.name not in raw.derived]
    kept, duplicate = duplicates.tell(con, known, own)
    rejected_files, reasons = _write_rejected(con, raw, verdicts, target)
    fixed_files, fixed, fixes = _write_fixes(con, raw, columns, steps, target)
    accepted = _write_accepted(con, raw, columns, contract, target) if kept else ()
    return Sorted(
        received=raw.records, stored=kept, rejected=sum(reasons.values()), duplicate=duplicate,
        fixed=fixed, reasons=reasons, fixes=fixes, warnings=_warned(con, warns),
        accepted=accepted, rejected_files=rejected_files, fixed_values=fixed_files,
    )  # fmt: skip


def _check(con: duckdb.DuckDBPyConnection, columns: Sequence[Column],
           steps: Mapping[int, Steps],
           judge: tuple[Verdicts, Warns], *, nulls: Sequence[str],
           derived: Collection[str]) -> None:  # fmt: skip
    """Make ``work``: one row a raw row, in the same place, with clean, typed, verdict, hash, a
    mark a warning."""
    verdicts, warns = judge
    cleans = ", ".join(f"{applied(c, steps[c.position], nulls)} AS {c.clean}" for c in columns)
    typed = ", ".join(f"{types.cast(c.clean, c.spec)} AS {c.typed}" for c in columns)
    cases = " ".join(f"WHEN {v.condition} THEN {n}" for n, v in enumerate(verdicts, 1))
    verdict = f"CASE {cases} ELSE 0 END" if cases else "0"
    # What we added ourselves is no part of the content.
    hashed = duplicates.row_hash([c.typed for c in columns if c.spec.name not in derived])
    keep = ", ".join(
        [c.typed for c in columns]
        + [c.clean for c in columns if steps[c.position] and not types.is_text(c.spec)]
        + [f"NOT coalesce({right}, true) AS w{n}" for n, (_, right) in enumerate(warns)]
    )
    query = f"""SELECT {keep}, {verdict} AS verdict, {hashed} AS h
        FROM (SELECT *, {typed} FROM (SELECT {cleans}, rowid AS place FROM raw))"""
    con.execute(f"CREATE OR REPLACE TEMP TABLE work AS {in_order(con, query, 'place')}")


def _tell_keys_apart(
    con: duckdb.DuckDBPyConnection, columns: Sequence[Column], number: int
) -> Verdicts:
    """Mark good rows that share a key and differ; the same row twice is a mere duplicate."""
    keys = [c for c in columns if c.spec.is_key]
    if not keys:
        return []
    names = ", ".join(c.typed for c in keys)
    rows = con.execute(
        f"SELECT count(*), count(DISTINCT hash({names})) FROM work WHERE verdict = 0"
    ).fetchone()
    if rows is None or rows[0] == rows[1]:  # no key comes twice: the usual case, told cheaply
        return []
    con.execute(
        f"""UPDATE work SET verdict = {number} WHERE verdict = 0 AND ({names}) IN (
          SELECT ({names}) FROM work WHERE verdict = 0 GROUP BY {names}
          HAVING min(h) <> max(h))"""
    )
    return [Verdict.of("", Rule.KEY_TWICE, keys[0])]


def _warned(con: duckdb.DuckDBPyConnection, warns: Warns) -> dict[str, int]:
    """Return how many of the rows to store each warning marks; those without are left out."""
    if not warns:
        return {}
    counts = ", ".join(f"count(*) FILTER (w{n})" for n in range(len(warns)))
    row: tuple[int, ...] = (
        con.execute(f"SELECT {counts} FROM work WHERE rowid IN (SELECT r FROM keepers)").fetchone()
        or ()
    )
    found = Counter[str]()
    for (code, _), n in zip(warns, row, strict=True):
        found[code] += n  # one code may judge several columns
    return {code: n for code, n in found.items() if n}


def write(con: duckdb.DuckDBPyConnection, query: str, path: Path, options: str = "") -> int:
    row = con.execute(
        f"COPY ({query}) TO {sql.text(str(path))} (FORMAT parquet, COMPRESSION zstd{options})"
    ).fetchone()
    return int(row[0]) if row else 0


def _write_rejected(con: duckdb.DuckDBPyConnection, raw: Raw, verdicts: Verdicts,
                    target: Target) -> tuple[tuple[str, ...], dict[str, int]]:  # fmt: skip
    import pyarrow as pa

    con.register("reasons", pa.table({
        "n": pa.array(range(1, len(verdicts) + 1), pa.int64()),
        "rule": pa.array([v.rule for v in verdicts], pa.string()),
        "col": pa.array([v.column for v in verdicts], pa.string()),
        "reason": pa.array([v.reason for v in verdicts], pa.string()),
    }))  # fmt: skip
    titles = " ".join(f"WHEN '{rule.value}' THEN {sql.text(rule.label)}" for rule in Rule)
    fields = ", ".join(
        f"""CASE WHEN regexp_matches({c}, '[",\\n\\r]') THEN '"' || replace({c}, '"', '""') || '"'
        ELSE coalesce({c}, '') END"""
        for c in (sql.raw(n) for n in range(len(raw.columns) - len(raw.derived)))
    )
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE rejects AS
        SELECT {sql.text(target.batch)} AS batch, line, rule, col AS "column", reason, raw FROM (
          SELECT line, rule, '' AS col, CASE rule {titles} END AS reason, raw FROM bad
          UNION ALL
          SELECT {raw.line}, reasons.rule, reasons.col, reasons.reason,
                 array_to_string([{fields}], ',')
          FROM {raw.source} JOIN work ON raw.rowid = work.rowid AND work.verdict > 0
          JOIN reasons ON work.verdict = reasons.n)"""
    )
    con.unregister("reasons")
    counts = dict(
        con.execute("SELECT rule, count(*) FROM rejects GROUP BY rule ORDER BY rule").fetchall()
    )
    if not counts:
        return (), {}
    path = target.scratch / "rejected.parquet"
    write(con, "SELECT * FROM rejects ORDER BY line", path)
    return (str(path),), counts


def _write_fixes(con: duckdb.DuckDBPyConnection, raw: Raw, columns: Sequence[Column],
                 steps: Mapping[int, Steps],
                 target: Target) -> tuple[tuple[str, ...], int, dict[str, int]]:  # fmt: skip
    """Write each repaired value of the rows that were not rejected, before and after."""
    parts = []
    for c in columns:
        if not steps[c.position]:
            continue
        after = c.typed if types.is_text(c.spec) else c.clean
        # The rule told is the last that changed anything: it made the value what it is.
        before, cases = c.raw, ""
        for fix, step in steps[c.position]:
            now = step(before)
            cases = f"WHEN {now} IS DISTINCT FROM {before} THEN '{fix.value}' {cases}"
            before = now
        parts.append(
            f"""SELECT raw.rowid AS r, {raw.line} AS line, {sql.text(c.spec.name)} AS col,
            CASE {cases} ELSE '{Fix.TRIM.value}' END AS rule, raw.{c.raw} AS "before",
            work.{after} AS "after"
            FROM {raw.source} JOIN work ON raw.rowid = work.rowid AND work.verdict = 0
            WHERE work.{after} IS DISTINCT FROM raw.{c.raw}"""
        )
    if not parts:
        return (), 0, {}
    con.execute(f"CREATE OR REPLACE TEMP TABLE fixes AS {' UNION ALL '.join(parts)}")
    row = con.execute("SELECT count(DISTINCT r) FROM fixes").fetchone()
    counts = dict(
        con.execute("SELECT rule, count(*) FROM fixes GROUP BY rule ORDER BY rule").fetchall()
    )
    if not counts:
        return (), 0, {}
    path = target.scratch / "fixes.parquet"
    write(
        con,
        f"""SELECT {sql.text(target.batch)} AS batch, line, col AS "column", rule,
        "before", "after" FROM fixes ORDER BY line""",
        path,
    )
    return (str(path),), row[0] if row else 0, counts


def _write_accepted(con: duckdb.DuckDBPyConnection, raw: Raw, columns: Sequence[Column],
                    contract: Contract, target: Target) -> tuple[str, ...]:  # fmt: skip
    """Write the rows to store, with the table's field ids so that the store can link the file."""
    values = ", ".join(f"work.{c.typed} AS {sql.name(c.spec.name)}" for c in columns)
    counted = con.execute(
        "SELECT (SELECT count(*) FROM keepers) = (SELECT count(*) FROM work)"
    ).fetchone()
    all_kept = bool(counted and counted[0])
    if raw.has_skips:
        source = f"{raw.source} JOIN work ON raw.rowid = work.rowid"
        line = raw.line
    else:  # the line follows from the row's place: the raw table is not read again
        source, line = "work", f"work.rowid + {raw.first_line}"
    where = "" if all_kept else "WHERE work.rowid IN (SELECT r FROM keepers)"
    write(
        con,
        f"""SELECT {values}, {marks(contract, target)}, {line} AS _line, work.h AS _row_hash
        FROM {source} {where}""",
        target.accepted,
        parquet_options(target),
    )
    return (str(target.accepted),)


def marks(contract: Contract, target: Target) -> str:
    """Return the SQL of what every row of a batch has alike.

    A word of one: a text would be looked up in the writer's dictionary for each row.
    """
    batch, source = sql.text(target.batch), sql.text(contract.source_code)
    return f"""{batch}::ENUM({batch}) AS _batch_id,
        {sql.text(target.loaded_at.isoformat())}::TIMESTAMPTZ AS _load_time,
        {source}::ENUM({source}) AS _source"""


def parquet_options(target: Target) -> str:
    """Return how accepted rows are written: with the table's ids, cheaply, no larger for that.

    Numbers as differences (V2); a dictionary only where values are few, for one that is given
    up half-way costs more than all the rest; no filters, which nobody of ours reads.
    """
    ids = ", ".join(f"{sql.name(name)}: {int(n)}" for name, n in target.field_ids.items())
    fields = f", FIELD_IDS {{{ids}}}" if ids else ""
    return ", PARQUET_VERSION V2, WRITE_BLOOM_FILTER false, DICTIONARY_SIZE_LIMIT 4096" + fields
