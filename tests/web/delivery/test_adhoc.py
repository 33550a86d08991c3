"""即席查询: a person's SQL sees what its right lets it see, and nothing behind it (LAK-13)."""

import json

import pytest

from tests.factories_delivery import PURPOSE, ROWS, grant, served_entry, served_table
from tongqu.audit.models import AuditEntry
from tongqu.delivery.models import QueryRun


@pytest.fixture
def own(world, lake, at):
    """An entry of the civil-aviation office with its served table; the phone is level 3."""
    served_table()
    return served_entry(world)


def ask(client, sql: str, purpose: str = ""):
    body = json.dumps({"sql": sql, "purpose": purpose})
    return client.post("/api/v1/query", body, content_type="application/json")


@pytest.mark.req("LAK-13")
def test_a_level_3_column_comes_back_masked_and_the_audit_row_names_the_policy(
    own, browser_of
) -> None:
    answer = ask(browser_of("cataloguer"), f"SELECT * FROM {own.table}")

    assert answer.status_code == 200, answer.content.decode()
    found = answer.json()
    phone = found["columns"].index("phone")
    assert len(found["rows"]) == len(ROWS)
    assert {row[phone][3:7] for row in found["rows"]} == {"****"}
    entry = AuditEntry.objects.filter(action="delivery.query.run").get()
    assert own.code in entry.details["policies"][0]
    assert entry.details["masks"] == {own.table: {"phone": "cover"}}


SECRETS = [str(row[name]) for row in ROWS for name in ("phone", "identity_number", "address")]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT phone || '' FROM {t}",
        "SELECT CAST(phone AS BIGINT) FROM {t}",
        'SELECT TRY_CAST(phone AS VARCHAR) FROM {t} AS "{t}"',
        "SELECT identity_number FROM {t}",
        "SELECT t.address FROM {t} AS t",
        "SELECT * FROM (SELECT * FROM {t}) UNION ALL SELECT * FROM {t}",
        "WITH {t} AS (SELECT 1 AS phone) SELECT * FROM {t}",
        "WITH g0_seen AS (SELECT 1) SELECT * FROM {t}",
        "SELECT * FROM g0_rows",
        "SELECT (SELECT max(phone) FROM {t} b WHERE b.id = a.id) FROM {t} a",
        "SELECT * FROM {t} /* x */ WHERE phone LIKE '138%' -- y",
        "SELECT g0_rows.phone FROM {t}",
        "SELECT struct_pack(a := phone) FROM {t}",
        "SELECT {t} FROM {t}",
        "SELECT COLUMNS('.*') FROM {t}",
    ],
)
def test_no_wording_gets_at_a_masked_or_hidden_value(own, browser_of, sql: str) -> None:
    answer = ask(browser_of("cataloguer"), sql.replace("{t}", own.table))

    text = answer.content.decode()
    assert not [secret for secret in SECRETS if secret in text]
    assert answer.status_code in {200, 403, 422}


@pytest.mark.parametrize(
    ("sql", "status"),
    [
        ("SELECT 1; SELECT 2", 422),
        ("DROP TABLE x", 422),
        ("PRAGMA database_list", 422),
        ("ATTACH 'x.db'", 422),
        ("COPY (SELECT 1) TO '/tmp/x'", 422),
        ("SELECT * FROM read_csv('/etc/passwd')", 422),
        ("SELECT * FROM '/etc/passwd'", 403),
        ("SELECT * FROM glob('*')", 422),
        ("SELECT * FROM information_schema.tables", 403),
        ("SELECT * FROM duckdb_settings()", 422),
        ("SELECT * FROM sqlite_master", 403),
        ("SELECT getenv('HOME')", 422),
        ("SELECT * FROM range(10)", 422),
        ("WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT * FROM r", 422),
        ("SELECT * FROM sⅴc_x", 403),
        ("SELECT * FROM ods.ods_secret", 403),
        ("SELECT $moment", 422),
        ("SELECT " + "(" * 200 + "1" + ")" * 200, 422),
    ],
)
def test_what_is_not_a_query_of_granted_tables_is_refused(own, browser_of, sql, status) -> None:
    answer = ask(browser_of("cataloguer"), sql)

    assert answer.status_code == status, answer.content.decode()
    assert QueryRun.objects.count() == 0
    assert AuditEntry.objects.filter(action="delivery.query.refused").count() == 1


def test_a_grant_shows_its_items_for_its_purpose_and_is_counted(own, world, browser_of) -> None:
    number = grant(world, own, items=("id", "phone", "origin")).number
    client = browser_of("consumer")

    found = ask(client, f"SELECT * FROM {own.table} WHERE id < 3 ORDER BY id", PURPOSE).json()

    assert found["columns"] == ["id", "phone", "origin"]
    assert found["rows"][0][1].startswith("138****")
    assert number in found["policies"][0]
    assert ask(client, f"SELECT * FROM {own.table}", "statistics").status_code == 403
    assert ask(browser_of("tourism"), f"SELECT * FROM {own.table}").status_code == 403


def test_limits_hold(own, browser_of, settings) -> None:
    client = browser_of("cataloguer")
    settings.ADHOC = {**settings.ADHOC, "ROWS": 5}
    found = ask(client, f"SELECT id FROM {own.table}").json()
    assert (len(found["rows"]), found["has_more"]) == (5, True)

    settings.ADHOC = {**settings.ADHOC, "SECONDS": 0.3}
    huge = ", ".join(f"{own.table} AS t{n}" for n in range(9))
    assert ask(client, f"SELECT count(*) FROM {huge}").json()["code"] == "QUERY_STOPPED"
    settings.ADHOC = {**settings.ADHOC, "BYTES": 10}
    assert ask(client, f"SELECT id FROM {own.table}").json()["code"] == "QUERY_TOO_BIG"
    settings.ADHOC = {**settings.ADHOC, "AT_ONCE": 0}
    assert ask(client, f"SELECT id FROM {own.table}").status_code == 429


def test_two_queries_that_begin_at_once_see_each_other(own, world, settings, monkeypatch) -> None:
    """The second waits while the first counts and notes itself, in whichever process."""
    from tongqu.delivery.actions import adhoc
    from tongqu.lake.public import alone

    noted, by = adhoc._noted, world.actor("cataloguer")

    def meanwhile(*given, **named):
        with alone(f"query.{adhoc._digest(by.key)[:32]}") as is_free:
            assert not is_free
        return noted(*given, **named)

    monkeypatch.setattr(adhoc, "_noted", meanwhile)
    assert adhoc.ask(f"SELECT id FROM {own.table}", by=by).rows.num_rows


def test_the_tables_of_a_department_are_found_in_a_fixed_number_of_statements(
    own, world, django_assert_max_num_queries
) -> None:
    from tongqu.delivery.actions import adhoc

    with django_assert_max_num_queries(5):
        assert [seen.table for seen in adhoc.own(world.actor("cataloguer"))] == [own.table]
    assert list(adhoc.own(world.actor("cataloguer"), ("svc_other",))) == []


def test_the_page_asks_saves_and_exports_with_a_reason(own, browser_of) -> None:
    client = browser_of("cataloguer")
    sql = f"SELECT origin, count(*) AS n FROM {own.table} GROUP BY origin ORDER BY origin"

    page = client.post("/manage/query/", {"sql": sql, "save_as": "各场"}).content.decode()

    for word in ("EWR", "本部门数据", "各场"):
        assert word in page
    assert client.get("/manage/query/").status_code == 200
    refused = client.post("/manage/query/export", {"sql": sql, "reason": ""})
    assert refused.status_code == 422
    file = client.post("/manage/query/export", {"sql": sql, "reason": "示例：核对航线"})
    assert file.status_code == 200
    assert "EWR,10" in file.content.decode()
    kept = AuditEntry.objects.filter(action="delivery.query.exported").get()
    assert kept.details["reason"] == "示例：核对航线"
    wrong = client.post("/manage/query/", {"sql": "SELECT 1 FROM nowhere"})
    assert wrong.status_code == 403
    assert "没有可查的表" in wrong.content.decode()
