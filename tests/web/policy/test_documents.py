"""The library of documents: numbers, dates, repeal, clauses that a decision may cite."""

import json
from typing import Any

import pytest
from django.test import Client

from tests.factories_sharing import conditional_entry, filed
from tests.world import World
from tongqu.kernel.clock import FixedClock
from tongqu.policy.actions.texts import import_articles
from tongqu.policy.models import PolicyArticle, PolicyDocument
from tongqu.policy.public import clause, legal_bases
from tongqu.sharing import public as sharing
from tongqu.sharing.models import Decision, ShareRequest
from tongqu.sharing.vocabulary import State

pytestmark = pytest.mark.django_db
TWELVE = "交通运输政务数据共享管理办法\n第十六条 {}"
PLAN = {
    "title": "示例省公共数据管理规定", "document_number": "示例〔2026〕1号",
    "issuer": "示例省人民政府", "issued_on": "2026-01-05", "effective_from": "2026-02-01",
    "is_basis": True,
}  # fmt: skip


def put(browser: Any, key: str, **body: object) -> Any:
    return browser.put(
        f"/api/v1/policy/documents/{key}", json.dumps(body), content_type="application/json"
    )


def post_article(browser: Any, key: str, **body: object) -> Any:
    return browser.post(
        f"/api/v1/policy/documents/{key}/articles", json.dumps(body),
        content_type="application/json",
    )  # fmt: skip


@pytest.mark.req("GEN-01")
def test_a_refusal_needs_a_clause_and_keeps_its_wording_of_that_day(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    import_articles(TWELVE.format("示例原文甲。"), by=world.actor("managing"))
    number = filed(world, conditional_entry(world)).number
    sharing.pass_first_review(number, by=world.actor("support"))
    browser, url = browser_of("provider"), f"/api/v1/sharing/requests/{number}/refuse"

    blank = browser.post(url, {"basis": "", "reason": "示例理由"}, content_type="application/json")
    still = ShareRequest.objects.get(number=number).state
    cited = browser.post(
        url,
        {"basis": "mot-2021-sharing 第十六条", "reason": "示例理由"},
        content_type="application/json",
    )
    import_articles(TWELVE.format("示例原文乙。"), by=world.actor("managing"))

    assert blank.status_code == 422
    assert blank.json()["code"] == "BASIS_REQUIRED"
    assert still == State.PROVIDER_REVIEW
    assert cited.status_code == 200, cited.content
    decision = Decision.objects.get(request__number=number, command="refuse")
    assert decision.basis == "mot-2021-sharing 第十六条"
    assert decision.basis_wording == "示例原文甲。"
    assert "示例原文甲。" in browser.get(f"/desk/applications/{number}/").content.decode()


def test_a_province_adds_its_own_rule_and_a_refusal_may_rest_on_it(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    managing = browser_of("managing")

    kept = put(managing, "xx-2026-rule", **PLAN)
    added = post_article(
        managing, "xx-2026-rule", place="第三条", gist="示例：未经评估的数据不予共享"
    )

    assert (kept.status_code, kept.json()["state"]) == (200, "in_force")
    assert added.status_code == 201
    assert clause("xx-2026-rule 第三条") in legal_bases()
    assert "示例省公共数据管理规定" in Client().get("/policies/").content.decode()
    assert "未经评估" in Client().get("/policies/clauses/xx-2026-rule/第三条/").content.decode()


def test_a_repealed_document_is_no_longer_a_basis(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    managing = browser_of("managing")
    put(managing, "xx-2026-rule", **PLAN)
    post_article(managing, "xx-2026-rule", place="第三条", gist="示例：未经评估的数据不予共享")

    repealed = put(managing, "xx-2026-rule", **PLAN, repealed_on="2026-09-24")
    law = put(managing, "cn-2021-dsl", repealed_on="2026-09-01")

    codes = {basis.code for basis in legal_bases()}
    assert repealed.json()["state"] == "repealed"
    assert law.status_code == 200
    assert "xx-2026-rule 第三条" not in codes
    assert not any(code.startswith("cn-2021-dsl") for code in codes)
    assert clause("xx-2026-rule 第三条") is not None  # old decisions still read it


@pytest.mark.parametrize(
    ("key", "change", "field"),
    [
        ("XX 2026", {}, "key"),
        ("xx-2026", {"title": " "}, "title"),
        ("xx-2026", {"effective_from": None}, "effective_from"),
        ("xx-2026", {"issued_on": "2026-03-01"}, "issued_on"),
        ("xx-2026", {"repealed_on": "2026-02-01"}, "repealed_on"),
    ],
)
def test_a_document_that_cannot_be_is_refused_by_field(  # noqa: PLR0917  (fixtures)
    world: World, at: FixedClock, browser_of: Any, key: str, change: dict[str, object], field: str
) -> None:
    answer = put(browser_of("managing"), key, **(PLAN | change))

    assert answer.status_code == 422
    assert field in answer.json()["fields"]
    assert PolicyDocument.objects.count() == 0


def test_the_pages_record_a_document_and_its_clause(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    managing = browser_of("managing")

    made = managing.post("/policies/documents/new/", PLAN | {"key": "xx-2026-rule"})
    told = managing.post(
        "/policies/documents/xx-2026-rule/", {"place": "第三条", "gist": "示例要旨"}
    )
    bad = {"place": "第 三 条", "gist": "示例"}
    wrong = managing.post("/policies/documents/xx-2026-rule/", bad)
    page = managing.get("/policies/documents/xx-2026-rule/").content.decode()

    assert (made.status_code, told.status_code, wrong.status_code) == (302, 302, 422)
    assert PolicyArticle.objects.count() == 1
    assert "示例要旨" in page


def test_a_shipped_document_keeps_its_title_and_day(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    managing = browser_of("managing")

    answer = managing.post(
        "/policies/documents/mot-2021-sharing/",
        {"title": "另一名称", "effective_from": "2000-01-01", "document_number": "示例 1 号"},
    )

    kept = PolicyDocument.objects.get(key="mot-2021-sharing")
    assert answer.status_code == 302
    assert (kept.title, kept.document_number) == ("交通运输政务数据共享管理办法", "示例 1 号")


def test_others_may_not_edit_the_library(world: World, at: FixedClock, browser_of: Any) -> None:
    assert put(browser_of("consumer"), "xx-2026", **PLAN).status_code == 403
    assert put(Client(), "xx-2026", **PLAN).status_code == 401
    assert browser_of("consumer").get("/policies/documents/new/").status_code == 403
