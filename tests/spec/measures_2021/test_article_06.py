"""Article 6: three sharing types."""

import pytest

from tests.factories_catalog import draft_entry
from tongqu.catalog.vocabulary import SharingType
from tongqu.policy.clauses import general_laws


def test_there_are_exactly_three_types():
    assert [kind.label for kind in SharingType] == ["无条件共享", "有条件共享", "不予共享"]


@pytest.mark.req("SHR-01")
def test_a_fourth_sharing_type_is_answered_with_422(world, at, browser_of):
    entry = draft_entry(world)

    answer = browser_of("cataloguer").patch(
        f"/api/v1/catalog/entries/{entry.code}",
        {"sharing_type": "secret"},
        content_type="application/json",
    )

    assert answer.status_code == 422
    assert "sharing_type" in str(answer.json()["fields"])


@pytest.mark.req("SHR-04")
def test_withheld_with_free_text_only_fails_and_with_a_clause_passes(world, at, browser_of):
    entry = draft_entry(world, sharing_type="withheld", scope="nobody",
                        withheld_note="内容敏感，不便对外提供。")  # fmt: skip
    url = f"/api/v1/catalog/entries/{entry.code}"
    browser = browser_of("cataloguer")

    failed = browser.post(f"{url}/check").json()
    basis = general_laws.CLAUSES[0].code
    browser.patch(url, {"withheld_basis": [basis]}, content_type="application/json")
    passed = browser.post(f"{url}/check").json()

    assert not failed["passed"]
    assert {f["field"] for f in failed["findings"] if f["severity"] == "block"} == {
        "withheld_basis"
    }
    assert passed["passed"], passed


@pytest.mark.req("SHR-04")
def test_the_basis_is_shown_to_everyone_who_sees_the_entry(world, at, browser_of, client):
    from tests.factories_catalog import published_entry

    clause = general_laws.CLAUSES[0]
    entry = published_entry(world, sharing_type="withheld", scope="nobody",
                            withheld_basis=[clause.code])  # fmt: skip

    for page in (f"/catalog/{entry.code}/", "/catalog/"):
        assert clause.regulation.title in client.get(page).content.decode()
