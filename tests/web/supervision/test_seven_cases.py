"""The cases of article 23: seen at night, laid before the office, decided by a person."""

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import factories_delivery as make
from tests.factories_catalog import published_entry
from tests.factories_functions import system
from tests.factories_quality import PLATES, vehicles
from tests.web.ingest import test_pulls_api as pulls
from tests.world import World
from tongqu.catalog.vocabulary import DataType
from tongqu.delivery import public as delivery
from tongqu.ingest import public as ingest
from tongqu.ingest.vocabulary import ColumnSpec, FileOptions
from tongqu.kernel import jobs
from tongqu.kernel.clock import FixedClock
from tongqu.policy.clauses import measures_2021 as law
from tongqu.security.models import SecurityEvent
from tongqu.supervision.models import RectificationDraft

API = "/api/v1/supervision"
PAGE = "/sup/rectifications/"
ROADS = "id,name\n1,昌九高速\n2,沪昆高速\n"

pytestmark = pytest.mark.usefixtures("lake")


def post(client: Any, path: str, body: object) -> Any:
    return client.post(f"{API}{path}", json.dumps(body), content_type="application/json")


def drafts(client: Any) -> list[tuple[str, str]]:
    return [(d["case"], d["title"]) for d in client.get(f"{API}/rectifications").json()]


def roads(world: World, folder: Path, text: str, **facts: object) -> None:
    """Register the source on the first call; hand a file in."""
    by = world.actor("cataloguer")
    if ingest.source("roads") is None:
        columns = (ColumnSpec("id", DataType.INTEGER, is_key=True, nullable=False),
                   ColumnSpec("name", DataType.STRING, length=20))  # fmt: skip
        ingest.register_source(
            code="roads", name="示例道路", provider_id=world.organisations["990000-MH"].pk,
            columns=columns, options=FileOptions(), by=by, **facts,
        )  # fmt: skip
    path = folder / f"roads{len(list(folder.glob('*.csv')))}.csv"
    path.write_text(text)
    ingest.load("roads", path, by=by)


def differing(provider: Any, path: Path) -> None:
    """Pull a table of a database, add a row there, and compare."""
    with closing(sqlite3.connect(path, isolation_level=None)) as there:
        there.execute("CREATE TABLE net (id INTEGER PRIMARY KEY, name TEXT)")
        there.execute("INSERT INTO net VALUES (1, '甲'), (2, '乙')")
        pulls.post(provider, "/connections", {
            "code": "there", "name": "示例库", "connector": "database",
            "address": f"sqlite:///{path}",
        })  # fmt: skip
        what = {"connection": "there", "what": "net"}
        seen = pulls.post(provider, "/connections/there/probe", what).json()
        pulls.register(provider, "net", seen["columns"], what="net")
        assert pulls.post(provider, "/sources/net/pull").json()["stored"] == 2
        there.execute("INSERT INTO net VALUES (3, '丙')")
        assert not pulls.post(provider, "/sources/net/reconcile").json()["is_equal"]


@pytest.mark.req("SUP-02", "SUP-03")
def test_a_system_without_an_entry_and_a_daily_resource_three_days_late_are_drafted_once(
    world: World, at: FixedClock, browser_of: Any, tmp_path: Path
) -> None:
    managing = browser_of("managing")
    bare = system(world, name="示例无目录系统")
    kept = system(world, name="示例机场系统")
    published_entry(world, source_system=kept.name)
    daily = published_entry(world, update_cycle="daily", name="示例每日道路")
    roads(world, tmp_path, ROADS, entry_code=daily.code)

    at.instant += timedelta(days=3)
    jobs.run("ingest.freshness")
    early = jobs.run("supervision.detect")
    at.instant += timedelta(days=31)
    first, second = jobs.run("supervision.detect"), jobs.run("supervision.detect")

    assert (early["late_update"], early["without_catalogue"]) == (1, 0)
    assert (first["late_update"], first["without_catalogue"]) == (0, 1)
    assert not any(second.values())
    assert drafts(managing) == [
        ("一", f"系统“{bare.name}”登记已满 1 个月，仍没有生效的目录"),
        ("二", "“示例道路”未按更新周期更新"),
    ]
    missing, late = RectificationDraft.objects.order_by("case")
    assert (missing.basis, late.basis) == (law.LATE_CATALOGUE.code, law.LATE_DATA.code)
    assert missing.evidence["due_on"] == "2026-10-24"
    assert (late.evidence["entry"], late.evidence["late_days"]) == (daily.code, 3)
    page = managing.get(PAGE).content.decode()
    assert "2026-10-24" in page
    assert "第二十三条" in page


@pytest.mark.req("SUP-04")
def test_each_sub_case_of_the_third_case_makes_its_draft(
    world: World, at: FixedClock, browser_of: Any, tmp_path: Path, settings: Any
) -> None:
    managing, support = browser_of("managing"), browser_of("support")
    settings.SCAN_ALLOWED = (str(tmp_path),)
    differing(browser_of("cataloguer"), tmp_path / "there.db")
    entry = published_entry(world, name="示例道路")
    roads(world, tmp_path, ROADS, entry_code=entry.code)
    roads(world, tmp_path, "id,name\nx,昌九高速\ny,沪昆高速\n")
    broken = vehicles(world, empty_keys=0, bad_plates=90, repeated=0)
    url = f"/api/v1/quality/entries/{broken.code}"
    support.put(f"{url}/rules", json.dumps({"rules": [PLATES]}), content_type="application/json")
    assert support.post(f"{url}/scan").status_code == 201

    jobs.run("supervision.detect")

    found = {d.evidence["sub_case"]: d for d in RectificationDraft.objects.filter(case="三")}
    assert set(found) == {"与实际掌握数据不一致", "不符合规范", "无法使用"}
    assert {d.basis for d in found.values()} == {law.MISMATCH.code}
    assert found["不符合规范"].evidence["wrong"] == 90
    assert found["无法使用"].evidence["stored"] == 0
    assert "赣O1234I" not in json.dumps([d.evidence for d in found.values()], ensure_ascii=False)
    assert len(drafts(managing)) == 3


@pytest.mark.req("SUP-06")
def test_a_confirmed_misuse_makes_a_draft_and_suspends_the_grants_until_it_is_decided(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    make.served_table()
    number = make.grant(world).number
    consumer, managing = browser_of("consumer"), browser_of("managing")
    ask = {"purpose": make.PURPOSE}
    assert consumer.get(f"/api/v1/data/{number}/rows", ask).status_code == 200
    consumer.get(f"/api/v1/data/{number}/rows", {"purpose": "statistics"})
    event = SecurityEvent.objects.get(kind="purpose_mismatch")
    assert "超出授权用途" in managing.get(PAGE).content.decode()
    body = {"event": event.pk, "reason": "已向使用部门核实，用于统计"}

    silent = post(managing, "/misuses", body | {"reason": "是"})
    other = post(browser_of("support"), "/misuses", body)
    made = managing.post(PAGE, {"misuse": "", **body})
    again = post(managing, "/misuses", body)
    held = consumer.get(f"/api/v1/data/{number}/rows", ask)

    assert (silent.status_code, other.status_code) == (422, 403)
    assert (made.status_code, again.status_code) == (302, 201)
    draft = RectificationDraft.objects.get()
    assert (draft.case, draft.basis) == ("五", law.LOST_CONTROL.code)
    assert draft.evidence["suspended"] == [number]
    assert delivery.grant(number).state == "suspended"
    assert held.status_code == 403
    managing.post(PAGE, {"draft": draft.pk, "dismiss": "", "reason": "经查系误填用途"})
    assert consumer.get(f"/api/v1/data/{number}/rows", ask).status_code == 200


@pytest.mark.req("SUP-08")
def test_a_breach_in_words_needs_a_clause(world: World, at: FixedClock, browser_of: Any) -> None:
    managing = browser_of("managing")
    body = {"organisation": "990000-YJ", "text": "示例：未按规定登记使用系统"}

    without = post(managing, "/rectifications", body)
    page = managing.post(PAGE, {"report": "", **body})
    unknown = post(managing, "/rectifications", body | {"case": "八"})
    nobody = post(managing, "/rectifications", body | {"case": "七", "organisation": "NO"})
    stranger = post(browser_of("consumer"), "/rectifications", body | {"case": "七"})
    made = post(managing, "/rectifications", body | {"case": "七"})

    assert (without.status_code, without.json()["code"]) == (422, "BASIS_REQUIRED")
    assert page.status_code == 422
    assert body["text"] in page.content.decode()  # nothing typed is lost
    assert unknown.json()["code"] == "BASIS_REQUIRED"
    assert "organisation" in nobody.json()["fields"]
    assert stranger.status_code == 403
    assert made.status_code == 201, made.content
    assert RectificationDraft.objects.get().basis == law.OTHER_BREACH.code
