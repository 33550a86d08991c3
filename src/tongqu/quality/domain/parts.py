"""What every statement of a scan is made of: the plan, names of columns, bound values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tongqu.quality.domain.places import Shape
from tongqu.quality.domain.rules import Rule

if TYPE_CHECKING:  # heavy: loaded by the functions that need it
    from sqlglot import exp

BATCH, LINE, LOADED, CHANGE = "_batch_id", "_line", "_load_time", "_op"
EMPTY: Mapping[str, str] = {}
NO_SHAPES: Mapping[str, Shape] = {}


@dataclass(slots=True)
class Plan:
    """SQL in DuckDB's dialect with ``?`` parameters in order.

    Shape: one row: ``n`` rows, then for rule i the pair ``c<i>`` checked, ``w<i>`` wrong; then
    for rules of kind DRIFT ``s<i>_<j>``, the rows in each bin.
    ``rights`` hold, for rules of kind CHECK and RELATED, SQL built by the language of checks.
    """

    sql: str
    parameters: list[object] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)  # view → table it stands for
    rights: Mapping[str, str] = field(default_factory=dict)  # rule code → SQL of a right row
    counted: dict[str, str] = field(default_factory=dict)  # column put beside t → subquery
    given: dict[str, Shape] = field(default_factory=dict)  # view → rows handed in
    shapes: Mapping[str, Shape] = field(default_factory=dict)  # rule code → where things are


def column(name: str) -> "exp.Column":
    from sqlglot import exp

    return exp.column(exp.to_identifier(name, quoted=True))


def text_of(rule: Rule) -> "exp.Expr":
    from sqlglot import exp

    return exp.cast(column(rule.column), "VARCHAR")


def all_filled(columns: "Sequence[exp.Expr]") -> "exp.Expr":
    from sqlglot import exp

    return exp.and_(
        *(exp.Not(this=exp.Is(this=column.copy(), expression=exp.Null())) for column in columns)
    )


def count_if(predicate: "exp.Expr") -> "exp.Expr":
    from sqlglot import exp

    return exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=predicate))


def bound(plan: Plan, value: object) -> "exp.Placeholder":
    from sqlglot import exp

    plan.parameters.append(value)
    return exp.Placeholder()


def whole_of(rule: Rule, key: str) -> int:
    return int(str(rule.limits[key]))


def members(value: object) -> Sequence[object]:
    return value if isinstance(value, (list, tuple)) else (value,)


def joined_as(rule: Rule, own: str) -> str:
    """Return the name of the condition that joins a column through a cross-walk."""
    return f"{rule.code}.on.{own}"


def counted_as(rule: Rule) -> str:
    """Return the name of the column that holds ``n`` of a RELATED rule."""
    return f"n.{rule.code}"


def summed_as(rule: Rule) -> str:
    """Return the name of the column that holds ``total`` of a RELATED rule."""
    return f"total.{rule.code}"
