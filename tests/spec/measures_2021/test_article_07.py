"""Article 7: the seven basic classes, and what conditional and withheld have to state."""

from datetime import timedelta

import pytest

from tests.factories_catalog import draft_entry, published_entry
from tongqu.catalog import public
from tongqu.kernel import clock
from tongqu.policy.clauses import measures_2021 as law


@pytest.mark.req("GEN-06")
def test_an_entry_without_a_type_is_unconditional_and_withheld_needs_a_basis(world, at, browser_of):
    browser = browser_of("cataloguer")

    made = browser.post(
        "/api/v1/catalog/entries",
        {"name": "示例机场基本信息", "domain": "CA"},
        content_type="application/json",
    )
    whole = draft_entry(world, name="示例机场跑道信息")
    url = f"/api/v1/catalog/entries/{whole.code}"
    browser.patch(
        url, {"sharing_type": "withheld", "scope": "nobody"}, content_type="application/json"
    )
    report = browser.post(f"{url}/check").json()

    assert made.status_code == 201, made.content
    assert made.json()["sharing_type"] == "unconditional"
    assert not report["passed"]
    assert [f["rule"] for f in report["findings"] if f["severity"] == "block"] == ["CAT-R40"]


@pytest.mark.req("SHR-05")
def test_a_basic_class_must_be_unconditional_unless_an_exception_is_approved(world, at, browser_of):
    entry = draft_entry(world, sharing_type="conditional", conditions="限执法办案使用",
                        scope="listed", scope_codes=["990000-YJ"], basic_class="permits",
                        )  # fmt: skip
    url = f"/api/v1/catalog/entries/{entry.code}"
    cataloguer, managing = browser_of("cataloguer"), browser_of("managing")

    failed = cataloguer.post(f"{url}/check").json()
    unfounded = managing.post(
        f"{url}/exceptions", {"basis_code": "某领导意见", "reason": "试点"},
        content_type="application/json",
    )  # fmt: skip
    founded = managing.post(
        f"{url}/exceptions", {"basis_code": law.SECURITY_DUTY.code, "reason": "试点阶段"},
        content_type="application/json",
    )  # fmt: skip
    passed = cataloguer.post(f"{url}/check").json()

    assert not failed["passed"]
    assert {f["field"] for f in failed["findings"] if f["severity"] == "block"} == {"sharing_type"}
    assert unfounded.status_code == 422
    assert unfounded.json()["code"] == "BASIS_UNKNOWN"
    assert founded.status_code == 201
    assert passed["passed"], passed


@pytest.mark.req("SHR-05")
def test_the_board_shows_connection_and_freshness_of_each_class(world, at, client):
    entry = published_entry(world, name="示例机场基础设施", basic_class="infrastructure")
    actor = world.actor("cataloguer")
    published_entry(world, name="示例航空器基本信息", basic_class="vehicles")
    public.mark_connected(entry.code, rows=10, at=clock.now(), by=actor)

    rows = {row["basic_class"]: row for row in client.get("/api/v1/catalog/must-share").json()}
    page = client.get("/catalog/must-share/").content.decode()

    assert len(rows) == 7
    assert rows["infrastructure"]["status"] == "fresh"
    assert rows["vehicles"]["status"] == "unconnected"
    assert rows["credit"]["status"] == "missing"
    assert "脱密基础设施空间和属性信息" in page
    assert "已接入、更新及时" in page
    at.instant += timedelta(days=3)
    assert {r["basic_class"]: r["status"] for r in client.get("/api/v1/catalog/must-share").json()}[
        "infrastructure"
    ] == "stale"


def test_a_conditional_entry_without_conditions_fails(world, at, browser_of):
    entry = draft_entry(world, sharing_type="conditional", scope="listed",
                        scope_codes=["990000-YJ"])  # fmt: skip

    report = browser_of("cataloguer").post(f"/api/v1/catalog/entries/{entry.code}/check").json()

    assert [f["field"] for f in report["findings"] if f["severity"] == "block"] == ["conditions"]
