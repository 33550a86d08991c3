"""Rows of another table counted beside a row of this one, as Spark can count them.

DuckDB judges any condition across the border of a subquery. Spark takes equal keys there and no
more, so rows of equal keys are gathered to a list and the rest is judged inside the list.
"""

from sqlglot import exp


def counted(node: exp.Expr) -> exp.Expr:
    """Count the rows of another table that fit a row of this one by more than equal keys.

    Rows of equal keys are gathered, the rest is judged beside each other: Spark takes no other
    comparison across the border of a subquery.
    """
    select = node.this if isinstance(node, exp.Subquery) else None
    if not isinstance(select, exp.Select) or not isinstance(select.selects[0], exp.Count):
        return node
    source, where = select.args.get("from_"), select.args.get("where")
    if source is None or where is None or not isinstance(source.this, exp.Table):
        return node
    own = source.this.alias_or_name
    parts = list(where.this.flatten()) if isinstance(where.this, exp.And) else [where.this]
    rest = [part for part in parts if not _is_key(part) and _reaches_out(part, own)]
    if not rest:
        return node
    names = sorted({c.name for part in rest for c in part.find_all(exp.Column) if c.table == own})
    fields = [exp.alias_(exp.column(name, own, quoted=True), name, quoted=True) for name in names]
    kept = select.copy()
    struct = exp.Anonymous(this="STRUCT", expressions=fields)
    kept.set("expressions", [exp.Anonymous(this="COLLECT_LIST", expressions=[struct])])
    kept.set("where", exp.Where(this=exp.and_(*(p.copy() for p in parts if p not in rest))))
    judge = exp.Lambda(this=exp.and_(*rest), expressions=[exp.to_identifier(own)])
    fitting = exp.Anonymous(this="FILTER", expressions=[exp.Subquery(this=kept), judge])
    size = exp.Anonymous(this="SIZE", expressions=[fitting])
    return exp.Paren(this=exp.Coalesce(this=size, expressions=[exp.Literal.number(0)]))


def beneath(node: exp.Expr) -> exp.Expr:
    """Gather in a query beneath: Spark takes no subquery inside a function with a lambda."""
    source = node.args.get("from_") if isinstance(node, exp.Select) else None
    if not isinstance(node, exp.Select) or source is None or node.args.get("joins"):
        return node
    judged = [
        call
        for selected in node.selects
        for call in selected.find_all(exp.Anonymous)
        if call.name.upper() == "FILTER"
        and isinstance(call.expressions[0], exp.Subquery)
        and call.find_ancestor(exp.Select) is node
    ]
    alias = source.this.alias_or_name
    rows = exp.select(exp.Column(this=exp.Star(), table=exp.to_identifier(alias)))
    for number, call in enumerate(judged):
        gathered, judge = call.expressions
        rows = rows.select(exp.alias_(gathered.copy(), f"_gathered{number}"))
        call.set("expressions", [exp.column(f"_gathered{number}", alias), judge])
    if judged:
        source.set("this", rows.from_(source.this.copy()).subquery(alias))
    return node


def _is_key(part: exp.Expr) -> bool:
    plain = (exp.Column,)
    return (
        isinstance(part, exp.EQ)
        and isinstance(part.this, plain)
        and isinstance(part.expression, plain)
    )


def _reaches_out(part: exp.Expr, own: str) -> bool:
    return any(column.table != own for column in part.find_all(exp.Column))
