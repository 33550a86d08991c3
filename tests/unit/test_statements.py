"""A WITH clause gives a name to what can see it, and to nothing else."""

import pytest
import sqlglot

from tongqu.adapters.engines.duck import check
from tongqu.kernel.statements import sources
from tongqu.lake.vocabulary import NotReadable


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("WITH a AS (SELECT 1), b AS (SELECT * FROM a) SELECT * FROM b, a", []),
        ("SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a) AS x, a", ["a"]),
        ("WITH b AS (SELECT * FROM a), a AS (SELECT 1) SELECT * FROM a, b", ["a"]),
        ("WITH a AS (SELECT * FROM a) SELECT * FROM a", ["a"]),
        ("WITH RECURSIVE a AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM a) FROM a", []),
        ("WITH a AS (SELECT 1) SELECT (SELECT max(n) FROM c) FROM a UNION ALL FROM a", ["c"]),
        ("SELECT * FROM A WHERE EXISTS (WITH A AS (SELECT 1) SELECT * FROM a)", ["A"]),
    ],
)
def test_a_name_is_a_clauses_own_only_where_the_clause_can_be_seen(text: str, read: list) -> None:
    assert [table.name for table in sources(sqlglot.parse_one(text, dialect="duckdb"))] == read


def test_a_clause_elsewhere_in_a_query_opens_no_table_of_the_engine() -> None:
    hidden = "SELECT * FROM (WITH duckdb_views AS (SELECT 1 AS n) FROM duckdb_views), duckdb_views"

    with pytest.raises(NotReadable):
        check(hidden, frozenset({"t"}))
    check("WITH x AS (SELECT * FROM t) SELECT * FROM x", frozenset({"t"}))
