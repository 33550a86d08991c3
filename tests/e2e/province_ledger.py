"""What the ledger's and supervision's pages need in the small province of the browser tests."""

from datetime import date

from tests.factories_catalog import published_entry
from tests.world import World
from tongqu.catalog.vocabulary import DataType, ItemView, ScannedColumn, ScannedTable
from tongqu.identity.models import Organisation
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM
from tongqu.ledger import public as ledger
from tongqu.ledger.actions import batches, flows, merges, surveys
from tongqu.ledger.domain.states import RoundCommand
from tongqu.ledger.vocabulary import Party
from tongqu.supervision.models import Project
from tongqu.supervision.public import attach_entry, check_connections, register

STATION = (
    ItemView(1, "客运站名称", "station_name", DataType.STRING, 100, nullable=False, is_key=True),
    ItemView(2, "发车位数", "bays", DataType.INTEGER, 10),
)
OTHER = (
    ItemView(1, "客运站名称", "station_name", DataType.STRING, 50, nullable=False, is_key=True),
    ItemView(2, "经度", "longitude", DataType.DECIMAL, 10),
)
COLUMNS = (
    ScannedColumn("permit_no", 1, "varchar", DataType.STRING, 30, nullable=False, is_key=True),
    ScannedColumn("valid_to", 2, "date", DataType.DATE),
)


def make(world: World, entry_code: str) -> None:
    """Make one of each: survey, merge, list, flow, scanned table, late project."""
    provider = world.organisations["990000-MH"]
    _survey(world)
    _merge(world)
    _batch(world, entry_code)
    flows.start(entry_code, by=world.actor("cataloguer"))
    table = ScannedTable("public", "permits", COLUMNS, comment="示例许可证", rows=1200)
    ledger.keep_scan("示例许可库", [table], owner_id=provider.pk, by=PLATFORM)
    ledger.compile_ledger()
    ledger.measure()
    _project(world)


def _survey(world: World) -> None:
    managing, writer = world.actor("managing"), world.actor("cataloguer")
    made = surveys.compile_round(
        title="示例：2026 年公共数据资源调查", note="按系统填报。", due_on=clock.today(),
        departments=["990000-MH", "990000-YJ"], by=managing,
    )  # fmt: skip
    surveys.take_step(made.pk, RoundCommand.ISSUE, by=managing)
    columns = [["客运站名称", "station_name", "string"]]
    table = surveys.TableAnswer("示例联网售票系统", "示例客运站", 1200, "daily", columns)
    surveys.save_answer(made.pk, [table], gaps="缺少二级以下客运站", by=writer)
    surveys.submit_answer(made.pk, by=writer)


def _merge(world: World) -> None:
    city = Organisation.objects.get(code="990100")
    other = Organisation.objects.get(code="990200")
    one = published_entry(world, name="示例客运站基本信息", items=STATION, owner=city)
    two = published_entry(world, name="示例客运站基本信息", items=OTHER, owner=other)
    merges.open_merge(
        [one.code, two.code], name="示例客运站基本信息", year=2026, owner_code="990000-MH",
        by=world.actor("managing"),
    )  # fmt: skip


def _batch(world: World, entry_code: str) -> None:
    managing = world.actor("managing")
    parties = dict(zip(Party, ("990000-KJ", "990000-MH", "990000-XX", "990000-YJ"), strict=True))
    batches.compile_batch(title="示例：第一批清单", parties=parties, by=managing, is_example=True)
    batches.set_rows(1, [entry_code], by=managing)
    batches.send_to_sign(1, by=managing)


def _project(world: World) -> None:
    by = world.actor("cataloguer")
    made = register(
        code="XM-2026-0001", name="示例航班监测系统", organisation_code="990000-MH",
        system_name="示例航班监测系统", by=by, is_example=True,
    )  # fmt: skip
    entry = published_entry(world, name="示例·监测资源")
    attach_entry(made.code, entry.code, by=by)
    Project.objects.update(
        stage="trial", trial_started_on=date(2026, 1, 10), connect_due_on=date(2026, 7, 10)
    )
    check_connections()
