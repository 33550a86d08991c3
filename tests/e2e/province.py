"""A small province for the browser: what every page needs in order to have something on it."""

from typing import Any

from tests import factories_catalog, factories_delivery, factories_sharing
from tests.world import World
from tongqu.catalog.actions.draft import refresh_search
from tongqu.catalog.models import EntryVersion
from tongqu.identity.models import Organisation, Person
from tongqu.identity.public import notify, seed_example
from tongqu.kernel.actor import PLATFORM


def make() -> dict[str, Any]:
    """Make it, and return the numbers and codes under which the tests find things."""
    seed_example(by=PLATFORM)
    world = World(
        organisations={found.code: found for found in Organisation.objects.all()},
        people={found.username.removeprefix("demo-"): found for found in Person.objects.all()},
    )
    factories_delivery.served_table()
    open_entry = factories_delivery.served_entry(world, name="示例·航班延误情况")
    conditional = factories_sharing.conditional_entry(
        world, name="示例·旅客疏运资源", items=factories_delivery.ITEMS, table="svc_example",
        materials=[],
    )  # fmt: skip
    factories_catalog.published_entry(
        world, name="示例·机组个人信息", sharing_type="withheld", scope="nobody", level=4,
        withheld_basis=["pipl-2021 第六条"],
    )  # fmt: skip
    draft = factories_catalog.draft_entry(world, name="示例·机场保障资源（草稿）")
    request = factories_sharing.filed(world, conditional)
    grant = factories_delivery.grant(world, open_entry)
    _index()
    notify(
        "示例：你单位申请已受理。", key="e2e-1", kind="申请", url="/desk/applications/",
        organisation_id=world.organisations["990000-YJ"].pk,
    )  # fmt: skip
    return {
        "people": sorted(world.people),
        "open": open_entry.code,
        "conditional": conditional.code,
        "draft": draft.code,
        "request": request.number,
        "grant": grant.number,
    }


def _index() -> None:
    """Do for search what saving through the action does: the factory writes rows directly."""
    for version in EntryVersion.objects.select_related("provider", "entry__owner"):
        refresh_search(version)
