"""The loop of quality: a ticket, a check request, an objection and a line of the register."""

from tongqu.project.demo.showcase.scene import OFFICE, REVIEWER, SUPPORT, Scene
from tongqu.project.demo.stage import Told, expect
from tongqu.quality.actions import checks, hardships, objections, tickets
from tongqu.quality.domain.cases import (
    CheckCommand,
    HardshipClass,
    HardshipCommand,
    ObjectionCommand,
    ObjectionState,
)
from tongqu.quality.vocabulary import TicketCommand

OPERATOR, IMPLEMENTER, SUBJECT = "demo-operator", "demo-implementer", "demo-firm"


def looped(scene: Scene) -> Told:
    """Each stands where the next step is somebody's, so that every desk has work to show."""
    reviewer, office = scene.actor(REVIEWER), scene.actor(OFFICE)
    vehicles, stations = scene.codes["road_vehicle_basic"], scene.codes["toll_station"]
    filed = tickets.file_ticket(
        vehicles, title="示例：部分车辆的经营范围与许可证不一致", by=office,
        text="示例：抽查 20 辆，3 辆不一致。",
    )  # fmt: skip
    tickets.handle(filed.number, TicketCommand.ACCEPT, by=reviewer)
    tickets.handle(filed.number, TicketCommand.CONFIRM, note="示例：已核对许可档案", by=reviewer)
    asked = checks.file_check(
        stations, scenario="示例·货运路径规划", title="示例：部分收费站经度偏移",
        sample="示例：省界附近的收费站", by=scene.actor(OPERATOR),
    )  # fmt: skip
    asked = checks.handle(asked.number, CheckCommand.CONFIRM, by=scene.actor(IMPLEMENTER))
    expect(asked.due_on is not None, "确认后应有更正期限")
    operators = scene.codes["road_transport_operator"]
    item = _first_item(operators)
    found = objections.file_objection(
        operators, item=item, record="示例：本企业的登记记录", claim="示例：名称应为变更后的名称",
        by=scene.actor(SUBJECT),
    )  # fmt: skip
    found = objections.handle(found.number, ObjectionCommand.ACCEPT, by=reviewer)
    expect(found.state == ObjectionState.VERIFYING, "异议应在核实中")
    line = hardships.log_hardship(
        title="示例：跨系统数据不一致", entry_code=vehicles, by=scene.actor(SUPPORT)
    )
    hardships.handle(
        line.number, HardshipCommand.CLASS, hardship=HardshipClass.QUALITY.value,
        by=scene.actor(SUPPORT),
    )  # fmt: skip
    counts = {"工单": 1, "校核需求": 1, "异议": 1, "困难挑战": 1}
    return counts, f"校核需求 {asked.number} 经实施机构确认，{asked.due_on} 前更正"


def _first_item(code: str) -> str:
    from tongqu.catalog.public import published

    return published(code).items[0].name_en
