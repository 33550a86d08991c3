"""Any number of rules, one pass: rules become aggregates of a single statement.

Expressions are built, never pasted; what a rule brings from outside is a bound parameter.
The table to scan is the view ``t``; tables that references look into are views of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from tongqu.kernel.statements import quoted
from tongqu.quality.domain.parts import (
    BATCH,
    CHANGE,
    EMPTY,
    LINE,
    LOADED,
    NO_SHAPES,
    Plan,
    all_filled,
    bound,
    column,
    count_if,
    counted_as,
    joined_as,
    summed_as,
    whole_of,
)
from tongqu.quality.domain.places import (
    Shape,
    cell_of,
    lines_of,
    meets,
    network,
    polygon,
    within_box,
)
from tongqu.quality.domain.predicates import (
    ALL_ROWS,
    APART,
    ROUGH,
    WHOLE_TABLE,
    beyond,
    bins_of,
    predicate,
)
from tongqu.quality.domain.reconciling import groups_sql, reconciled
from tongqu.quality.domain.rules import Rule
from tongqu.quality.domain.windows import Window, gather, window_of
from tongqu.quality.vocabulary import RuleKind

if TYPE_CHECKING:  # heavy: loaded by the functions that need it
    from sqlglot import exp

__all__ = [
    "BATCH", "CHANGE", "EMPTY", "LINE", "LOADED", "NO_SHAPES", "Plan", "Shape", "all_of",
    "compile_samples", "compile_scan", "counted_as", "drawn", "joined_as", "living", "summed_as",
]  # fmt: skip
PRUNED = frozenset({RuleKind.RANGE, RuleKind.CODES})  # one column and constants
STRAYING = APART - {RuleKind.UNIQUE}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # what an empty table was last loaded at


def compile_scan(
    rules: Sequence[Rule],
    *,
    now: datetime,
    rights: Mapping[str, str] = EMPTY,
    shapes: Mapping[str, Shape] = NO_SHAPES,
    prunes: bool = False,
) -> Plan:
    """Return the one statement that counts checked and wrong elements for every rule.

    Rules over one row are one scan. What needs rows side by side (a key that repeats, the row
    before) or a join with a shape is a pass of its own over the columns it needs; rules that
    look at rows in the same order share theirs.

    ``prunes``: the engine reads each column by itself and knows the least and the greatest value
    of every block of it. A rule that compares one column with constants is then asked with
    WHERE: blocks that cannot hold a wrong row are not read at all.
    """
    statement = _Statement(Plan("", rights=rights, shapes=shapes), now)
    for at, window in enumerate(windows := gather(rules)):
        statement.sources.append(f"({window.source()}) AS b{at}")
    in_window = {index: at for at, window in enumerate(windows) for index in window.rules}
    for index, rule in enumerate(rules):
        if index in in_window:
            statement.look_back(index, rule, f"b{in_window[index]}")
        elif rule.kind in APART:
            statement.join(index, rule)
        elif prunes and rule.kind in PRUNED:
            statement.prune(index, rule)
        else:
            statement.scan(index, rule)
    for index, rule in enumerate(rules):
        statement.distribute(index, rule)
    return statement.plan_of()


@dataclass(slots=True)
class _Statement:
    """One statement in the making: what is asked of every row, and the passes beside it."""

    plan: Plan
    now: datetime
    columns: "list[exp.Expr]" = field(default_factory=list)  # of the scan
    top: list[str] = field(default_factory=lambda: ["r.n"])
    bins: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)  # one row each, beside the scan
    later: list[object] = field(default_factory=list)  # bound in the sources
    empties: dict[str, str] = field(default_factory=dict)  # column → source of its empty cells

    def look_back(self, index: int, rule: Rule, beside: str) -> None:
        whole = "r.n" if rule.kind is RuleKind.UNIQUE else f"{beside}.c{index}"
        self.top += [f"{whole} AS c{index}", f"{beside}.w{index} AS w{index}"]

    def join(self, index: int, rule: Rule) -> None:
        from sqlglot import exp

        self.columns.append(exp.alias_(count_if(all_filled(_keys(rule))), f"f{index}"))
        self.sources.append(f"({_apart(rule, self.plan)}) AS j{index}")
        whole = "r.n" if rule.kind is RuleKind.UNIQUE else f"r.f{index}"
        self.top += [f"{whole} AS c{index}", f"r.f{index} - j{index}.found AS w{index}"]

    def prune(self, index: int, rule: Rule) -> None:
        bound_here = Plan("", rights=self.plan.rights)
        where = predicate(rule, bound_here).sql(dialect="duckdb")
        self.later += bound_here.parameters
        self.sources.append(f"({_how_many(where)}) AS j{index}")
        if (name := quoted(rule.column)) not in self.empties:
            self.empties[name] = f"e{index}"
            self.sources.append(f"({_how_many(f'{name} IS NULL')}) AS e{index}")
        filled = f"r.n - {self.empties[name]}.found"
        self.top += [f"{filled} AS c{index}", f"j{index}.found AS w{index}"]

    def scan(self, index: int, rule: Rule) -> None:
        from sqlglot import exp

        checked, wrong = _counts(rule, self.plan, self.now)
        self.columns += [exp.alias_(checked, f"c{index}"), exp.alias_(wrong, f"w{index}")]
        self.top += [f"r.c{index}", f"r.w{index}"]

    def distribute(self, index: int, rule: Rule) -> None:
        from sqlglot import exp

        for at, within in enumerate(bins_of(rule, self.plan)):
            self.columns.append(exp.alias_(count_if(within), f"s{index}_{at}"))
            self.bins.append(f"r.s{index}_{at}")

    def plan_of(self) -> Plan:
        from sqlglot import exp

        rows = exp.alias_(exp.Count(this=exp.Star()), "n")
        listed = exp.select(rows, *self.columns).sql(dialect="duckdb")
        own = f"{listed} FROM {_source(self.plan)}"
        joined = " CROSS JOIN ".join([f"({own}) AS r", *self.sources])
        shown = ", ".join([*self.top, *self.bins])
        self.plan.sql = f"SELECT {shown} FROM {joined}" if self.sources else own  # noqa: S608  # built
        self.plan.parameters += self.later
        return self.plan


def _how_many(where: str) -> str:
    return f"SELECT count(*) AS found FROM t WHERE {where}"  # noqa: S608  # built


@lru_cache(maxsize=50)
def drawn(texts: tuple[str, ...], metres: float | None) -> Shape:
    """Return the table of shapes told as WKT; areas must not overlap. Raises: ``ValueError``."""
    lines = [line for text in texts for line in lines_of(text)]
    return polygon(lines) if metres is None else network(lines, metres=metres)


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


def compile_samples(
    rule: Rule,
    *,
    limit: int,
    rights: Mapping[str, str] = EMPTY,
    shapes: Mapping[str, Shape] = NO_SHAPES,
) -> Plan | None:
    """Return the statement that finds places (batch, line) of wrong rows; None for table rules."""
    from sqlglot import exp

    if rule.kind in WHOLE_TABLE:
        return None
    plan = Plan("", rights=rights, shapes=shapes)
    if (window := window_of(rule)) is not None or rule.kind in STRAYING:
        places = _before(rule, window) if window is not None else _strays(rule, plan)
        plan.sql = f"{places} ORDER BY {BATCH}, {LINE} LIMIT {int(limit)}"
        return plan
    if rule.kind is RuleKind.RECONCILE:  # its places are groups, the greatest difference first
        apart = "FROM g WHERE own <> other ORDER BY abs(own - other) DESC, name"
        named = "SELECT name, CAST(own - other AS VARCHAR) AS apart"
        plan.sql = f"{groups_sql(rule, plan)} {named} {apart} LIMIT {int(limit)}"
        return plan
    if rule.kind in ROUGH:
        where = predicate(rule, plan).sql(dialect="duckdb")
        places = f"SELECT {BATCH}, {LINE} FROM {_source(plan)} WHERE {where}"  # noqa: S608  # built
        plan.sql = f"{places} ORDER BY {BATCH}, {LINE} LIMIT {int(limit)}"
        return plan
    if rule.kind is RuleKind.UNIQUE:
        keys = [column(name) for name in rule.columns]
        repeated = (
            exp.select(exp.column(BATCH), exp.column(LINE)).from_("t").where(all_filled(keys))
        )
        copies = exp.Window(
            this=exp.RowNumber(), partition_by=keys, order=exp.Order(expressions=[column(LINE)])
        )
        ranked = repeated.select(exp.alias_(copies, "copy")).subquery("ranked")
        found = exp.select(BATCH, LINE).from_(ranked).where("copy > 1")
    else:
        found = exp.select(BATCH, LINE).from_("t").where(predicate(rule, plan))
    plan.sql = found.order_by(BATCH, LINE).limit(limit).sql(dialect="duckdb")
    return plan


def _counts(  # noqa: PLR0911  # one answer for each kind
    rule: Rule, plan: Plan, now: datetime
) -> "tuple[exp.Expr, exp.Expr]":
    """Return what counts as checked and as wrong. Empty cells are judged by NOT_NULL alone."""
    from sqlglot import exp

    everything = exp.Count(this=exp.Star())
    match rule.kind:
        case RuleKind.VOLUME:
            return exp.Literal.number(1), exp.cast(beyond(rule, plan), "BIGINT")
        case RuleKind.DRIFT:  # judged against the scan before, by whoever asks
            return everything, exp.Literal.number(0)
        case RuleKind.FRESH:
            late = exp.LT(
                this=exp.func("coalesce", exp.Max(this=column(LOADED)), bound(plan, EPOCH)),
                expression=exp.Sub(
                    this=exp.cast(bound(plan, now), "TIMESTAMPTZ"),
                    expression=exp.func("to_hours", bound(plan, whole_of(rule, "hours"))),
                ),
            )
            return exp.Literal.number(1), exp.cast(late, "BIGINT")
        case RuleKind.CHECK if rule.check and rule.check.kind not in ALL_ROWS:
            any_filled = exp.or_(*(all_filled([column(name)]) for name in rule.columns))
            return count_if(any_filled), count_if(predicate(rule, plan))
        case RuleKind.RECONCILE:
            return reconciled(rule, plan)
        case RuleKind.NOT_NULL | RuleKind.CHECK | RuleKind.RELATED | RuleKind.PATH:
            return everything, count_if(predicate(rule, plan))
        case RuleKind.PLATE:
            both = all_filled([column(name) for name in rule.columns])
            return count_if(both), count_if(predicate(rule, plan))
        case RuleKind.ORDER:
            pair = all_filled([column(rule.column), column(str(rule.limits["not_after"]))])
            return count_if(pair), count_if(predicate(rule, plan))
        case _:
            return exp.Count(this=column(rule.column)), count_if(predicate(rule, plan))


def _keys(rule: Rule) -> "list[exp.Expr]":
    return [column(name) for name in rule.columns]


def _apart(rule: Rule, plan: Plan) -> str:
    """Return how many are ``found``: different keys, or places that lie in the shape."""
    if rule.kind is RuleKind.UNIQUE:
        names = ", ".join(quoted(name) for name in rule.columns)
        filled = all_filled(_keys(rule)).sql(dialect="duckdb")
        keys = f"SELECT DISTINCT {names} FROM t WHERE {filled}"  # noqa: S608  # quoted names
        return f"SELECT count(*) AS found FROM ({keys}) AS k"  # noqa: S608  # built
    shape, view = _shape(rule, plan)
    points = f"(SELECT * FROM ({_points(rule, shape)}) AS q WHERE {within_box(shape)}) AS p"  # noqa: S608  # numbers
    met = meets(metres=_metres(rule))
    return f"SELECT count(*) AS found FROM {points} SEMI JOIN {quoted(view)} AS g ON {met}"  # noqa: S608  # quoted names


def _strays(rule: Rule, plan: Plan) -> str:
    shape, view = _shape(rule, plan)
    points = f"({_points(rule, shape, f'{BATCH}, {LINE}, ')}) AS p"
    joined = f"ANTI JOIN {quoted(view)} AS g ON {meets(metres=_metres(rule))}"
    return f"SELECT p.{BATCH}, p.{LINE} FROM {points} {joined}"  # noqa: S608  # quoted names


def _points(rule: Rule, shape: Shape, beside: str = "") -> str:
    lon, lat = (quoted(name) for name in rule.columns)
    places = f"CAST({lon} AS DOUBLE) AS lon, CAST({lat} AS DOUBLE) AS lat"
    filled = f"{lon} IS NOT NULL AND {lat} IS NOT NULL"
    inner = f"SELECT {beside}{places} FROM t WHERE {filled}"  # noqa: S608  # quoted names
    cell = cell_of(shape, is_network=rule.kind is RuleKind.NEAR)
    return f"SELECT {beside}lon, lat, {cell} AS cell FROM ({inner}) AS i"  # noqa: S608  # quoted names


def _metres(rule: Rule) -> float | None:
    return float(str(rule.limits["metres"])) if rule.kind is RuleKind.NEAR else None


def _shape(rule: Rule, plan: Plan) -> tuple[Shape, str]:
    """Return where things are, and the view under which the statement joins it."""
    shape = plan.shapes.get(rule.code) or drawn((str(rule.limits["wkt"]),), _metres(rule))
    view = f"g_{rule.code}"
    plan.given[view] = shape
    return shape, view


def _before(rule: Rule, window: Window) -> str:
    window.rules[0] = rule
    rows = window.rows((BATCH, LINE))
    return f"SELECT {BATCH}, {LINE} FROM ({rows}) AS b WHERE {window.wrong(rule)}"  # noqa: S608  # quoted names
