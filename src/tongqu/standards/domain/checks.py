"""Checks: parsed strictly from documents, written as DuckDB SQL.

The SQL of a check is TRUE for a right row and where there is nothing to judge (NULL).
Columns are given as SQL expressions of their own type; moments are wall clocks of
Asia/Shanghai (an instant is handed in as ``x AT TIME ZONE 'Asia/Shanghai'``).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from tongqu.kernel import clock
from tongqu.standards.domain import digits
from tongqu.standards.domain.expressions import expression_sql
from tongqu.standards.domain.limits import KINDS, limits_of
from tongqu.standards.vocabulary import (
    DIVISIONS,
    BadDocument,
    Check,
    CheckDigit,
    CheckKind,
    Code,
    Effect,
    ElementType,
    Facts,
)

COMMON = frozenset({"code", "title", "kind", "columns", "effect", "remedy", "basis"})
MOST_CHECKS = 500
MOST_LISTED = 50
LONGEST = {"code": 80, "title": 200, "remedy": 200, "basis": 200}
ASSUMED = "约定（待确认）"
W = TypeVar("W", CheckKind, Effect)
TYPES = {
    ElementType.INTEGER: "BIGINT",
    ElementType.DECIMAL: "DOUBLE",
    ElementType.DATE: "DATE",
    ElementType.DATETIME: "TIMESTAMP",
    ElementType.TIME: "TIME",
    ElementType.BOOLEAN: "BOOLEAN",
}


def parse_checks(
    rows: object, *, where: str, columns: Collection[str] | None = None, needs_columns: bool = True
) -> tuple[Check, ...]:
    """Return the checks of a document; raise ``BadDocument`` for the first not understood.

    ``columns``: the items a check may name (None: not known here). ``needs_columns`` is
    False for a data element's checks, which are bound to a column later.
    """
    if not isinstance(rows, Sequence) or isinstance(rows, (str, bytes)):
        raise BadDocument(where, "checks 应为列表")
    if len(rows) > MOST_CHECKS:
        raise BadDocument(where, f"checks 超过 {MOST_CHECKS} 条")
    checks = tuple(_parse_one(row, where, needs_columns) for row in rows)
    seen: set[str] = set()
    for check in checks:
        place = f"{where} {check.code}"
        if check.code in seen:
            raise BadDocument(place, "校验编码重复")
        seen.add(check.code)
        if columns is not None and (strange := set(names(check)) - set(columns)):
            raise BadDocument(place, f"没有名为 {'、'.join(sorted(strange))} 的信息项")
    return checks


def names(check: Check) -> tuple[str, ...]:
    """Return every column that a check reads, its own first."""
    extra = (check.limits.get(key) for key in ("other", "on"))
    return (*check.columns, *(str(name) for name in extra if name))


def _parse_one(row: object, where: str, needs_columns: bool) -> Check:
    if not isinstance(row, Mapping):
        raise BadDocument(where, "每条校验应是一组键和值")
    place = f"{where} {row.get('code') or '（无编码）'}"
    texts = {key: _text(row, key, place) for key in LONGEST}
    for key in ("code", "title"):
        if not texts[key]:
            raise BadDocument(place, f"缺少 {key}")
    kind = _word(CheckKind, row.get("kind"), place, "kind")
    rest = {str(key): value for key, value in row.items() if key not in COMMON}
    limits = limits_of(kind, rest, where=place)
    columns = _columns(row.get("columns"), place)
    columns = KINDS[kind].columns(columns, limits, place) if needs_columns or columns else columns
    return Check(
        code=texts["code"],
        title=texts["title"],
        kind=kind,
        columns=columns,
        limits=limits,
        effect=_word(Effect, row.get("effect", Effect.REJECT), place, "effect"),
        remedy=texts["remedy"],
        basis=texts["basis"] or ASSUMED,
    )


def _text(row: Mapping[object, object], key: str, place: str) -> str:
    value = row.get(key, "")
    if not isinstance(value, str) or len(value) > LONGEST[key] or "\0" in value:
        raise BadDocument(place, f"{key} 应为不超过 {LONGEST[key]} 字的文字")
    return value.strip()


def _word(words: type[W], value: object, place: str, key: str) -> W:
    try:
        return words(str(value))
    except ValueError:
        known = "、".join(words)
        raise BadDocument(place, f"{key} 不认识 {str(value)[:40]}；可用：{known}") from None


def _columns(value: object, place: str) -> tuple[str, ...]:
    given = [] if value is None else value
    if not isinstance(given, (list, tuple)) or not all(
        isinstance(name, str) and 0 < len(name) <= 120 and "\0" not in name for name in given
    ):
        raise BadDocument(place, "columns 应为信息项英文名称的列表")
    return tuple(given)


def check_sql(check: Check, columns: Mapping[str, str], *, facts: Facts) -> str:
    """Return DuckDB SQL: TRUE for a right row, and for one with nothing to judge.

    Raises ``BadDocument`` when the check names a column that is not given, or a code
    table that ``facts`` do not hold.
    """
    place = check.code
    if not check.columns:
        raise BadDocument(place, "校验没有指明信息项")
    if strange := [name for name in names(check) if name not in columns]:
        raise BadDocument(place, f"没有名为 {'、'.join(strange)} 的信息项")
    if check.kind is CheckKind.EXPRESSION:
        now = facts.now.astimezone(clock.SHANGHAI)
        built = expression_sql(check.limits["sql"], columns, now=now, where=place)
        return f"coalesce({built}, TRUE)"
    write = WRITERS[check.kind]
    parts = [write(_Case(check, columns[name], columns, facts)) for name in check.columns]
    return parts[0] if len(parts) == 1 else " AND ".join(f"({part})" for part in parts)


@dataclass(frozen=True, slots=True)
class _Case:
    """One column under one check."""

    check: Check
    cell: str  # SQL of the column
    columns: Mapping[str, str]
    facts: Facts

    @property
    def text(self) -> str:
        return f"CAST({self.cell} AS VARCHAR)"

    def limit(self, key: str) -> object:
        return self.check.limits.get(key)


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _required(case: _Case) -> str:
    """Blank is empty: white space, the full-width kind too, fills nothing."""
    return f"coalesce(regexp_matches({case.text}, '[^\\s\u3000\u00a0]'), FALSE)"


def _type(case: _Case) -> str:
    kind = TYPES.get(ElementType(str(case.check.limits["data_type"])))
    if kind is None:
        return "TRUE"
    text = case.text
    sound = f"TRY_CAST({text} AS {kind}) IS NOT NULL"
    if kind == "BIGINT":  # the engine would round 1.5
        sound = f"({sound} AND regexp_full_match({text}, '[+-]?[0-9]+'))"
    return f"({case.cell} IS NULL OR {sound})"


def _pattern(case: _Case) -> str:
    form = quoted(str(case.check.limits["pattern"]))
    return f"coalesce(regexp_full_match({case.text}, {form}), TRUE)"


def _length(case: _Case) -> str:
    measure = f"length({case.text})"
    return _between(case, measure, str)


def _range(case: _Case) -> str:
    bounds = [case.check.limits[key] for key in ("min", "max") if key in case.check.limits]
    if not isinstance(bounds[0], str):
        return _between(case, case.cell, str)
    kind = "TIMESTAMP" if any("T" in str(bound) for bound in bounds) else "DATE"
    return _between(case, f"CAST({case.cell} AS {kind})", lambda b: f"{kind} {quoted(str(b))}")


def _between(case: _Case, measure: str, literal: Callable[[object], str]) -> str:
    signs = (("min", ">="), ("max", "<="))
    parts = [
        f"{measure} {sign} {literal(case.check.limits[key])}"
        for key, sign in signs
        if key in case.check.limits
    ]
    return f"coalesce({' AND '.join(parts)}, TRUE)"


def _codes(case: _Case) -> str:
    given = case.limit("codes")
    if isinstance(given, (list, tuple)):
        return f"coalesce({_within(case.text, [str(code) for code in given])}, TRUE)"
    return _in_table(case, str(case.check.limits["table"]))


def _division(case: _Case) -> str:
    known = _in_table(case, DIVISIONS)
    return f"(coalesce(regexp_full_match({case.text}, '[0-9]{{6}}'), TRUE) AND {known})"


def _within(text: str, values: Collection[str]) -> str:
    if not values:
        return f"({text} IS NULL)"
    listed = ", ".join(quoted(value) for value in sorted(set(values)))
    if len(values) > MOST_LISTED:  # hashed: the engine goes through a list value by value
        return f"{text} IN (SELECT unnest([{listed}]))"
    return f"{text} IN ({listed})"


def _in_table(case: _Case, name: str) -> str:
    """Return that a text is a code of a table: today's, on a column's day, or of any time."""
    table, text = case.facts.tables.get(name), case.text
    if table is None:
        raise BadDocument(case.check.code, f"没有代码集 {name}")
    everything = _within(text, [code.code for code in table.codes])
    if case.limit("ever"):
        return f"coalesce({everything}, TRUE)"
    if "on" not in case.check.limits:
        valid = table.on(clock.legal_day(case.facts.now))
        return f"coalesce({_within(text, [code.code for code in valid])}, TRUE)"
    day = f"CAST({case.columns[str(case.check.limits['on'])]} AS DATE)"
    spans: dict[tuple[date | None, date | None], list[Code]] = {}
    for code in table.codes:
        spans.setdefault((code.valid_from, code.valid_to), []).append(code)
    parts = [_in_span(text, day, span, codes) for span, codes in spans.items()]
    timed = " OR ".join(parts) or "FALSE"
    return f"coalesce(CASE WHEN {day} IS NULL THEN {everything} ELSE ({timed}) END, TRUE)"


def _in_span(
    text: str, day: str, span: tuple[date | None, date | None], codes: Sequence[Code]
) -> str:
    parts = [_within(text, [code.code for code in codes])]
    if span[0]:
        parts.append(f"{day} >= DATE '{span[0].isoformat()}'")
    if span[1]:
        parts.append(f"{day} < DATE '{span[1].isoformat()}'")
    return f"({' AND '.join(parts)})"


def _check_digit(case: _Case) -> str:
    today = f"DATE '{clock.legal_day(case.facts.now).isoformat()}'"
    algorithm = CheckDigit(str(case.check.limits["algorithm"]))
    right = digits.right(algorithm, case.text, today=today)
    if case.limit("division"):
        start = 3 if algorithm is CheckDigit.USCC else 1
        part = f"substr({case.text}, {start}, 6)"
        table = case.facts.tables.get(DIVISIONS)
        if table is None:
            raise BadDocument(case.check.code, f"没有代码集 {DIVISIONS}")
        right = f"({right} AND {_within(part, [code.code for code in table.codes])})"
    return f"({case.cell} IS NULL OR {right})"


def _not_after(case: _Case) -> str:
    other = case.columns[str(case.check.limits["other"])]
    seconds = case.limit("seconds")
    leeway = f" + INTERVAL ({seconds}) SECONDS" if seconds else ""
    return f"coalesce({case.cell} <= {other}{leeway}, TRUE)"


def _not_future(case: _Case) -> str:
    now: datetime = case.facts.now.astimezone(clock.SHANGHAI)
    leeway = f" + INTERVAL ({case.limit('seconds') or 0}) SECONDS"
    moment = f"TIMESTAMP '{now:%Y-%m-%d %H:%M:%S}'"
    return f"coalesce(CAST({case.cell} AS TIMESTAMP) <= {moment}{leeway}, TRUE)"


WRITERS: dict[CheckKind, Callable[[_Case], str]] = {
    CheckKind.REQUIRED: _required,
    CheckKind.TYPE: _type,
    CheckKind.PATTERN: _pattern,
    CheckKind.LENGTH: _length,
    CheckKind.RANGE: _range,
    CheckKind.CODES: _codes,
    CheckKind.DIVISION: _division,
    CheckKind.CHECK_DIGIT: _check_digit,
    CheckKind.NOT_AFTER: _not_after,
    CheckKind.NOT_FUTURE: _not_future,
}
