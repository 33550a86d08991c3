"""The lake through its pages and its API."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import event

from tests.db.lake import test_models as models
from tests.factories_catalog import published_entry
from tongqu.audit.models import AuditEntry
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM
from tongqu.lake.models import InstalledModel, LineageEdge
from tongqu.lake.public import (
    engine,
    mark_broken,
    mark_sound,
    ods_ref,
    run_models,
    store,
    svc_ref,
)
from tongqu.lake.public import tables as list_tables
from tongqu.lake.public import todos as lake_todos
from tongqu.lake.queries.chains import chains as chain_list
from tongqu.lake.queries.services import service_objects
from tongqu.security.models import SecurityEvent

pytestmark = pytest.mark.django_db
pack = models.pack
JSON = "application/json"


@pytest.fixture
def built(pack: Path) -> Path:
    run_models(pack, by=PLATFORM)
    return pack


def post(client, path: str, body: object):
    return client.post(f"/api/v1{path}", json.dumps(body), content_type=JSON)


@pytest.mark.req("GEN-08")
def test_a_direct_query_without_a_grant_is_refused_and_stands_in_the_trail(
    built: Path, browser_of, monkeypatch
) -> None:
    monkeypatch.setattr(type(engine()), "relation", None)  # reaching the engine would fail loudly
    sql = "SELECT * FROM svc_flights WHERE airline = '示例隐私'"

    answer = post(browser_of("support"), "/lake/query", {"sql": sql})

    assert answer.status_code == 403
    problem = answer.json()
    assert problem["code"] == "OUT_OF_BAND"
    assert problem["clause"] == "mot-2021-sharing 第五条"
    assert problem["next_step"]
    assert problem["who"]
    entry = AuditEntry.objects.filter(code="OUT_OF_BAND", action="lake.query.refused").get()
    assert (entry.outcome, entry.actor_key, entry.subject) == ("refused", "support", "svc_flights")
    assert AuditEntry.objects.filter(code="OUT_OF_BAND", kind="call").exists()
    assert "示例隐私" not in json.dumps(entry.details, ensure_ascii=False)
    event = SecurityEvent.objects.get(kind="out_of_band")
    assert event.actor_key == "support"


@pytest.mark.req("GEN-08")
def test_the_auditor_sees_the_refused_query_in_the_trail(built: Path, browser_of) -> None:
    post(browser_of("support"), "/lake/query", {"sql": "SELECT 1 FROM svc_flights"})

    page = browser_of("auditor").get("/sec/audit/")

    assert "OUT_OF_BAND" in page.content.decode()


def test_whoever_may_not_query_at_all_is_told_so(built: Path, browser_of, client) -> None:
    assert (
        post(browser_of("consumer"), "/lake/query", {"sql": "x"}).json()["code"] == "NOT_PERMITTED"
    )
    assert post(client, "/lake/query", {"sql": "x"}).status_code == 401


@pytest.mark.parametrize("sql", ["", "\x00", "'; DROP TABLE x --", "\ud800", "(" * 5000])
def test_any_text_at_all_is_refused_the_same_way(lake: Path, browser_of, sql: str) -> None:
    answer = post(browser_of("support"), "/lake/query", {"sql": sql})

    assert answer.status_code in {400, 403, 422}
    assert answer["content-type"] == "application/problem+json"


@pytest.mark.req("LAK-01")
def test_a_job_from_a_source_straight_into_a_service_table_is_refused(
    lake: Path, browser_of
) -> None:
    text = models.SVC.replace("dw_flights", "ods_flights")

    answer = post(
        browser_of("support"),
        "/lake/models/validate",
        {"files": [{"name": "svc.sql", "sql": text}]},
    )

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "LAYER_DIRECTION")
    assert problem["clause"] == "gd-2024-governance 三（三）"
    assert problem["facts"]["findings"][0]["model"] == "svc_flights"


def test_a_good_pack_is_told_its_order(lake: Path, browser_of) -> None:
    files = [{"name": "a", "sql": models.SVC}, {"name": "b", "sql": models.DW}]

    answer = post(browser_of("support"), "/lake/models/validate", {"files": files})

    assert [(m["name"], m["reads"]) for m in answer.json()] == [
        ("dw_flights", ["ods_airlines", "ods_flights"]),
        ("svc_flights", ["dw_flights"]),
    ]


def test_the_tables_are_listed_with_the_figures_of_their_snapshots(built: Path, browser_of) -> None:
    rows = {t["name"]: t for t in browser_of("support").get("/api/v1/lake/tables").json()}

    assert rows["svc_flights"]["rows"] == 2
    assert rows["svc_flights"]["snapshot_id"] == str(store().current(svc_ref("flights")).id)
    assert (rows["dw_flights"]["layer"], rows["dw_flights"]["library"]) == ("dw", "base")

    page = browser_of("support").get("/manage/lake/").content.decode()
    for word in ("贴源层", "数仓层", "服务层", "dw_flights", "示例航班", "基础库", "读取时间"):
        assert word in page


def test_a_table_has_a_page_with_columns_and_snapshots(built: Path, browser_of) -> None:
    page = browser_of("support").get("/manage/lake/svc_flights/").content.decode()

    assert str(store().current(svc_ref("flights")).id) in page
    assert "airline" in page
    assert browser_of("support").get("/manage/lake/svc_none/").status_code == 404
    assert browser_of("support").get("/manage/lake/else/").status_code == 404


@pytest.mark.req("LAK-14")
def test_lineage_is_shown_as_a_drawing_and_as_a_table(built: Path, browser_of) -> None:
    client = browser_of("consumer")

    page = client.get("/manage/lineage/?table=svc_delay&column=minutes").content.decode()

    for word in ("ods_flights", "dw_flights", "汇总得出", "计算得出", "上游", "贴源层"):
        assert word in page
    found = client.get("/api/v1/lake/lineage?table=svc_delay&column=minutes").json()
    assert [(e["source_table"], e["source_column"], e["job"]) for e in found] == [
        ("dw_flights", "delay", "svc_delay"),
        ("ods_flights", "delay", "dw_flights"),
    ]
    assert client.get("/manage/lineage/").status_code == 200
    assert client.get("/manage/lineage/?table=%00&column=x").status_code == 400


@pytest.mark.req("LAK-14")
def test_a_broken_job_shows_on_the_pages_of_what_depends_on_it(built: Path, browser_of) -> None:
    mark_broken(ods_ref("flights"), reason="示例：来源无响应", by=PLATFORM)

    client = browser_of("support")

    assert "链路中断" in client.get("/manage/lake/").content.decode()
    assert "来源无响应" in client.get("/manage/lake/svc_delay/").content.decode()
    assert "来源无响应" in client.get("/manage/lineage/?table=svc_delay").content.decode()
    assert "来源无响应" in client.get("/api/v1/lake/tables").json()[-1]["broken"]


@pytest.mark.req("LAK-14")
def test_a_chain_names_its_broken_job_and_whose_task_it_is(
    built: Path, browser_of, world, django_assert_max_num_queries
) -> None:
    client = browser_of("support")
    assert "中断" not in client.get("/manage/chains/").content.decode().split("<section", 1)[1]

    mark_broken(ods_ref("flights"), reason="示例：来源无响应", by=PLATFORM)

    with django_assert_max_num_queries(30):
        page = client.get("/manage/chains/").content.decode()
    broken, flagged = page.count("示例：来源无响应"), page.count("（上游中断）")
    chains = {chain.table: chain for chain in chain_list()}
    assert {name: chain.state for name, chain in chains.items()} == {
        "svc_delay": "broken",
        "svc_flights": "broken",
    }
    assert [link.table for link in chains["svc_delay"].links][-1] == "svc_delay"
    assert (broken, flagged) == (2, 4)  # a reason a chain; dw_flights and the product of each
    todos = [todo.title for todo in lake_todos(world.actor("support"))]
    assert any("ods_flights" in title and "来源无响应" in title for title in todos)
    assert lake_todos(world.actor("tourism")) == []

    mark_sound(ods_ref("flights"), by=PLATFORM)
    assert "中断：" not in client.get("/manage/chains/").content.decode()
    assert [t for t in lake_todos(world.actor("support")) if t.kind == "链路中断"] == []


@pytest.mark.req("LAK-14")
def test_the_drawing_has_a_line_for_every_edge_and_a_link_for_every_column(
    built: Path, browser_of
) -> None:
    page = browser_of("consumer").get("/manage/lineage/svc_delay/?column=minutes").content.decode()

    drawing, below = page.split('role="group"')[-1].split("</svg>", 1)
    assert drawing.count("<path") == 2  # ods_flights.delay → dw_flights.delay → svc_delay.minutes
    assert drawing.count("<rect") == 3
    assert 'href="/manage/lineage/ods_flights/?column=delay"' in drawing
    assert "script" not in drawing
    for name in ("ods_flights", "dw_flights", "svc_delay"):
        assert f">{name}" in drawing
        assert f"{name}</td>" in below  # and in the table


def test_a_page_of_tables_takes_few_statements(
    built: Path, browser_of, django_assert_max_num_queries
) -> None:
    client = browser_of("support")
    with django_assert_max_num_queries(20):
        client.get("/manage/lake/")


@contextmanager
def looked_up() -> Iterator[list[str]]:
    """Note what is asked of the tables' catalogue, which is not in Django's connection."""
    found: list[str] = []

    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        found.append(statement)

    database = store()._catalog.engine
    event.listen(database, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(database, "before_cursor_execute", note)


def test_lists_of_tables_and_of_service_objects_are_read_at_once_and_paged(
    built: Path, world, browser_of, django_assert_max_num_queries
) -> None:
    for name in ("svc_flights", "svc_delay"):
        published_entry(world, name=f"示例·{name}", table=name)
    for number in range(60):
        store().ensure(ods_ref(f"many_{number:02d}"), pa.schema([("id", pa.int64())]))
    InstalledModel.objects.bulk_create(
        InstalledModel(
            name=f"dw_many_{n:02d}", pack="示例", file=f"{n}.sql", layer="dw", library="base",
            owner="990000-MH", text="", installed_at=clock.now(),
        )
        for n in range(70)
    )  # fmt: skip
    client = browser_of("support")

    with looked_up() as asked:
        assert len(list_tables()) == 65
        assert len({one.table for one in service_objects()}) == 2
    assert len(asked) == 2
    with django_assert_max_num_queries(20):
        first = client.get("/manage/lake/").content.decode()
    second = client.get("/manage/lake/?page=2").content.decode()
    assert [first.count(">ods_many_"), second.count(">ods_many_")] == [48, 12]
    assert "62 张表" in first
    assert ["/manage/lake/svc_delay/" in page for page in (first, second)] == [False, True]
    with django_assert_max_num_queries(20):
        first = client.get("/manage/models/").content.decode()
    last = client.get("/manage/models/?page=3").content.decode()
    assert ("70 个" in first, first.count(">dw_many_"), last.count(">dw_many_")) == (True, 30, 10)
    with django_assert_max_num_queries(20):
        objects = client.get("/manage/service-objects/").content.decode()
    assert objects.count("SO-") == 0
    assert "示例·svc_delay" in objects


def test_a_lineage_of_very_many_columns_is_cut_and_says_so(built: Path, browser_of) -> None:
    LineageEdge.objects.bulk_create(
        LineageEdge(
            source_table="dw_flights", source_column="id", target_table=f"svc_wide_{n // 100}",
            target_column=f"c{n:03d}", transform="direct", job="示例",
        )
        for n in range(700)
    )  # fmt: skip

    page = browser_of("consumer").get("/manage/lineage/dw_flights/").content.decode()

    drawing, below = page.split('role="group"')[-1].split("</svg>", 1)
    assert drawing.count("<rect") == 200
    assert ">dw_flights<" in drawing
    assert "列，图中只画最近的 200 列" in page
    assert "列出最近的 500 条" in below
    assert below.count("<tr><td") <= 1000
