"""A case of every kind of the loop, each where somebody has the next step."""

from tests.world import World
from tongqu.quality.actions import checks, hardships, objections
from tongqu.quality.domain.cases import CheckCommand, HardshipCommand, ObjectionCommand


def make(world: World, code: str) -> dict[str, str]:
    asked = checks.file_check(
        code, scenario="示例·延误险定价", title="示例：起飞机场代码有误", item="origin",
        by=world.actor("operator"),
    )  # fmt: skip
    checks.handle(asked.number, CheckCommand.CONFIRM, by=world.actor("implementer"))
    found = objections.file_objection(
        code, item="phone", record="示例：记录编号 7", claim="示例：号码已变更",
        by=world.actor("firm"),
    )  # fmt: skip
    objections.handle(found.number, ObjectionCommand.ACCEPT, by=world.actor("provider"))
    line = hardships.log_hardship(
        title="示例：跨系统数据不一致", entry_code=code, by=world.actor("support")
    )
    hardships.handle(
        line.number, HardshipCommand.CLASS, hardship="quality", by=world.actor("support")
    )
    return {"check": asked.number, "objection": found.number, "hardship": line.number}
