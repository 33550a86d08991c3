"""Renewing a model piecemeal: only the parts whose input rows changed are computed again.

One table drives the model: the one that its partition column comes from. The rule that makes
a part's rows depend on that part's input rows alone, and so the result equal to a full run:
every grouping, window and DISTINCT is within one part, nothing is cut off by LIMIT, and the
driving table is read once, in a place where each of its rows stands for itself. A change in any
other table computes everything anew.
"""

from collections.abc import Iterator

from sqlglot import exp

from tongqu.kernel.statements import quoted
from tongqu.lake.domain.packs import Partition

CHANGED = "changed_parts"  # view with one column ``part``: the values to compute again


def faults(query: exp.Query, partition: Partition) -> Iterator[str]:
    """Tell why a query cannot be renewed by parts; nothing when it can."""
    if partition.column.lower() not in {select.alias_or_name.lower() for select in query.selects}:
        yield f"输出中没有分区列 {partition.column}"
    known = {partition.column.lower(), _said(partition.expression)}
    for select in query.find_all(exp.Select):
        group = select.args.get("group")
        is_total = any(
            a
            for a in select.find_all(exp.AggFunc)
            if a.parent_select is select and not _in_window(a)
        )
        if (group or is_total) and not (group and known & {_said(e) for e in group.expressions}):
            yield "有汇总没有按分区列分组"
        if select.args.get("distinct") and not known & {_said(e.unalias()) for e in select.selects}:
            yield "DISTINCT 的列不含分区列"
        if any(join.side in {"RIGHT", "FULL"} for join in select.args.get("joins") or []):
            yield "分区更新的模型不用 RIGHT 或 FULL 连接"
    for window in query.find_all(exp.Window):
        if not known & {_said(e) for e in window.args.get("partition_by") or []}:
            yield "有窗口没有按分区列划分"
    if any(query.find_all(exp.Limit, exp.Offset)):
        yield "分区更新的模型不用 LIMIT"
    names = [table.name.lower() for table in query.find_all(exp.Table)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        yield f"{twice[0]} 被读取了两次"
    if any(query.find_all(exp.Except, exp.Intersect)):
        yield "分区更新的模型不用 EXCEPT 或 INTERSECT"
    for subquery in query.find_all(exp.Subquery, exp.In, exp.Exists):
        is_source = isinstance(subquery, exp.Subquery) and isinstance(
            subquery.parent, (exp.From, exp.Join)
        )
        reads = any(subquery.find_all(exp.Table))
        if reads and not is_source and not isinstance(subquery.parent, exp.SetOperation):
            yield "条件或表达式中的子查询须改写为连接"


def _in_window(node: exp.Expr) -> bool:
    return node.find_ancestor(exp.Window) is not None


def _said(expression: "exp.Expr | str") -> str:
    """Return an expression as it is spelled without the names of tables."""
    tree = exp.maybe_parse(expression, dialect="duckdb").copy()
    for column in tree.find_all(exp.Column):
        column.set("table", None)
    return tree.sql(dialect="duckdb", normalize=True).lower()


def restricted(query: exp.Query, table: str, partition: Partition) -> exp.Query:
    """Return the query over those rows of the driving table that belong to the changed parts."""
    part = query.copy()
    for found in list(part.find_all(exp.Table)):
        if found.name == table:
            alias = found.alias or table
            filtered: exp.Expr = exp.maybe_parse(
                f"SELECT * FROM {table} AS whole_table WHERE EXISTS (SELECT 1 FROM {CHANGED} AS c"  # noqa: S608
                f" WHERE c.part IS NOT DISTINCT FROM ({partition.expression}))",
                dialect="duckdb",
            )
            found.replace(
                exp.Subquery(this=filtered, alias=exp.TableAlias(this=exp.to_identifier(alias)))
            )
    return part


def changed_by_batch(expression: str) -> str:
    """Return the SELECT of the parts that came in since; the source layer is append-only.

    Views: ``now`` and ``before``, two snapshots of a table with ``_batch_id``.
    """
    return (
        f"SELECT DISTINCT {expression} AS part FROM now"  # noqa: S608  # a checked expression
        " WHERE _batch_id NOT IN"
        " (SELECT b._batch_id FROM before AS b WHERE b._batch_id IS NOT NULL)"
    )


def changed_by_rows(expression: str) -> str:
    """Return the SELECT of the parts in which rows came, went or changed between two snapshots."""
    return (
        f"SELECT DISTINCT {expression} AS part FROM ("  # noqa: S608  # a checked expression
        "(SELECT * FROM now EXCEPT ALL SELECT * FROM before)"
        " UNION ALL (SELECT * FROM before EXCEPT ALL SELECT * FROM now)) AS moved"
    )


def kept(columns: list[str], column: str, *, is_service: bool) -> str:
    """Return the SELECT that puts the new parts beside the old ones that did not change.

    Views: ``fresh``, ``former`` and the changed parts. A service table's gone rows stay behind.
    """
    names = ", ".join(map(quoted, columns))
    there = "f._op <> 'D' AND " if is_service else ""
    return (
        f"SELECT {names} FROM fresh UNION ALL SELECT {names} FROM former AS f WHERE {there}"  # noqa: S608
        f'NOT EXISTS (SELECT 1 FROM {CHANGED} AS c WHERE c.part IS NOT DISTINCT FROM f."{column}")'
    )


def strangers(column: str) -> str:
    """Return the SELECT that counts fresh rows outside the parts that were asked for."""
    return (
        f"SELECT count(*) FROM fresh AS f WHERE NOT EXISTS (SELECT 1 FROM {CHANGED} AS c"  # noqa: S608
        f' WHERE c.part IS NOT DISTINCT FROM f."{column}")'
    )
