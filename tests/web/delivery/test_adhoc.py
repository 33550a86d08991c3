"""即席查询: a person's SQL sees what its right lets it see, and nothing behind it (LAK-13)."""

import json

import pyarrow as pa
import pytest

from tests.factories_delivery import ITEMS, PURPOSE, ROWS, grant, served_entry, served_table
from tongqu.audit.models import AuditEntry
from tongqu.delivery.models import QueryRun
from tongqu.ingest import public as ingest
from tongqu.kernel.actor import PLATFORM
from tongqu.lake.public import ods_ref, own_tables, run_models, store


@pytest.fixture
def own(world, lake, at):
    """An entry of the civil-aviation office with its served table; the phone is level 3."""
    served_table()
    return served_entry(world)


KEY = "concat_ws('-', a.id, b.id, c.id, d.id, a.origin, b.origin)"


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
    settings.ADHOC = {**settings.ADHOC, "SECONDS": 30, "MEMORY_MB": 12}
    wide = f"SELECT count(DISTINCT {KEY}) FROM {own.table} AS a"
    wide += "".join(f", {own.table} AS {name}" for name in "bcd")
    refused = ask(client, wide).json()
    assert (refused["code"], "12 MB" in refused["title"]) == ("QUERY_MEMORY", True)
    assert QueryRun.objects.latest("pk").code == "QUERY_MEMORY"
    assert ask(client, f"SELECT id FROM {own.table}").status_code == 200
    assert "内存 12 MB" in client.get("/manage/query/").content.decode()
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
    from tongqu.delivery.actions import seen

    with django_assert_max_num_queries(5):
        assert [one.table for one in seen.own(world.actor("cataloguer"))] == [own.table]
    assert list(seen.own(world.actor("cataloguer"), ("svc_other",))) == []


LOWER = {
    "a": ("dw_flown", "990000-MH", "SELECT id, phone, pilot FROM ods.ods_flown"),
    "b": ("dw_mixed", "990000-MH", "SELECT f.id AS id, o.phone AS phone FROM dw_flown AS f"
          " JOIN ods.ods_foreign AS o ON o.id = f.id"),
    "c": ("dw_theirs", "990000-YJ", "SELECT id, phone FROM ods.ods_flown"),
    "d": ("svc_example", "990000-MH", "SELECT id, phone FROM dw_flown"),
}  # fmt: skip


@pytest.fixture
def lower(world, lake, tmp_path):
    """Tables of the two lower layers: the office's own, another's, and one merged of both."""
    codes = {"flown": "990000-MH", "foreign": "990000-YJ"}
    for code, provider in codes.items():
        ingest.register_source(
            code=code, name=f"示例·{code}", by=PLATFORM,
            provider_id=world.organisations[provider].pk,
        )  # fmt: skip
        rows = pa.table({"id": [1, 2], "phone": ["13800015678", "13900025678"],
                         "pilot": ["示例·甲", "示例·乙"]})  # fmt: skip
        store().ensure(ods_ref(code), rows.schema)
        store().append(ods_ref(code), rows)
    for name, (table, owner, sql) in LOWER.items():
        library = "service" if table.startswith("svc") else "base"
        head = f"-- layer: {table.split('_')[0]}\n-- name: {table}\n-- library: {library}"
        text = f"{head}\n-- owner: {owner}\n-- keys: id\n{sql}\n"
        (tmp_path / f"{name}.sql").write_text(text, "utf-8")
    assert run_models(tmp_path, by=PLATFORM).ok
    return served_entry(world, items=(ITEMS[0], ITEMS[2]))


@pytest.mark.req("LAK-13")
def test_a_department_asks_its_own_lower_tables_and_nobody_elses(
    lower, world, browser_of, django_assert_max_num_queries
) -> None:
    client = browser_of("cataloguer")

    for table in ("ods_flown", "dw_flown", "ods.ods_flown"):
        found = ask(client, f"SELECT id, phone, pilot FROM {table} ORDER BY id")
        assert found.status_code == 200, found.content.decode()
        assert [row[0] for row in found.json()["rows"]] == [1, 2]
        # The entry covers the phone; of the pilot it does not speak.
        assert {row[1][3:7] for row in found.json()["rows"]} == {"****"}
        assert not {row[2] for row in found.json()["rows"]} & {"示例·甲", "示例·乙"}
        policy = AuditEntry.objects.filter(action="delivery.query.run").latest("pk").details
        assert table.split(".")[-1] in policy["policies"][0]
        assert policy["masks"][table.split(".")[-1]] == {"phone": "cover", "pilot": "cover"}
    both = "SELECT count(*) FROM ods_flown AS o JOIN svc_example AS s ON s.id = o.id"
    assert ask(client, both).json().get("rows") == [[2]], ask(client, both).content.decode()
    for table in ("ods_foreign", "dw_mixed", "dw_theirs", "quarantine_flown"):
        assert ask(client, f"SELECT * FROM {table}").status_code == 403, table
    for table in ("ods_flown", "dw_flown", "dw_theirs"):
        assert ask(browser_of("consumer"), f"SELECT id FROM {table}").status_code == 403, table
    page = client.get("/manage/query/").content.decode()
    assert "ods_flown" in page
    assert "dw_flown" in page
    assert not [name for name in ("ods_foreign", "dw_mixed", "dw_theirs") if name in page]
    with django_assert_max_num_queries(15):
        assert len(own_tables(world.actor("cataloguer"))) == 2


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
