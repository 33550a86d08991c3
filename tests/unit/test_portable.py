"""A query as Spark hears it keeps the meaning that it has on DuckDB."""

import pytest
import sqlglot

from tongqu.lake.domain.portable import to_spark


@pytest.mark.parametrize(
    ("own", "spark"),
    [
        (
            "SELECT max_by(a, b) FROM t",
            "SELECT MAX_BY(a, b) FILTER(WHERE NOT a IS NULL AND NOT b IS NULL) FROM t",
        ),
        (
            "SELECT min_by(a, b) FILTER (WHERE c > 1) FROM t",
            "SELECT MIN_BY(a, b) FILTER(WHERE c > 1 AND NOT a IS NULL AND NOT b IS NULL) FROM t",
        ),
        ("SELECT sum(a) FILTER (WHERE c > 1) FROM t", "SELECT SUM(a) FILTER(WHERE c > 1) FROM t"),
    ],
)
def test_rows_without_value_or_measure_are_passed_over(own: str, spark: str) -> None:
    assert to_spark(sqlglot.parse_one(own, dialect="duckdb")) == spark


def test_rows_counted_beside_a_row_are_gathered_beneath_it() -> None:
    own = (
        "SELECT t.*, (SELECT count(*) FROM v AS o WHERE o.k = t.k AND o.x <> t.x) AS n FROM v AS t"
    )

    assert to_spark(sqlglot.parse_one(own, dialect="duckdb")) == (
        "SELECT t.*, (COALESCE(SIZE(FILTER(t._gathered0, o -> o.x <> t.x)), 0)) AS n FROM"
        " (SELECT t.*, (SELECT COLLECT_LIST(STRUCT(`o`.`x` AS `x`)) FROM v AS o WHERE o.k = t.k)"
        " AS _gathered0 FROM v AS t) AS t"
    )
