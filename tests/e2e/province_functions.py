"""What the pages of 两清一图 show in the browser tests."""

from tests import factories_functions as make
from tests.world import World
from tongqu.functions import public
from tongqu.functions.actions import gaps, materials, moves


def make_registers(world: World, entry: str) -> dict[str, str]:
    """Return the codes under which the tests find a function, a system, a chart and the rest."""
    by = world.actor("cataloguer")
    function, system = make.function(world), make.system(world)
    item = make.item(world, function)
    public.map_support(item.code, system.code, module="M2", by=by)
    chart = make.chart(world, entry)
    material = materials.add_material({"title": "示例·许可档案", "kind": "paper"}, by=by)
    gaps.analyse(by=world.actor("managing"))
    move = moves.propose_move(
        function.code, target="990000-KJ", reason="示例：职能调整", by=world.actor("managing")
    )
    return {
        "function": item.code, "system": system.code, "chart": chart.code,
        "material": material.code, "move": move.code,
    }  # fmt: skip
