"""What departments do together: packages, the demand pool, responsibility lists, the flow."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from tests.factories_catalog import draft_entry, published_entry
from tests.factories_sharing import PURPOSE, conditional_entry, filed
from tests.world import World
from tongqu.catalog import public as catalog
from tongqu.catalog.models import EntryVersion
from tongqu.identity.models import Message
from tongqu.kernel import clock
from tongqu.kernel.clock import FixedClock
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing import public as sharing
from tongqu.sharing.models import (
    BundleApplication,
    Need,
    RequestFlow,
    ShareRequest,
    SupplyTask,
)


def post(client: Client, path: str, body: dict[str, Any], method: str = "POST") -> Any:
    return client.generic(
        method, f"/api/v1{path}", json.dumps(body), content_type="application/json"
    )


def asked_for(page: str) -> set[str]:
    """Return the names of the fields that the last form of a page asks to be filled."""
    form = re.findall(r"<form[^>]*novalidate.*?</form>", page, re.S)[-1]
    hidden = set(re.findall(r'type="hidden" name="(\w+)"', form))
    return set(re.findall(r'name="(\w+)"', form)) - hidden


@pytest.mark.req("SHR-29")
def test_one_application_for_a_package_requests_all_its_entries_under_one_number(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    office, user = browser_of("managing"), browser_of("consumer")
    free = published_entry(world, name="示例·路网运行")
    reviewed = conditional_entry(world, name="示例·危货车辆")
    external = published_entry(world, name="示例·气象预警", is_external=True)
    closed = conditional_entry(world, name="示例·限定范围", scope="listed",
                               scope_codes=["990000-WL"])  # fmt: skip
    codes = [entry.code for entry in (free, reviewed, external, closed)]
    template = "安全应急联动中研判受影响的路网和车辆"
    offer = {"name": "安全应急联动", "summary": "示例：突发事件联动处置", "matter": "emergency",
             "entry_codes": "\n".join(codes), "purpose": template}  # fmt: skip
    assert office.post("/share/packages/", offer | {"entry_codes": "none"}).status_code == 422
    page = office.post("/share/packages/", offer).url
    shown = user.get(page).content.decode()
    assert template in shown
    assert all(name in shown for name in ("示例·路网运行", "示例·危货车辆", "示例·气象预警"))
    assert len(asked_for(shown)) == 5
    key = re.findall(r'name="submission" value="(\w+)"', shown)[0]
    wish = {"submission": key, "purpose": template, "duty": PURPOSE["duty"],
            "system_name": PURPOSE["system_name"], "frequency": "daily",
            "retention": "months_6"}  # fmt: skip

    vague = user.post(page, wish | {"purpose": "应急"})
    assert (vague.status_code, ShareRequest.objects.count()) == (422, 0)
    place = user.post(page, wish).url
    user.post(page, wish)  # a double click

    made = BundleApplication.objects.get()
    states = {case.entry_code: case.request and case.request.state for case in made.cases.all()}
    assert made.number in place
    assert states == {
        free.code: "granted", reviewed.code: "first_review", external.code: "coordinating",
        closed.code: None,
    }  # fmt: skip
    assert set(ShareRequest.objects.values_list("purpose", "matter")) == {(template, "emergency")}
    followed = user.get(place).content.decode()
    assert all(request.number in followed for request in ShareRequest.objects.all())
    assert "只向以下部门共享" in followed
    assert browser_of("tourism").get(place).status_code == 404
    by_api = post(browser_of("tourism"), f"/sharing/packages/{made.bundle.code}/applications",
                  {name: wish[name] for name in wish if name != "submission"}).json()  # fmt: skip
    assert [case["state"] for case in by_api["cases"]] == [
        "granted", "first_review", "coordinating", "first_review",
    ]  # fmt: skip


@pytest.mark.req("SHR-23")
def test_two_departments_that_need_the_same_table_make_one_supply_task(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    office, user, tourism = map(browser_of, ("managing", "consumer", "tourism"))
    need = {"name": "客运站班次信息", "items": "站名、发车时间、票价", "source": "运政系统",
            "matter": "emergency", "purpose": PURPOSE["purpose"], "duty": PURPOSE["duty"],
            "frequency": "daily"}  # fmt: skip
    assert len(asked_for(user.get("/share/needs/").content.decode())) <= 8
    assert user.post("/share/needs/", need | {"purpose": "用"}).status_code == 422
    assert browser_of("firm").post("/share/needs/", need).status_code == 422  # no department
    first = user.post("/share/needs/", need).url
    other = tourism.post("/share/needs/", need | {
        "name": "公路客运站班次数据表", "items": "站名、票价"}).url  # fmt: skip
    apart = tourism.post("/share/needs/", need | {
        "name": "桥梁技术状况", "items": "桥梁编码"}).url  # fmt: skip
    numbers = [address.split("/")[-2] for address in (first, other, apart)]
    assert tourism.get(first).status_code == 404  # another department's

    seen = office.get(first).content.decode()
    assert numbers[1] in seen
    assert numbers[2] not in seen
    merge = {"merge": "1", "need": [numbers[1]], "title": "客运站班次", "provider": "990000-MH"}
    place = office.post(first, merge).url
    task = SupplyTask.objects.get()
    assert sorted(task.needs.values_list("number", flat=True)) == sorted(numbers[:2])
    shown = office.get(place).content.decode()
    assert all(unit in shown for unit in ("示例省应急管理厅", "示例省文化和旅游厅"))
    assert str(task.due_on) == "2026-10-15"  # ten working days over the holiday
    told = browser_of("provider").get("/api/v1/sharing/provider-desk").json()
    assert [(row["kind"], row["reference"]) for row in told] == [("供给任务", task.number)]
    assert [i.reference for i in sharing.todos(world.actor("cataloguer"))] == [task.number]

    # A third who comes later joins the task that runs.
    late = post(user, "/sharing/needs", need | {"items": ["站名"]}).json()["number"]
    join = {"needs": [late, numbers[0]], "title": "无关", "provider_code": "990000-XX"}
    joined = post(office, "/sharing/supply-tasks", join).json()
    assert joined["number"] == task.number
    assert joined["beneficiaries"] == ["示例省应急管理厅", "示例省文化和旅游厅"]

    # The provider begins a new entry for it; published, it meets every need.
    cataloguer = browser_of("cataloguer")
    cataloguer.post(place, {"draft": "1"})
    task.refresh_from_db()
    drafted = catalog.entry(task.entry_code)
    assert drafted is not None
    assert drafted.name == "客运站班次"
    assert all(item in drafted.summary for item in ("站名", "发车时间", "票价"))
    early = cataloguer.post(place, {"meet": "1"})
    assert early.status_code == 422
    ready = published_entry(world, name="示例·客运站班次")
    cataloguer.post(place, {"meet": "1", "entry_code": ready.code})
    task.refresh_from_db()
    assert (task.state, task.entry_code) == ("met", ready.code)
    assert Message.objects.filter(key__startswith="sharing.need.met.").count() == 3
    assert Need.objects.get(number=numbers[2]).task is None


@pytest.mark.req("SHR-22")
def test_a_matter_shows_its_share_of_connected_items_and_who_owes_the_missing_one(
    world: World, at: FixedClock, browser_of: Any, django_assert_max_num_queries: Any
) -> None:
    office = browser_of("managing")
    units = ["990000-MH", "990000-YJ", "990000-XX"]
    entries = [published_entry(world, name=f"示例·共享事项{n}") for n in range(6)]
    for entry in entries[:5]:
        catalog.mark_connected(entry.code, rows=1, at=clock.now(), by=world.actor("cataloguer"))
    lines = [f"事项{n},{units[n // 2]},每日,{entries[n].code}" for n in range(5)]
    lines.append(f"事项5,示例省交通运输厅信息中心,每月,{entries[5].code},2026-09-30")
    body = {"code": "YJS-DJ", "name": "大件运输许可一件事", "kind": "one_matter",
            "lead": "990000-KJ"}  # fmt: skip
    wrong = office.post("/share/duties/", body | {"items": "事项,没有的部门,每日"})
    assert "第 1 行：没有这个提供部门" in wrong.content.decode()
    place = office.post("/share/duties/", body | {"items": "\n".join(lines)}).url
    user = browser_of("consumer")
    user.get(place)

    with django_assert_max_num_queries(20):
        page = user.get(place).content.decode()
    listed = user.get("/share/duties/").content.decode()
    told = user.get("/api/v1/sharing/duties").json()[0]

    assert "83 %" in page
    assert "83 %" in listed
    missing = page[page.index("尚缺的共享事项") : page.index("共享事项</h2><span")]
    assert "事项5" in missing
    assert "示例省交通运输厅信息中心" in missing
    assert (told["percent"], told["connected"], len(told["items"])) == (83, 5, 6)
    assert [(row["name"], row["provider"], row["state"]) for row in told["missing"]] == [
        ("事项5", "示例省交通运输厅信息中心", "catalogued")
    ]
    assert {row["provider"] for row in told["items"]} == {
        world.organisations[code].name for code in units
    }
    catalog.mark_connected(entries[5].code, rows=1, at=clock.now(), by=world.actor("cataloguer"))
    assert "100 %" in user.get(place).content.decode()
    assert user.post("/share/duties/", body | {"items": lines[0]}).status_code == 403


@pytest.mark.req("SHR-20")
def test_the_flow_is_exported_with_every_branch_edited_and_kept_by_what_is_under_way(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    office, page = browser_of("managing"), "/manage/sharing-flow/"
    running = filed(world, conditional_entry(world)).number
    built_in = json.loads(office.get("/manage/sharing-flow/1.json").content)
    paths = {path["name"]: [step["command"] for step in path["steps"]]
             for path in built_in["paths"]}  # fmt: skip
    of_article_12 = {path["name"] for path in built_in["paths"]
                     if path["basis"] == law.AUTOMATIC.code}  # fmt: skip

    assert all(paths.values())
    assert len(of_article_12) >= 9
    assert paths["无条件共享，验证身份后自动授权"] == ["grant"]
    assert paths["有条件共享，部分同意"] == ["file", "pass", "approve_part"]
    assert paths["有条件共享，依据条款不予共享"] == ["file", "pass", "refuse"]
    assert paths["一次性补正后通过"] == ["file", "ask_supplement", "supply", "pass", "approve"]
    assert paths["不予共享，协商一致"] == ["file_negotiation", "agree"]
    assert paths["行业外未接入，协调接入后授权"] == ["file_unconnected", "connected", "approve"]
    assert "stateDiagram" in built_in["mermaid"]
    assert "有条件共享，部分同意" in office.get(page).content.decode()

    def written(steps: list[dict[str, str]]) -> str:
        keys = ("from", "command", "to", "actor", "basis", "label")
        return "\n".join("|".join(step[key] for key in keys) for step in steps)

    def define(steps: list[dict[str, str]], base: int = 1) -> Any:
        body = {"base": base, "note": "示例：主管部门自行初审。", "steps": written(steps)}
        return office.post(page, body)

    without = [step for step in built_in["steps"] if step["command"] != "refuse"]
    self_made = [
        step | ({"actor": "platform"} if step["command"] == "approve" else {})
        for step in built_in["steps"]
    ]
    broken, automatic = define(without), define(self_made)
    assert "缺少分支：有条件共享，依据条款不予共享" in broken.content.decode()
    assert "由人办理" in automatic.content.decode()
    # The office takes the first review itself, under another name.
    edited = [
        step | ({"actor": "managing_office", "label": "主管部门初审通过"}
                if step["command"] == "pass" else {})
        for step in built_in["steps"]
    ]  # fmt: skip
    assert define(edited).status_code == 302
    assert define(edited).status_code == 422  # on a version that is not in force any more
    assert RequestFlow.objects.get().version == 2

    fresh = filed(world, conditional_entry(world)).number
    support = browser_of("support")
    for number, who, other in ((running, support, office), (fresh, office, support)):
        address = f"/sharing/requests/{number}/pass"
        refused = post(other, address, {})
        assert (refused.status_code, refused.json()["code"]) == (403, "NOT_YOUR_STEP")
        passed = post(who, address, {}).json()
        assert passed["state"] == "provider_review"
    assert passed["events"][-1]["label"] == "主管部门初审通过"
    again = post(office, "/sharing/flow", {
        "base": 2, "note": "恢复", "steps": built_in["steps"]}).json()  # fmt: skip
    assert again["version"] == 3
    assert again["steps"] == built_in["steps"]
    assert office.get("/api/v1/sharing/flow", {"version": 2}).json()["steps"] == edited
    assert browser_of("consumer").post(page, {"base": 3}).status_code in {403, 422}


def test_a_draft_entry_of_another_department_meets_no_task(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    """A task is closed with one's own published entry alone; to decline takes a reason."""
    need = {"name": "港口作业计划", "matter": "planning", "purpose": PURPOSE["purpose"],
            "duty": "示例职责", "frequency": "daily"}  # fmt: skip
    number = post(browser_of("consumer"), "/sharing/needs", need).json()["number"]
    merge = {"needs": [number], "title": "港口作业计划", "provider_code": "990000-MH"}
    task = post(browser_of("managing"), "/sharing/supply-tasks", merge).json()
    provider, address = browser_of("provider"), f"/sharing/supply-tasks/{task['number']}/answer"
    foreign = published_entry(world)
    EntryVersion.objects.filter(pk=foreign.version_id).update(
        provider=world.organisations["990000-XX"]
    )

    assert post(provider, address, {"entry_code": foreign.code}).json()["code"] == "NOT_FOUND"
    assert post(provider, address, {"entry_code": draft_entry(world).code}).status_code == 422
    assert post(browser_of("support"), address, {"reason": "示例"}).status_code == 403
    declined = post(provider, address, {"reason": "示例：尚未数字化。"}).json()
    assert declined["state"] == "declined"
    assert post(provider, address, {"reason": "示例"}).status_code == 404
