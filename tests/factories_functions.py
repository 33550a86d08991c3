"""Registers for tests of any room: a function with a work item, a system, a chart."""

from tests.unit.functions.charts import permit
from tests.world import World
from tongqu.functions import public
from tongqu.functions.models import Chart, Function, System


def function(world: World, who: str = "cataloguer", **given: object) -> Function:
    fields = {
        "kind": "function", "name": "示例·民航运输管理", "basis_kind": "three_fixed",
        "basis": "示例：三定规定第三条", "is_core": True, "accountable": "示例·处长岗",
    } | given  # fmt: skip
    return public.save_function(fields, by=world.actor(who))


def item(world: World, parent: Function, who: str = "cataloguer", **given: object) -> Function:
    fields = {"kind": "item", "name": "示例·航线许可受理", "parent": parent.code} | given
    return public.save_function(fields, by=world.actor(who))


def system(world: World, who: str = "cataloguer", **given: object) -> System:
    fields = {
        "name": "示例航班运行系统", "system_class": "networked",
        "modules": [("M1", "受理"), ("M2", "审查"), ("M3", "归档")],
    } | given  # fmt: skip
    return public.save_system(fields, by=world.actor(who))


def chart(world: World, entry: str, who: str = "cataloguer", title: str = "示例·航线许可") -> Chart:
    """The chart of 3 lanes, 2 phases and 8 activities; its data is one entry."""
    by = world.actor(who)
    made = public.new_chart(title, by=by)
    return public.save_chart(made.code, permit(entry), edition=made.edition, by=by)
