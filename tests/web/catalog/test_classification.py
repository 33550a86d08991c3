"""The catalogue by level, mode and business, and by the strategies it serves."""

import pytest

from tests.factories_catalog import draft_entry, published_entry
from tongqu.catalog.models import EntryVersion

LEVELS = ("ministry", "province", "city", "county")
MODES = ("highway", "waterway")


@pytest.mark.req("CAT-02")
def test_the_tree_filtered_to_city_and_waterway_shows_only_those_and_counts_like_the_database(
    world, at, client, browser_of
):
    for level in LEVELS:
        for mode in MODES:
            for n in range(LEVELS.index(level) + 1):
                published_entry(
                    world, name=f"示例{level}{mode}{n}目录", admin_level=level, mode=mode,
                    business="transport",
                )  # fmt: skip
    chosen = {"admin_level": "city", "mode": "waterway"}
    in_database = EntryVersion.objects.filter(state="published", **chosen)

    tree = client.get("/api/v1/catalog/tree").json()
    one = client.get("/api/v1/catalog/tree", chosen).json()
    found = client.get("/api/v1/catalog/entries", chosen).json()
    desk = browser_of("cataloguer").get("/manage/catalog/", chosen).content.decode()
    page = client.get("/catalog/", chosen).content.decode()

    levels = {branch["value"]: branch for branch in tree["branches"]}
    waterway = {mode["value"]: mode["count"] for mode in levels["city"]["children"]}["waterway"]
    names = sorted(entry["name"] for entry in found["entries"])
    assert list(levels) == list(LEVELS)
    assert tree["total"] == EntryVersion.objects.filter(state="published").count() == 20
    assert waterway == one["total"] == found["total"] == in_database.count() == 3
    assert names == sorted(in_database.values_list("name", flat=True))
    for shown in (desk, page):
        assert all(name in shown for name in names)
        assert "示例provincewaterway0目录" not in shown
        assert "示例cityhighway0目录" not in shown


def test_the_tree_counts_only_what_the_asker_may_see(world, at, client, browser_of):
    draft_entry(world, admin_level="city", mode="waterway")
    draft_entry(world, name="示例未分类目录")

    public = client.get("/api/v1/catalog/tree").json()
    own = browser_of("cataloguer").get("/api/v1/catalog/tree").json()

    assert public == {"total": 0, "branches": []}
    assert [branch["label"] for branch in own["branches"]] == ["市", "未分类"]


@pytest.mark.req("GEN-17")
def test_filtered_by_a_strategy_exactly_the_tagged_entries_are_listed(world, at, client):
    tagged = [
        published_entry(world, name=f"示例航道第{n}段", strategies=tags)
        for n, tags in enumerate((["yangtze_belt"], ["yangtze_belt", "plan_15"], ["yangtze_belt"]))
    ]
    published_entry(world, name="示例黄河目录", strategies=["yellow_river"])
    published_entry(world, name="示例无标签目录")

    counts = client.get("/api/v1/catalog/strategies").json()
    listed = client.get("/api/v1/catalog/strategies/yangtze_belt").json()
    page = client.get("/catalog/strategies/", {"strategy": "yangtze_belt"}).content.decode()

    by_value = {branch["value"]: branch["count"] for branch in counts}
    assert by_value["yangtze_belt"] == 3
    assert (by_value["plan_15"], by_value["yellow_river"], by_value["belt_road"]) == (1, 1, 0)
    assert sorted(entry["code"] for entry in listed) == sorted(entry.code for entry in tagged)
    assert "长江经济带：3 项" in page
    assert all(entry.code in page for entry in tagged)
    assert "示例黄河目录" not in page


def test_a_word_that_is_no_strategy_is_refused(world, at, client):
    assert client.get("/api/v1/catalog/strategies/%22").status_code == 422
    assert client.get("/catalog/strategies/", {"strategy": '"'}).status_code == 200


def test_classification_is_written_through_the_api_and_kept_over_versions(world, at, browser_of):
    entry = published_entry(world)
    url = f"/api/v1/catalog/entries/{entry.code}"
    browser = browser_of("cataloguer")
    change = {"reason": "other", "explanation": "示例", "effective_on": "2026-09-24"}
    browser.post(f"{url}/changes", change, content_type="application/json")

    check = {"code": "R-1", "title": "示例", "kind": "required", "columns": ["flight"]}
    answer = browser.patch(
        url,
        {"admin_level": "county", "mode": "urban", "business": "onenet",
         "strategies": ["cheng_yu"], "checks": [check]},
        content_type="application/json",
    )  # fmt: skip
    wrong = browser.patch(url, {"mode": "space"}, content_type="application/json")

    assert answer.status_code == 200, answer.content
    assert answer.json()["admin_level"] == "county"
    assert answer.json()["strategies"] == ["cheng_yu"]
    assert answer.json()["checks"] == [check]
    assert answer.json()["accountable"] == "示例·编目岗"
    assert wrong.status_code == 422
