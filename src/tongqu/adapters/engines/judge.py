"""Checks tried on one value: the same SQL and the same engine as at load."""

from collections.abc import Mapping, Sequence

import duckdb

from tongqu.standards.ports import Unreadable

SETTINGS = {"enable_external_access": "false", "threads": "1", "memory_limit": "256MB"}


class DuckJudge:
    """A fresh, closed engine for each question: it holds no table and reaches no file."""

    def judge(
        self, conditions: Sequence[str], row: Mapping[str, str | None]
    ) -> tuple[bool | None, ...]:
        if not conditions:
            return ()
        with duckdb.connect(":memory:", config=dict(SETTINGS)) as con:
            con.execute("SET lock_configuration = true")
            try:
                return _ask(con, conditions, row)
            except duckdb.Error:
                for position, condition in enumerate(conditions):
                    try:
                        _ask(con, [condition], row)
                    except duckdb.Error:
                        raise Unreadable(position) from None
                raise


def _ask(
    con: duckdb.DuckDBPyConnection, conditions: Sequence[str], row: Mapping[str, str | None]
) -> tuple[bool | None, ...]:
    cells = ", ".join(f'CAST(? AS VARCHAR) AS "{name}"' for name in row) or "1 AS nothing"
    asked = ", ".join(conditions)
    sql = f"SELECT {asked} FROM (SELECT {cells})"  # noqa: S608  (written by standards.domain)
    found = con.execute(sql, list(row.values())).fetchone()
    return tuple(found or ())
