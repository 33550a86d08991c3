"""IT projects from 立项 to 运营: receipts at the gates, six months for the data."""

import json
from datetime import date
from typing import Any

import pytest

from tests.factories_catalog import draft_entry, published_entry
from tests.world import World
from tongqu.audit.models import AuditEntry
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import ChangeReason
from tongqu.kernel import clock, jobs
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.clock import FixedClock
from tongqu.supervision.models import GateCheck, Project, RectificationDraft

API = "/api/v1/supervision"
CODE = "XM-2026-0001"
PROJECT = {"code": CODE, "name": "示例航班监测系统", "organisation": "990000-MH",
           "system_name": "示例航班监测系统"}  # fmt: skip


def post(client: Any, path: str, body: object = None) -> Any:
    return client.post(f"{API}{path}", json.dumps(body or {}), content_type="application/json")


def registered(browser_of: Any) -> Any:
    client = browser_of("cataloguer")
    made = post(client, "/projects", PROJECT)
    assert made.status_code == 201, made.content
    return client


def pre_receipt(world: World) -> tuple[str, str]:
    """Return a pre-entry of the project and its receipt."""
    entry = draft_entry(world, kind="pre", project=CODE)
    report = catalog.submit_for_check(entry.code, by=world.actor("cataloguer"))
    assert report.passed, report.findings
    return entry.code, catalog.issue_receipt(entry.code, by=world.actor("cataloguer")).number


def in_trial(world: World, browser_of: Any, at: FixedClock, day: date) -> str:
    """Bring a project into trial operation on that day; return its entry."""
    at.instant = FixedClock.on(day).instant
    registered(browser_of)
    Project.objects.update(stage="building")
    entry = published_entry(world, name="示例航班")
    post(browser_of("cataloguer"), f"/projects/{CODE}/entries", {"entry_code": entry.code})
    passed = post(browser_of("managing"), f"/projects/{CODE}/gate/trial", {"decide": True})
    assert passed.status_code == 200, passed.content
    return entry.code


@pytest.mark.req("CAT-12")
def test_a_pre_entry_passes_inside_a_project_in_approval_and_opens_its_gate(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    registered(browser_of)
    managing = browser_of("managing")
    shut = post(managing, f"/projects/{CODE}/gate/approval", {"decide": True})
    code, number = pre_receipt(world)

    page = managing.post(f"/sup/projects/{CODE}/",
                         {"gate": "approval", "receipts": number, "pass": ""})  # fmt: skip
    told = managing.get(f"{API}/projects/{CODE}").json()
    late = draft_entry(world, kind="pre", project=CODE, name="示例：立项以后")
    after = catalog.submit_for_check(late.code, by=world.actor("cataloguer"))

    assert shut.json()["code"] == "GATE_NOT_PASSED"
    assert page.status_code == 302
    assert (told["stage_label"], told["entries"]) == ("建设", [code])
    assert not after.passed  # the project has left 立项
    assert AuditEntry.objects.filter(action="supervision.receipt.checked").exists()


@pytest.mark.req("CAT-13")
def test_trial_operation_without_a_formal_entry_is_refused_with_article_20(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    registered(browser_of)
    pre_receipt(world)
    Project.objects.update(stage="building")

    refused = post(browser_of("managing"), f"/projects/{CODE}/gate/trial", {"decide": True})
    page = browser_of("managing").post(f"/sup/projects/{CODE}/", {"gate": "trial", "pass": ""})

    assert refused.status_code == 409
    assert refused.json()["clause"] == "mot-2021-sharing 第二十条"
    assert page.status_code == 422
    assert "未编制正式目录" in page.content.decode()
    assert Project.objects.get().stage == "building"


@pytest.mark.req("CAT-13")
def test_no_data_six_months_after_the_trial_began_is_late_and_drafts_a_notice_once(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    in_trial(world, browser_of, at, date(2026, 1, 10))
    due = browser_of("cataloguer").get(f"{API}/projects/{CODE}").json()["connect_due_on"]

    at.instant = FixedClock.on(date(2026, 7, 10)).instant
    jobs.run("supervision.connect")
    on_the_day = Project.objects.get().late_since
    at.instant = FixedClock.on(date(2026, 7, 11), 0, 35).instant
    jobs.run("supervision.connect")
    jobs.run("supervision.connect")

    page = browser_of("managing").get(f"/sup/projects/{CODE}/").content.decode()
    listed = browser_of("managing").get("/sup/rectifications/").content.decode()
    draft = RectificationDraft.objects.get()
    assert due == "2026-07-10"
    assert on_the_day is None  # the last day still counts
    assert "逾期未接入" in page
    assert (draft.case, draft.basis) == ("二", "mot-2021-sharing 第二十三条")
    assert "第二十三条（二）" in listed
    assert "整改线索" in browser_of("managing").get("/desk/todo/").content.decode()


def test_data_in_time_makes_no_draft(world: World, at: FixedClock, browser_of: Any) -> None:
    code = in_trial(world, browser_of, at, date(2026, 1, 10))
    catalog.mark_connected(code, rows=5, at=clock.now(), by=PLATFORM)

    at.instant = FixedClock.on(date(2026, 7, 11)).instant
    jobs.run("supervision.connect")

    assert not RectificationDraft.objects.exists()
    assert (
        browser_of("cataloguer").get(f"{API}/projects/{CODE}").json()["connection_label"]
        == "已接入"
    )


@pytest.mark.req("CAT-15")
def test_an_outdated_receipt_shows_the_newer_version_and_does_not_open_the_gate(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    code = in_trial(world, browser_of, at, date(2026, 9, 24))
    by = world.actor("cataloguer")
    catalog.mark_connected(code, rows=12, at=clock.now(), by=PLATFORM)
    number = catalog.issue_receipt(code, by=by).number
    managing = browser_of("managing")
    before = managing.get(f"{API}/projects/{CODE}/gate/acceptance?receipt={number}").json()
    catalog.register_change(code, reason=ChangeReason.OTHER, explanation="示例",
                            effective_on=clock.today(), by=by)  # fmt: skip
    catalog.submit_for_check(code, by=by)
    catalog.publish(code, by=world.actor("provider"))

    shown = post(managing, f"/projects/{CODE}/gate/acceptance", {"receipts": [number]}).json()
    refused = post(managing, f"/projects/{CODE}/gate/acceptance",
                   {"receipts": [number], "decide": True})  # fmt: skip
    newer = catalog.issue_receipt(code, by=by).number
    passed = post(managing, f"/projects/{CODE}/gate/acceptance",
                  {"receipts": [newer], "decide": True})  # fmt: skip

    assert before["checks"][0]["state"] == "有效"
    check = shown["checks"][0]
    assert (check["state"], check["newer_version"], check["holds"]) == ("已更新", "1.1", False)
    assert refused.json()["code"] == "GATE_NOT_PASSED"
    assert passed.status_code == 200
    assert Project.objects.get().stage == "accepted"
    logged = GateCheck.objects.order_by("pk").values_list("number", "state", "passed")
    assert list(logged) == [(number, "已更新", False), (number, "已更新", False),
                            (newer, "有效", True)]  # fmt: skip
    assert number in managing.get(f"/sup/projects/{CODE}/").content.decode()


@pytest.mark.req("CAT-14")
def test_acceptance_asks_for_the_formal_receipt(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    code = in_trial(world, browser_of, at, date(2026, 9, 24))
    managing = browser_of("managing")
    catalog.mark_connected(code, rows=12, at=clock.now(), by=PLATFORM)

    without = post(managing, f"/projects/{CODE}/gate/acceptance", {"decide": True})
    unknown = post(managing, f"/projects/{CODE}/gate/acceptance", {"receipts": ["HZ-2026-999999"]})
    number = catalog.issue_receipt(code, by=world.actor("cataloguer")).number
    done = post(managing, f"/projects/{CODE}/gate/acceptance",
                {"receipts": [number], "decide": True})  # fmt: skip
    managing.post(f"/sup/projects/{CODE}/", {"operate": ""})

    assert without.status_code == 409
    assert unknown.json()["checks"][0]["why"] == "没有这个编号的编目回执"
    assert done.status_code == 200
    assert Project.objects.get().stage == "operating"


def test_a_receipt_of_another_project_opens_nothing(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    registered(browser_of)
    _, number = pre_receipt(world)
    post(browser_of("cataloguer"), "/projects",
         PROJECT | {"code": "XM-2026-0002", "name": "示例二期"})  # fmt: skip

    shown = post(browser_of("managing"), "/projects/XM-2026-0002/gate/approval",
                 {"receipts": [number]}).json()  # fmt: skip

    assert shown["checks"][0]["why"] == "回执所证明的目录不属于本项目"
    assert not shown["is_open"]


def test_a_department_registers_and_sees_only_its_own_projects(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    client = registered(browser_of)

    foreign = post(client, "/projects", PROJECT | {"code": "XM-9", "organisation": "990000-YJ",
                                                   "name": "示例外单位"})  # fmt: skip
    twice = post(client, "/projects", PROJECT)
    on_page = client.post("/sup/projects/", PROJECT)

    assert foreign.status_code in {403, 422}
    assert twice.json()["code"] == "PROJECT_EXISTS"
    assert on_page.status_code == 422
    assert browser_of("city").get(f"/sup/projects/{CODE}/").status_code == 404
    assert post(client, f"/projects/{CODE}/gate/approval", {"decide": True}).status_code == 403
    assert browser_of("consumer").get("/sup/projects/").status_code == 403


def test_the_managing_office_verifies_or_dismisses_a_clue_with_a_reason(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    in_trial(world, browser_of, at, date(2026, 1, 10))
    at.instant = FixedClock.on(date(2026, 7, 11)).instant
    jobs.run("supervision.connect")
    draft = RectificationDraft.objects.get()
    page = "/sup/rectifications/"

    silent = browser_of("managing").post(page, {"draft": draft.pk, "confirm": "", "reason": ""})
    other = post(browser_of("supervisor"), f"/rectifications/{draft.pk}",
                 {"confirm": True, "reason": "示例"})  # fmt: skip
    done = browser_of("managing").post(page, {"draft": draft.pk, "confirm": "", "reason": "属实"})

    assert silent.status_code == 422
    assert other.status_code == 403
    assert done.status_code == 302
    draft.refresh_from_db()
    assert draft.state == "confirmed"


def test_an_act_nobody_knows_opens_no_gate_and_settles_no_clue(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    in_trial(world, browser_of, at, date(2026, 1, 10))
    at.instant = FixedClock.on(date(2026, 7, 11), 0, 35).instant
    jobs.run("supervision.connect")
    draft = RectificationDraft.objects.get()
    managing = browser_of("managing")

    answers = [
        managing.post(f"/sup/projects/{CODE}/", {"gate": "acceptance", "surprise": ""}),
        managing.post(f"/sup/projects/{CODE}/", {"gate": "surprise", "pass": ""}),
        managing.post("/sup/rectifications/", {"draft": draft.pk, "reason": "示例"}),
    ]

    draft.refresh_from_db()
    assert [found.status_code for found in answers] == [422] * 3
    assert (Project.objects.get().stage, draft.state) == ("trial", "clue")


def test_where_a_project_stands_with_its_data_is_told_before_the_night(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    code = in_trial(world, browser_of, at, date(2026, 1, 10))
    managing = browser_of("managing")

    def told() -> tuple[str, str]:
        of_one = managing.get(f"{API}/projects/{CODE}").json()["connection_label"]
        return of_one, managing.get(f"{API}/projects").json()[0]["connection_label"]

    at.instant = FixedClock.on(date(2026, 7, 10)).instant
    on_the_day = told()
    at.instant = FixedClock.on(date(2026, 7, 11)).instant
    after = told()
    catalog.mark_connected(code, rows=12, at=clock.now(), by=PLATFORM)

    assert on_the_day == ("待接入", "待接入")
    assert after == ("逾期未接入", "逾期未接入")
    assert told() == ("已接入", "已接入")
