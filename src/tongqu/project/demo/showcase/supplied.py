"""One source in each form, and what stands around a source: all on files made for the example."""

import csv
import sqlite3
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tongqu.adapters.generator import generate as generator
from tongqu.catalog.vocabulary import DataType, UpdateCycle
from tongqu.ingest import public as ingest
from tongqu.ingest.actions import agreements, migrate, passages, templates
from tongqu.ingest.models import LegacySystem, Passage, Template
from tongqu.ingest.vocabulary import Authority, BatchState, ColumnSpec, Mode, TemplateKind
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM
from tongqu.project.demo.showcase.data import ROWS, SEED
from tongqu.project.demo.showcase.scene import CATALOGUER, Scene
from tongqu.project.demo.stage import Told, expect

DATABASE, FOLDER, OLD = "parking_area", "highway_rest_post", "parking_area_old"
SYSTEM = "old_exchange"
TEMPLATE, CITIES = "city_flow", ("990100", "990200")
MONTH = (
    ColumnSpec("route", is_key=True, nullable=False),
    ColumnSpec("month", is_key=True, nullable=False),
    ColumnSpec("passengers", DataType.INTEGER),
)
WEATHER = (
    ColumnSpec("station", is_key=True, nullable=False),
    ColumnSpec("observed", DataType.DATETIME, is_key=True, nullable=False),
    ColumnSpec("visibility_m", DataType.INTEGER),
)


def place() -> Path:
    """Return the folder in which the example's own database and files lie."""
    found = Path(settings.HOME) / "example-sources"
    (found / "reports").mkdir(parents=True, exist_ok=True)
    return found


def pulled(scene: Scene) -> Told:
    """A department's database and its report folder, fetched on a schedule."""
    by = scene.actor(CATALOGUER)
    _files(place())
    ways = (
        (DATABASE, "database", "示例·停车区数据库", f"sqlite:///{place() / 'parking.db'}",
         {"what": DATABASE, "key": ("area_code",)}),
        (FOLDER, "folder", "示例·司机之家报送文件夹", str(place() / "reports"),
         {"settings": {"marker": ".done"}}),
    )  # fmt: skip
    stored = 0
    for slug, connector, name, address, plan in ways:
        ingest.register_connection(
            code=f"{slug}_way", name=name, connector=connector, address=address,
            provider_id=scene.department, by=by,
        )  # fmt: skip
        if ingest.source(slug) is None:
            ingest.register_source_for_entry(
                scene.codes[slug], code=slug, provider_id=scene.department, by=by
            )
        given = ingest.Plan(f"{slug}_way", schedule="0 2 * * *", reject_threshold=0.5, **plan)
        ingest.plan_pull(slug, given, by=by)
        run = ingest.pull(slug, by=by)
        expect(run.stored or run.duplicate, f"{slug} 未取到数据")
        stored += run.stored
    return {"来源": len(ways), "入库": stored}, "库表和报送文件夹每天 2:00 取一次，增减逐次对数"


def _files(folder: Path) -> None:
    """Write what the departments are said to have: a database, reports, the old system's export."""
    with tempfile.TemporaryDirectory() as out:
        wanted = generator.order(
            ROWS, SEED, Path(out), only=(DATABASE, FOLDER), file_format="csv", at=clock.now()
        )
        generator.generate(wanted)
        head, *rows = _table(wanted.out / f"{DATABASE}.csv")
        (folder / "reports" / f"{FOLDER}.csv").write_bytes(
            (wanted.out / f"{FOLDER}.csv").read_bytes()
        )
        (folder / "reports" / f"{FOLDER}.csv.done").touch()
        (folder / f"{OLD}.csv").write_bytes((wanted.out / f"{DATABASE}.csv").read_bytes())
    (folder / "parking.db").unlink(missing_ok=True)
    names = ", ".join(f'"{name}"' for name in head)
    with sqlite3.connect(folder / "parking.db") as made:
        made.execute(f"CREATE TABLE {DATABASE} ({names}, PRIMARY KEY ({head[0]}))")
        blank = ", ".join("?" for _ in head)
        insert = f"INSERT OR IGNORE INTO {DATABASE} VALUES ({blank})"  # noqa: S608  # our own names
        made.executemany(insert, [[_cell(text) for text in row] for row in rows])
    made.close()


def _cell(text: str) -> object:
    """Return a cell as a database holds it: no value for an empty one, 1 and 0 for yes and no."""
    return {"": None, "true": 1, "false": 0}.get(text, text)


def _table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def agreed(scene: Scene) -> Told:
    """An external source under an agreement, a template with a late city, and what goes up."""
    by = scene.actor(CATALOGUER)
    _weather(scene)
    members = _template(scene)
    ingest.register_source(
        code="province_flow", name="示例·全省客运量月报", provider_id=scene.department, by=by,
        columns=MONTH, cycle="monthly",
    )  # fmt: skip
    first, second = members
    passages.link(first, "province_flow", by=PLATFORM)
    rows = [(f"示例线路 {n}", "2026-09", 1000 + 37 * n) for n in range(1, 31)]
    batch = _load(first, ("route", "month", "passengers"), rows)
    if not Passage.objects.filter(batch__number=batch).exists():
        passages.pass_up(batch, by=PLATFORM)
    counts = {"外部来源": 1, "报送单位": len(members), "已报送": 1, "上报行": len(rows)}
    return counts, f"{second} 没有报送，逾期后由平台提醒"


def _weather(scene: Scene) -> None:
    by = scene.actor(CATALOGUER)
    ingest.register_source(
        code="road_weather", name="示例·公路气象观测", provider_id=scene.department, by=by,
        columns=WEATHER, cycle="daily",
    )  # fmt: skip
    terms = agreements.Terms(
        Authority.WEATHER, "示例省气象局", "示例-协议-2026-07", "示例·数据资源岗", "路网运行监测",
        date(2026, 1, 1), expires_on=date(2027, 12, 31),
    )  # fmt: skip
    agreements.agree_on("road_weather", terms, by=by)
    rows = [
        (f"示例站 {n % 12 + 1:02}", f"2026-10-{n // 12 + 1:02} 08:00:00", 200 + 97 * n % 9000)
        for n in range(120)
    ]
    _load("road_weather", ("station", "observed", "visibility_m"), rows)


def _template(scene: Scene) -> list[str]:
    if not Template.objects.filter(code=TEMPLATE).exists():
        templates.register_template(
            code=TEMPLATE, name="示例·市级客运量月报", kind=TemplateKind.CITY,
            cycle=UpdateCycle.MONTHLY, due_day=20, columns=MONTH, owner_id=scene.department,
            by=scene.actor(CATALOGUER),
        )  # fmt: skip
    return [
        templates.add_member(TEMPLATE, scene.unit(city), by=scene.actor(CATALOGUER)).source.code
        for city in CITIES
    ]


def _load(code: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Load a small table under its agreement and return the batch's number."""
    known = [one for one in ingest.batches(code) if one.state is BatchState.CLOSED]
    if known:
        return known[0].number
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{code}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([head, *rows])
        batch = ingest.load(code, path, by=PLATFORM)
    expect(batch.state is BatchState.CLOSED and batch.stored, f"{code} 未入湖")
    return batch.number


def migrated(scene: Scene) -> Told:
    """An old system runs beside the hub: its export and the new source are compared."""
    by = scene.actor(CATALOGUER)
    ingest.register_source(
        code=OLD, name="示例·停车区（原有系统导出）", provider_id=scene.department, by=by,
        columns=_columns(DATABASE), cycle="daily",
    )  # fmt: skip
    if not ingest.batches(OLD):
        ingest.load(OLD, place() / f"{OLD}.csv", by=by)
    if not LegacySystem.objects.filter(code=SYSTEM).exists():
        _beside(scene)
    made = migrate.compare(SYSTEM, by=by)
    equal = sum(one.is_equal for one in made)
    return {"接口": 2, "比对一致": equal}, "新来源隔离了不合校核的行，补正后每天一致才能签署割接"


@transaction.atomic
def _beside(scene: Scene) -> None:
    by = scene.actor(CATALOGUER)
    migrate.register_system(
        code=SYSTEM, name="示例·原数据交换平台", provider_id=scene.department, by=by,
        interfaces=(("JK-001", "停车区信息"), ("JK-002", "停车区车位")), parallel_days=30,
    )  # fmt: skip
    names = [column.name for column in _columns(DATABASE)][:3]
    for number in ("JK-001", "JK-002"):
        mapping = dict(zip(names, names, strict=True))
        migrate.map_interface(SYSTEM, number, old=OLD, new=DATABASE, mapping=mapping,
                              by=by)  # fmt: skip
    migrate.run_parallel(SYSTEM, by=by)


def _columns(code: str) -> tuple[ColumnSpec, ...]:
    found = ingest.source(code)
    return found.columns if found else ()


def asked(scene: Scene) -> Told:
    """The hub's own open interface as a source: registered, its schedule held."""
    by = scene.actor(CATALOGUER)
    ingest.register_connection(
        code="open_interface", name="示例·本平台开放接口", connector="http",
        address=settings.BASE_URL, provider_id=scene.department, by=by,
        settings={"auth": "none", "per_second": 5},
    )  # fmt: skip
    ingest.register_source(
        code="open_toll_station", name="示例·收费站（经开放接口取回）", by=by,
        provider_id=scene.department, cycle="daily",
    )  # fmt: skip
    plan = ingest.Plan(
        "open_interface", what=f"/api/v1/open/sets/{scene.codes['toll_station']}/rows",
        mode=Mode.FULL, schedule="30 3 * * *",
        settings={"records": "rows", "paging": "cursor", "page_param": "cursor",
                  "next_path": "next_cursor"},
    )  # fmt: skip
    ingest.plan_pull("open_toll_station", plan, by=by)
    ingest.pause("open_toll_station", paused=True, by=by)
    return {"接口来源": 1}, "计划已暂停，在来源页面恢复后取数"
