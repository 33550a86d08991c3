"""Article 8: the catalogue is the basis, twelve core metadata items, versions."""

from dataclasses import replace

import pytest

from tests.factories_catalog import ITEMS, draft_entry, published_entry
from tongqu.catalog import public
from tongqu.catalog.vocabulary import ChangeReason
from tongqu.kernel import clock
from tongqu.kernel.problems import Rejected

TWELVE = {
    "category": None, "name": None, "provider_code": None, "formats": [], "items": [],
    "update_cycle": None, "sharing_type": None, "conditions": None, "scope": None, "manners": [],
    "source_system": None, "level": None,
}  # fmt: skip


@pytest.mark.req("CAT-06")
@pytest.mark.parametrize("field", TWELVE)
def test_a_blanked_item_fails_naming_exactly_that_item(field: str, world, at, browser_of):
    entry = draft_entry(world, sharing_type="conditional", conditions="限履职使用",
                        scope="listed", scope_codes=["990000-YJ"])  # fmt: skip
    url = f"/api/v1/catalog/entries/{entry.code}"
    browser = browser_of("cataloguer")
    before = browser.get(url).json()
    blanked = browser.patch(url, {field: TWELVE[field]}, content_type="application/json")

    report = browser.post(f"{url}/check").json()

    assert before["code"] == entry.code
    assert blanked.status_code == 200, blanked.content
    assert not report["passed"]
    named = {f["field"] for f in report["findings"] if f["severity"] == "block"}
    assert named == {field.removesuffix("_code")}


@pytest.mark.req("CAT-06")
@pytest.mark.parametrize("kind", ["unconditional", "withheld"])
def test_conditions_may_be_blank_only_when_the_type_is_not_conditional(
    kind: str, world, at, browser_of
):
    from tongqu.policy.clauses import general_laws

    basis = [general_laws.CLAUSES[0].code] if kind == "withheld" else []
    scope = "nobody" if kind == "withheld" else "all"
    entry = draft_entry(world, sharing_type=kind, scope=scope, withheld_basis=basis)

    report = browser_of("cataloguer").post(f"/api/v1/catalog/entries/{entry.code}/check").json()

    assert report["passed"], report


def test_a_share_rests_on_a_published_entry_only(world, at):
    draft = draft_entry(world)

    with pytest.raises(Rejected) as unpublished:
        public.published(draft.code)
    with pytest.raises(Rejected) as unknown:
        public.published("990000-MH-CA-999999-0")

    assert unpublished.value.problem.code == "NOT_PUBLISHED"
    assert unknown.value.problem.code == "NOT_FOUND"


@pytest.mark.req("CAT-08")
def test_a_diff_shows_exactly_the_two_items_that_differ_and_the_old_version_still_resolves(
    world, at, browser_of, client
):
    entry = published_entry(world)
    cataloguer, provider = world.actor("cataloguer"), world.actor("provider")
    public.register_change(
        entry.code, reason=ChangeReason.DATA_CHANGE, explanation="示例：增加航程单位",
        effective_on=clock.today(), by=cataloguer,
    )  # fmt: skip
    changed = (
        *ITEMS[:4],
        replace(ITEMS[4], level=1, mask="hash"),
        replace(ITEMS[5], name_zh="航程（公里）"),
    )
    public.edit_draft(entry.code, by=cataloguer, fields={"items": changed})
    assert public.submit_for_check(entry.code, by=cataloguer).passed
    newer = public.publish(entry.code, by=provider)

    diff = client.get(f"/api/v1/catalog/entries/{entry.code}/versions/1.0/diff/1.1").json()
    page = client.get(f"/catalog/{entry.code}/versions/1.0..1.1/").content.decode()
    old = client.get(f"/api/v1/catalog/entries/{entry.code}/versions/1.0").json()

    assert newer.version == "1.1"
    assert [found["subject"] for found in diff["differences"]] == ["tailnum", "distance"]
    assert page.count("data-subject=") == 2
    assert old["items"][5]["name_zh"] == "航程"
    assert public.version(entry.version_id).version == "1.0"
    assert public.published(entry.code).version == "1.1"
    assert "示例：增加航程单位" in client.get(f"/catalog/{entry.code}/").content.decode()
