"""The open list: reviews that block, the hard rule, withdrawal, versions, publishers."""

from datetime import timedelta

import pytest

from tests.factories_delivery import ITEMS, served_entry, served_table
from tongqu.catalog.models import InformationItem
from tongqu.catalog.vocabulary import DataType, ItemView
from tongqu.identity.models import Assignment, Organisation, Person
from tongqu.identity.vocabulary import Role
from tongqu.opening.actions.publish import watch
from tongqu.opening.models import OpeningCase

OPEN_ITEMS = tuple(
    ItemView(*(getattr(i, n) for n in ItemView.__slots__[:10]), is_openable=i.level == 1)
    for i in ITEMS
)
STOPS = (
    ItemView(1, "站点编码", "stop", DataType.STRING, 20, is_key=True, is_openable=True),
    ItemView(2, "站点名称", "name", DataType.STRING, 80, is_openable=True),
    ItemView(3, "联系电话", "phone", DataType.STRING, 11, level=3, mask="cover"),
    ItemView(4, "密级坐标", "point", DataType.STRING, 40, level=4, mask="cover"),
)
ROWS = [
    {"stop": f"S{n}", "name": f"示例站 {n}", "phone": f"138{n:04}5678", "point": f"secret-{n}"}
    for n in range(1, 13)
]


@pytest.fixture
def stops(world, door):
    served_table("svc_stops", ROWS, STOPS)
    return served_entry(world, "svc_stops", items=STOPS, name="示例公交站点", level=4)


@pytest.mark.req("OPN-01")
def test_the_review_blocks_and_names_an_unmasked_item_of_level_3(door, stops) -> None:
    number = door.propose(stops, ["stop", "name", "phone"]).json()["number"]

    refused = door.review("provider", number, "legal")
    page = door.browser_of("provider").post(
        f"/openmgr/{number}/",
        {"command": "legal", "verdict": "pass", "reason": "示例", "clear": ["personal"]},
    )

    assert refused.status_code == 409
    assert refused.json()["code"] == "REVIEW_BLOCKED"
    assert "联系电话" in refused.json()["title"]
    assert page.status_code == 409
    assert "联系电话（高于 1 级且未脱敏）" in page.content.decode()
    assert not OpeningCase.objects.get(number=number).reviews.exists()
    safety = door.review("security", number, "safety", passed=False, basis="cn-2021-dsl 第二十一条")
    assert safety.json()["state"] == "not_open"
    assert door.browser_of("provider").get(f"/open/{stops.code}/").status_code == 404
    masked = [*("stop", "name"), {"item": "phone", "mask": "cover"}]
    door.open(stops, masked)
    shown = door.browser_of("consumer").get(f"/api/v1/open/sets/{stops.code}/rows").json()["rows"]
    assert shown[0]["phone"] == "138****5678"


def test_every_concern_must_be_cleared_and_a_refusal_needs_its_basis(door, stops) -> None:
    number = door.propose(stops, ["stop", "name"]).json()["number"]

    open_ = door.review("provider", number, "legal", answers={"personal": True})
    without = door.review("provider", number, "legal", passed=False)

    assert open_.json()["code"] == "CONCERNS_OPEN"
    assert "国家秘密" in open_.json()["title"]
    assert "个人信息" not in open_.json()["title"]
    assert without.json()["fields"]["basis"]


def test_neither_one_opinion_nor_a_missing_report_lets_a_case_pass(door, stops) -> None:
    number = door.propose(stops, ["stop", "name"]).json()["number"]
    door.review("provider", number, "legal")

    early = door.step("managing", number, "pass")
    door.review("security", number, "safety")
    without = door.step("managing", number, "pass")

    assert early.json()["code"] == "OPENING_STEP"
    assert without.json()["code"] == "NO_RISK_REPORT"


@pytest.mark.req("OPN-06")
@pytest.mark.parametrize("user", ["managing", "cataloguer"])
@pytest.mark.parametrize("how", [{}, {"mask": "hash"}, {"mask": "nullify"}])
def test_no_role_and_no_mask_opens_an_item_of_level_4(door, stops, user, how) -> None:
    """The managing office holds every permission of opening; the system's administrator none."""
    refused = door.propose(stops, ["stop", {"item": "point"} | how], user=user)
    by_admin = door.propose(stops, ["stop", "point"], user="sysadmin")

    assert refused.status_code == 403
    assert refused.json()["code"] == "LEVEL_NEVER_OPENS"
    assert "密级坐标" in refused.json()["title"]
    assert by_admin.status_code == 403
    assert not OpeningCase.objects.exists()


@pytest.mark.req("OPN-06")
def test_what_is_written_into_the_case_behind_the_platforms_back_still_stays(door, stops) -> None:
    """The gate holds the rule too: not even a changed row of the database opens level 4."""
    number = door.open(stops, ["stop", "name"])
    case = OpeningCase.objects.get(number=number)
    case.shown = [*case.shown, {"item": "point", "mask": "", "part": False, "unless": None}]
    case.save()

    answer = door.browser_of("consumer").get(f"/api/v1/open/sets/{stops.code}/rows")

    assert answer.status_code == 404
    assert "secret" not in answer.content.decode()


@pytest.mark.req("OPN-02")
def test_a_withdrawn_set_stays_on_the_list_with_reason_and_date(door, stops, public, at) -> None:
    number = door.open(stops, ["stop", "name"])
    again = public.get("/open/").content.decode()
    assert "示例公交站点" in again
    assert "已开放" in again
    at.instant += timedelta(days=20)

    answer = door.step("managing", number, "withdraw", reason="示例：坐标需重新核定")

    assert answer.json()["state"] == "withdrawn"
    listed = public.get("/open/").content.decode()
    assert "已撤回" in listed
    assert "2026 年 10 月 14 日" in listed
    assert "示例：坐标需重新核定" in listed
    history = public.get("/open/history/").content.decode()
    assert "第 1 版" in history
    assert "2026-09-24" in history
    assert "2026-10-14" in history
    assert public.get(f"/api/v1/open/sets/{stops.code}/rows").status_code == 404
    door.open(stops, ["stop"])
    assert "第 2 版" in public.get(f"/open/{stops.code}/").content.decode()
    assert "坐标需重新核定" in public.get("/open/history/").content.decode()


def test_a_raised_grade_closes_the_set_at_the_next_call(door, stops, public) -> None:
    door.open(stops, ["stop", "name"])
    assert public.get(f"/api/v1/open/sets/{stops.code}/rows").status_code == 200

    InformationItem.objects.filter(name_en="name").update(level=3)

    assert public.get(f"/api/v1/open/sets/{stops.code}/rows").status_code == 404
    assert public.get(f"/api/v1/open/sets/{stops.code}/file?form=csv").status_code == 404
    assert len(watch()["suspended"]) == 1
    assert "暂停开放" in public.get("/open/").content.decode()


def test_what_is_not_open_is_answered_as_what_does_not_exist(door, stops, public) -> None:
    door.propose(stops, ["stop", "name"])

    for place in ("rows", "features", "file?form=csv", ""):
        path = f"/api/v1/open/sets/%s/{place}".rstrip("/")
        hidden, unknown = public.get(path % stops.code), public.get(path % "990000-NO-SUCH")
        assert hidden.status_code == unknown.status_code == 404
        assert hidden.content == unknown.content
    hidden, unknown = public.get(f"/open/{stops.code}/"), public.get("/open/990000-NO-SUCH/")
    assert hidden.status_code == unknown.status_code == 404
    assert stops.name not in hidden.content.decode()


@pytest.mark.req("OPN-08")
def test_an_enterprise_publishes_its_own_data_under_its_name(world, door, public) -> None:
    firm = Organisation.objects.create(
        code="QY-BUS", name="示例公交集团有限公司", kind="enterprise", level="province",
        is_example=True, division_code="990000",
    )  # fmt: skip
    for username, role in (("bus", Role.CATALOGUER), ("bus-legal", Role.PROVIDER_REVIEWER)):
        person = Person.objects.create(
            username=username, display_name=f"示例·{username}", organisation=firm, assurance=2
        )
        Assignment.objects.create(person=person, role=role, organisation=firm)
        world.people[username] = person
    served_table("svc_stops", ROWS, STOPS)
    entry = served_entry(
        world, "svc_stops", items=STOPS, name="示例公交到站", level=4, owner=firm, provider=firm
    )

    answer = door.propose(entry, ["stop", "name"], user="bus", licence="CC-BY-4.0")
    number = answer.json()["number"]
    door.review("bus-legal", number, "legal")
    door.review("security", number, "safety")
    door.step("security", number, "test")
    door.step("managing", number, "pass")
    released = door.step("managing", number, "publish")

    assert released.status_code == 200, released.content.decode()
    page = public.get(f"/open/{entry.code}/").content.decode()
    assert "示例公交集团有限公司" in page
    assert "CC BY 4.0" in page


def test_a_conditional_set_is_told_with_its_terms_and_gives_no_data(door, stops, public) -> None:
    """The row asks for approval and agreement before a key: no key is given at all yet."""
    terms = "企业用于出行服务，签订使用协议"
    door.open(stops, ["stop", "name"], open_type="conditional", conditions=terms)

    page = public.get(f"/open/{stops.code}/").content.decode()
    refused = public.get(f"/api/v1/open/sets/{stops.code}/rows")

    assert terms in page
    assert "示例站 1" not in page
    assert refused.status_code == 403
    assert refused.json()["code"] == "OPEN_TYPE_CLOSED"
