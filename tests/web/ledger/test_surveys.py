"""Surveys of data resources: a round from the first page to drafts in the catalogue."""

import json
from typing import Any

import pytest
from django.test import Client

from tests.factories_ledger import person, unit
from tests.world import World
from tongqu.audit.models import AuditEntry
from tongqu.catalog.models import EntryVersion
from tongqu.identity.vocabulary import Level, Role
from tongqu.kernel.clock import FixedClock
from tongqu.ledger.actions import surveys as actions
from tongqu.ledger.models import SurveyAnswer, SurveyRound

API = "/api/v1/ledger"
TABLE = {
    "system": "示例客运联网售票系统", "name": "示例客运站基本信息", "rows": 1200,
    "update_cycle": "monthly", "note": "缺少二级以下客运站",
    "columns": [
        {"name_zh": "客运站名称", "name_en": "station_name", "data_type": "string"},
        {"name_zh": "发车位数", "name_en": "bays", "data_type": "integer"},
    ],
}  # fmt: skip

COLUMNS = "客运站名称,station_name,字符型\n发车位数，bays，整数型"


def call(client: Client, method: str, path: str, body: object = None) -> Any:
    return getattr(client, method)(
        f"{API}{path}", json.dumps(body) if body is not None else None,
        content_type="application/json",
    )  # fmt: skip


def five_departments(world: World) -> list[str]:
    for n in range(1, 6):
        made = unit(world, f"990000-D{n}", f"示例部门{n}", Level.PROVINCE)
        person(world, f"d{n}", Role.CATALOGUER, made)
    return [f"990000-D{n}" for n in range(1, 6)]


def issued(world: World, browser_of: Any) -> int:
    body = {"title": "示例：2026 年公共数据资源调查", "due_on": "2026-10-31",
            "departments": five_departments(world)}  # fmt: skip
    managing = browser_of("managing")
    made = call(managing, "post", "/surveys", body)
    assert made.status_code == 201, made.content
    number = made.json()["id"]
    assert call(managing, "post", f"/surveys/{number}/steps/issue").status_code == 200
    return int(number)


@pytest.mark.req("CAT-01")
def test_four_of_five_make_eighty_per_cent_and_the_missing_one_is_named(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    number = issued(world, browser_of)
    for n in range(1, 5):
        client = browser_of(f"d{n}")
        assert (
            call(client, "put", f"/surveys/{number}/answer", {"tables": [TABLE]}).status_code == 200
        )
        handed_in = call(client, "post", f"/surveys/{number}/answer/submission")
        assert handed_in.json()["state_label"] == "已提交"

    page = browser_of("managing").get(f"/manage/surveys/{number}/").content.decode()
    told = call(browser_of("managing"), "get", f"/surveys/{number}").json()

    assert "80.0%" in page
    assert "尚未填报：示例部门5" in page
    assert (told["share"], told["missing"]) == ("0.800000", ["示例部门5"])
    assert told["state_label"] == "填报"


@pytest.mark.req("CAT-01")
def test_an_answered_table_becomes_a_draft_with_one_click(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    number = issued(world, browser_of)
    client = browser_of("d1")
    page = f"/manage/surveys/{number}/answer/"
    form = {"add": "", "system": TABLE["system"], "name": TABLE["name"], "rows": "1200",
            "update_cycle": "monthly", "columns": COLUMNS}  # fmt: skip
    client.post(page, form)
    client.post(page, {"submit": "", "gaps": ""})
    row = call(client, "get", f"/surveys/{number}/answer").json()["tables"][0]

    client.post(page, {"draft": str(row["id"])})
    client.post(page, {"draft": str(row["id"])})  # twice is once

    draft = EntryVersion.objects.select_related("entry").get(name=TABLE["name"])
    assert draft.state == "draft"
    assert draft.entry.owner.code == "990000-D1"
    assert [item.name_en for item in draft.items.all()] == ["station_name", "bays"]
    assert draft.source_system == TABLE["system"]
    assert draft.entry.code in client.get(page).content.decode()


def test_a_round_runs_from_compiling_to_the_archive(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    number = issued(world, browser_of)
    client, managing = browser_of("d1"), browser_of("managing")
    call(client, "put", f"/surveys/{number}/answer", {"tables": [TABLE]})
    call(client, "post", f"/surveys/{number}/answer/submission")
    answer = next(a for a in call(managing, "get", f"/surveys/{number}").json()["answers"]
                  if a["tables"])  # fmt: skip
    page = f"/manage/surveys/{number}/"

    without_reason = managing.post(page, {"answer": answer["id"], "return": ""})
    managing.post(page, {"answer": answer["id"], "return": "", "reason": "请补充字段"})
    again = call(client, "post", f"/surveys/{number}/answer/submission")
    managing.post(page, {"command": "review"})
    too_soon = managing.post(page, {"command": "summarise"})
    managing.post(page, {"answer": answer["id"], "accept": ""})
    for command in ("summarise", "archive"):
        managing.post(page, {"command": command})

    assert without_reason.status_code == too_soon.status_code == 422
    assert again.status_code == 200
    assert call(managing, "get", f"/surveys/{number}").json()["state_label"] == "归档"
    subjects = AuditEntry.objects.filter(subject=f"survey-{number}").values_list(
        "action", flat=True
    )
    assert {"ledger.survey.issue", "ledger.survey.answered", "ledger.survey.archive"} <= set(
        subjects
    )


def test_a_department_sees_and_answers_only_its_own(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    number = issued(world, browser_of)
    client, other = browser_of("d1"), browser_of("cataloguer")
    call(client, "put", f"/surveys/{number}/answer", {"tables": [TABLE]})
    call(client, "post", f"/surveys/{number}/answer/submission")
    table = call(client, "get", f"/surveys/{number}/answer").json()["tables"][0]

    assert other.get(f"/manage/surveys/{number}/").status_code == 404
    assert call(other, "put", f"/surveys/{number}/answer", {"tables": []}).status_code == 403
    assert call(browser_of("d2"), "post", f"/survey-tables/{table['id']}/draft").status_code == 404
    answers = call(browser_of("d2"), "get", f"/surveys/{number}").json()["answers"]
    assert [answer["department"] for answer in answers] == ["示例部门2"]
    assert call(client, "put", f"/surveys/{number}/answer", {"tables": []}).status_code == 409


def test_a_questionnaire_waits_in_the_todo_page_of_its_department(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    issued(world, browser_of)

    assert "示例：2026 年公共数据资源调查" in browser_of("d3").get("/desk/todo/").content.decode()


def test_a_wrong_column_is_named_by_its_line(world: World, at: FixedClock, browser_of: Any) -> None:
    number = issued(world, browser_of)
    form = {"add": "", "system": "示例系统", "name": "示例表", "update_cycle": "daily",
            "columns": "名称,name,字符型\n坐标,xy,几何型"}  # fmt: skip

    page = browser_of("d1").post(f"/manage/surveys/{number}/answer/", form)

    assert page.status_code == 422
    assert "第 2 行" in page.content.decode()


def test_an_act_nobody_knows_is_refused_and_does_nothing(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    number = issued(world, browser_of)
    client, managing = browser_of("d1"), browser_of("managing")
    call(client, "put", f"/surveys/{number}/answer", {"tables": [TABLE]})
    call(client, "post", f"/surveys/{number}/answer/submission")
    page = f"/manage/surveys/{number}/"
    answer = SurveyAnswer.objects.get(state="submitted").pk

    answers = [
        managing.post(page, {"command": "surprise"}),
        managing.post(page, {"command": "begin"}),
        managing.post(page, {"answer": answer, "reason": "示例"}),
        browser_of("d2").post(f"{page}answer/", {"gaps": "示例"}),
    ]

    assert [found.status_code for found in answers] == [422] * 4
    assert SurveyRound.objects.get().state == "filling"
    assert SurveyAnswer.objects.get(pk=answer).state == "submitted"
    assert not SurveyAnswer.objects.exclude(gaps="").exists()


def test_a_questionnaire_handed_in_meanwhile_is_not_written_over(
    world: World, at: FixedClock, browser_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = issued(world, browser_of)
    locked = actions._locked

    def while_waiting(round_id: int) -> SurveyRound:
        SurveyAnswer.objects.filter(organisation__code="990000-D1").update(
            state="submitted", submitted_at=at.now(), submitted_by="示例"
        )
        return locked(round_id)

    monkeypatch.setattr(actions, "_locked", while_waiting)

    late = call(browser_of("d1"), "put", f"/surveys/{number}/answer", {"tables": [TABLE]})

    assert late.json()["code"] == "SURVEY_CLOSED"
