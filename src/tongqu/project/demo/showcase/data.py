"""Generated data in the lake: loaded against the catalogue's own checks, measured, modelled."""

import shutil
import tempfile
from collections import Counter
from pathlib import Path

from tongqu.adapters.generator import generate as generator
from tongqu.catalog import public as catalog
from tongqu.ingest import public as ingest
from tongqu.ingest.vocabulary import BatchState
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM
from tongqu.lake.public import ods_ref, run_models, store, svc_ref
from tongqu.project.demo.showcase.scene import CATALOGUER, REVIEWER, SUPPORT, Scene
from tongqu.project.demo.stage import Told, expect
from tongqu.project.packs.loading import bind_rules
from tongqu.quality import public as quality

ROWS, SEED = 1_000, 2026  # positions; the other tables in proportion
ROADS = (
    "road_transport_operator", "road_vehicle_basic", "road_transport_certificate",
    "road_vehicle_realtime_position", "toll_station", "service_area", "toll_station_entry_flow",
    "toll_station_control",
)  # fmt: skip
CASES = (
    "oversize_transport_permit_application", "enforcement_case", "case_vehicle", "ship_basic",
    "traffic_emergency_event", "road_transport_staff_assessment", "credit_red_black_list",
)  # fmt: skip
MEASURED = ("road_vehicle_basic", "road_vehicle_realtime_position", "toll_station_control")
RECEIPTS = ("road_transport_operator", "toll_station", "service_area", "enforcement_case")
SERVED = (
    "toll_station", "toll_station_control", "service_area", "road_transport_operator",
    "enforcement_case",
)  # fmt: skip


def roads(scene: Scene) -> Told:
    return _loaded(scene, ROADS)


def cases(scene: Scene) -> Told:
    return _loaded(scene, CASES)


def _loaded(scene: Scene, slugs: tuple[str, ...]) -> Told:
    """Load each resource once: the entry says columns and checks, wrong rows stand aside."""
    by = scene.actor(CATALOGUER)
    received = stored = rejected = 0
    reasons: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        wanted = generator.order(ROWS, SEED, Path(folder), only=slugs, at=clock.now())
        generator.generate(wanted)
        for slug in slugs:
            ingest.register_source_for_entry(
                scene.codes[slug], code=slug, provider_id=scene.department, by=by
            )
            known = [b for b in ingest.batches(slug) if b.state is BatchState.CLOSED]
            batch = known[-1] if known else ingest.load(slug, wanted.out / f"{slug}.parquet", by=by)
            expect(batch.state is BatchState.CLOSED and batch.is_balanced, f"{slug} 未入湖")
            received, stored = received + batch.received, stored + batch.stored
            rejected += batch.rejected
            reasons.update(batch.reasons)
    named = "、".join(code for code, _ in reasons.most_common(4))
    counts = {"资源": len(slugs), "收到": received, "入库": stored, "隔离": rejected}
    return counts, f"{generator.LABEL}；隔离 {len(reasons)} 类，如 {named}"


def measured(scene: Scene) -> Told:
    """Keep the table rules now that their tables are there; measure; prove what is connected."""
    by = scene.actor(SUPPORT)
    rules = wrong = 0
    tickets: set[str] = set()
    for slug in (*ROADS, *CASES):
        bind_rules(scene.pack, slug, scene.codes)
    for slug in MEASURED:
        view = quality.scan(scene.codes[slug], by=by, table=ods_ref(slug))
        rules, wrong = rules + len(view.results), wrong + sum(r.wrong for r in view.results)
        tickets |= {view.ticket} - {""}
    reviewer = scene.actor(REVIEWER)
    numbers = [catalog.issue_receipt(scene.codes[s], by=reviewer).number for s in RECEIPTS]
    counts = {
        "检测资源": len(MEASURED), "规则": rules, "不符": wrong, "工单": len(tickets),
        "正式回执": len(numbers),
    }  # fmt: skip
    return counts, f"正式编目回执 {numbers[0]} 至 {numbers[-1]}"


def modelled(scene: Scene) -> Told:
    """Run the pack's models of some resources, and say which table now serves each entry."""
    names = [f"{layer}_{slug}.sql" for layer in ("dw", "svc") for slug in SERVED]
    with tempfile.TemporaryDirectory() as folder:
        models = Path(folder) / scene.pack.name  # a pack of these alone: reading all takes longer
        models.mkdir()
        for name in names:
            shutil.copy(scene.pack.folder / "models" / name, models / name)
        run = run_models(models, by=scene.actor(SUPPORT))
    expect(run.state == "done", "模型未全部完成")
    rows = 0
    for slug in SERVED:
        snapshot = store().current(svc_ref(slug))
        expect(snapshot is not None and snapshot.rows > 0, f"{slug} 的服务表没有数据")
        if snapshot is not None:
            rows += snapshot.rows
            catalog.mark_connected(
                scene.codes[slug], rows=snapshot.rows, at=snapshot.at, by=PLATFORM,
                table=svc_ref(slug).name,
            )  # fmt: skip
    return {"模型": len(names), "服务表行": rows}, "服务表取最近一次报送的各行，血缘可逐列查看"
