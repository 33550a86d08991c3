"""两清一图 of two departments: functions, systems, what supports what, one swim-lane chart."""

from datetime import date

from tongqu.functions import public as functions
from tongqu.functions.actions import functions as functions_of
from tongqu.functions.actions import gaps, materials, registers
from tongqu.functions.actions import systems as systems_of
from tongqu.functions.models import Gap
from tongqu.functions.vocabulary import MaterialCommand, Part, RegisterCommand
from tongqu.kernel.actor import Actor
from tongqu.project.demo.showcase import chart
from tongqu.project.demo.showcase.scene import CATALOGUER, DEPARTMENT, OFFICE, REVIEWER, Scene
from tongqu.project.demo.stage import Told

AVIATION, AVIATION_CATALOGUER = "990000-MH", "demo-cataloguer"
# A function: name, kind of basis, basis, accountable post, its work items.
Row = tuple[str, str, str, str, tuple[str, ...]]
OURS: tuple[Row, ...] = (
    ("公路管理", "three_fixed", "示例：三定规定 公路管理职责", "示例·公路管理责任岗",
     ("大件运输许可受理", "大件运输许可审查与决定", "养护施工通行管理")),
    ("道路运输管理", "law", "道路运输条例", "示例·道路运输责任岗",
     ("道路运输经营许可", "营运车辆年度审验")),
    ("交通运输综合行政执法", "law", "行政处罚法", "示例·执法责任岗",
     ("执法案件办理", "执法案卷归档")),
    ("水路运输管理", "law", "国内水路运输管理条例", "示例·水路运输责任岗",
     ("船舶营运管理",)),
)  # fmt: skip
AIR: tuple[Row, ...] = (
    ("民航运输协调", "three_fixed", "示例：三定规定 民航协调职责", "示例·民航协调责任岗",
     ("航班运行信息汇集", "旅客疏运保障")),
)  # fmt: skip
# A system: class, modules, the work items a module supports, the entries that come from it.
SYSTEMS: dict[str, tuple[str, tuple[str, ...], dict[str, str], tuple[str, ...]]] = {
    "大件运输许可服务与管理系统": (
        "networked", ("受理", "审查", "发证与查验"),
        {"大件运输许可受理": "M1", "大件运输许可审查与决定": "M2"},
        ("oversize_transport_permit_application",),
    ),
    "道路运政管理信息系统": (
        "networked", ("业户", "车辆", "从业人员"),
        {"道路运输经营许可": "M1", "营运车辆年度审验": "M2"},
        ("road_transport_operator", "road_vehicle_basic", "road_transport_certificate"),
    ),
    "交通运输综合执法信息系统": (
        "cross_level", ("案件办理", "移动执法"), {"执法案件办理": "M1"},
        ("enforcement_case", "case_vehicle", "case_party"),
    ),
    "水路运政管理信息系统": ("other", ("船舶", "企业"), {"船舶营运管理": "M1"}, ("ship_basic",)),
    "公路养护管理系统": ("networked", ("施工计划", "施工现场"), {"养护施工通行管理": "M1"}, ()),
}  # fmt: skip
TASK_DUE = date(2026, 12, 31)


def drawn(scene: Scene) -> Told:
    by, office = scene.actor(CATALOGUER), scene.actor(OFFICE)
    items = _functions(OURS, by)
    made = _systems(scene, items, by)
    for slug, name in (("enforcement_case", "执法案件办理"), ("ship_basic", "船舶营运管理")):
        functions_of.link_entry(items[name], scene.codes[slug], by=by)
    model = chart.permit(
        scene.codes, items, made["大件运输许可服务与管理系统"], made["交通运输综合执法信息系统"]
    )
    new = functions.new_chart("示例·大件运输许可", by=by, function=items["公路管理"])
    functions.save_chart(new.code, model, edition=new.edition, by=by)
    _materials(scene, by)
    _aviation(scene)
    _confirm(scene, office)
    found = gaps.analyse(by=office)
    gap = Gap.objects.filter(organisation=scene.department, closed_at=None).order_by("pk").first()
    if gap is not None:
        gaps.open_task(gap.pk, due_on=TASK_DUE, by=office)
    counts = {
        "职能": len(OURS) + len(AIR), "工作项": sum(len(row[4]) for row in (*OURS, *AIR)),
        "系统": len(made) + 1, "泳道图环节": len(model.activities), "数据缺口": found.found,
    }  # fmt: skip
    return counts, "厅职能清已生效，应用清待科技处审核；民航处待部门确认，其余部门未报"


def _functions(rows: tuple[Row, ...], by: Actor) -> dict[str, str]:
    """Return name → code of functions and work items; in the register all begin with 示例."""
    codes = {}
    for name, kind, basis, post, below in rows:
        fields = {
            "kind": "function", "name": f"示例·{name}", "basis_kind": kind, "basis": basis,
            "is_core": True, "accountable": post,
        }  # fmt: skip
        codes[name] = parent = functions.save_function(fields, by=by).code
        for item in below:
            given = {"kind": "item", "name": f"示例·{item}", "parent": parent}
            codes[item] = functions.save_function(given, by=by).code
    return codes


def _systems(scene: Scene, items: dict[str, str], by: Actor) -> dict[str, str]:
    made = {}
    for name, (kind, modules, supports, slugs) in SYSTEMS.items():
        numbered = [(f"M{n}", module) for n, module in enumerate(modules, start=1)]
        fields = {"name": f"示例·{name}", "system_class": kind, "modules": numbered}
        made[name] = functions.save_system(fields, by=by).code
        for item, module in supports.items():
            functions.map_support(items[item], made[name], module=module, by=by)
        for slug in slugs:
            systems_of.link_entry(made[name], scene.codes[slug], by=by)
    return made


def _materials(scene: Scene, by: Actor) -> None:
    """Paper that waits to be scanned, and paper that is."""
    code = scene.codes["oversize_transport_permit_application"]
    fields = {"kind": "paper", "title": "示例·2019 年大件运输许可档案", "pages": 1_860}
    materials.add_material(fields | {"entry": code}, by=by)
    scanned = materials.add_material(
        {"kind": "paper", "title": "示例·执法案卷 2018 年卷", "pages": 920}, by=by
    )
    place = {"location": "示例档案室 扫描件第 3 盘"}
    materials.step_material(scanned.code, MaterialCommand.SCAN, by=by, given=place)


def _aviation(scene: Scene) -> None:
    """The second department: its functions wait for its own confirmation."""
    by = scene.actor(AVIATION_CATALOGUER)
    items = _functions(AIR, by)
    system = functions.save_system(
        {"name": "示例·航班运行监测系统", "system_class": "networked", "modules": [("M1", "航班")]},
        by=by,
    )
    functions.map_support(items["航班运行信息汇集"], system.code, module="M1", by=by)
    registers.step_register(AVIATION, Part.FUNCTIONS, RegisterCommand.SUBMIT, by=by)


def _confirm(scene: Scene, office: Actor) -> None:
    """The functions are in force, the systems wait for the office, the chart is a draft."""
    by, reviewer = scene.actor(CATALOGUER), scene.actor(REVIEWER)
    for part in (Part.FUNCTIONS, Part.SYSTEMS):
        registers.step_register(DEPARTMENT, part, RegisterCommand.SUBMIT, by=by)
        registers.step_register(DEPARTMENT, part, RegisterCommand.CONFIRM, by=reviewer)
    registers.step_register(DEPARTMENT, Part.FUNCTIONS, RegisterCommand.APPROVE, by=office)
