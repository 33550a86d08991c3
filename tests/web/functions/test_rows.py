"""The acceptance checks of 两清一图, done through pages and API as their users would."""

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from tests import factories_functions as make
from tests.factories_catalog import published_entry
from tests.unit.functions.charts import permit
from tongqu.catalog import public as catalog
from tongqu.catalog.models import ChangeApplication, EntryVersion
from tongqu.functions import public
from tongqu.functions.actions import gaps, registers
from tongqu.functions.domain import bpmn
from tongqu.functions.domain.swimlane import checked, to_document
from tongqu.functions.models import Function, Gap, Move, System, Task
from tongqu.functions.vocabulary import Part, RegisterCommand, TaskCommand
from tongqu.identity.models import Assignment, Message, Organisation, Person
from tongqu.identity.public import actor_for
from tongqu.identity.vocabulary import Level, OrganisationKind, Role

JSON = "application/json"


def department(world, n: int) -> Organisation:
    """One more department with a cataloguer and a reviewer of its own."""
    unit = Organisation.objects.create(
        code=f"990000-D{n}", name=f"示例省交通运输厅示例{n}处", kind=OrganisationKind.GOVERNMENT,
        level=Level.PROVINCE, division_code="990000", is_example=True,
    )  # fmt: skip
    for role in (Role.CATALOGUER, Role.PROVIDER_REVIEWER):
        person = Person.objects.create(
            username=f"{role}-{n}", display_name=f"示例·{role} {n}", organisation=unit, assurance=2
        )
        Assignment.objects.create(person=person, role=role, organisation=unit)
        world.people[f"{role}-{n}"] = person
    return unit


def finish(world, unit: Organisation, n: int) -> None:
    """Take a department's functions from draft to in force, each step by its own role."""
    by = actor_for(world.people[f"cataloguer-{n}"])
    public.save_function(
        {"kind": "function", "name": "示例职能", "basis_kind": "three_fixed", "basis": "示例三定"},
        by=by,
    )
    steps = (
        (RegisterCommand.SUBMIT, by),
        (RegisterCommand.CONFIRM, actor_for(world.people[f"provider_reviewer-{n}"])),
        (RegisterCommand.APPROVE, world.actor("managing")),
    )
    for command, actor in steps:
        registers.step_register(unit.code, Part.FUNCTIONS, command, by=actor)


@pytest.mark.req("MAP-01")
def test_six_of_ten_departments_make_sixty_percent_and_the_board_names_the_others(
    world, at, browser_of
):
    Organisation.objects.filter(code__in=["990000-YJ", "990000-WL", "990000-SS"]).update(
        kind="enterprise"
    )
    units = [department(world, n) for n in range(6)]  # with the four others: ten
    for n, unit in enumerate(units):
        finish(world, unit, n)

    page = browser_of("managing").get("/manage/functions/progress/").content.decode()
    functions = browser_of("managing").get("/api/v1/registers/progress").json()[0]

    assert functions["departments"] == 10
    assert functions["share"] == 0.6
    assert functions["missing"] == [
        "示例省交通运输厅科技处", "示例省交通运输厅民航处", "示例省交通运输厅信息中心",
        "示例省甲市交通运输局",
    ]  # fmt: skip
    assert "60.0%" in page
    assert "未完成 4 个部门" in page


@pytest.mark.req("MAP-02")
def test_a_work_item_without_function_is_refused_and_core_businesses_go_to_xlsx(
    world, at, browser_of
):
    browser = browser_of("cataloguer")
    given = {"kind": "item", "name": "示例·无上级工作项", "parent": ""}

    refused = browser.post("/manage/functions/new/", given)
    by_api = browser.post("/api/v1/functions", given, content_type=JSON)
    function = make.function(world)
    below = make.function(world, name="示例·航线管理", parent=function.code, is_core=False)
    item = make.item(world, below, is_core=True)
    sheet = browser.get("/manage/functions/export.xlsx?core=1&department=990000-MH")
    rows = CalamineWorkbook.from_filelike(BytesIO(sheet.content)).get_sheet_by_index(0).to_python()

    assert refused.status_code == 422
    assert "请选择上级职能" in refused.content.decode()
    assert by_api.json()["code"] == "NO_PARENT"
    assert Function.objects.filter(name=given["name"]).count() == 0
    assert [(row[3], row[5]) for row in rows[1:]] == [(function.name, "是"), (item.name, "是")]
    assert rows[1][7] == "示例：三定规定第三条"
    page = browser.get("/manage/functions/").content.decode()
    assert "depth-2" in page  # department, function, function, work item


@pytest.mark.req("MAP-03")
def test_a_module_mapped_to_a_work_item_shows_on_its_page_and_counts_as_digitised(
    world, at, browser_of
):
    system, item = make.system(world), make.item(world, make.function(world))
    other = make.item(world, Function.objects.get(kind="function"), name="示例·未数字化")
    browser = browser_of("cataloguer")

    done = browser.post(
        f"/manage/functions/{item.code}/", {"do": "support", "system": f"{system.code}/M2"}
    )
    page = browser.get(f"/manage/functions/{item.code}/").content.decode()
    matrix = browser.get("/manage/functions/matrix/").content.decode()
    coverage = browser.get("/api/v1/registers/coverage").json()
    secret = browser.post("/manage/systems/new/", {
        "name": "示例涉密系统", "system_class": "other", "is_secret": "on",
    })  # fmt: skip

    assert done.status_code == 302
    assert f"{system.name}/M2 审查" in page
    assert f"{system.code}/M2" in page
    assert f"{system.name}/M2" in matrix
    assert coverage == [
        {"organisation_code": "990000-MH", "organisation_name": "示例省交通运输厅民航处",
         "items": 2, "digitised": 1, "share": 0.5}
    ]  # fmt: skip
    assert other.name in matrix
    assert secret.status_code == 422
    assert "第二条" in secret.content.decode()
    assert not System.objects.filter(name="示例涉密系统").exists()


@pytest.mark.req("MAP-04")
def test_a_chart_exported_and_imported_again_has_equal_lanes_phases_activities_and_links(
    world, at, browser_of
):
    entry = published_entry(world)
    browser = browser_of("cataloguer")
    made = browser.post("/api/v1/swimlanes", {"title": "示例·航线许可"}, content_type=JSON).json()
    chart = checked(permit(entry.code))
    saved = browser.put(
        f"/api/v1/swimlanes/{made['code']}",
        {"edition": made["edition"], "model": to_document(chart)}, content_type=JSON,
    )  # fmt: skip
    file = browser.get(f"/manage/swimlanes/{made['code']}/chart.bpmn").content
    upload = BytesIO(file)
    upload.name = "chart.bpmn"

    imported = browser.post("/manage/swimlanes/new/", {"title": "示例·再导入", "file": upload})
    again = browser.get("/api/v1/swimlanes").json()[-1]
    found = browser.get(f"/api/v1/swimlanes/{again['code']}").json()

    assert saved.status_code == 200, saved.json()
    assert imported.status_code == 302
    assert found["model"] == to_document(chart)
    assert bpmn.read(file) == chart
    counts = [len(found["model"][name]) for name in ("lanes", "phases")]
    assert (*counts, len(chart.activities)) == (3, 2, 8)


@pytest.mark.req("MAP-05")
def test_an_entry_shows_the_activity_that_writes_it_its_lane_department_and_system(
    world, at, browser_of
):
    entry = published_entry(world)
    item, system = make.item(world, make.function(world)), make.system(world)
    assert (item.code, system.code) == ("990000-MH-W0001", "990000-MH-S0001")
    chart = make.chart(world, entry.code)

    page = browser_of("consumer").get(f"/catalog/{entry.code}/").content.decode()
    own = browser_of("cataloguer").get(f"/catalog/{entry.code}/").content.decode()
    origins = browser_of("consumer").get(f"/api/v1/entry-origins/{entry.code}").json()

    assert "产生环节" in page
    assert "环节4" in page
    assert "示例省交通运输厅民航处" in page
    assert "示例航班运行系统" in page
    assert f"/manage/swimlanes/{chart.code}/" in own
    assert f"/manage/swimlanes/{chart.code}/" not in page
    written = {(o["activity"], o["relation"], o["department_code"]) for o in origins}
    assert written == {
        ("环节4", "produce", "990000-MH"), ("环节4", "update", "990000-MH"),
        ("环节7", "archive", "990000-KJ"),
    }  # fmt: skip
    assert {(o["chart_code"], o["chart_title"]) for o in origins} == {("", "")}  # another's draft
    told = browser_of("cataloguer").get(f"/api/v1/entry-origins/{entry.code}").json()
    assert {(o["chart_code"], o["chart_title"]) for o in told} == {(chart.code, chart.title)}
    assert f">{chart.title}<" in own
    assert f">{chart.title}<" not in page
    assert origins[0]["system_name"] == system.name
    assert origins[0]["item_name"] == item.name


@pytest.mark.req("MAP-06")
def test_one_activity_without_output_makes_exactly_one_gap_which_becomes_a_task(
    world, at, browser_of
):
    entry = published_entry(world, accountable="示例·处长岗")
    browser, links = browser_of("cataloguer"), [{"entry": entry.code, "relation": "produce"}]
    made = browser.post("/api/v1/swimlanes", {"title": "示例·两步"}, content_type=JSON).json()
    model = {
        "lanes": [{"key": "l1", "name": "民航处", "department": "990000-MH"}], "phases": [],
        "nodes": [{"key": "a", "name": "登记", "lane": "l1", "links": links},
                  {"key": "b", "name": "审查", "lane": "l1"}],
        "flows": [{"key": "f", "source": "a", "target": "b"}],
    }  # fmt: skip
    saved = browser.put(
        f"/api/v1/swimlanes/{made['code']}", {"edition": 0, "model": model}, content_type=JSON
    )
    assert saved.status_code == 200, saved.json()

    for _ in range(2):  # twice makes no second one
        browser.post("/manage/functions/gaps/", {"do": "analyse"})
    gap = Gap.objects.get(kind="no_data")
    opened = browser.post(
        "/manage/functions/gaps/", {"do": "task", "gap": str(gap.pk), "due_on": "2026-12-31"}
    )
    twice = browser.post(
        "/manage/functions/gaps/", {"do": "task", "gap": str(gap.pk), "due_on": "2026-12-31"}
    )
    todos = browser.get("/desk/todo/").content.decode()

    assert Gap.objects.count() == 1
    assert "审查" in gap.title
    assert opened.status_code == 302
    assert twice.status_code == 422
    assert Task.objects.get().due_on.isoformat() == "2026-12-31"
    assert Task.objects.get().organisation.code == "990000-MH"
    assert Task.objects.get().code in todos


@pytest.mark.req("MAP-06")
def test_every_kind_of_gap_is_found_and_goes_when_it_is_closed(world, at, browser_of):
    entry = published_entry(world, accountable="")  # nobody answers for it
    item = make.item(world, make.function(world))
    make.chart(world, entry.code)
    browser = browser_of("cataloguer")
    browser.post(
        "/manage/functions/materials/", {"title": "示例·许可档案", "kind": "paper", "pages": "3"}
    )
    browser.post("/api/v1/gaps/analyses", {}, content_type=JSON)

    kinds = {row["kind"] for row in browser.get("/api/v1/gaps").json()}
    public.map_support(item.code, make.system(world).code, by=world.actor("cataloguer"))
    again = browser.post("/api/v1/gaps/analyses", {}, content_type=JSON).json()

    assert kinds == {"no_system", "no_data", "no_owner", "unstructured"}
    assert again["closed"] == 1
    assert "no_system" not in {row["kind"] for row in browser.get("/api/v1/gaps").json()}


@pytest.mark.req("MAP-07")
def test_a_scanned_permit_structured_and_verified_raises_the_rate(world, at, browser_of):
    cataloguer, reviewer = browser_of("cataloguer"), browser_of("provider")
    for title in ("示例·许可证（一）", "示例·许可证（二）"):
        cataloguer.post(
            "/manage/functions/materials/", {"title": title, "kind": "scan", "pages": 2}
        )
    code = cataloguer.get("/api/v1/static-materials").json()["materials"][0]["code"]
    page = f"/manage/functions/materials/{code}/"
    before = cataloguer.get("/api/v1/static-materials").json()["rate"]

    cataloguer.post(page, {"do": "scan", "location": "示例档案室"})
    cataloguer.post(
        page, {"do": "structure", "engine": "示例文字识别 1.0", "text": "示例：许可证号 0001"}
    )
    own = cataloguer.post(page, {"do": "verify"})
    todo = reviewer.get("/desk/todo/").content.decode()
    done = reviewer.post(page, {"do": "verify", "note": "与原件一致"})
    after = cataloguer.get("/api/v1/static-materials").json()
    shown = cataloguer.get(page).content.decode()

    assert own.status_code == 403  # who enters the result has no duty to check it
    assert code in todo
    assert done.status_code == 302
    assert "已核验" in shown
    assert "示例：许可证号 0001" in shown
    assert (before, after["rate"]) == (0.0, 0.5)
    assert after["by_state"]["verified"] == 1


@pytest.mark.req("MAP-08")
def test_a_moved_function_brings_four_change_applications_and_tells_the_old_owner(
    world, at, browser_of
):
    function, system = make.function(world), make.system(world)
    item = make.item(world, function)
    public.map_support(item.code, system.code, by=world.actor("cataloguer"))
    entries = [
        published_entry(world, name=f"示例航班信息 {n}", source_system=system.name)
        for n in range(4)
    ]
    managing = browser_of("managing")

    proposed = managing.post(f"/manage/functions/{function.code}/", {
        "do": "move", "target": "990000-KJ", "reason": "示例：机构职能调整方案",
    })  # fmt: skip
    move = Move.objects.get()
    assert proposed.status_code == 302
    assert ChangeApplication.objects.count() == 0  # nothing before it is confirmed
    given = {"do": "decide", "effective_on": "2026-10-01"}
    for row in move.items.all():
        given[f"decision-{row.pk}"] = "confirmed"
        given[f"post-{row.pk}"] = "示例·科技处处长岗"
    page = managing.get(f"/manage/functions/moves/{move.code}/").content.decode()
    decided = managing.post(f"/manage/functions/moves/{move.code}/", given)

    assert decided.status_code == 302, decided.content.decode()
    assert all(entry.code in page for entry in entries)
    changes = ChangeApplication.objects.select_related("version__provider")
    assert len(changes) == 4
    assert {change.version.provider.code for change in changes} == {"990000-KJ"}
    assert {change.reason for change in changes} == {"function_change"}
    told = Message.objects.filter(
        kind="职能划转", organisation__code="990000-MH", role="cataloguer"
    )
    assert told.count() == 4
    function.refresh_from_db()
    system.refresh_from_db()
    assert function.organisation.code == system.organisation.code == "990000-KJ"
    assert Function.objects.get(pk=item.pk).organisation.code == "990000-KJ"
    assert function.accountable == "示例·科技处处长岗"
    assert EntryVersion.objects.filter(state="published").count() == 4  # until the day of effect


@pytest.mark.req("MAP-08")
def test_each_item_of_a_move_is_confirmed_on_its_own(world, at, browser_of):
    function, system = make.function(world, accountable=""), make.system(world)
    public.map_support(function.code, system.code, by=world.actor("cataloguer"))
    kept, moved = (published_entry(world, source_system=system.name) for _ in range(2))
    managing = browser_of("managing")
    move = managing.post(
        f"/api/v1/functions/{function.code}/moves",
        {"target": "990000-KJ", "reason": "示例"}, content_type=JSON,
    ).json()  # fmt: skip
    ids = {item["key"]: item["id"] for item in move["items"]}
    url = f"/api/v1/function-moves/{move['code']}/decisions"

    def decide(*items):
        rows = [{"id": ids[key], "decision": decision} for key, decision in items]
        body = {"effective_on": "2026-10-01", "items": rows}
        return managing.post(url, body, content_type=JSON).json()

    first = decide((moved.code, "confirmed"))
    last = decide((kept.code, "declined"), (system.code, "declined"))
    function.refresh_from_db()

    assert first["state"] == "proposed"
    assert last["state"] == "settled"
    assert ChangeApplication.objects.get().version.entry.code == moved.code
    assert function.organisation.code == "990000-KJ"
    assert System.objects.get().organisation.code == "990000-MH"
    assert browser_of("cataloguer").post(url, {}, content_type=JSON).status_code == 403


@pytest.mark.req("CAT-19")
def test_a_networked_system_without_published_entry_stands_on_the_board_as_a_violation(
    world, at, browser_of
):
    system = make.system(world)
    make.system(world, name="示例内部办公系统", system_class="other")
    browser = browser_of("managing")

    before = browser.get("/manage/systems/board/").content.decode()
    listed = {s["code"]: s["is_violation"] for s in browser.get("/api/v1/systems").json()}
    published_entry(world, source_system=system.name)
    after = browser.get("/manage/systems/board/").content.decode()

    assert "1 个系统违规" in before
    assert system.name in before
    assert "违规：没有已发布目录" in before
    assert sorted(listed.values()) == [False, True]
    assert listed[system.code]
    assert "没有违规" in after


def test_ending_a_function_or_retiring_a_system_turns_its_entries_to_be_updated(
    world, at, browser_of
):
    function, system = make.function(world), make.system(world)
    entry = published_entry(world, source_system=system.name)
    said = published_entry(world, name="示例：登记在职能下")
    browser = browser_of("cataloguer")
    browser.post(f"/manage/functions/{function.code}/", {"do": "entry", "entry": said.code})

    retired = browser.post(f"/manage/systems/{system.code}/", {
        "do": "retire", "on": "2026-10-01", "reason": "示例：并入新系统",
    })  # fmt: skip
    ended = browser.post(f"/manage/functions/{function.code}/", {
        "do": "end", "on": "2026-10-01", "reason": "示例：职能取消",
    })  # fmt: skip

    assert retired.status_code == ended.status_code == 302
    assert catalog.published(entry.code).state == "to_update"
    assert catalog.published(said.code).state == "to_update"
    todos = browser.get("/desk/todo/").content.decode()
    assert entry.code in todos
    assert said.code in todos


def test_the_analysis_of_one_department_leaves_the_gaps_of_others_alone(world, at):
    make.item(world, make.function(world))
    gaps.analyse(by=world.actor("managing"))

    gaps.analyse(by=world.actor("city"))

    assert Gap.objects.get().closed_at is None


def test_a_gap_that_changed_hands_goes_with_its_work_item(world, at):
    item = make.item(world, make.function(world))
    gaps.analyse(by=world.actor("managing"))
    city = world.people["city"].organisation
    Function.objects.filter(pk=item.pk).update(organisation=city)

    gaps.analyse(by=world.actor("city"))

    gap = Gap.objects.get()
    assert gap.organisation == city
    assert gap.closed_at is None


def test_a_gap_that_comes_back_may_get_another_task_when_the_first_is_closed(world, at, browser_of):
    make.item(world, make.function(world))
    gaps.analyse(by=world.actor("managing"))
    gap, browser = Gap.objects.get(), browser_of("managing")
    ask = {"do": "task", "gap": str(gap.pk), "due_on": "2026-12-31"}

    browser.post("/manage/functions/gaps/", ask)
    first = Task.objects.get()
    while_open = browser.post("/manage/functions/gaps/", ask)
    gaps.step_task(
        first.code, TaskCommand.CANCEL, note="示例：并入其他项目", by=world.actor("managing")
    )
    after = browser.post("/manage/functions/gaps/", ask)
    shown = browser.get("/api/v1/gaps").json()[0]["task"]

    assert (while_open.status_code, after.status_code) == (422, 302)
    assert shown == Task.objects.get(closed_at=None).code != first.code


def test_nothing_hangs_below_a_function_that_ended(world, at, browser_of):
    function = make.function(world)
    browser = browser_of("cataloguer")
    ended = browser.post(
        f"/api/v1/functions/{function.code}/end", {"on": "2026-10-01", "reason": "示例"},
        content_type=JSON,
    )  # fmt: skip
    item = {"kind": "item", "name": "示例·新事项", "parent": function.code}
    refused = browser.post("/api/v1/functions", item, content_type=JSON)

    assert ended.status_code == 200
    assert refused.status_code == 422
    assert "终止" in str(refused.json())


def test_what_reviewers_look_at_is_not_ended_under_their_eyes(world, at, browser_of):
    function, browser = make.function(world), browser_of("cataloguer")
    end = {"on": "2026-10-01", "reason": "示例"}
    url = f"/api/v1/functions/{function.code}/end"

    browser.post(
        "/api/v1/registers/990000-MH/functions/steps", {"command": "submit"}, content_type=JSON
    )
    refused = browser.post(url, end, content_type=JSON)
    browser_of("provider").post(
        "/api/v1/registers/990000-MH/functions/steps",
        {"command": "return", "note": "示例"}, content_type=JSON,
    )  # fmt: skip
    stale = Function.objects.get(pk=function.pk).edition
    ended = browser.post(url, end, content_type=JSON)
    late = browser.patch(
        f"/api/v1/functions/{function.code}", {"name": "晚到的修改", "edition": stale},
        content_type=JSON,
    )  # fmt: skip

    assert (refused.status_code, refused.json()["code"]) == (409, "REGISTER_FROZEN")
    assert ended.status_code == 200
    assert (late.status_code, late.json()["code"]) == (409, "FUNCTION_CHANGED")
