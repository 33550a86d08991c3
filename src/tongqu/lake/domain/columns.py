"""Lineage column by column, read from a model's SQL."""

from collections.abc import Iterator, Mapping

from sqlglot import exp
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope

from tongqu.lake.vocabulary import Edge, Transform

Schema = Mapping[str, Mapping[str, str]]  # table → column → type
_ORDER = [Transform.DIRECT, Transform.DERIVED, Transform.AGGREGATE]


def edges(query: exp.Query, schema: Schema, *, target: str) -> list[Edge]:
    """Return the edges into every output column of a model.

    A column made of no other (``count(*)``) comes from ``*`` of each table that is read.
    """
    plain = _plain(schema)
    whole = qualify(query.copy(), schema=plain, dialect="duckdb")
    scope = build_scope(whole)
    found: dict[tuple[str, str, str], Transform] = {}
    for select in whole.selects:
        column = select.alias_or_name
        root = lineage(column, whole, schema=plain, dialect="duckdb", scope=scope)
        leaves = list(_leaves(root, Transform.DIRECT))
        if not leaves:
            kind = _kind(select)
            leaves = [(t, "*", kind) for t in sorted(schema)] if kind == Transform.AGGREGATE else []
        for table, source, transform in leaves:
            key = (table, source, column)
            known = found.get(key, Transform.DIRECT)
            found[key] = _stronger(known, transform)
    return [
        Edge(table, source, target, column, transform, target)
        for (table, source, column), transform in sorted(found.items())
    ]


def _plain(schema: Schema) -> dict[str, object]:
    """Return the schema with quoted columns: a source may call one ``@id`` or ``name:en``."""
    return {
        table: {
            exp.to_identifier(name, quoted=True).sql("duckdb"): kind
            for name, kind in columns.items()
        }
        for table, columns in schema.items()
    }


def _leaves(node: Node, so_far: Transform) -> Iterator[tuple[str, str, Transform]]:
    """Walk down to the tables; the path keeps the strongest transform it passed."""
    if isinstance(node.expression, exp.Table):
        yield node.expression.name, node.name.rsplit(".", 1)[-1].strip('"'), so_far
        return
    here = _stronger(so_far, _kind(node.expression))
    for below in node.downstream:
        yield from _leaves(below, here)


def _kind(expression: exp.Expr) -> Transform:
    inner = expression.unalias()
    if isinstance(inner, exp.Column):
        return Transform.DIRECT
    aggregates = (a for a in inner.find_all(exp.AggFunc) if not isinstance(a.parent, exp.Window))
    return Transform.AGGREGATE if any(aggregates) else Transform.DERIVED


def _stronger(one: Transform, other: Transform) -> Transform:
    return max(one, other, key=_ORDER.index)
