"""Two tables' totals over some days, group by group."""

from decimal import Decimal
from typing import TYPE_CHECKING

from tongqu.kernel.statements import quoted
from tongqu.quality.domain.parts import Plan, members, whole_of
from tongqu.quality.domain.rules import Rule

if TYPE_CHECKING:  # heavy: loaded by the functions that need it
    from sqlglot import exp


def reconciled(rule: Rule, plan: Plan) -> "tuple[exp.Expr, exp.Expr]":
    """Groups count, and those that differ if the totals of all of them are too far apart."""
    from sqlglot import exp

    within = Decimal(str(rule.limits["within"]))
    apart = f"abs(sum(own) - sum(other)) > {within:f} * greatest(sum(own), sum(other))"
    wrong = f"CASE WHEN {apart} THEN count(*) FILTER (WHERE own <> other) ELSE 0 END"

    def asked(what: str, part: str) -> exp.Expr:
        # Names of their own: where clauses are hoisted, all of a scan stand beside each other.
        groups = groups_sql(rule, plan, tag=f".{rule.code}.{part}")
        return exp.Var(this=f"({groups} SELECT {what} FROM {quoted(f'g.{rule.code}.{part}')})")  # noqa: S608  # built from quoted names and numbers

    return asked("count(*)", "c"), asked(wrong, "w")


def groups_sql(rule: Rule, plan: Plan, *, tag: str = "") -> str:
    """Return the WITH clause of ``g``: name, own, other of every group, over the last days.

    ``tag`` is put behind the names that the clause gives.
    The last day is the last that both tables hold: what has not come yet is no difference.
    """
    view = f"r_{rule.limits['table']}"
    plan.references[view] = str(rule.limits["table"])
    by = [str(name) for name in members(rule.limits["group"])]

    def side(alias: str, source: str, amount: str, code: str) -> str:
        name = " || '·' || ".join(f"CAST({alias}.{quoted(part)} AS VARCHAR)" for part in by)
        where = f" WHERE {plan.rights[code]}" if code in plan.rights else ""
        day = f"CAST({alias}.{quoted(str(rule.limits['day']))} AS DATE)"
        return f"SELECT {name} AS name, {day} AS day, {amount} FROM {source} AS {alias}{where}"  # noqa: S608  # quoted names

    own = f"t.{quoted(str(rule.limits['sum']))} AS own, 0 AS other"
    other = f"0 AS own, o.{quoted(str(rule.limits['other_sum']))} AS other"
    a, b, g = (quoted(name + tag) for name in ("a", "b", "g"))
    first = f"(SELECT least((SELECT max(day) FROM {a}), (SELECT max(day) FROM {b})))"  # noqa: S608  # quoted names
    last_days = f"day <= {first} AND day > {first} - {whole_of(rule, 'days')}"
    both = f"(SELECT * FROM {a} UNION ALL SELECT * FROM {b})"  # noqa: S608  # quoted names
    sums = "name, coalesce(sum(own), 0) AS own, coalesce(sum(other), 0) AS other"
    ours, theirs = (
        side("t", "t", own, f"{rule.code}.own"),
        side("o", quoted(view), other, f"{rule.code}.other"),
    )
    groups = f"SELECT {sums} FROM {both} WHERE {last_days} GROUP BY name"  # noqa: S608  # quoted names
    return f"WITH {a} AS ({ours}), {b} AS ({theirs}), {g} AS ({groups})"
