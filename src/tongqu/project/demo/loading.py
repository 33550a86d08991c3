"""Steps 4 to 6: connect and load with a balancing ledger, scan quality, run the models."""

import tempfile
from pathlib import Path

from tongqu.audit.public import verify_file
from tongqu.catalog import public as catalog
from tongqu.ingest import public as ingest
from tongqu.ingest.vocabulary import BatchState, BatchView
from tongqu.kernel.actor import PLATFORM
from tongqu.lake.public import lineage, ods_ref, run_models, store, svc_ref
from tongqu.project.demo.compiling import CATALOGUER, REVIEWER, refuses
from tongqu.project.demo.damage import damaged_copy, is_text_table, torn_copy
from tongqu.project.demo.models import write_pack
from tongqu.project.demo.stage import Stage, Told, expect
from tongqu.quality import public as quality

SUPPORT = "demo-support"


def loading(stage: Stage) -> Told:
    """Load every file once; the same file again changes nothing; a damaged one is sorted out."""
    main = stage.entries[stage.main.code]
    entry = catalog.published(main)
    if entry.connected_at is None:
        refuses(
            lambda: catalog.issue_receipt(main, by=stage.actor(REVIEWER)),
            "NO_DATA",
            "接入数据之前不得签发正式编目回执",
        )
    batches = []
    for source in stage.manifest.sources:
        ingest.connect(source.code, stage.entries[source.code], by=stage.actor(CATALOGUER))
        batches.append(_load(stage, source.code, source.path))
    again = _load(stage, stage.main.code, stage.main.path)
    expect(again.stored == 0, "同一文件再次报送不应改变数据")
    sorted_out = _load_damaged(stage)
    counts = _ledger([*batches, sorted_out])
    counts["再次报送新增"] = again.stored
    number = _receipt(stage, main)
    reasons = "、".join(sorted_out.reasons) or sorted_out.code or "此前已隔离"
    told = f"损坏文件隔离 {sorted_out.rejected} 行（{reasons}）；正式编目回执 {number} 可离线核验"
    return counts, told


def _load(stage: Stage, code: str, path: Path) -> BatchView:
    batch = ingest.load(code, path, by=stage.actor(CATALOGUER))
    expect(batch.state is BatchState.CLOSED, f"{code} 未入湖：{batch.code} {batch.note}")
    expect(batch.is_balanced, f"{code} 的台账不平")
    return batch


def _load_damaged(stage: Stage) -> BatchView:
    with tempfile.TemporaryDirectory() as folder:
        if not is_text_table(stage.main.path):
            torn = torn_copy(stage.main, Path(folder))
            batch = ingest.load(stage.main.code, torn, by=stage.actor(CATALOGUER))
            expect(batch.state is BatchState.QUARANTINED, "残缺的文件应当整批退回")
            expect(batch.stored == 0, "残缺的文件没有一行入湖")
            return batch
        path, planted = damaged_copy(stage.main, Path(folder))
        batch = _load(stage, stage.main.code, path)
    known = [b for b in ingest.batches(stage.main.code) if b.sha256 == batch.sha256 and b.rejected]
    first = known[0] if known else batch  # played before: the first time told it apart
    expect(first.rejected == planted, f"损坏 {planted} 行，隔离 {first.rejected} 行")
    expect(batch.stored == 0, "损坏文件中的好行此前均已入库")
    return batch


def _ledger(batches: list[BatchView]) -> dict[str, int]:
    counts = {
        "收到": sum(batch.received for batch in batches),
        "入库": sum(batch.stored for batch in batches),
        "退回": sum(batch.rejected for batch in batches),
        "重复": sum(batch.duplicate for batch in batches),
    }
    expect(counts["收到"] == counts["入库"] + counts["退回"] + counts["重复"], "总台账不平")
    return counts


def _receipt(stage: Stage, code: str) -> str:
    """Issue the formal receipt, fetch the PDF as its department would, verify it offline."""
    receipt = catalog.issue_receipt(code, by=stage.actor(REVIEWER))
    stage.receipts[code] = receipt.number
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{receipt.number}.pdf"
        path.write_bytes(catalog.receipt_document(receipt.number))
        findings = verify_file(path)
    expect(findings and all(finding.ok for finding in findings), "回执未通过离线核验")
    return receipt.number


def measuring(stage: Stage) -> Told:
    """Measure the real rows: six dimensions, wrong rows with their places, one ticket."""
    rules = wrong = rows = 0
    ticket = score = ""
    tickets: set[str] = set()
    for source in stage.manifest.sources:
        code = stage.entries[source.code]
        quality.save_pack(code, source.rules, by=stage.actor(SUPPORT))
        view = quality.scan(code, by=stage.actor(SUPPORT), table=ods_ref(source.code))
        rules, rows = rules + len(view.results), rows + view.rows
        wrong += sum(result.wrong for result in view.results)
        tickets |= {view.ticket} - {""}
        if source.code == stage.main.code:
            ticket, score = view.ticket, str(view.score)
    counts = {"规则": rules, "检测行": rows, "不符": wrong, "工单": len(tickets)}
    told = f"{stage.main.name} 得分 {score}" + (f"，工单 {ticket} 已派提供部门" if ticket else "")
    return counts, told


def modelling(stage: Stage) -> Told:
    """Turn the source layer into warehouse and service tables, with lineage by column."""
    with tempfile.TemporaryDirectory() as folder:
        pack = Path(folder) / "pack"
        write_pack(stage, pack)
        run = run_models(pack, by=stage.actor(SUPPORT))
    expect(run.state == "done", "模型未全部完成")
    for source in stage.manifest.sources:
        _serve(stage, source.code)
    served = svc_ref(stage.main.code)
    column = catalog.published(stage.entries[stage.main.code]).items[0].name_en
    edges = lineage(served.name, column)
    expect(edges, "服务表没有血缘")
    rows = store().current(served)
    counts = {"模型": run.steps.count(), "血缘": len(edges), "服务表行": rows.rows if rows else 0}
    origin = edges[-1]
    told = f"{served.name}.{column} 溯至 {origin.source_table}.{origin.source_column}"
    return counts, told


def _serve(stage: Stage, code: str) -> None:
    """Tell the catalogue which service table stands behind the entry."""
    entry = catalog.published(stage.entries[code])
    snapshot = store().current(svc_ref(code))
    expect(snapshot is not None and snapshot.rows > 0, f"{code} 的服务表没有数据")
    if snapshot is not None and entry.table != svc_ref(code).name:
        catalog.mark_connected(
            entry.code, rows=snapshot.rows, at=snapshot.at, table=svc_ref(code).name, by=PLATFORM
        )
