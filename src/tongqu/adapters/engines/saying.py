"""A query as Spark is to hear it: values put in, tables under their views, one dialect."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

import sqlglot
from sqlglot import exp

from tongqu.adapters.engines.duck import Parameters
from tongqu.kernel.problems import Problem
from tongqu.kernel.statements import sources
from tongqu.lake.public import to_spark, unportable
from tongqu.lake.vocabulary import NotReadable


def carried(sql: str, parameters: Parameters, views: Mapping[str, str]) -> str:
    """Return the query for Spark, values put in as typed literals, tables under their views.

    Raises: ``NotReadable`` NOT_PORTABLE for what the lint would refuse in a model.
    """
    query = _filled(sql, parameters)
    if found := next(iter(unportable(query)), None):
        raise _not_portable(f"使用了 {found[0]}，不能由分布式引擎计算：{found[1]}")
    for table in sources(query):
        name = table.name.lower()
        if name in views and isinstance(table.this, exp.Identifier):
            if not table.args.get("alias"):
                table.set("alias", exp.TableAlias(this=table.this.copy()))
            table.set("this", exp.to_identifier(views[name]))
    try:
        return to_spark(query)
    except ValueError:
        raise _not_portable("的次序或格式不能由分布式引擎计算") from None


def _not_portable(what: str) -> NotReadable:
    return NotReadable(
        Problem(
            code="NOT_PORTABLE",
            title=f"查询{what}。",
            next_step="请改写，或由本机引擎计算。",
            who="技术支持部门",
        )
    )


def _filled(sql: str, parameters: Parameters) -> exp.Expr:
    """Put values where the placeholders stand; in the order of the text, not of the tree."""
    if isinstance(parameters, Mapping):
        values = {str(key).lower(): value for key, value in parameters.items()}
        text = sql
    else:
        values = {f"p{at}": value for at, value in enumerate(parameters)}
        text = _numbered(sql)
    query = sqlglot.parse_one(text, dialect="duckdb")

    def put(node: exp.Expr) -> exp.Expr:
        if isinstance(node, (exp.Parameter, exp.Placeholder)):
            return literal(values[node.name.lower()])
        return node

    return query.transform(put)


def _numbered(sql: str) -> str:
    from sqlglot import TokenType

    parts, end = [], 0
    marks = [
        t for t in sqlglot.tokenize(sql, read="duckdb") if t.token_type is TokenType.PLACEHOLDER
    ]
    for at, token in enumerate(marks):
        parts.append(f"{sql[end : token.start]}$p{at}")
        end = token.end + 1
    return "".join([*parts, sql[end:]])


def literal(value: object) -> exp.Expr:
    """Return a value as it stands in SQL; text is quoted by the generator."""
    match value:
        case None | bool():
            return exp.convert(value)
        case int() | float() | Decimal():
            return exp.Paren(this=exp.convert(value)) if value < 0 else exp.convert(value)
        case datetime():
            kind = "TIMESTAMP" if value.tzinfo is None else "TIMESTAMPTZ"
            return exp.cast(exp.Literal.string(value.isoformat(sep=" ")), kind)
        case date():
            return exp.cast(exp.Literal.string(value.isoformat()), "DATE")
    return exp.Literal.string(str(value))
