"""Bad input, two at once, another department's things, and the cost of a page."""

from io import BytesIO

import pytest
import xlsxwriter
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories_functions as make
from tests.factories_catalog import published_entry
from tests.unit.functions.charts import FOREIGN, permit
from tests.unit.functions.test_bpmn import BOMB
from tongqu.audit.models import AuditEntry
from tongqu.catalog import public as catalog
from tongqu.catalog.models import Entry
from tongqu.functions import public
from tongqu.functions.actions import gaps, materials, moves, registers
from tongqu.functions.models import Chart, EntryLink, Function, Gap, Support, System
from tongqu.functions.vocabulary import Decision, Part, RegisterCommand
from tongqu.kernel import clock
from tongqu.kernel.problems import Rejected

JSON = "application/json"
MOST_STATEMENTS = 20


def sheet(*rows: tuple[str, ...]) -> BytesIO:
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for n, row in enumerate(rows):
            page.write_row(n, 0, row)
    target.seek(0)
    target.name = "list.xlsx"
    return target


def test_two_editors_of_one_chart_are_told_apart_and_the_later_keeps_its_work(
    world, at, browser_of
):
    chart = public.new_chart("示例", by=world.actor("cataloguer"))
    browser, url = browser_of("cataloguer"), f"/api/v1/swimlanes/{chart.code}"
    model = {"lanes": [{"key": "l", "name": "甲"}], "phases": [], "nodes": [], "flows": []}

    first = browser.put(url, {"edition": 0, "model": model}, content_type=JSON)
    late = browser.put(url, {"edition": 0, "model": model}, content_type=JSON)
    kept = BytesIO(
        b'{"lanes": [{"key": "l", "name": "later"}], "phases": [], "nodes": [], "flows": []}'
    )
    kept.name = "mine.json"
    again = browser.post(
        f"/manage/swimlanes/{chart.code}/", {"do": "import", "edition": "1", "file": kept}
    )

    assert first.status_code == 200
    assert late.status_code == 409
    assert late.json()["code"] == "CHART_CHANGED"
    assert "重新打开" in late.json()["next_step"]
    assert again.status_code == 302
    assert "later" in Chart.objects.get().document


def test_a_bomb_is_refused_and_another_tools_file_is_stored_as_it_came(world, at, browser_of):
    browser = browser_of("cataloguer")
    for content, status in ((BOMB, 422), ("<html/>", 422), (FOREIGN, 302)):
        file = BytesIO(content.encode())
        file.name = "other.bpmn"
        answer = browser.post("/manage/swimlanes/new/", {"title": "示例", "file": file})
        assert answer.status_code == status, answer.content.decode()

    found = browser.get(f"/manage/swimlanes/{Chart.objects.get().code}/chart.bpmn").content.decode()
    assert "zeebe:taskDefinition" in found
    assert "<!-- made elsewhere -->" in found


def test_the_forms_edit_a_chart_where_no_script_runs(world, at, browser_of):
    entry = published_entry(world)
    chart = public.new_chart("示例", by=world.actor("cataloguer"))
    browser, url = browser_of("cataloguer"), f"/manage/swimlanes/{chart.code}/"
    steps = (
        {"step": "phase", "name": "受理"}, {"step": "lane", "name": "<b>审查</b>"},
        {"step": "node", "name": "登记", "lane": "lane_1", "phase": "phase_1", "kind": "task"},
        {"step": "link", "key": "node_1", "entry": entry.code, "relation": "produce"},
    )  # fmt: skip
    for n, step in enumerate(steps):
        answer = browser.post(url, step | {"do": "edit", "edition": str(n)})
        assert answer.status_code == 302, answer.content.decode()
    late = browser.post(url, steps[0] | {"do": "edit", "edition": "0"})
    unknown = browser.post(
        url, {"do": "edit", "step": "link", "key": "node_1", "entry": "none", "relation": "use",
              "edition": "4"},
    )  # fmt: skip
    page = browser.get(url).content.decode()

    assert late.status_code == 409
    assert unknown.status_code == 422
    assert "&lt;b&gt;审查&lt;/b&gt;" in page
    assert "<b>审查</b>" not in page
    assert entry.name in page


def test_a_function_cannot_be_moved_under_itself_by_form_or_by_api(world, at, browser_of):
    top = make.function(world)
    below = make.function(world, name="示例·下级", parent=top.code)
    browser = browser_of("cataloguer")

    by_api = browser.patch(
        f"/api/v1/functions/{top.code}", {"parent": below.code}, content_type=JSON
    )
    by_self = browser.patch(
        f"/api/v1/functions/{top.code}", {"parent": top.code}, content_type=JSON
    )
    late = browser.patch(
        f"/api/v1/functions/{top.code}", {"name": "示例", "edition": 0}, content_type=JSON
    )

    assert by_api.status_code == by_self.status_code == 422
    assert "下级" in by_api.json()["fields"]["parent"]
    assert late.status_code == 409


def test_a_department_neither_sees_nor_changes_what_is_anothers(world, at, browser_of):
    function, system = make.function(world), make.system(world)
    item = make.item(world, function)
    chart = public.new_chart("示例", by=world.actor("cataloguer"))
    browser = browser_of("city")

    for url in (
        f"/functions/{function.code}",
        f"/systems/{system.code}",
        f"/swimlanes/{chart.code}",
    ):
        assert browser.get(f"/api/v1{url}").status_code == 404
        assert browser.get(f"/manage{url}/").status_code == 404
    edit = browser.patch(f"/api/v1/functions/{function.code}", {"name": "x"}, content_type=JSON)
    end = browser.post(
        f"/api/v1/functions/{function.code}/end", {"on": "2026-10-01", "reason": "x"},
        content_type=JSON,
    )  # fmt: skip
    step = browser.post(
        "/api/v1/registers/990000-MH/functions/steps", {"command": "submit"}, content_type=JSON
    )
    analysed = gaps.analyse(by=world.actor("cataloguer"))

    assert edit.status_code == end.status_code == step.status_code == 404
    assert browser.get("/api/v1/functions").json()["total"] == 0
    assert analysed.found == Gap.objects.count() > 0
    assert item.code in browser_of("cataloguer").get("/manage/functions/gaps/").content.decode()
    assert item.code not in browser.get("/manage/functions/gaps/").content.decode()
    assert browser_of("managing").get("/api/v1/functions").json()["total"] == 2
    assert browser_of("consumer").get("/manage/functions/").status_code == 403


def test_a_register_under_review_is_frozen_until_a_change_is_registered(world, at, browser_of):
    make.function(world)
    by = {name: world.actor(name) for name in ("cataloguer", "provider", "managing")}

    def step(command, who, note=""):
        registers.step_register("990000-MH", Part.FUNCTIONS, command, by=by[who], note=note)

    step(RegisterCommand.SUBMIT, "cataloguer")
    with pytest.raises(Rejected) as frozen:
        make.function(world, name="示例·另一项")
    with pytest.raises(Rejected) as reviewers:
        step(RegisterCommand.CONFIRM, "cataloguer")
    step(RegisterCommand.CONFIRM, "provider")
    step(RegisterCommand.APPROVE, "managing")
    with pytest.raises(Rejected) as in_force:
        make.function(world, name="示例·另一项")
    page = browser_of("cataloguer").post(
        "/manage/functions/progress/",
        {"do": "step", "department": "990000-MH", "part": "functions", "command": "change",
         "note": "示例：职能调整"},
    )  # fmt: skip
    make.function(world, name="示例·另一项")

    assert frozen.value.problem.code == in_force.value.problem.code == "REGISTER_FROZEN"
    assert reviewers.value.problem.code == "NOT_PERMITTED"
    assert page.status_code == 302
    trail = AuditEntry.objects.filter(action__startswith="functions.register")
    assert trail.count() == 4


def test_a_sheet_is_taken_row_by_row_and_faulty_cells_are_named(world, at, browser_of):
    heading = ("编码", "类别", "名称", "上级", "核心业务", "依据类别", "依据", "责任岗位", "说明")
    file = sheet(
        ("示例表",), heading,
        ("", "职能", "示例·运输管理", "", "是", "三定规定", "示例三定", "", ""),
        ("", "工作项", "示例·受理", "示例·运输管理", "", "", "", "", "=1+1"),
        ("", "工作项", "示例·无上级", "", "也许", "", "", "", ""),
        ("X-1", "职能", "示例·错编码", "", "", "三定规定", "示例", "", ""),
    )  # fmt: skip
    browser = browser_of("cataloguer")

    answer = browser.post("/manage/functions/import/", {"file": file})
    page = answer.content.decode()
    out = browser.get("/manage/functions/export.xlsx")
    system = browser.post("/manage/systems/import/", {"file": sheet(
        ("名称", "类别", "涉密", "模块", "支撑"),
        ("示例涉密系统", "其他", "是", "", ""),
        ("示例许可系统", "部省联网", "否", "M1 受理；M2 审查", "990000-MH-W0001/M2"),
    )})  # fmt: skip
    broken = BytesIO(b"PK not a sheet")
    broken.name = "list.xlsx"

    assert answer.status_code == 422
    assert "已导入 2 行" in page
    assert "应为“是”或“否”" in page
    assert "没有这个编码" in page
    assert [f.name for f in Function.objects.order_by("pk")] == ["示例·运输管理", "示例·受理"]
    assert out.status_code == 200
    assert (
        "涉密系统不得录入" in system.content.decode()
        or "平台只收非涉密系统" in system.content.decode()
    )
    assert System.objects.get().supports.get().module.code == "M2"
    assert browser.post("/manage/functions/import/", {"file": broken}).status_code == 422
    assert browser.post("/manage/functions/import/", {}).status_code == 422


@pytest.fixture
def full(world, at):
    """A little of everything, three times over: what costs by row would show."""
    function = make.function(world)
    system = make.system(world)
    entry = published_entry(world, accountable="")
    for n in range(3):
        item = make.item(world, function, name=f"示例·受理 {n}")
        public.map_support(item.code, system.code, module="M1", by=world.actor("cataloguer"))
        make.system(world, name=f"示例系统 {n}")
        make.chart(world, entry.code, title=f"示例 {n}")
        materials.add_material(
            {"title": f"示例 {n}", "kind": "paper"}, by=world.actor("cataloguer")
        )
    gaps.analyse(by=world.actor("managing"))
    move = moves.propose_move(
        function.code, target="990000-KJ", reason="示例", by=world.actor("managing")
    )
    return {"function": function.code, "system": system.code, "move": move.code,
            "entry": entry.code, "item": item.code}  # fmt: skip


def test_no_page_needs_more_than_twenty_statements(full, browser_of):
    pages = (
        "/manage/functions/", "/manage/functions/new/", f"/manage/functions/{full['function']}/",
        f"/manage/functions/{full['item']}/", "/manage/functions/matrix/",
        "/manage/functions/gaps/", "/manage/functions/progress/", "/manage/functions/materials/",
        "/manage/functions/materials/990000-MH-M0001/", f"/manage/functions/moves/{full['move']}/",
        "/manage/systems/", "/manage/systems/board/", f"/manage/systems/{full['system']}/",
        "/manage/swimlanes/", "/manage/swimlanes/new/", "/manage/swimlanes/990000-MH-L0001/",
    )  # fmt: skip
    browser = browser_of("cataloguer")
    costs = {}
    for page in pages:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(page).status_code == 200, page
        costs[page] = len(queries)

    assert {page: n for page, n in costs.items() if n > MOST_STATEMENTS} == {}


def test_five_hundred_activities_are_saved_and_shown(world, at, browser_of):
    chart = public.new_chart("示例·大图", by=world.actor("cataloguer"))
    nodes = [{"key": f"n{n}", "name": f"环节{n}", "lane": "l", "phase": f"p{n // 100}"}
             for n in range(500)]  # fmt: skip
    model = {
        "lanes": [{"key": "l", "name": "甲"}], "nodes": nodes,
        "phases": [{"key": f"p{n}", "name": f"阶段{n}"} for n in range(5)],
        "flows": [{"key": f"f{n}", "source": f"n{n}", "target": f"n{n + 1}"} for n in range(499)],
    }  # fmt: skip
    browser = browser_of("cataloguer")

    saved = browser.put(
        f"/api/v1/swimlanes/{chart.code}", {"edition": 0, "model": model}, content_type=JSON
    )
    with CaptureQueriesContext(connection) as queries:
        page = browser.get(f"/manage/swimlanes/{chart.code}/")

    assert saved.status_code == 200
    assert "环节499" in page.content.decode()
    assert len(queries) <= MOST_STATEMENTS


def test_every_change_of_a_chart_is_in_the_trail(world, at):
    entry = published_entry(world)
    chart = make.chart(world, entry.code)
    chart = public.save_chart(
        chart.code, permit(entry.code), edition=chart.edition, by=world.actor("cataloguer")
    )

    trail = AuditEntry.objects.filter(subject=chart.code).order_by("pk")

    assert list(trail.values_list("action", flat=True)) == [
        "functions.chart.created", "functions.chart.saved", "functions.chart.saved",
    ]  # fmt: skip


def test_an_entry_that_moved_belongs_to_the_new_department_from_the_day_of_effect(
    world, at, browser_of
):
    function, system = make.function(world, accountable=""), make.system(world)
    public.map_support(function.code, system.code, by=world.actor("cataloguer"))
    entry = published_entry(world, source_system=system.name)
    managing = world.actor("managing")
    move = moves.propose_move(function.code, target="990000-KJ", reason="示例", by=managing)
    moves.decide_move(
        move.code, {item.pk: Decision.CONFIRMED for item in move.items.all()},
        effective_on=clock.today(), by=managing,
    )  # fmt: skip

    report = catalog.submit_for_check(entry.code, by=world.actor("cataloguer"))
    before = Entry.objects.get(code=entry.code).owner.code
    catalog.publish(entry.code, by=world.actor("provider"))

    assert report.passed, report.findings
    assert before == "990000-MH"
    assert catalog.published(entry.code).provider_code == "990000-KJ"
    assert Entry.objects.get(code=entry.code).owner.code == "990000-KJ"


def test_what_reviewers_look_at_is_neither_retired_nor_tied_to_something_else(
    world, at, browser_of
):
    function, system = make.function(world), make.system(world)
    entry = published_entry(world)
    by = world.actor("cataloguer")
    for part in (Part.FUNCTIONS, Part.SYSTEMS):
        registers.step_register("990000-MH", part, RegisterCommand.SUBMIT, by=by)
    browser = browser_of("cataloguer")
    page = f"/manage/systems/{system.code}/"

    mapped = browser.put(f"/api/v1/functions/{function.code}/systems/{system.code}")
    linked = browser.post(page, {"do": "entry", "entry": entry.code})
    retired = browser.post(page, {"do": "retire", "on": "2026-10-01", "reason": "示例"})

    system.refresh_from_db()
    assert (linked.status_code, retired.status_code) == (409, 409)
    assert mapped.status_code in {404, 405, 409}
    for act in (
        lambda: public.map_support(function.code, system.code, by=by),
        lambda: public.retire_system(system.code, on=clock.today(), reason="示例", by=by),
    ):
        with pytest.raises(Rejected) as refused:
            act()
        assert refused.value.problem.code == "REGISTER_FROZEN"
    assert system.state == "in_use"
    assert not EntryLink.objects.exists()
    assert not Support.objects.exists()
