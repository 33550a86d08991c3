"""What is still there: rows of the source layer whose key nobody deleted or withdrew since.

The source layer only grows: a deletion (change capture) or a withdrawal (a full state without the
key) is a row with ``_op`` 'D', a truncation one with 'T'. Models never see such rows, nor what was
told of the key before them; what is told of the key later counts again.
"""

from collections.abc import Mapping, Sequence

from sqlglot import exp

from tongqu.kernel.statements import quoted, sources

OP, SEQ = "_op", "_seq"
_LATER = (
    "(gone._load_time > held._load_time"
    " OR (gone._load_time = held._load_time AND gone._line > held._line))"
)


def living(query: exp.Query, tables: Mapping[str, "Tells"]) -> exp.Query:
    """Return the query over what is there, for those of its tables that tell what is gone."""
    seen = query.copy()
    for found in [table for table in sources(seen) if table.name in tables]:
        alias = found.alias or found.name
        there: exp.Expr = exp.maybe_parse(tables[found.name].sql(found.name), dialect="duckdb")
        found.replace(exp.Subquery(this=there, alias=exp.TableAlias(this=exp.to_identifier(alias))))
    return seen


class Tells:
    """A table with deletions: its keys, and whether it is also truncated."""

    def __init__(self, keys: Sequence[str], columns: Sequence[str]) -> None:
        self.keys, self.is_truncated = tuple(keys), SEQ in columns

    def sql(self, table: str) -> str:
        """Return the SELECT of the rows that are there, in the dialect of models."""
        same = " AND ".join(f"gone.{quoted(key)} = held.{quoted(key)}" for key in self.keys)
        gone = [f"gone.{OP} = 'D' AND {same}"] if same else []
        gone += [f"gone.{OP} = 'T'"] if self.is_truncated else []
        never = "".join(
            f" AND NOT EXISTS (SELECT 1 FROM {table} AS gone WHERE {one} AND {_LATER})"  # noqa: S608
            for one in gone
        )
        return (
            f"SELECT held.* FROM {table} AS held"  # noqa: S608  # a table of ours, quoted keys
            f" WHERE coalesce(held.{OP}, '') NOT IN ('D', 'T'){never}"
        )


def tells_of(columns: Sequence[str], keys: str) -> Tells | None:
    """Return how a table of the source layer tells what is gone; None where it tells nothing."""
    named = [key.strip() for key in keys.split(",") if key.strip()]
    return Tells(named, columns) if OP in columns else None
