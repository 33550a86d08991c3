"""What departments share together: a package, needs that are one, a list, an entrusted review."""

from datetime import timedelta

from tongqu.kernel import clock
from tongqu.project.demo.showcase.scene import DEPARTMENT, OFFICE, REVIEWER, Scene
from tongqu.project.demo.stage import Told, expect
from tongqu.sharing import public as sharing

CONSUMER, TOURISM = "demo-consumer", "demo-tourism"
PACKAGE = (
    "road_transport_operator", "road_vehicle_basic", "road_transport_certificate",
)  # fmt: skip
PURPOSE = "用于大件运输许可办理中核验承运人、车辆和道路运输证的有效状态。"
DUTY = "示例：超限运输车辆行驶公路管理职责规定"
NEED = ("客运站班次信息", "公路客运站班次数据表")
LIST = "YJS-2026-01"


def joined(scene: Scene) -> Told:
    """Offer and ask for a package, merge two needs, keep a list, entrust one review."""
    office = scene.actor(OFFICE)
    codes = [scene.codes[slug] for slug in PACKAGE]
    offered = sharing.save_bundle(
        name="大件运输许可", summary="示例：大件运输许可并联办理、途经地核验",
        matter="public_service",
        entry_codes=codes, purpose=PURPOSE, is_example=True, by=office,
    )  # fmt: skip
    wish = sharing.Wish(PURPOSE, DUTY, "示例·大件运输许可系统", "daily", "not_kept")
    package = sharing.apply_for_bundle(
        offered.code, wish, by=scene.actor(CONSUMER), key="demo-package"
    )
    expect(package.cases.filter(request=None).count() == 0, "专题包的各项都应提出申请")
    needs = [
        sharing.file_need(_wanted(name), by=scene.actor(who))
        for name, who in zip(NEED, (CONSUMER, TOURISM), strict=True)
    ]
    task = sharing.merge_needs(
        [need.number for need in needs], title="示例·客运站班次", provider_code=DEPARTMENT,
        by=office,
    )  # fmt: skip
    expect(task.needs.count() == len(needs), "两项相近的需求应合并为一项供给任务")
    due = clock.today() + timedelta(days=60)
    lines = [sharing.DutyLine(f"核验事项 {n}", DEPARTMENT, "daily", code, due)
             for n, code in enumerate(codes, 1)]  # fmt: skip
    lines.append(sharing.DutyLine("桥梁技术状况", "990000-GL", "monthly", due_on=due))
    sharing.save_list(
        code=LIST, name="大件运输许可一件事", kind="one_matter", lead_code="990000-KJ",
        lines=lines, is_example=True, by=office,
    )  # fmt: skip
    sharing.entrust(
        codes[0], starts_on=clock.today(), ends_on=clock.today() + timedelta(days=90),
        note="示例：许可集中办理期间", by=scene.actor(REVIEWER),
    )  # fmt: skip
    counts = {
        "专题包": 1, "一次申请": package.cases.count(), "合并需求": len(needs),
        "责任事项": len(lines), "委托审核": 1,
    }  # fmt: skip
    return counts, f"专题包申请 {package.number}；供给任务 {task.number} 有两个受益单位"


def _wanted(name: str) -> sharing.Wanted:
    return sharing.Wanted(
        name, ("站名", "发车时间", "票价"), "示例·联网售票系统", "public_service",
        "用于节假日旅客疏运的运力准备和信息提示。", "示例：部门职责规定", "daily",
    )  # fmt: skip
