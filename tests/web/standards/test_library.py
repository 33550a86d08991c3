"""The library: what is replaced lists what refers to it; drafts and rules."""

from urllib.parse import quote

import pytest

from tests.factories_catalog import published_entry
from tests.factories_standards import COLOUR, element, standard
from tongqu.kernel.actor import PLATFORM
from tongqu.portal.queries import todos
from tongqu.standards import public as standards
from tongqu.standards.models import Review, Standard

pytestmark = pytest.mark.django_db
OLD, NEW = "JT/T 697.7-2014", "JT/T 697.7-2026"
API = "/api/v1/standards"


def page(code: str) -> str:
    return f"/manage/standards/{quote(code)}/"


def new_version(**given):
    return {
        "code": NEW, "version": "2026", "title": "示例数据元标准", "kind": "行业标准",
        "topic": "交换共享", "replaces": [OLD], "is_example": True, **given,
    }  # fmt: skip


@pytest.mark.req("STD-01")
def test_when_a_standard_is_replaced_what_refers_to_it_is_listed(world, at, browser_of) -> None:
    standard(OLD)
    element()
    standards.save_elements([COLOUR | {"code": "DE-PCOL2"}], by=PLATFORM)
    standards.save_elements([COLOUR | {"code": "DE-OTHER", "standard": "GB 1-2000"}], by=PLATFORM)
    office = browser_of("managing")

    answer = office.post(f"{API}", {"document": new_version()}, content_type="application/json")

    assert answer.status_code == 200, answer.json()
    listed = office.get(f"{API}/reviews").json()
    assert [(one["subject_code"], one["new"]) for one in listed] == [
        ("DE-PCOL", NEW), ("DE-PCOL2", NEW),
    ]  # fmt: skip
    todo = [item for item in todos(world.actor("managing")) if item.kind == "标准复核"]
    assert len(todo) == 1
    assert todo[0].reference == OLD
    text = office.get(todo[0].url).content.decode()
    assert "引用复核清单" in text
    assert "DE-PCOL2" in text
    assert f'由 <a href="{page(NEW)}"' in text
    assert Standard.objects.get(code=OLD).state == "abolished"
    assert "DE-OTHER" not in text


def test_an_element_that_moves_to_the_new_standard_needs_no_review(world, at, browser_of) -> None:
    standard(OLD)
    element()
    standards.save_standard(new_version(), by=PLATFORM)

    standards.save_elements([COLOUR | {"standard": NEW}], by=world.actor("support"))

    assert Review.objects.get().note == f"改引 {NEW}"
    assert [i for i in todos(world.actor("managing")) if i.kind == "标准复核"] == []


def test_entries_that_name_the_old_standard_are_listed_for_their_owner(world, at) -> None:
    entry = published_entry(world, standards=[OLD])
    undated = published_entry(world, standards=["JT/T 697.7"])
    published_entry(world, standards=["GB 1-2000"])
    standard(OLD)

    standards.save_standard(new_version(), by=PLATFORM)

    listed = set(Review.objects.values_list("subject_kind", "subject_code", "url"))
    assert listed == {("entry", one.code, f"/catalog/{one.code}/") for one in (entry, undated)}
    todo = [item for item in todos(world.actor("provider")) if item.kind == "标准复核"]
    assert "2 项引用" in todo[0].title


def test_a_review_is_closed_with_what_was_found(world, at, browser_of) -> None:
    standard(OLD)
    element()
    standards.save_standard(new_version(), by=PLATFORM)
    number = Review.objects.get().pk
    office = browser_of("managing")

    silent = office.post(page(OLD), {"do": "review", "number": number, "note": ""})
    done = office.post(page(OLD), {"do": "review", "number": number, "note": "新版未改此数据元"})

    assert silent.status_code == 422
    assert done.status_code == 302
    assert Review.objects.get().done_by.endswith("managing")


def test_a_released_version_replaces_the_old_one_on_its_day(world, at, browser_of) -> None:
    from tongqu.kernel import jobs

    standard(OLD)
    element()

    standards.save_standard(
        new_version(state="released", effective_on="2026-10-01", issued_on="2026-09-24"),
        by=PLATFORM,
    )

    assert Review.objects.count() == 1  # listed as soon as it is published
    assert Standard.objects.get(code=OLD).state == "in_force"
    at.instant = at.instant.replace(month=10, day=2)
    assert jobs.run("standards.enforce_due") == 1
    assert Standard.objects.get(code=OLD).state == "abolished"
    assert Standard.objects.get(code=NEW).state == "in_force"


def test_the_same_document_again_changes_nothing(world, at) -> None:
    standard(OLD)
    edition = Standard.objects.get().edition

    standard(OLD)

    assert Standard.objects.get().edition == edition


def test_other_rooms_things_are_listed_for_their_owner(world, at, monkeypatch) -> None:
    from tongqu.standards import ports
    from tongqu.standards.vocabulary import Follower, SubjectKind

    mine = world.organisations["990000-MH"].pk
    monkeypatch.setattr(ports, "_followers", [
        lambda code: [Follower(SubjectKind.ENTRY, "E-1", "示例目录", "/catalog/E-1/", mine)]
    ])  # fmt: skip
    standard(OLD)
    standards.save_standard(new_version(), by=PLATFORM)

    assert [i.reference for i in todos(world.actor("provider")) if i.kind == "标准复核"] == [OLD]
    assert [i for i in todos(world.actor("managing")) if i.kind == "标准复核"] == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"topik": "x"}, "不认识的键 topik"),
        ({"kind": "house"}, "kind 不认识 house"),
        ({"state": "drafting"}, "须走制修订流程"),
        ({"replaces": [NEW]}, "不能替代自身"),
        ({"kind": "rule"}, "管理制度应有 organisation"),
        ({"scope": "全省"}, "只用于管理制度"),
        ({"issued_on": "2026-09-31"}, "issued_on 应为"),
        ({"issued_on": "2026-09-02", "effective_on": "2026-09-01"}, "先后不对"),
        ({"version": 2026}, "version 请加引号"),
    ],
)
def test_a_document_is_refused_by_its_place(world, at, browser_of, change, says) -> None:
    body = {"document": new_version(**change)}

    answer = browser_of("support").post(API, body, content_type="application/json")

    assert answer.status_code == 422
    problem = answer.json()
    assert problem["code"] == "BAD_DOCUMENT"
    assert says in problem["title"]
    assert NEW in problem["title"]
    assert not Standard.objects.exists()


def test_the_public_reads_standards_but_no_drafts_and_no_units_rules(world, at, client) -> None:
    standard(OLD)
    standards.save_standard(
        {
            "code": "ZD-1", "version": "1", "title": "示例安全制度", "kind": "rule",
            "topic": "governance", "organisation": "990000-MH", "rule_kind": "管理",
            "rule_subject": "数据安全",
        },
        by=PLATFORM,
    )  # fmt: skip

    assert [one["code"] for one in client.get(API).json()] == [OLD]
    assert client.get(page("ZD-1")).status_code == 404
    assert client.get(page(OLD)).status_code == 200
    assert client.get("/manage/standards/").status_code == 200


def test_the_library_filters(world, at, browser_of) -> None:
    standard(OLD)
    standard("GB/T 2260-2007", kind="national", topic="identification", title="示例行政区划代码")
    browser = browser_of("consumer")

    assert [o["code"] for o in browser.get(f"{API}?kind=national").json()] == ["GB/T 2260-2007"]
    assert [o["code"] for o in browser.get(f"{API}?q=697.7").json()] == [OLD]
    text = browser.get("/manage/standards/?topic=identification").content.decode()
    assert "示例行政区划代码" in text
    assert OLD not in text
