"""Identifiers: resolved wherever they were issued, refused with one wrong character."""

import pytest

from tests.factories_catalog import draft_entry, published_entry
from tongqu.catalog import public
from tongqu.catalog.domain import identifiers
from tongqu.catalog.models import EntryVersion
from tongqu.kernel import clock


def _city_node(browser_of) -> None:
    answer = browser_of("managing").post(
        "/api/v1/catalog/nodes",
        {"code": "990100", "name": "示例省甲市枢纽", "url": "https://city.example"},
        content_type="application/json",
    )  # fmt: skip
    assert answer.status_code == 201, answer.content


def _city_code(serial: int = 7) -> str:
    return identifiers.identifier(division="990100", department="JT", domain="WW", serial=serial)


@pytest.mark.req("INF-01")
def test_an_identifier_issued_by_a_city_gives_the_entry_and_its_home_node(
    world, at, client, browser_of
):
    _city_node(browser_of)
    code = _city_code()
    entry = published_entry(world, code=code, home="990100", name="示例甲市客运站基本信息")

    found = client.get(f"/api/v1/catalog/resolve/{code}").json()
    page = browser_of("cataloguer").get(
        "/manage/catalog/identifiers/", {"identifier": code}
    ).content.decode()  # fmt: skip

    assert found["entry"]["code"] == code
    assert found["entry"]["name"] == entry.name
    assert found["home"] == {
        "code": "990100", "name": "示例省甲市枢纽", "url": "https://city.example", "is_here": False,
    }  # fmt: skip
    assert "示例省甲市枢纽" in page
    assert entry.name in page


def test_an_identifier_of_a_city_that_is_not_here_names_its_node(world, at, client, browser_of):
    _city_node(browser_of)

    found = client.get(f"/api/v1/catalog/resolve/{_city_code(99)}").json()

    assert found["entry"] is None
    assert found["home"]["code"] == "990100"


def test_an_own_identifier_comes_home_here(world, at, client):
    entry = published_entry(world)

    found = client.get(f"/api/v1/catalog/resolve/{entry.code}").json()

    assert found["home"]["code"] == "990000"
    assert found["home"]["is_here"]


@pytest.mark.req("CAT-21", "INF-01")
def test_an_identifier_with_one_wrong_character_is_refused_and_says_so(world, at, client):
    entry = published_entry(world)
    for place, right in enumerate(entry.code):
        if right == "-":
            continue
        wrong = "1" if right != "1" else "2"
        if not right.isdigit():
            wrong = "Q" if right != "Q" else "R"
        answer = client.get(
            f"/api/v1/catalog/resolve/{entry.code[:place]}{wrong}{entry.code[place + 1 :]}"
        )

        assert answer.status_code == 422, place
        assert answer.json()["code"] == "IDENTIFIER_WRONG"
        assert "有一位写错" in answer.json()["title"]


def test_what_is_no_identifier_at_all_is_not_found(world, at, client):
    assert client.get("/api/v1/catalog/resolve/hello").status_code == 404


@pytest.mark.req("CAT-21")
@pytest.mark.parametrize("key", [k for k, r in identifiers.rules().items() if r.issues])
def test_ten_thousand_identifiers_of_every_rule_are_unique_and_single_errors_are_seen(key):
    def code(serial: int) -> str:
        return identifiers.identifier(
            division="990000", department="91990000MA00ABC12", domain="CA", serial=serial,
            under=key,
        )  # fmt: skip

    codes = [code(serial) for serial in range(1, 10_001)]

    assert len(set(codes)) == 10_000
    assert all(identifiers.is_valid(found) for found in codes)
    for found in codes[::1000]:
        for place, right in enumerate(found):
            for wrong in identifiers.ALPHABET:
                if wrong != right:
                    assert not identifiers.is_valid(found[:place] + wrong + found[place + 1 :])


def test_a_province_chooses_its_rule_and_older_identifiers_stay_right(
    world, at, settings, browser_of
):
    old = published_entry(world)
    settings.IDENTIFIER_RULE = "uscc-9"

    made = browser_of("cataloguer").post(
        "/api/v1/catalog/entries", {"name": "示例新目录", "domain": "CA"},
        content_type="application/json",
    ).json()  # fmt: skip
    rules = browser_of("cataloguer").get("/api/v1/catalog/identifier-rules").json()

    rule, parts = identifiers.read(made["code"])
    assert rule.key == "uscc-9"
    assert len(made["code"]) == 24
    assert parts["division"] == "990000"
    assert identifiers.is_valid(old.code)
    assert [r["key"] for r in rules if r["is_chosen"]] == ["uscc-9"]


def test_a_rule_with_an_unknown_key_or_a_wrong_example_is_no_rule():
    good = {
        "key": "x", "title": "x", "check": "mod-37-36", "example": "1Z",
        "segments": [{"name": "serial", "title": "流水", "pattern": "[0-9]"}],
    }  # fmt: skip

    with pytest.raises(ValueError, match="unknown keys"):
        identifiers.rule_of(good | {"colour": "red"})
    with pytest.raises(ValueError, match="校验码不符"):
        identifiers.rule_of(good | {"example": "1A"})


def test_an_external_identifier_is_kept_with_its_days_and_resolves_until_its_last_one(
    world, at, client, browser_of
):
    entry = published_entry(world)
    url = f"/api/v1/catalog/entries/{entry.code}/identifiers"
    given = {"scheme": "gov-class", "value": "307010/000001", "assigned_by": "示例省数据局",
             "valid_from": "2026-01-01", "valid_to": "2026-09-30"}  # fmt: skip
    browser = browser_of("cataloguer")

    made = browser.post(url, given, content_type="application/json")
    twice = browser.post(url, given, content_type="application/json")
    wrong = browser.post(url, given | {"value": "3070x"}, content_type="application/json")
    backwards = browser.post(
        url, given | {"value": "307010/000002", "valid_to": "2025-01-01"},
        content_type="application/json",
    )  # fmt: skip
    resolved = client.get("/api/v1/catalog/resolve/307010/000001").json()
    named = client.get("/api/v1/catalog/resolve/gov-class:307010/000001").json()
    at.instant = at.instant.replace(month=10, day=9)
    later = client.get("/api/v1/catalog/resolve/307010/000001")

    assert made.status_code == 201, made.content
    assert twice.json()["code"] == "IDENTIFIER_TAKEN"
    assert wrong.json()["code"] == "IDENTIFIER_WRONG"
    assert backwards.status_code == 422
    assert resolved["entry"]["code"] == named["entry"]["code"] == entry.code
    assert later.status_code == 404
    assert public.external_identifiers(entry.code)[0].assigned_by == "示例省数据局"
    assert "307010/000001" in client.get(f"/catalog/{entry.code}/").content.decode()


def test_identifiers_and_nodes_are_registered_by_form_each_by_who_may(world, at, browser_of):
    entry = published_entry(world)
    url = "/manage/catalog/identifiers/"
    row = {"entry": entry.code, "scheme": "示例体系", "value": "A-1", "assigned_by": "示例单位"}
    node = {"node": "1", "node-code": "990200", "node-name": "示例省乙市枢纽"}

    added = browser_of("cataloguer").post(url, row, follow=True).content.decode()
    foreign = browser_of("city").post(url, row | {"value": "A-2"})
    wrong = browser_of("managing").post(url, node | {"node-code": "99"})
    made = browser_of("managing").post(url, node, follow=True).content.decode()

    assert "A-1" in added
    assert foreign.status_code == 403
    assert wrong.status_code == 422
    assert "示例省乙市枢纽" in made
    assert browser_of("cataloguer").post(url, node).status_code == 403


def test_a_draft_resolves_as_an_identifier_that_nobody_issued(world, at, client, browser_of):
    draft = draft_entry(world)
    given = {
        "scheme": "示例体系",
        "value": "EX-1",
        "assigned_by": "示例",
        "valid_from": clock.today(),
    }
    public.add_identifier(draft.code, by=world.actor("cataloguer"), **given)
    unissued = identifiers.identifier(division="990000", department="MH", domain="CA", serial=77)

    told = {
        text: client.get(f"/api/v1/catalog/resolve/{text}")
        for text in (draft.code, unissued, "EX-1", "示例体系:EX-1", "EX-2")
    }
    page = browser_of("city").get("/manage/catalog/identifiers/", {"identifier": draft.code})

    assert {answer.status_code for answer in told.values()} == {404}
    bodies = {answer.content.decode().replace(text, "") for text, answer in told.items()}
    assert len(bodies) == 1
    assert "没有" in page.content.decode()


def test_what_was_once_in_force_still_resolves(world, at, client):
    entry = published_entry(world)
    EntryVersion.objects.update(state="stopped")

    found = client.get(f"/api/v1/catalog/resolve/{entry.code}").json()

    assert (found["code"], found["entry"]) == (entry.code, None)
