"""Any number of rules, one pass: rules become aggregates of a single statement.

Expressions are built, never pasted; what a rule brings from outside is a bound parameter.
The table to scan is the view ``t``; tables that references look into are views of their own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from tongqu.kernel.statements import quoted
from tongqu.quality.domain.rules import Rule, pairs
from tongqu.quality.vocabulary import RuleKind
from tongqu.standards.vocabulary import CheckKind

if TYPE_CHECKING:  # heavy: loaded by the functions that need it
    from sqlglot import exp

BATCH, LINE, LOADED, CHANGE = "_batch_id", "_line", "_load_time", "_op"
EMPTY: Mapping[str, str] = {}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # what an empty table was last loaded at


@dataclass(slots=True)
class Plan:
    """SQL in DuckDB's dialect with ``?`` parameters in order.

    Shape: one row: ``n`` rows, then for rule i the pair ``c<i>`` checked, ``w<i>`` wrong.
    ``rights`` hold, for rules of kind CHECK and RELATED, SQL built by the language of checks.
    """

    sql: str
    parameters: list[object] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)  # view → table it stands for
    rights: Mapping[str, str] = field(default_factory=dict)  # rule code → SQL of a right row
    counted: dict[str, str] = field(default_factory=dict)  # column put beside t → subquery


def compile_scan(
    rules: Sequence[Rule], *, now: datetime, rights: Mapping[str, str] = EMPTY
) -> Plan:
    """Return the one statement that counts checked and wrong elements for every rule."""
    from sqlglot import exp

    plan = Plan("", rights=rights)
    columns: list[exp.Expr] = [exp.alias_(exp.Count(this=exp.Star()), "n")]
    for index, rule in enumerate(rules):
        checked, wrong = _counts(rule, plan, now)
        columns += [exp.alias_(checked, f"c{index}"), exp.alias_(wrong, f"w{index}")]
    plan.sql = f"{exp.select(*columns).sql(dialect='duckdb')} FROM {_source(plan)}"
    return plan


def living(sql: str, served: Sequence[str]) -> str:
    """Return SQL whose views ``served`` show no tombstones; ``all_of`` names what they stand on."""
    views = ", ".join(
        f"{quoted(view)} AS (SELECT * FROM {quoted(all_of(view))} WHERE {CHANGE} <> 'D')"  # noqa: S608  # quoted names
        for view in served
    )
    if not views:
        return sql
    return f"WITH {views}, {sql[5:]}" if sql.startswith("WITH ") else f"WITH {views} {sql}"


def all_of(view: str) -> str:
    return f"all_{view}"


def _source(plan: Plan) -> str:
    """Return the table to scan, with what was counted in other tables beside its columns."""
    if not plan.counted:
        return "t"
    beside = ", ".join(f"({query}) AS {quoted(name)}" for name, query in plan.counted.items())
    return f"(SELECT t.*, {beside} FROM t) AS t"  # noqa: S608  # built from quoted names


def compile_samples(rule: Rule, *, limit: int, rights: Mapping[str, str] = EMPTY) -> Plan | None:
    """Return the statement that finds places (batch, line) of wrong rows; None for table rules."""
    from sqlglot import exp

    if rule.kind is RuleKind.FRESH:
        return None
    plan = Plan("", rights=rights)
    if rule.kind is RuleKind.RECONCILE:  # its places are groups, the greatest difference first
        apart = "FROM g WHERE own <> other ORDER BY abs(own - other) DESC, name"
        named = "SELECT name, CAST(own - other AS VARCHAR) AS apart"
        plan.sql = f"{_groups(rule, plan)} {named} {apart} LIMIT {int(limit)}"
        return plan
    if rule.kind in ROUGH:
        wrong = _wrong(rule, plan).sql(dialect="duckdb")
        places = f"SELECT {BATCH}, {LINE} FROM {_source(plan)} WHERE {wrong}"  # noqa: S608  # built
        plan.sql = f"{places} ORDER BY {BATCH}, {LINE} LIMIT {int(limit)}"
        return plan
    if rule.kind is RuleKind.UNIQUE:
        keys = [_column(name) for name in rule.columns]
        repeated = exp.select(exp.column(BATCH), exp.column(LINE)).from_("t").where(_filled(keys))
        window = exp.Window(
            this=exp.RowNumber(), partition_by=keys, order=exp.Order(expressions=[_column(LINE)])
        )
        ranked = repeated.select(exp.alias_(window, "copy")).subquery("ranked")
        found = exp.select(BATCH, LINE).from_(ranked).where("copy > 1")
    else:
        found = exp.select(BATCH, LINE).from_("t").where(_wrong(rule, plan))
    plan.sql = found.order_by(BATCH, LINE).limit(limit).sql(dialect="duckdb")
    return plan


def _counts(  # noqa: PLR0911  # one answer for each kind
    rule: Rule, plan: Plan, now: datetime
) -> "tuple[exp.Expr, exp.Expr]":
    """Return what counts as checked and as wrong. Empty cells are judged by NOT_NULL alone."""
    from sqlglot import exp

    everything = exp.Count(this=exp.Star())
    match rule.kind:
        case RuleKind.UNIQUE:
            keys = [_column(name) for name in rule.columns]
            key = keys[0] if len(keys) == 1 else exp.Struct(expressions=keys)
            filled = _count_if(_filled(keys))
            distinct = exp.Filter(
                this=exp.Count(this=exp.Distinct(expressions=[key])),
                expression=exp.Where(this=_filled(keys)),
            )
            return everything, exp.Sub(this=filled, expression=distinct)
        case RuleKind.FRESH:
            late = exp.LT(
                this=exp.func("coalesce", exp.Max(this=_column(LOADED)), _bound(plan, EPOCH)),
                expression=exp.Sub(
                    this=exp.cast(_bound(plan, now), "TIMESTAMPTZ"),
                    expression=exp.func("to_hours", _bound(plan, _whole(rule, "hours"))),
                ),
            )
            return exp.Literal.number(1), exp.cast(late, "BIGINT")
        case RuleKind.CHECK if rule.check and rule.check.kind not in ALL_ROWS:
            filled = exp.or_(*(_filled([_column(name)]) for name in rule.columns))
            return _count_if(filled), _count_if(_wrong(rule, plan))
        case RuleKind.RECONCILE:
            return _reconciled(rule, plan)
        case RuleKind.NOT_NULL | RuleKind.CHECK | RuleKind.RELATED | RuleKind.PATH:
            return everything, _count_if(_wrong(rule, plan))
        case RuleKind.ORDER:
            pair = _filled([_column(rule.column), _column(str(rule.limits["not_after"]))])
            return _count_if(pair), _count_if(_wrong(rule, plan))
        case _:
            return exp.Count(this=_column(rule.column)), _count_if(_wrong(rule, plan))


def _wrong(rule: Rule, plan: Plan) -> "exp.Expr":
    """Return the predicate of a wrong row; NULL where the cell is empty, so not counted."""
    return ROW_RULES[rule.kind](rule, plan)


def _empty(rule: Rule, plan: Plan) -> "exp.Expr":  # noqa: ARG001  (one signature for all)
    from sqlglot import exp

    cell = _column(rule.column)
    blank = exp.EQ(this=exp.Trim(this=_text(rule)), expression=exp.Literal.string(""))
    return exp.Or(this=exp.Is(this=cell, expression=exp.Null()), expression=blank)


def _misshapen(rule: Rule, plan: Plan) -> "exp.Expr":
    from sqlglot import exp

    pattern = _bound(plan, str(rule.limits["pattern"]))
    return exp.Not(this=exp.func("regexp_full_match", _text(rule), pattern))


def _too_long(rule: Rule, plan: Plan) -> "exp.Expr":
    from sqlglot import exp

    limit = _bound(plan, _whole(rule, "max"))
    return exp.GT(this=exp.Length(this=_text(rule)), expression=limit)


def _uncoded(rule: Rule, plan: Plan) -> "exp.Expr":
    from sqlglot import exp

    codes = [_bound(plan, str(code)) for code in _sequence(rule.limits["codes"])]
    return exp.Not(this=exp.In(this=_text(rule), expressions=codes))


def _disordered(rule: Rule, plan: Plan) -> "exp.Expr":  # noqa: ARG001  (one signature for all)
    from sqlglot import exp

    later = _column(str(rule.limits["not_after"]))
    return exp.GT(this=_column(rule.column), expression=later)


def _outside(rule: Rule, plan: Plan) -> "exp.Expr":
    from sqlglot import exp

    cell = _column(rule.column)
    sides: list[exp.Expr] = []
    if "min" in rule.limits:
        sides.append(exp.LT(this=cell.copy(), expression=_bound(plan, rule.limits["min"])))
    if "max" in rule.limits:
        sides.append(exp.GT(this=cell.copy(), expression=_bound(plan, rule.limits["max"])))
    return exp.or_(*sides)


def _unright(rule: Rule, plan: Plan) -> "exp.Expr":
    """The language of checks says TRUE for a right row and for one with nothing to judge."""
    from sqlglot import exp

    if rule.kind is RuleKind.RELATED:
        table = str(rule.limits["table"])
        view = f"r_{table}"
        plan.references[view] = table
        joined = " AND ".join(
            plan.rights.get(joined_as(rule, own), f"o.{quoted(other)} = t.{quoted(own)}")
            for own, other in pairs(rule.limits["on"]).items()
        )
        where = plan.rights.get(f"{rule.code}.where")
        found = f"FROM {quoted(view)} AS o WHERE {joined}" + (f" AND {where}" if where else "")
        plan.counted[counted_as(rule)] = f"SELECT count(*) {found}"
        if column := str(rule.limits.get("sum") or ""):
            plan.counted[summed_as(rule)] = f"SELECT coalesce(sum(o.{quoted(column)}), 0) {found}"
    return exp.Not(this=exp.Paren(this=exp.Var(this=plan.rights[rule.code])))


def _reconciled(rule: Rule, plan: Plan) -> "tuple[exp.Expr, exp.Expr]":
    """Groups count, and those that differ if the totals of all of them are too far apart."""
    from sqlglot import exp

    within = Decimal(str(rule.limits["within"]))
    apart = f"abs(sum(own) - sum(other)) > {within:f} * greatest(sum(own), sum(other))"
    wrong = f"CASE WHEN {apart} THEN count(*) FILTER (WHERE own <> other) ELSE 0 END"

    def asked(what: str, part: str) -> exp.Expr:
        # Names of their own: where clauses are hoisted, all of a scan stand beside each other.
        groups = _groups(rule, plan, tag=f".{rule.code}.{part}")
        return exp.Var(this=f"({groups} SELECT {what} FROM {quoted(f'g.{rule.code}.{part}')})")  # noqa: S608  # built from quoted names and numbers

    return asked("count(*)", "c"), asked(wrong, "w")


def _groups(rule: Rule, plan: Plan, *, tag: str = "") -> str:
    """Return the WITH clause of ``g``: name, own, other of every group, over the last days.

    ``tag`` is put behind the names that the clause gives.
    The last day is the last that both tables hold: what has not come yet is no difference.
    """
    view = f"r_{rule.limits['table']}"
    plan.references[view] = str(rule.limits["table"])
    by = [str(name) for name in _sequence(rule.limits["group"])]

    def side(alias: str, source: str, amount: str, code: str) -> str:
        name = " || '·' || ".join(f"CAST({alias}.{quoted(part)} AS VARCHAR)" for part in by)
        where = f" WHERE {plan.rights[code]}" if code in plan.rights else ""
        day = f"CAST({alias}.{quoted(str(rule.limits['day']))} AS DATE)"
        return f"SELECT {name} AS name, {day} AS day, {amount} FROM {source} AS {alias}{where}"  # noqa: S608  # quoted names

    own = f"t.{quoted(str(rule.limits['sum']))} AS own, 0 AS other"
    other = f"0 AS own, o.{quoted(str(rule.limits['other_sum']))} AS other"
    a, b, g = (quoted(name + tag) for name in ("a", "b", "g"))
    first = f"(SELECT least((SELECT max(day) FROM {a}), (SELECT max(day) FROM {b})))"  # noqa: S608  # quoted names
    last_days = f"day <= {first} AND day > {first} - {_whole(rule, 'days')}"
    both = f"(SELECT * FROM {a} UNION ALL SELECT * FROM {b})"  # noqa: S608  # quoted names
    sums = "name, coalesce(sum(own), 0) AS own, coalesce(sum(other), 0) AS other"
    ours, theirs = (
        side("t", "t", own, f"{rule.code}.own"),
        side("o", quoted(view), other, f"{rule.code}.other"),
    )
    groups = f"SELECT {sums} FROM {both} WHERE {last_days} GROUP BY name"  # noqa: S608  # quoted names
    return f"WITH {a} AS ({ours}), {b} AS ({theirs}), {g} AS ({groups})"


def _off_path(rule: Rule, plan: Plan) -> "exp.Expr":
    """A version whose state may not follow the state of the version that came before it."""
    from sqlglot import exp

    keys = ", ".join(f"t.{quoted(str(key))}" for key in _sequence(rule.limits["columns"]))
    before = f"lag(CAST(t.{quoted(rule.column)} AS VARCHAR), 1, '')"
    order = f"t.{LOADED}, t.{BATCH}, t.{LINE}"
    plan.counted[counted_as(rule)] = f"{before} OVER (PARTITION BY {keys} ORDER BY {order})"
    steps = rule.limits["steps"]
    allowed: list[exp.Expr] = []
    for state, after in steps.items() if isinstance(steps, Mapping) else ():
        following = [_bound(plan, str(state)), *(_bound(plan, str(s)) for s in _sequence(after))]
        came = exp.EQ(this=_column(counted_as(rule)), expression=following[0])
        allowed.append(exp.and_(came, exp.In(this=_text(rule), expressions=following[1:])))
    return exp.Not(this=exp.Paren(this=exp.or_(*allowed)))


def joined_as(rule: Rule, own: str) -> str:
    """Return the name of the condition that joins a column through a cross-walk."""
    return f"{rule.code}.on.{own}"


def counted_as(rule: Rule) -> str:
    """Return the name of the column that holds ``n`` of a RELATED rule."""
    return f"n.{rule.code}"


def summed_as(rule: Rule) -> str:
    """Return the name of the column that holds ``total`` of a RELATED rule."""
    return f"total.{rule.code}"


def _orphan(rule: Rule, plan: Plan) -> "exp.Expr":
    from sqlglot import exp

    table, key = str(rule.limits["table"]), str(rule.limits["key"])
    view = f"r_{table}"
    plan.references[view] = table
    known = exp.select(_column(key)).from_(exp.to_identifier(view, quoted=True))
    known = known.where(exp.Not(this=exp.Is(this=_column(key), expression=exp.Null())))
    return exp.Not(this=exp.In(this=_column(rule.column), query=exp.Subquery(this=known)))


ROW_RULES: dict[RuleKind, Callable[[Rule, Plan], "exp.Expr"]] = {
    RuleKind.NOT_NULL: _empty,
    RuleKind.PATTERN: _misshapen,
    RuleKind.LENGTH: _too_long,
    RuleKind.CODES: _uncoded,
    RuleKind.RANGE: _outside,
    RuleKind.ORDER: _disordered,
    RuleKind.REFERENCE: _orphan,
    RuleKind.CHECK: _unright,
    RuleKind.RELATED: _unright,
    RuleKind.PATH: _off_path,
}
# Kinds whose places are found in what _source gives: SQL as text, or columns put beside.
ROUGH = frozenset({RuleKind.CHECK, RuleKind.RELATED, RuleKind.PATH})
# Kinds of check that judge an empty cell, too: every row counts as checked.
ALL_ROWS = frozenset({CheckKind.REQUIRED, CheckKind.EXPRESSION})


def _column(name: str) -> "exp.Column":
    from sqlglot import exp

    return exp.column(exp.to_identifier(name, quoted=True))


def _text(rule: Rule) -> "exp.Expr":
    from sqlglot import exp

    return exp.cast(_column(rule.column), "VARCHAR")


def _filled(columns: "Sequence[exp.Expr]") -> "exp.Expr":
    from sqlglot import exp

    return exp.and_(
        *(exp.Not(this=exp.Is(this=column.copy(), expression=exp.Null())) for column in columns)
    )


def _count_if(predicate: "exp.Expr") -> "exp.Expr":
    from sqlglot import exp

    return exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=predicate))


def _bound(plan: Plan, value: object) -> "exp.Placeholder":
    from sqlglot import exp

    plan.parameters.append(value)
    return exp.Placeholder()


def _whole(rule: Rule, key: str) -> int:
    return int(str(rule.limits[key]))


def _sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, (list, tuple)) else (value,)
