"""One dialect, two engines: a query in DuckDB's words, said again in Spark's.

A model and a quality rule are written once. What sqlglot's own translation would change in
meaning is rewritten here first; a function that is in neither list is refused by the lint with
its reason, never carried over in the hope that both engines mean the same by it.
"""

from collections.abc import Callable, Iterator
from typing import cast

from sqlglot import exp

from tongqu.lake.domain.forms import CARRIED, NAMED, REASONS, TYPES_AT_HOME, pattern
from tongqu.lake.domain.gathered import beneath, counted

UNSAID = "另一引擎没有同义的写法，或未经对照检验"
ANY_ORDER = "没有写明次序，取到哪一行随引擎而变；请写 ORDER BY"


def unportable(query: exp.Expr) -> Iterator[tuple[str, str]]:
    """Tell what of a query cannot be carried over, and why."""
    for node in query.find_all(exp.Func, exp.Array, exp.Struct):
        name = type(node).__name__
        if isinstance(node, exp.Anonymous):
            if node.name.lower() not in NAMED:
                yield node.name.lower(), UNSAID
        elif name not in CARRIED:
            yield node.sql_name().lower(), REASONS.get(name, UNSAID)
        elif isinstance(node, (exp.First, exp.Last, exp.AnyValue)) and not _is_ordered(node):
            yield node.sql_name().lower(), ANY_ORDER
        elif isinstance(node, (exp.RegexpLike, exp.RegexpFullMatch)) and not _is_written(node):
            yield node.sql_name().lower(), "格式须直接写在语句中"
        elif isinstance(node, exp.GroupConcat) and _ordering(node) is None:
            yield "string_agg", ANY_ORDER
    for kind in query.find_all(exp.DataType):
        if kind.this.name in TYPES_AT_HOME:
            yield kind.sql("duckdb").lower(), "另一引擎没有这个类型"
    for limit in query.find_all(exp.Limit):
        owner = limit.parent
        if isinstance(owner, exp.Query) and not owner.args.get("order"):
            yield "limit", ANY_ORDER
    if any(query.find_all(exp.TableSample)):
        yield "tablesample", "抽到哪些行随引擎而变"


def _is_written(node: exp.Expr) -> bool:
    """Say whether a pattern stands in the query: one out of a column cannot be put right."""
    form = node.expression if not isinstance(node, exp.Anonymous) else node.expressions[-1]
    return isinstance(form, (exp.Literal, exp.Placeholder, exp.Parameter))


def _is_ordered(node: exp.Expr) -> bool:
    return isinstance(node.this, exp.Order) or isinstance(node.parent, exp.Window)


def _ordering(node: exp.GroupConcat) -> exp.Order | None:
    return next((found for found in (node.this, *node.args.values()) if _order(found)), None)


def _order(found: object) -> bool:
    return isinstance(found, exp.Order)


def to_spark(query: exp.Expr) -> str:
    """Return the query in Spark's dialect with the meaning that it has on DuckDB.

    The session is to have ANSI casts, Shanghai as its zone, and moments without a zone as its
    timestamps. Raises: ``ValueError`` for what cannot be carried over.
    """
    tree = query.copy()
    kinds = {type(node) for node in tree.walk()}
    for concerned, rewrite in REWRITES:
        if any(issubclass(kind, concerned) for kind in kinds):
            tree = tree.transform(rewrite, copy=False)
            kinds = {type(node) for node in tree.walk()}  # of what it wrote, too
    return tree.sql(dialect="spark", comments=False)


def _try(node: exp.Expr) -> exp.Expr:
    """TRY(x) has no equal. Inside it casts are TRY_CAST and division is safe; what is left is a
    whole number beyond 64 bits, which Spark refuses with an error."""
    return exp.Paren(this=node.this) if isinstance(node, exp.Try) else node


def _interval(node: exp.Expr) -> exp.Expr:
    """A span as it is written everywhere: a plain number and a unit in the singular."""
    if not isinstance(node, exp.Interval) or not isinstance(node.this, (exp.Paren, exp.Literal)):
        return node
    size = node.this.unnest()
    unit = node.text("unit").upper().rstrip("S")
    return exp.Interval(this=exp.Literal.string(size.name), unit=exp.var(unit))


def _member(node: exp.Expr) -> exp.Expr:
    """Membership in what a subquery gives stands in places where Spark takes no subquery.

    A written list goes back into the statement. A table's keys become one array of distinct
    values; an empty one holds nothing, not even for NULL.
    """
    query = node.args.get("query") if isinstance(node, exp.In) else None
    if query is None:
        return node
    select = query.this if isinstance(query, exp.Subquery) else query
    if not isinstance(select, exp.Select):
        return node
    shown = select.selects[0]
    if isinstance(shown, (exp.Unnest, exp.Explode)) and not select.args.get("from_"):
        listed = shown.find(exp.Array)
        return (
            exp.In(this=node.this.copy(), expressions=[e.copy() for e in listed.expressions])
            if listed
            else node
        )
    if not _is_judged(node):
        return node
    kept = select.copy()
    kept.set(
        "expressions", [exp.Anonymous(this="COLLECT_SET", expressions=[shown.unalias().copy()])]
    )
    keys = exp.Subquery(this=kept)
    empty = exp.EQ(this=exp.Anonymous(this="SIZE", expressions=[keys]), expression=_number(0))
    found = exp.Anonymous(this="ARRAY_CONTAINS", expressions=[keys.copy(), node.this.copy()])
    return exp.Paren(
        this=exp.Case(
            ifs=[exp.If(this=empty, true=exp.false()), exp.If(this=_filled(node.this), true=found)]
        )
    )


def _is_judged(node: exp.Expr) -> bool:
    """Say whether a predicate stands in an aggregate's FILTER or in what is selected."""
    where = node.find_ancestor(exp.Where, exp.Join, exp.Select)
    return not isinstance(where, (exp.Where, exp.Join)) or isinstance(where.parent, exp.Filter)


def _division(node: exp.Expr) -> exp.Expr:
    """By zero: DuckDB gives NULL for whole numbers and no error for any."""
    if isinstance(node, exp.IntDiv):
        return exp.IntDiv(this=node.this, expression=_not_zero(node.expression))
    if isinstance(node, exp.Mod):
        return exp.Mod(this=node.this, expression=_not_zero(node.expression))
    if isinstance(node, exp.Div):
        left, right = exp.cast(node.this, "double"), exp.cast(node.expression, "double")
        whole = exp.Div(this=left.copy(), expression=_not_zero(right), typed=False, safe=False)
        if isinstance(node.expression, exp.Literal):
            return exp.Paren(this=whole)
        sign = exp.Case(
            ifs=[
                exp.If(this=exp.NEQ(this=right.copy(), expression=_number(0)), true=whole),
                exp.If(
                    this=exp.GT(this=left.copy(), expression=_number(0)), true=_double("Infinity")
                ),
                exp.If(
                    this=exp.LT(this=left.copy(), expression=_number(0)), true=_double("-Infinity")
                ),
                exp.If(this=exp.EQ(this=left.copy(), expression=_number(0)), true=_double("NaN")),
            ]
        )
        return exp.Paren(this=sign)
    return node


def _not_zero(right: exp.Expr) -> exp.Expr:
    if isinstance(right, exp.Literal) and right.name not in {"0", "0.0"}:
        return right
    return exp.Nullif(this=right.copy(), expression=_number(0))


def _number(value: int) -> exp.Expr:
    return exp.Literal.number(value)


def _double(text: str) -> exp.Expr:
    return exp.cast(exp.Literal.string(text), "double")


def _arguments(node: exp.Expr) -> exp.Expr:
    """max_by and min_by pass over rows whose value or measure is NULL."""
    chosen, own = node, []
    if isinstance(node, exp.Filter):
        chosen, own = node.this, [node.expression.this.copy()]
    elif isinstance(node.parent, exp.Filter):
        return node  # which has been looked at
    if not isinstance(chosen, (exp.ArgMax, exp.ArgMin)):
        return node
    filled = exp.and_(*own, _filled(chosen.this), _filled(chosen.expression))
    return exp.Filter(this=chosen.copy(), expression=exp.Where(this=filled))


def _filled(node: exp.Expr) -> exp.Expr:
    return exp.Not(this=exp.Is(this=node.copy(), expression=exp.Null()))


def _ordered(node: exp.Expr) -> exp.Expr:
    """first and last of an order: the value beside the least or greatest place in it."""
    if isinstance(node, (exp.First, exp.Last)) and isinstance(node.this, exp.Order):
        order = node.this
        key = _place(order)
        kind = exp.ArgMin if isinstance(node, exp.First) else exp.ArgMax
        return kind(this=order.this.copy(), expression=key)
    return node


def _place(order: exp.Order) -> exp.Expr:
    """Return a struct that sorts as the order does: NULLs last, as DuckDB has them."""
    parts: list[exp.Expr] = []
    for one in order.expressions:
        if one.args.get("desc"):
            raise ValueError("a descending order inside first or last is not carried over")
        parts += [exp.Is(this=one.this.copy(), expression=exp.Null()), one.this.copy()]
    return exp.Anonymous(this="STRUCT", expressions=parts)


def _differences(node: exp.Expr) -> exp.Expr:
    """date_diff counts the borders that are crossed, not the whole units between."""
    if not isinstance(node, exp.DateDiff):
        return node
    unit = (node.text("unit") or "DAY").upper().rstrip("S")
    if unit == "DAY":
        sides = [exp.cast(node.this, "date"), exp.cast(node.expression, "date")]
        return exp.Anonymous(this="DATEDIFF", expressions=sides)
    if unit in {"YEAR", "MONTH"}:
        year = exp.Sub(
            this=exp.Year(this=node.this.copy()), expression=exp.Year(this=node.expression.copy())
        )
        if unit == "YEAR":
            return exp.Paren(this=year)
        month = exp.Sub(
            this=exp.Month(this=node.this.copy()), expression=exp.Month(this=node.expression.copy())
        )
        total = exp.Add(
            this=exp.Mul(this=exp.Paren(this=year), expression=_number(12)), expression=month
        )
        return exp.Paren(this=total)
    size = {"SECOND": 1, "MINUTE": 60, "HOUR": 3600}[unit]
    ends = [_seconds(side) for side in (node.this, node.expression)]
    cut = [
        end if size == 1 else exp.Floor(this=exp.Div(this=end, expression=_number(size)))
        for end in ends
    ]
    return exp.Paren(
        this=exp.Sub(this=exp.cast(cut[0], "bigint"), expression=exp.cast(cut[1], "bigint"))
    )


def _seconds(side: exp.Expr) -> exp.Expr:
    zoned = exp.cast(side.copy(), exp.DataType.build("TIMESTAMPTZ"))
    return exp.Anonymous(this="UNIX_TIMESTAMP", expressions=[zoned])


def _words(node: exp.Expr) -> exp.Expr:  # noqa: PLR0911  # one answer for each function
    """Functions by other names, and text functions of another temper."""
    if isinstance(node, exp.RegexpFullMatch):
        return _full_match(node.this, node.expression)
    if isinstance(node, exp.RegexpLike):
        return _like(node.this, node.expression)
    if not isinstance(node, exp.Anonymous):
        return node
    given = node.expressions
    match node.name.lower():
        case "regexp_full_match":
            return _full_match(given[0], given[1])
        case "to_hours":
            hour = exp.Interval(this=exp.Literal.string("1"), unit=exp.var("HOUR"))
            return exp.Paren(this=exp.Mul(this=hour, expression=given[0]))
        case "try_strptime":
            form = given[1].name.replace("%Y", "yyyy").replace("%m", "MM").replace("%d", "dd")
            spelled = exp.Literal.string(form)
            return exp.Anonymous(this="TRY_TO_TIMESTAMP", expressions=[given[0], spelled])
        case "isfinite":
            text = exp.Lower(this=exp.cast(given[0], "string"))
            odd = [
                exp.Literal.string(word) for word in ("nan", "infinity", "-infinity", "inf", "-inf")
            ]
            return exp.Not(this=exp.In(this=text, expressions=odd))
    return node


BLANKS = r"^\p{Zs}+|\p{Zs}+$"


def _blanks(node: exp.Expr) -> exp.Expr:
    """DuckDB trims every space of Unicode, the full-width one too; Spark only the plain one."""
    if not isinstance(node, exp.Trim) or node.expression:
        return node
    side = {"LEADING": BLANKS.split("|", maxsplit=1)[0], "TRAILING": BLANKS.split("|")[1]}
    form = exp.Literal.string(side.get(node.text("position").upper(), BLANKS))
    given = [node.this.copy(), form, exp.Literal.string("")]
    return exp.Anonymous(this="REGEXP_REPLACE", expressions=given)


def _numbers(node: exp.Expr) -> exp.Expr:
    """A number with a point meets doubles: as a decimal it would drag them along."""
    if isinstance(node, exp.Literal) and not node.is_string and "." in node.name:
        return exp.cast(exp.Literal.string(node.name), "double")
    return node


def _moments(node: exp.Expr) -> exp.Expr:
    """A day compared with a moment is its midnight; said outright, no engine has to guess."""
    if not isinstance(node, (exp.LT, exp.LTE, exp.GT, exp.GTE, exp.EQ, exp.NEQ)):
        return node
    sides = [node.this, node.expression]
    marks = [_is_moment(side) for side in sides]
    if any(marks) and not all(marks):
        at = marks.index(False)
        other = sides[at]
        node = node.copy()
        node.set("expression" if at else "this", exp.cast(other.copy(), "TIMESTAMP"))
    return node


MOMENTS = frozenset({"TIMESTAMP", "TIMESTAMPNTZ"})


def _is_moment(side: exp.Expr) -> bool:
    bare = side.unnest()
    if isinstance(bare, (exp.Add, exp.Sub)):
        return _is_moment(bare.this)
    return isinstance(bare, (exp.Cast, exp.TryCast)) and bare.to.this.name in MOMENTS


def _full_match(value: exp.Expr, form: exp.Expr) -> exp.Expr:
    return _like(value, form, r"\A(?:", r")\z")


def _like(value: exp.Expr, form: exp.Expr, before: str = "", after: str = "") -> exp.Expr:
    if not isinstance(form, exp.Literal):  # a pattern out of a column: refused by the lint
        raise ValueError("a pattern must be written in the query")
    whole = exp.Literal.string(f"{before}{pattern(form.name)}{after}")
    return exp.Anonymous(this="REGEXP_LIKE", expressions=[value.copy(), whole])


# Each with the kinds of nodes that it looks at: to visit every node for nothing takes its time.
REWRITES = cast(
    "tuple[tuple[tuple[type[exp.Expr], ...], Callable[[exp.Expr], exp.Expr]], ...]",
    (
        ((exp.Try,), _try),
        ((exp.Interval,), _interval),
        ((exp.LT, exp.LTE, exp.GT, exp.GTE, exp.EQ, exp.NEQ), _moments),
        ((exp.Literal,), _numbers),
        ((exp.Trim,), _blanks),
        ((exp.In,), _member),
        ((exp.Subquery,), counted),
        ((exp.Select,), beneath),
        ((exp.IntDiv, exp.Mod, exp.Div), _division),
        ((exp.ArgMax, exp.ArgMin), _arguments),
        ((exp.First, exp.Last), _ordered),
        ((exp.DateDiff,), _differences),
        ((exp.RegexpFullMatch, exp.RegexpLike, exp.Anonymous), _words),
    ),
)
