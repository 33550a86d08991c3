"""Ways in and up: nobody speaks for another department, or looks into what it fetches."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.web.ingest.test_supply import enter, pass_up, register, upload
from tests.world import World
from tongqu.identity.models import Message
from tongqu.identity.vocabulary import Level
from tongqu.ingest.models import Batch, Link, Source, TemplateMember


def post(client: Any, path: str, body: Any = None) -> Any:
    text = json.dumps(body or {})
    return client.post(f"/api/v1/ingest{path}", text, content_type="application/json")


def test_nobody_puts_rows_into_the_source_of_a_department_beside_him(
    world: World, lake: Any, at: Any, browser_of: Any
) -> None:
    register(world, "roads_first", "cataloguer")
    beside = enter(world, "beside", "990000-WL", Level.PROVINCE)
    city = enter(world, "city-one", "990200", Level.CITY)
    county = enter(world, "county", "990201", Level.COUNTY)
    for code, who in (("roads_beside", "beside"), ("roads_city", "city-one"),
                      ("roads_county", "county")):  # fmt: skip
        register(world, code, who)

    def link(client: Any, below: str, above: str) -> int:
        given = {"source": below, "upstream": above, "gate": "0"}
        return int(client.post("/manage/ingest/layers/", given).status_code)

    assert link(beside, "roads_beside", "roads_first") == 422
    assert link(beside, "roads_beside", "roads_city") == 422
    assert link(city, "roads_county", "roads_city") in {403, 422}, "not his to link"
    assert link(county, "roads_county", "roads_city") == 302
    assert Message.objects.filter(kind="上报关系", organisation__code="990200").count() == 1
    batch = upload(beside, "roads_beside", "id,value\n1,1\n")
    assert beside.post(f"/manage/ingest/batches/{batch.number}/up/").status_code == 409

    assert not Batch.objects.filter(source__code="roads_first").exists()
    assert Link.objects.count() == 1
    pass_up(county, upload(county, "roads_county", "id,value\n1,1\n"))
    assert Batch.objects.get(source__code="roads_city").stored == 1


def test_a_template_takes_no_source_that_is_somebody_elses(
    world: World, lake: Any, at: Any, browser_of: Any
) -> None:
    given = {"code": "flow", "name": "示例月报", "kind": "city", "cycle": "monthly",
             "due_day": "5", "columns": "route=route"}  # fmt: skip
    enter(world, "city-one", "990200", Level.CITY)
    register(world, "flow_990200", "cataloguer")
    owner = enter(world, "owner", "990000-WL", Level.PROVINCE)
    assert owner.post("/manage/ingest/templates/new/", given).status_code == 302

    refused = owner.post("/manage/ingest/templates/flow/members/", {"organisation": "990200"})

    assert refused.status_code == 409
    assert not TemplateMember.objects.exists()
    assert Source.objects.get(code="flow_990200").provider.code == "990000-MH"


@pytest.fixture
def held(lake: Any, at: Any, browser_of: Any, settings: Any, tmp_path: Path) -> str:
    """Everything of pulls that one department can hold; return its run's number."""
    settings.SCAN_ALLOWED = (str(tmp_path),)
    with closing(sqlite3.connect(tmp_path / "there.db", isolation_level=None)) as file:
        file.execute("PRAGMA synchronous = OFF")  # the disk is not waited for at each row
        file.execute("CREATE TABLE roads (id INTEGER PRIMARY KEY, name TEXT)")
        file.execute("INSERT INTO roads VALUES (1, '示例甲路')")
    client = browser_of("cataloguer")
    post(client, "/connections", {
        "code": "there", "name": "示例库", "connector": "database",
        "address": f"sqlite:///{tmp_path / 'there.db'}",
    })  # fmt: skip
    seen = post(client, "/connections/there/probe", {"connection": "there", "what": "roads"})
    known = {"name", "data_type", "is_key", "nullable", "fixes"}
    columns = [{k: v for k, v in c.items() if k in known} for c in seen.json()["columns"]]
    post(client, "/sources", {"code": "roads", "name": "示例路网", "columns": columns})
    post(client, "/sources/roads/plan", {"connection": "there", "what": "roads"})
    faces = [{"number": "I-1", "name": "示例接口"}]
    post(client, "/migrations", {
        "code": "legacy", "name": "示例旧系统", "parallel_days": 3, "interfaces": faces,
    })  # fmt: skip
    run = post(client, "/sources/roads/pull").json()
    assert run["stored"] == 1, run
    return str(run["number"])


PLAN = {"connection": "there", "what": "roads"}
STEPS = (
    ("/connections/there/probe", PLAN), ("/sources/roads/plan", PLAN), ("/sources/roads/pull", {}),
    ("/sources/roads/reconcile", {}), ("/migrations/legacy/parallel", {}),
    ("/migrations/legacy/compare", {}), ("/migrations/legacy/cut-over", {}),
    ("/migrations/legacy/mapping", {"number": "I-1", "old": "roads", "new": "roads",
                                    "mapping": {"id": "id"}}),
    ("/connections", {"code": "there", "name": "夺取", "connector": "database",
                      "address": "sqlite:////tmp/x.db", "provider_id": 1}),
)  # fmt: skip


def test_another_departments_pulls_are_neither_seen_nor_moved(world: World, held: str) -> None:
    stranger = enter(world, "stranger", "990000-WL", Level.PROVINCE)
    before = Source.objects.values("code", "is_paused", "next_run_at", "cursor").get(code="roads")

    for path, body in STEPS:
        answer = post(stranger, path, body)
        assert answer.status_code in {403, 404, 409, 422}, (path, answer.content.decode())
        assert "示例甲路" not in answer.content.decode()
    for path in ("/connections", "/migrations"):
        assert stranger.get(f"/api/v1/ingest{path}").json() == []
    for path in (f"/runs/{held}", "/sources/roads/runs", "/migrations/legacy"):
        assert stranger.get(f"/api/v1/ingest{path}").status_code == 404
    for path in (f"runs/{held}/", "connections/there/", "migrations/legacy/", "roads/"):
        assert stranger.get(f"/manage/ingest/{path}").status_code == 404
    for do in ("pull", "reconcile", "pause", "continue"):
        assert stranger.post("/manage/ingest/roads/act/", {"do": do}).status_code in {302, 403, 404}

    after = Source.objects.values("code", "is_paused", "next_run_at", "cursor").get(code="roads")
    assert after == before
