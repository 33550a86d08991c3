"""Names in a statement: how one is written, and what it means."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp


def quoted(name: str) -> str:
    """Return a name as it stands in SQL, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def sources(query: "exp.Expr") -> "list[exp.Table]":
    """Return the tables that are no names of the statement's own WITH clauses."""
    from sqlglot import exp

    return [table for table in query.find_all(exp.Table) if table.db or not is_own(table)]


def is_own(table: "exp.Table") -> bool:
    """Say whether a WITH clause that can be seen from here names the table.

    A name of another part of the text, or one that is told later, is not it: the engine would
    look among its own tables then, which tell of what is hidden.
    """
    from sqlglot import exp

    name, parent = table.name.lower(), table.parent
    node: exp.Expr = table
    while parent is not None:
        if isinstance(parent, exp.With):
            at = [id(one) for one in parent.expressions].index(id(node))
            told = parent.expressions[: at + 1 if parent.args.get("recursive") else at]
        else:
            clause = parent.args.get("with_")
            told = clause.expressions if clause is not None and clause is not node else []
        if any(one.alias_or_name.lower() == name for one in told):
            return True
        node, parent = parent, parent.parent
    return False
