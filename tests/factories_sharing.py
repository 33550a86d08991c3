"""Requests for tests of any room: filed through the action, as a department would."""

from typing import Any

from tests.factories_catalog import published_entry
from tests.world import World
from tongqu.catalog.vocabulary import EntryView
from tongqu.sharing.actions.file import submit
from tongqu.sharing.domain.application import Application
from tongqu.sharing.models import ShareRequest

PURPOSE = {
    "matter": "emergency",
    "purpose": "恶劣天气航班大面积延误时的旅客疏运调度",
    "duty": "示例：突发事件应对职责规定",
    "system_name": "示例应急指挥系统",
    "frequency": "daily",
    "retention": "months_6",
}


def application(entry: EntryView, **given: Any) -> Application:
    return Application(entry_code=entry.code, **PURPOSE | given)


def conditional_entry(world: World, **given: Any) -> EntryView:
    """Return a published entry that is shared under conditions, with one named material."""
    return published_entry(
        world,
        **{
            "sharing_type": "conditional",
            "conditions": "限用于应急处置。",
            "materials": ["等级保护备案证明", "部门履职依据"],
        }
        | given,
    )


def filed(world: World, entry: EntryView, *, who: str = "consumer", **given: Any) -> ShareRequest:
    """Return a request as it stands after filing."""
    return submit(application(entry, **given), by=world.actor(who)).request
