"""Attacks on what is another department's: reading its drafts, changing its things."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests import factories_functions as make
from tests.factories_catalog import draft_entry, published_entry
from tests.factories_standards import standard
from tests.web.onesource.test_onesource import two_entries
from tests.web.standards.test_rules_of_units import rule
from tests.world import World
from tongqu.catalog.models import EntryVersion
from tongqu.catalog.vocabulary import DataType, EntryState, ScannedColumn, ScannedTable
from tongqu.identity.models import Message
from tongqu.kernel.clock import FixedClock
from tongqu.ledger import public as ledger
from tongqu.ledger.models import MetadataObject
from tongqu.standards.models import Comment, Standard

pytestmark = pytest.mark.django_db


def post(browser: Any, path: str, **body: object) -> Any:
    return browser.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")


def text_of(answer: Any) -> str:
    """Return what an answer says; JSON writes Chinese as escapes."""
    if "json" in answer.headers["Content-Type"]:
        return json.dumps(answer.json(), ensure_ascii=False)
    return str(answer.content.decode())


@pytest.mark.parametrize("who", ["cataloguer", "provider"])
def test_one_source_tells_nobody_of_other_departments_drafts(
    world: World, at: FixedClock, browser_of: Any, who: str
) -> None:
    two_entries(world)
    post(browser_of("managing"), "onesource/pairs/detect")
    asker = browser_of(who)

    listed = asker.get("/api/v1/onesource/pairs").json()
    told = [
        text_of(asker.get(address))
        for address in (
            "/manage/onesource/", "/manage/onesource/pairs/?state=all",
            "/manage/onesource/following/", "/api/v1/onesource/following",
            "/api/v1/onesource/following?by=provider",
        )
    ]  # fmt: skip

    assert listed == {"total": 0, "items": []}
    for text in told:
        assert "示例·企业登记信息" not in text
        assert '社会信用代码"' not in text.replace("统一社会信用代码", "")
    assert any("示例·业户基本信息" in text for text in told), "its own it may see"
    assert browser_of("managing").get("/api/v1/onesource/pairs").json()["total"] >= 1


def test_the_public_and_other_departments_learn_nothing_of_drafts_from_a_standard(
    world: World, at: FixedClock, browser_of: Any, client: Any
) -> None:
    """A standard that is replaced lists what refers to it: drafts of every department, too."""
    standard("示例标准 1")
    hidden = draft_entry(world, name="示例·未公开的草稿")
    office = browser_of("managing")
    newer = {
        "code": "示例标准 2", "version": "2", "title": "示例", "kind": "行业标准",
        "topic": "交换共享", "replaces": ["示例标准 1"], "is_example": True,
    }  # fmt: skip
    assert post(office, "standards", document=newer).status_code == 200
    where = "/api/v1/standards/detail?code=" + quote("示例标准 1")

    assert hidden.name in text_of(office.get(where))
    assert hidden.name in text_of(browser_of("cataloguer").get(where)), "its own"
    for asker in (client, browser_of("consumer"), browser_of("city"), browser_of("firm")):
        told = asker.get(where).json()
        page = asker.get("/manage/standards/" + quote("示例标准 1") + "/").content.decode()
        assert told["reviews"] == []
        assert hidden.name not in page
        assert hidden.code not in page


def test_the_public_does_not_read_who_commented_on_a_standard(
    world: World, at: FixedClock, browser_of: Any, client: Any
) -> None:
    standard("示例标准 1")
    row = Standard.objects.get(code="示例标准 1")
    Comment.objects.create(standard=row, text="示例意见", author="示例·某人", at=at.instant)
    where = "/api/v1/standards/detail?code=" + quote("示例标准 1")

    assert client.get(where).json()["comments"] == []
    assert browser_of("consumer").get(where).json()["comments"]


def test_a_units_rule_abolishes_no_standard_and_no_other_units_rule(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    standard("GB/T 示例-2020")
    office, provider = browser_of("managing"), browser_of("provider")

    def keep(asker: Any, **given: object) -> Any:
        kept = {"kind": "管理制度", "processes": [], **given}
        return post(asker, "standards", document=rule(**kept))

    assert keep(office, code="YJ-1", organisation="990000-YJ").status_code == 200
    assert keep(provider).status_code == 200
    for replaced in ("GB/T 示例-2020", "YJ-1"):
        answer = keep(provider, code="MH-2", replaces=[replaced])
        assert answer.json()["code"] == "NOT_YOUR_RULE", replaced
    own = keep(provider, code="MH-3", replaces=["MH-AQ-1"])

    assert own.status_code == 200, own.content
    states = dict(Standard.objects.values_list("code", "state"))
    assert states["GB/T 示例-2020"] == states["YJ-1"] == "in_force"
    assert states["MH-AQ-1"] == "abolished"


def test_ending_ones_function_turns_no_entry_of_another_department(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    """Linked to, or drawn in a chart, an entry is still its owner's."""
    theirs = published_entry(world, owner=world.organisations["990000-YJ"], name="示例·应急物资")
    mine = published_entry(world)
    cataloguer = browser_of("cataloguer")
    function = make.function(world)
    system = make.system(world)
    for entry in (theirs, mine):
        for what, code in (("functions", function.code), ("systems", system.code)):
            post(cataloguer, f"{what}/{code}/entries", entry=entry.code, is_linked=True)
    end = {"on": "2026-09-24", "reason": "示例"}

    ended = post(cataloguer, f"functions/{function.code}/end", **end).json()
    post(cataloguer, f"systems/{system.code}/retire", **end)

    assert ended == {"entries": [mine.code]}
    states = dict(EntryVersion.objects.values_list("entry__code", "state"))
    assert states == {mine.code: EntryState.TO_UPDATE, theirs.code: EntryState.PUBLISHED}
    asked = Message.objects.filter(organisation__code="990000-YJ", kind="联动更新")
    assert asked.count() == 2, "its owner is asked to look"


def test_a_scan_under_a_foreign_name_changes_nothing_of_others_in_the_ledger(
    world: World, at: FixedClock
) -> None:
    """Whoever scans chooses the system's name: another's tables are not gone by it."""
    one, two = (world.organisations[code].pk for code in ("990000-YJ", "990000-MH"))
    column = ScannedColumn("id", 1, "int", DataType.INTEGER)
    table = ScannedTable("", "stocks", (column,), comment="应急物资")
    ledger.keep_scan("示例应急系统", [table], owner_id=one, by=world.actor("consumer"))
    before = list(MetadataObject.objects.values_list("pk", "technical", "owner", "gone_at"))
    at.instant += timedelta(days=1)

    for name in ("示例应急系统", "示例应急系统/stocks", "lake", "file"):
        twisted = ScannedTable("", "stocks", (ScannedColumn("evil", 1, "x", DataType.STRING),))
        ledger.keep_scan(name, [twisted], owner_id=two, by=world.actor("cataloguer"))

    kept = MetadataObject.objects.filter(owner_id=one)
    assert list(kept.values_list("pk", "technical", "owner", "gone_at")) == before
    assert not MetadataObject.objects.filter(identifier__in=["lake", "file"]).exists()
    assert MetadataObject.objects.filter(owner_id=two, gone_at=None).count() == 12
