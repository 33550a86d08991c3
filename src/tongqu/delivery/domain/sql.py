"""The SQL of a plan.

Everything is built from data with sqlglot; a value is always a bound parameter and a name
always a quoted identifier, so no text of a caller is ever read as SQL. The engine renders
the JSON: no row passes through Python.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache

from sqlglot import exp

from tongqu.catalog.vocabulary import DataType
from tongqu.delivery.domain.compiler import GRANTED, MaskMaker, Plan, Shape
from tongqu.delivery.domain.filters import TEXTS
from tongqu.delivery.domain.gate import Column
from tongqu.delivery.vocabulary import Filter, Operator
from tongqu.security.vocabulary import Mask

BYTE_ORDER_MARK = "\ufeff"  # tells spreadsheets that a CSV is UTF-8


@lru_cache(maxsize=2048)
def sql_of(plan: Plan, mask: MaskMaker) -> str:
    rows = exp.select().from_(exp.to_identifier(GRANTED, quoted=True))
    if plan.shape is not Shape.CHANGES:  # a tombstone is news to a subscriber only
        rows = rows.where(exp.NEQ(this=_column("_op"), expression=exp.Literal.string("D")))
    for name, data_type, operator, count in plan.row_filter:
        rows = rows.where(_compared(_column(name), data_type, operator, count))
    shown = {column.name: _shown(column, plan.salt, mask) for column in plan.columns}
    for name, data_type, operator, count in plan.filters:
        rows = rows.where(_compared(shown[name], data_type, operator, count))
    match plan.shape:
        case Shape.COUNT:
            return _text(rows.select(exp.Count(this=exp.Star())))
        case Shape.TABLE:
            return _text(rows.select(*_headed(shown, plan.has_mark)))
    return _text(_page(rows, shown, plan))


def _page(rows: exp.Select, shown: Mapping[str, exp.Expression], plan: Plan) -> exp.Select:
    """Cut the page first and mask behind it: masks cost by the page, not by the table."""
    if plan.has_position:
        rows = rows.where(_after())
    order = (_column("_seq"), _column("_row_hash"))
    technical = [_column("_seq"), _column("_row_hash")]
    if plan.shape is Shape.CHANGES:
        technical.append(_column("_op"))
    read = dict.fromkeys(name for column in plan.columns for name in column.reads)
    rows = rows.select(*(_column(name) for name in read), *technical).order_by(*order)
    if plan.has_limit:
        rows = rows.limit(exp.Placeholder())
    fields = _object({c.name: _json_value(c, shown[c.name]) for c in plan.columns})
    if plan.point is not None:
        x, y = plan.point
        fields = _feature(shown[x].copy(), shown[y].copy(), fields)
    if plan.shape is Shape.CHANGES:
        fields = _object({"op": _column("_op"), "row": fields})
    ordered = exp.Order(this=exp.Literal.string(","), expressions=[*order])
    joined = exp.Anonymous(this="STRING_AGG", expressions=[exp.cast(fields, "VARCHAR"), ordered])
    last = exp.Order(this=_column("_row_hash"), expressions=[*order])
    return (
        exp.select(
            exp.alias_(exp.Count(this=exp.Star()), "n"),
            exp.alias_(exp.Max(this=_column("_seq")), "seq"),
            exp.alias_(exp.Anonymous(this="LAST", expressions=[last]), "hash"),
            exp.alias_(joined, "body"),
        )
        .from_("page")
        .with_("page", as_=rows)
    )


def _shown(column: Column, salt: str, mask: MaskMaker) -> exp.Expression:
    """Return the expression under which a column leaves: masked, rounded or as it is."""
    found = _column(column.source or column.name)
    if column.mask:
        masked = mask(Mask(column.mask), column.source or column.name, salt)
        if column.unless is None:
            return masked
        clear = exp.If(this=_literally(column.unless), true=exp.cast(found, "VARCHAR"))
        return exp.Case(ifs=[clear], default=masked)
    if column.rounding is None:
        return found
    if column.rounding.unit is not None:
        unit = exp.Literal.string(column.rounding.unit.value)
        return exp.Anonymous(this="DATE_TRUNC", expressions=[unit, found])
    decimals = exp.Literal.number(column.rounding.decimals or 0)
    return exp.Anonymous(this="ROUND", expressions=[found, decimals])


def _literally(found: Filter) -> exp.Expression:
    """Return a condition with its values in it: they are of a decision, never of a caller."""
    left = exp.cast(_column(found.item), "VARCHAR")
    return exp.In(this=left, expressions=[exp.Literal.string(value) for value in found.values])


def _compared(
    left: exp.Expression, data_type: DataType, operator: Operator, count: int
) -> exp.Expression:
    if operator is Operator.EMPTY:  # as it is kept: a value that does not convert is not empty
        text = exp.func("COALESCE", exp.cast(left.copy(), "VARCHAR"), exp.Literal.string(""))
        return exp.EQ(this=text, expression=exp.Literal.string(""))
    return _condition(_typed_column(left, data_type), operator, count)


def _condition(left: exp.Expression, operator: Operator, count: int) -> exp.Expression:
    marks = [exp.Placeholder() for _ in range(count)]
    if operator in BINARY:
        return BINARY[operator](this=left, expression=marks[0])
    match operator:
        case Operator.IN:
            return exp.In(this=left, expressions=marks)
        case Operator.BETWEEN:
            return exp.Between(this=left, low=marks[0], high=marks[1])
        case Operator.PREFIX:
            return exp.Anonymous(this="STARTS_WITH", expressions=[left, marks[0]])
        case Operator.HAS:
            parts = exp.Anonymous(this="STRING_SPLIT", expressions=[left, exp.Literal.string(",")])
            return exp.Anonymous(this="LIST_CONTAINS", expressions=[parts, marks[0]])
    raise ValueError(f"{operator} is not a comparison")


BINARY: dict[Operator, Callable[..., exp.Expression]] = {
    Operator.EQ: exp.EQ,
    Operator.NOT: exp.NEQ,
    Operator.MIN: exp.GTE,
    Operator.MAX: exp.LTE,
}
ENGINE_TYPES: dict[DataType, str] = {
    DataType.STRING: "VARCHAR",
    DataType.TEXT: "VARCHAR",
    DataType.INTEGER: "BIGINT",
    DataType.DECIMAL: "DOUBLE",
    DataType.DATE: "DATE",
    DataType.DATETIME: "TIMESTAMP",
    DataType.TIME: "TIME",
    DataType.BOOLEAN: "BOOLEAN",
}


def _typed_column(left: exp.Expression, data_type: DataType) -> exp.Expression:
    """Compare in the item's declared type; what does not convert does not match.

    The engine drops a cast to the column's own type, so an honest column pays nothing.
    """
    if data_type in TEXTS:
        return exp.cast(left.copy(), "VARCHAR")
    return exp.TryCast(this=left.copy(), to=exp.DataType.build(ENGINE_TYPES[data_type]))


def _after() -> exp.Condition:
    """Behind a position; _seq stands alone first, so that files can be skipped by it."""
    seq, mark = _column("_seq"), exp.Placeholder
    later = exp.or_(
        exp.GT(this=seq.copy(), expression=mark()),
        exp.GT(this=_column("_row_hash"), expression=mark()),
    )
    return exp.and_(exp.GTE(this=seq, expression=mark()), later)


def _headed(shown: Mapping[str, exp.Expression], has_mark: bool) -> list[exp.Expr]:
    marks = [BYTE_ORDER_MARK if has_mark and at == 0 else "" for at in range(len(shown))]
    return [
        exp.alias_(expression.copy(), mark + name, quoted=True)
        for mark, (name, expression) in zip(marks, shown.items(), strict=True)
    ]


def _json_value(column: Column, shown: exp.Expression) -> exp.Expression:
    """JSON has no NaN and no infinity; they leave as null."""
    if column.data_type is not DataType.DECIMAL or column.mask:
        return shown.copy()
    number = exp.TryCast(this=shown.copy(), to=exp.DataType.build("DOUBLE"))
    finite = exp.Anonymous(this="ISFINITE", expressions=[number])
    return exp.Case(ifs=[exp.If(this=finite, true=shown.copy())])


def _object(fields: Mapping[str, exp.Expression]) -> exp.Expression:
    pairs: list[exp.Expression] = []
    for name, expression in fields.items():
        pairs += [exp.Literal.string(name), expression]
    return exp.Anonymous(this="JSON_OBJECT", expressions=pairs)


def _feature(x: exp.Expression, y: exp.Expression, fields: exp.Expression) -> exp.Expression:
    """Return a row as a GeoJSON feature; without both coordinates its geometry is null."""
    place = exp.Anonymous(this="JSON_ARRAY", expressions=[x, y])
    point = _object({"type": exp.Literal.string("Point"), "coordinates": place})
    known = exp.and_(
        *(
            exp.Anonymous(
                this="ISFINITE",
                expressions=[exp.TryCast(this=one.copy(), to=exp.DataType.build("DOUBLE"))],
            )
            for one in (x, y)
        )
    )
    return _object(
        {
            "type": exp.Literal.string("Feature"),
            "geometry": exp.Case(ifs=[exp.If(this=known, true=point)]),
            "properties": fields,
        }
    )


def _column(name: str) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True))


def _text(expression: exp.Expression) -> str:
    return expression.sql(dialect="duckdb")
