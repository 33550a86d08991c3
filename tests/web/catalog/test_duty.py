"""Who answers for the data, the registry of rules, and the check that leaves no trace."""

import pytest

from tests.factories_catalog import draft_entry
from tongqu.catalog.domain import compliance
from tongqu.catalog.models import ComplianceReport, EntryVersion


@pytest.mark.req("GEN-15")
def test_without_an_accountable_person_the_check_lists_gen_15_as_blocking(world, at, browser_of):
    entry = draft_entry(world, accountable="")
    browser = browser_of("cataloguer")
    url = f"/api/v1/catalog/entries/{entry.code}"

    report = browser.post(f"{url}/check").json()
    page = browser.get(f"/manage/catalog/{entry.code}/check/").content.decode()
    browser.patch(url, {"accountable": "示例·编目岗"}, content_type="application/json")
    better = browser.post(f"{url}/check").json()

    found = [f for f in report["findings"] if f["rule"] == "GEN-15"]
    assert not report["passed"]
    assert [(f["severity"], f["field"]) for f in found] == [("block", "accountable")]
    assert f"/manage/catalog/{entry.code}/edit/?step=basic#id_accountable" in page
    assert better["passed"]


def test_a_new_draft_names_the_post_that_compiles_it(world, at, browser_of):
    made = browser_of("cataloguer").post(
        "/api/v1/catalog/entries", {"name": "示例目录"}, content_type="application/json"
    )

    assert made.json()["accountable"] == "示例省交通运输厅民航处编目岗"


def test_basis_standards_and_tools_are_asked_for_without_blocking(world, at, browser_of):
    entry = draft_entry(world, legal_basis=[], standards=[], tools=[])

    report = browser_of("cataloguer").post(f"/api/v1/catalog/entries/{entry.code}/check").json()

    assert report["passed"]
    asked = [f["field"] for f in report["findings"] if f["rule"] == "GEN-15W"]
    assert asked == ["legal_basis", "standards", "tools"]


def test_a_trial_check_says_the_same_as_the_check_and_leaves_no_trace(world, at, browser_of):
    entry = draft_entry(world, source_system="", accountable="")
    browser = browser_of("cataloguer")
    url = f"/api/v1/catalog/entries/{entry.code}"

    trial = browser.post(f"{url}/check/dry-run").json()
    page = browser.get(f"/manage/catalog/{entry.code}/edit/", {"step": "submit"}).content.decode()
    state = EntryVersion.objects.get(pk=entry.version_id).state
    reports = ComplianceReport.objects.count()
    real = browser.post(f"{url}/check").json()

    assert (state, reports) == ("draft", 0)
    assert trial["findings"] == real["findings"]
    assert trial["id"] == 0
    assert "#id_source_system" in page
    assert browser_of("city").post(f"{url}/check/dry-run").status_code in {403, 404}


def test_every_rule_has_a_page_and_counts_who_fails_it_now(
    world, at, browser_of, django_assert_max_num_queries
):
    entry = draft_entry(world, source_system="")
    draft_entry(world, name="示例没有问题的目录")
    browser = browser_of("cataloguer")
    browser.post(f"/api/v1/catalog/entries/{entry.code}/check")

    listed = browser.get("/api/v1/catalog/rules").json()
    with django_assert_max_num_queries(20):
        table = browser.get("/manage/catalog/rules/").content.decode()
    pages = {
        rule.code: browser.get(f"/manage/catalog/rules/{rule.code}/") for rule in compliance.RULES
    }

    failing = {rule["code"]: rule["failing"] for rule in listed}
    assert failing["CAT-R11"] == 1
    assert sum(failing.values()) == 1 + failing["CAT-R53"] + failing["QLT-01W"]
    assert all(rule["looks_at"] and rule["example"] and rule["remedy"] for rule in listed)
    assert all(page.status_code == 200 for page in pages.values())
    assert all(code in table for code in pages)
    assert entry.name in pages["CAT-R11"].content.decode()
    assert browser.get("/manage/catalog/rules/NO-1/").status_code == 404
