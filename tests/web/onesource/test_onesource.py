"""One source, one responsibility, one standard: the register, look-alikes, 贯标率."""

import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tests.factories_catalog import draft_entry
from tests.world import World
from tongqu.audit.models import AuditEntry
from tongqu.catalog.vocabulary import DataType, ItemView
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.clock import FixedClock
from tongqu.onesource.domain.matching import STRONG
from tongqu.onesource.models import Authority, Pair
from tongqu.onesource.vocabulary import PairState
from tongqu.standards import public as standards

pytestmark = pytest.mark.django_db
LEGAL = {"datum": "企业法人姓名", "standard": "GB 32100", "name": "企业法人姓名"}
MARKET = LEGAL | {"system": "市场主体登记系统", "department": "990000-YJ"}
ROAD = LEGAL | {"system": "道路运政系统", "department": "990000-MH"}


def post(browser: Any, path: str, **body: object) -> Any:
    return browser.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")


@pytest.mark.req("STD-09")
def test_a_second_source_is_refused_until_the_first_is_ended(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    office = browser_of("managing")

    first = post(office, "onesource/authorities", **MARKET)
    second = post(office, "onesource/authorities", **ROAD)
    page = office.post("/manage/onesource/", ROAD)
    ended = post(office, f"onesource/authorities/{first.json()['id']}/end", reason="示例：职能调整")
    third = post(office, "onesource/authorities", **ROAD)

    assert first.status_code == 201
    assert (second.status_code, second.json()["code"]) == (409, "SOURCE_TAKEN")
    assert "市场主体登记系统" in second.json()["title"]
    assert page.status_code == 422
    assert "先终止原来源" in page.content.decode()
    assert ended.status_code == 200
    assert third.status_code == 201
    held = office.get("/api/v1/onesource/authorities", {"datum": "企业法人姓名", "ended": True})
    assert sorted(row["until"] is None for row in held.json()) == [False, True]
    assert AuditEntry.objects.filter(action="onesource.authority.ended").exists()


def test_the_database_itself_keeps_one_source_a_datum(world: World, at: FixedClock) -> None:
    unit = world.organisations["990000-MH"]
    given = {"datum": "D", "name": "D", "department": unit, "standard": "S", "since": clock.today(),
             "author": "示例"}  # fmt: skip
    Authority.objects.create(system="甲", **given)

    with pytest.raises(IntegrityError), transaction.atomic():
        Authority.objects.create(system="乙", **given)


def test_all_four_ones_are_asked_for(world: World, at: FixedClock, browser_of: Any) -> None:
    answer = post(
        browser_of("managing"), "onesource/authorities",
        datum="企业法人姓名", system="", department="no-such", standard=" ",
    )  # fmt: skip

    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {"system", "standard", "department"}


def test_a_department_registers_and_ends_only_its_own(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    mine = post(browser_of("cataloguer"), "onesource/authorities", **ROAD)
    others = post(browser_of("cataloguer"), "onesource/authorities", **(MARKET | {"datum": "X"}))
    public = post(Client(), "onesource/authorities", **ROAD)
    reason = post(
        browser_of("cataloguer"), f"onesource/authorities/{mine.json()['id']}/end", reason=" "
    )

    assert mine.status_code == 201
    assert (others.status_code, others.json()["code"]) == (403, "NOT_YOUR_DATUM")
    assert public.status_code == 401
    assert (reason.status_code, reason.json()["code"]) == (422, "REASON_REQUIRED")


def two_entries(world: World) -> tuple[str, str]:
    """Two departments declare 统一社会信用代码, under two names, in two systems."""
    codes = []
    for unit, system, name, columns in (
        ("990000-MH", "甲系统", "示例·业户基本信息", ("统一社会信用代码", "uscc")),
        ("990000-YJ", "乙系统", "示例·企业登记信息", ("社会信用代码", "uscc_code")),
    ):
        owner = world.organisations[unit]
        items = (ItemView(1, *columns, DataType.STRING, 18, nullable=False, is_key=True),
                 ItemView(2, "备注", "remark", DataType.STRING, 200))  # fmt: skip
        entry = draft_entry(
            world, owner=owner, provider=owner, name=name, source_system=system, items=items
        )
        codes.append(entry.code)
    return codes[0], codes[1]


def test_look_alikes_are_found_decided_and_stay_decided(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    two_entries(world)
    office = browser_of("managing")

    found = post(office, "onesource/pairs/detect").json()["open"]
    listed = office.get("/api/v1/onesource/pairs").json()
    pair = listed["items"][0]
    same = post(office, f"onesource/pairs/{pair['id']}/same", note="示例：以乙系统为准")
    twice = post(office, f"onesource/pairs/{pair['id']}/same")
    again = post(office, "onesource/pairs/detect").json()["open"]

    assert found >= 1
    sources = {pair["told"]["first_source"][-3:], pair["told"]["second_source"][-3:]}
    assert sources == {"甲系统", "乙系统"}
    assert same.json()["state"] == PairState.SAME
    assert twice.status_code == 409
    assert again == found - 1
    assert Pair.objects.get(pk=pair["id"]).state == PairState.SAME


def test_the_pages_compare_decide_and_show(world: World, at: FixedClock, browser_of: Any) -> None:
    two_entries(world)
    office = browser_of("managing")

    office.post("/manage/onesource/pairs/")
    pair = Pair.objects.first()
    assert pair is not None
    weak = Pair.objects.create(
        first_entry=pair.second_entry, first_item="示例弱", second_entry=pair.first_entry,
        second_item="示例弱", score=0.6, reasons=["名称相近"], found_at=pair.found_at,
        told=dict.fromkeys(("first", "second", "first_source", "second_source"), "示例·弱相似项"),
    )  # fmt: skip
    first_look = office.get("/manage/onesource/pairs/").content.decode()
    rest = office.get("/manage/onesource/pairs/?part=weak").content.decode()
    weak.delete()
    office.post("/manage/onesource/pairs/", {"pair": pair.pk, "command": "different"})
    page = office.get("/manage/onesource/pairs/?state=different").content.decode()
    refused = browser_of("cataloguer").post("/manage/onesource/pairs/")

    assert pair.score >= STRONG
    assert pair.told["first"] in first_look
    assert "另有 1 对相似度较低" in first_look
    assert "弱相似项" not in first_look
    assert "弱相似项" in rest
    assert "不同数据" in page
    assert pair.told["first"] in page
    assert refused.status_code == 403


@pytest.mark.req("STD-04")
def test_of_20_columns_15_bound_give_75_per_cent_and_the_5_are_listed(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    standards.save_elements(
        [{"code": "E-1", "name_zh": "示例元", "name_en": "sample", "data_type": "string",
          "length": 10, "definition": "示例"}], by=PLATFORM,
    )  # fmt: skip
    codes = ["E-1"] * 15 + ["", "", "", "", "E-NOT-THERE"]  # the last binds nothing
    items = tuple(
        ItemView(n, f"示例项{n:02}", f"c{n:02}", DataType.STRING, 10, element=code)
        for n, code in enumerate(codes, 1)
    )
    entry = draft_entry(world, items=items)
    office = browser_of("managing")

    rows = office.get("/api/v1/onesource/following").json()
    units = office.get("/api/v1/onesource/following", {"by": "provider"}).json()
    page = office.get("/manage/onesource/following/").content.decode()

    row = next(r for r in rows if r["code"] == entry.code)
    assert (row["items"], row["bound"], float(row["rate"])) == (20, 15, 75)
    assert row["unbound"] == [f"示例项{n}" for n in range(16, 21)]
    assert float(units[0]["rate"]) == 75
    assert "75.0%" in page
    assert "示例项20" in page


def test_the_check_tells_of_an_item_whose_one_source_is_elsewhere(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    item = ItemView(1, "统一社会信用代码", "uscc", DataType.STRING, 18, nullable=False,
                    is_key=True, element="E-USCC")  # fmt: skip
    entry = draft_entry(world, items=(item,))
    office = browser_of("managing")
    post(office, "onesource/authorities", **(MARKET | {"datum": "E-USCC"}))

    report = post(browser_of("cataloguer"), f"catalog/entries/{entry.code}/check").json()

    found = [f for f in report["findings"] if f["rule"] == "STD-09"]
    assert report["passed"] is True  # a warning: the department may say why it keeps a copy
    assert [f["item"] for f in found] == ["uscc"]
    assert "市场主体登记系统" in found[0]["message"]
