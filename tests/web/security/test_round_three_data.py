"""What the doors of this stage tell about values that the asker may not see."""

import json
from typing import Any

import pytest

from tests.factories_delivery import ROWS, served_entry, served_table
from tests.world import World


@pytest.fixture
def own(world: World, lake: Any, at: Any) -> Any:
    served_table()
    return served_entry(world)


def ask(client: Any, sql: str) -> Any:
    body = json.dumps({"sql": sql})
    return client.post("/api/v1/query", body, content_type="application/json")


@pytest.mark.parametrize(
    "sql",
    [
        "WITH duckdb_views AS (SELECT * FROM duckdb_views) SELECT sql FROM duckdb_views, {t}",
        "WITH a AS (SELECT * FROM duckdb_views), duckdb_views AS (SELECT 1 AS b) SELECT * FROM a",
        "SELECT v.* FROM duckdb_views v, (WITH duckdb_views AS (SELECT 1) SELECT 2) z, {t}",
        "SELECT v.* FROM duckdb_columns v JOIN {t} ON v.column_name IN"
        " (WITH duckdb_columns AS (SELECT 'a' AS n) SELECT n FROM duckdb_columns)",
    ],
)
def test_a_name_of_another_part_of_the_text_opens_no_table_of_the_engine(
    own: Any, browser_of: Any, sql: str
) -> None:
    answer = ask(browser_of("cataloguer"), sql.replace("{t}", own.table))

    assert answer.status_code == 403, answer.content.decode()
    assert answer.json()["code"] == "QUERY_TABLE"
    assert "identity_number" not in answer.content.decode()


def test_with_clauses_are_seen_where_they_may_be(own: Any, browser_of: Any) -> None:
    sql = (
        f"WITH a AS (SELECT id FROM {own.table}), b AS (SELECT id FROM a WHERE id < 3)"
        " SELECT count(*) FROM b WHERE id IN (SELECT id FROM a)"
        " UNION ALL SELECT count(*) FROM (WITH c AS (SELECT * FROM b) SELECT * FROM c)"
    )

    answer = ask(browser_of("cataloguer"), sql)

    assert answer.status_code == 200, answer.content.decode()
    assert len({row[0] for row in answer.json()["rows"]}) == 1


LONG = "concat(x, x, x, x, x, x, x, x, x, x)"
SWELLING = (
    "WITH "
    + ", ".join(
        f"a{n} AS (SELECT {LONG if n else repr('x' * 100)} AS x FROM {f'a{n - 1}' if n else '{t}'})"
        for n in range(10)
    )
    + " SELECT length(x) AS n FROM a9"
)


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELECT regexp_matches('a', '(' || origin) FROM {t}", "QUERY_VALUES"),
        ("SELECT (SELECT origin FROM {t}) FROM {t}", "QUERY_VALUES"),
        ("SELECT strftime(CURRENT_DATE, '%' || 'Q') FROM {t}", "QUERY_VALUES"),
        (SWELLING, "QUERY_MEMORY"),
    ],
)
def test_what_the_engine_says_of_values_goes_nowhere(
    own: Any, browser_of: Any, caplog: Any, sql: str, code: str
) -> None:
    answer = ask(browser_of("cataloguer"), sql.replace("{t}", own.table))

    assert answer.status_code == 422, answer.content.decode()
    assert answer.json()["code"] == code
    assert not [row for row in ROWS if f"({row['origin']}" in caplog.text]


def test_tracing_a_row_is_no_way_to_try_out_its_values(own: Any, browser_of: Any) -> None:
    row = ROWS[0]
    phone = {"table": own.table, "key": f"phone={row['phone']}"}
    both = {"table": own.table, "key": [f"id={row['id']}", f"phone={row['phone']}"]}
    address = "/api/v1/lake/provenance"

    for who in ("support", "cataloguer"):
        for asked in (phone, both):
            answer = browser_of(who).get(address, asked)
            assert (answer.status_code, answer.json()["code"]) == (422, "COLUMN_UNKNOWN")
    for path in (address, "/api/v1/lake/decisions"):
        asked = {"table": own.table, "key": f"id={row['id']}"}
        assert browser_of("tourism").get(path, asked).status_code == 403
