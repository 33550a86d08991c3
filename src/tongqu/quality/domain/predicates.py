"""The predicate of a wrong row for each kind of rule that looks at one row.

Expressions are built, never pasted; what a rule brings from outside is a bound parameter.
"""

import itertools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tongqu.kernel.statements import quoted
from tongqu.quality.domain.parts import (
    BATCH,
    LINE,
    LOADED,
    Plan,
    bound,
    column,
    counted_as,
    joined_as,
    members,
    summed_as,
    text_of,
    whole_of,
)
from tongqu.quality.domain.rules import Rule
from tongqu.quality.domain.values import pairs
from tongqu.quality.vocabulary import RuleKind
from tongqu.standards.vocabulary import CheckKind

if TYPE_CHECKING:  # heavy: loaded by the functions that need it
    from sqlglot import exp

# Form of a plate → codes of its colours (JT/T 808): new energy has one place more.
_LETTERS = "[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新][A-HJ-NP-Z]"
PLATES: Mapping[str, tuple[str, ...]] = {
    f"{_LETTERS}[A-HJ-NP-Z0-9]{{4}}[A-HJ-NP-Z0-9挂学警港澳领]": ("1", "2", "3", "4"),
    f"{_LETTERS}[A-HJ-NP-Z0-9]{{6}}": ("93", "94"),
}


def predicate(rule: Rule, plan: Plan) -> "exp.Expr":
    """Return the predicate of a wrong row; NULL where the cell is empty, so not counted."""
    return ROW_RULES[rule.kind](rule, plan)


def _empty(rule: Rule, plan: Plan) -> "exp.Expr":  # noqa: ARG001  (one signature for all)
    from sqlglot import exp

    cell = column(rule.column)
    blank = exp.EQ(this=exp.Trim(this=text_of(rule)), expression=exp.Literal.string(""))
    return exp.Or(this=exp.Is(this=cell, expression=exp.Null()), expression=blank)


def _misshapen(rule: Rule, plan: Plan) -> "exp.Expr":
    from sqlglot import exp

    pattern = bound(plan, str(rule.limits["pattern"]))
    return exp.Not(this=exp.func("regexp_full_match", text_of(rule), pattern))


def _too_long(rule: Rule, plan: Plan) -> "exp.Expr":
    from sqlglot import exp

    limit = bound(plan, whole_of(rule, "max"))
    return exp.GT(this=exp.Length(this=text_of(rule)), expression=limit)


def _uncoded(rule: Rule, plan: Plan) -> "exp.Expr":
    from sqlglot import exp

    codes = [bound(plan, str(code)) for code in members(rule.limits["codes"])]
    return exp.Not(this=exp.In(this=text_of(rule), expressions=codes))


def _disordered(rule: Rule, plan: Plan) -> "exp.Expr":  # noqa: ARG001  (one signature for all)
    from sqlglot import exp

    later = column(str(rule.limits["not_after"]))
    return exp.GT(this=column(rule.column), expression=later)


def _mismatched(rule: Rule, plan: Plan) -> "exp.Expr":  # noqa: ARG001  (one signature for all)
    """A plate of a colour has that colour's form; colours that are not listed are not judged."""
    from sqlglot import exp

    color = exp.cast(column(str(rule.limits["color"])), "VARCHAR")
    found: list[exp.Expr] = []
    for form, colors in PLATES.items():
        text = exp.Literal.string(form)
        misses = exp.Not(this=exp.func("regexp_full_match", text_of(rule), text))
        listed = [exp.Literal.string(one) for one in colors]
        found.append(exp.and_(exp.In(this=color.copy(), expressions=listed), misses))
    return exp.or_(*found)


def _outside(rule: Rule, plan: Plan) -> "exp.Expr":
    from sqlglot import exp

    cell = column(rule.column)
    sides: list[exp.Expr] = []
    if "min" in rule.limits:
        sides.append(exp.LT(this=cell.copy(), expression=bound(plan, rule.limits["min"])))
    if "max" in rule.limits:
        sides.append(exp.GT(this=cell.copy(), expression=bound(plan, rule.limits["max"])))
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


def _off_path(rule: Rule, plan: Plan) -> "exp.Expr":
    """A version whose state may not follow the state of the version that came before it."""
    from sqlglot import exp

    keys = ", ".join(f"t.{quoted(str(key))}" for key in members(rule.limits["columns"]))
    before = f"lag(CAST(t.{quoted(rule.column)} AS VARCHAR), 1, '')"
    order = f"t.{LOADED}, t.{BATCH}, t.{LINE}"
    plan.counted[counted_as(rule)] = f"{before} OVER (PARTITION BY {keys} ORDER BY {order})"
    steps = rule.limits["steps"]
    allowed: list[exp.Expr] = []
    for state, after in steps.items() if isinstance(steps, Mapping) else ():
        following = [bound(plan, str(state)), *(bound(plan, str(s)) for s in members(after))]
        came = exp.EQ(this=column(counted_as(rule)), expression=following[0])
        allowed.append(exp.and_(came, exp.In(this=text_of(rule), expressions=following[1:])))
    return exp.Not(this=exp.Paren(this=exp.or_(*allowed)))


def _orphan(rule: Rule, plan: Plan) -> "exp.Expr":
    from sqlglot import exp

    table, key = str(rule.limits["table"]), str(rule.limits["key"])
    view = f"r_{table}"
    plan.references[view] = table
    known = exp.select(column(key)).from_(exp.to_identifier(view, quoted=True))
    known = known.where(exp.Not(this=exp.Is(this=column(key), expression=exp.Null())))
    return exp.Not(this=exp.In(this=column(rule.column), query=exp.Subquery(this=known)))


def beyond(rule: Rule, plan: Plan) -> "exp.Expr":
    from sqlglot import exp

    rows = exp.Count(this=exp.Star())
    sides: list[exp.Expr] = [exp.false()]
    if "min" in rule.limits:
        sides.append(exp.LT(this=rows.copy(), expression=bound(plan, whole_of(rule, "min"))))
    if "max" in rule.limits:
        sides.append(exp.GT(this=rows.copy(), expression=bound(plan, whole_of(rule, "max"))))
    return exp.or_(*sides)


def bins_of(rule: Rule, plan: Plan) -> "list[exp.Expr]":
    """Return the bins of a distribution; the rows in none of them are those that are left."""
    from sqlglot import exp

    if rule.kind is not RuleKind.DRIFT:
        return []
    if "codes" in rule.limits:
        codes = [str(code) for code in members(rule.limits["codes"])]
        return [exp.EQ(this=text_of(rule), expression=bound(plan, code)) for code in codes]
    cell = exp.cast(column(rule.column), "DOUBLE")
    edges = [float(str(edge)) for edge in members(rule.limits["edges"])]
    found: list[exp.Expr] = []
    for low, high in itertools.pairwise([None, *edges, None]):
        sides: list[exp.Expr] = []
        if low is not None:
            sides.append(exp.GTE(this=cell.copy(), expression=bound(plan, low)))
        if high is not None:
            sides.append(exp.LT(this=cell.copy(), expression=bound(plan, high)))
        found.append(exp.and_(*sides))
    return found


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
    RuleKind.PLATE: _mismatched,
}
# Kinds that need rows side by side or a join: a pass of their own.
APART = frozenset({RuleKind.UNIQUE, RuleKind.INSIDE, RuleKind.NEAR})
# Kinds about a table as a whole: there is no wrong row to name.
WHOLE_TABLE = frozenset({RuleKind.FRESH, RuleKind.VOLUME, RuleKind.DRIFT})
# Kinds whose places are found in what _source gives: SQL as text, or columns put beside.
ROUGH = frozenset({RuleKind.CHECK, RuleKind.RELATED, RuleKind.PATH})
# Kinds of check that judge an empty cell, too: every row counts as checked.
ALL_ROWS = frozenset({CheckKind.REQUIRED, CheckKind.EXPRESSION})
