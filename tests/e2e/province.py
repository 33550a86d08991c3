"""A small province for the browser: what every page needs in order to have something on it."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from tests import factories_catalog, factories_delivery, factories_import, factories_sharing
from tests.e2e import (
    province_assets,
    province_functions,
    province_lake,
    province_ledger,
    province_loop,
    province_masters,
    province_opening,
    province_quality,
    province_sharing,
    province_standards,
)
from tests.world import World
from tongqu.catalog import public as catalog
from tongqu.catalog.actions.draft import refresh_search
from tongqu.catalog.actions.import_file import import_file
from tongqu.catalog.models import EntryVersion
from tongqu.catalog.vocabulary import DataType, UpdateCycle
from tongqu.identity.models import Organisation, Person
from tongqu.identity.public import notify, seed_example
from tongqu.ingest import public as ingest
from tongqu.ingest.actions import agreements, passages, templates
from tongqu.ingest.vocabulary import Authority, BatchView, ColumnSpec, TemplateKind
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM
from tongqu.quality import public as quality
from tongqu.quality.models import RuleResult

AIRPORTS = {
    "code": "flight.origin.code",
    "title": "机场代码应为三个字母",
    "kind": "pattern",
    "column": "origin",
    "pattern": "[A-Z]{3}",
    "remedy": "核对机场代码后重报",
}


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
    batch = _load(world)
    actor = world.actor("provider")
    catalog.mark_connected(
        open_entry.code, rows=30, at=clock.now(), table="svc_example", by=PLATFORM
    )
    receipt = catalog.issue_receipt(open_entry.code, by=actor)
    quality.save_pack(open_entry.code, [AIRPORTS], by=actor)
    scan = quality.scan(open_entry.code, by=PLATFORM)
    ticket = quality.file_ticket(open_entry.code, title="示例：延误分钟为空", by=actor)
    run = import_file(
        factories_import.province(200), name="示例存量目录.xlsx", by=world.actor("cataloguer"),
        dry_run=True,
    )  # fmt: skip
    province_ledger.make(world, open_entry.code)
    _index()
    made = province_functions.make_registers(world, open_entry.code)
    made |= province_assets.make(world, open_entry.code)
    return (
        made
        | province_standards.make(world)
        | province_opening.make(world)
        | province_lake.make(world)
        | province_masters.make(world)
        | province_loop.make(world, open_entry.code)
        | province_sharing.make(world, open_entry.code)
        | province_quality.make(world, open_entry.code, grant.number)
        | {
            "import": run.pk,
            "source": batch.source_code,
            "batch": batch.number,
            "receipt": receipt.number,
            "scan": scan.number,
            "rule": scan.results[0].code,
            "result": str(RuleResult.objects.filter(scan__number=scan.number).first().pk),
            "ticket": ticket.number,
            "people": sorted(world.people),
            "open": open_entry.code,
            "conditional": conditional.code,
            "draft": draft.code,
            "request": request.number,
            "grant": grant.number,
        }
    )


def _load(world: World) -> BatchView:
    """A source with one good row and one that does not fit its contract."""
    by = world.actor("cataloguer")
    columns = (
        ColumnSpec("id", DataType.INTEGER, is_key=True, nullable=False),
        ColumnSpec("length_km", DataType.DECIMAL),
    )
    ingest.register_source(
        code="roads", name="示例路段", provider_id=world.organisations["990000-MH"].pk, by=by,
        columns=columns,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roads.csv"
        path.write_text("id,length_km\n1,2.5\nx,3\n", encoding="utf-8")
        found = ingest.load("roads", path, by=by)
    _supply(world)
    return found


def _supply(world: World) -> None:
    """An agreement on the source, a template that its department delivers by, and what goes up."""
    by, provider_id = world.actor("cataloguer"), world.organisations["990000-MH"].pk
    terms = agreements.Terms(
        Authority.WEATHER, "示例省气象局", "示例-2026-001", "示例·数据资源岗", "路网运行监测",
        date(2026, 1, 1),
    )  # fmt: skip
    agreements.agree_on("roads", terms, by=by)
    templates.register_template(
        code="flow", name="示例客运量月报", kind=TemplateKind.CITY, cycle=UpdateCycle.MONTHLY,
        due_day=5, columns=(ColumnSpec("route", is_key=True),), owner_id=provider_id, by=by,
    )  # fmt: skip
    above = templates.add_member("flow", provider_id, by=by).source.code
    passages.link("roads", above, by=by)


def _index() -> None:
    """Do for search what saving through the action does: the factory writes rows directly."""
    for version in EntryVersion.objects.select_related("provider", "entry__owner"):
        refresh_search(version)
