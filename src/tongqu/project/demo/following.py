"""Steps 9 and 10: feedback, the unused grant, and the proof that survives us."""

import tempfile
from pathlib import Path

from tongqu.audit.public import anchor, export_evidence, seal_now, verify_chain, verify_file
from tongqu.catalog import public as catalog
from tongqu.kernel import jobs
from tongqu.project.demo.requesting import CONSUMER, REVIEWER
from tongqu.project.demo.stage import CLOSED, Stage, Told, expect


def following(stage: Stage) -> Told:
    """Feedback is given; a grant unused for three months waits for a person to decide."""
    stage.on(CLOSED)
    grant = stage.grants[stage.main.code]
    body = {"needs_met": 5, "data_quality": 4, "effect": "满足应急研判需要；部分离港时刻为空。"}
    stage.call(CONSUMER, "POST", f"/sharing/grants/{grant}/feedback", body).must(201, 409)
    jobs.run("sharing.idle")
    tasks = stage.call(REVIEWER, "GET", "/sharing/revocations").must(200).body
    waiting = [task for task in tasks if task["state"] == "open"]
    idle = stage.grants.get(stage.manifest.idle_source, "")
    if idle:
        expect(idle in {task["grant"] for task in tasks}, "满三个月未使用的授权应有撤销任务")
    counts = {"反馈": 1, "待决定的撤销": len(waiting)}
    return counts, f"授权 {idle} 三个月未使用，已转提供部门审核人决定，未自动撤销" if idle else ""


def proving(stage: Stage) -> Told:
    """Verify the chain, then flip one byte of a receipt and of the trail: the place is named."""
    seal_now()
    anchor()
    report = verify_chain()
    expect(report.ok, f"存证链第 {report.first_bad_position} 位不符")
    number = next(iter(stage.receipts.values()))
    with tempfile.TemporaryDirectory() as folder:
        receipt = Path(folder) / "receipt.pdf"
        receipt.write_bytes(_flipped(catalog.receipt_document(number)))
        wrong_receipt = [finding for finding in verify_file(receipt) if not finding.ok]
        evidence = Path(folder) / "evidence.json"
        export_evidence(evidence)
        expect(all(finding.ok for finding in verify_file(evidence)), "存证导出未通过离线核验")
        place = _tamper(evidence)
        wrong_trail = [finding for finding in verify_file(evidence) if not finding.ok]
    expect(wrong_receipt, "回执被改一个字节后仍通过核验")
    expect(wrong_trail, "审计记录被改一个字节后仍通过核验")
    counts = {"已核验": report.checked, "改动被指出": 2}
    named = "；".join(f"{finding.what} {finding.where}" for finding in wrong_trail[:1])
    return (
        counts,
        f"回执：{wrong_receipt[0].what} {wrong_receipt[0].where}；审计（改 {place}）：{named}",
    )


def _flipped(content: bytes) -> bytes:
    """Return a copy with one bit of one byte in the middle turned."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def _tamper(path: Path) -> str:
    """Change one byte of one audit row of an evidence file; return where."""
    raw = path.read_bytes()
    mark = b'"action"'
    at = raw.index(mark, len(raw) // 2) + len(mark)
    at = raw.index(b'"', at) + 1
    path.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
    return f"第 {at} 字节"
