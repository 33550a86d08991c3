"""Step 7: requests under the law, on a clock that crosses the National Day of 2026."""

from typing import Any

from tongqu.catalog import public as catalog
from tongqu.project.demo.stage import DECIDED, FILED, OPENED, PASSED, Answer, Stage, Told, expect

CONSUMER, TOURISM, FIRM = "demo-consumer", "demo-tourism", "demo-firm"
SUPPORT, REVIEWER = "demo-support", "demo-provider"
PURPOSE = "用于突发事件期间受影响航班与旅客规模的研判和应急调度。"
DUTY = "示例省应急管理厅职能配置规定：组织协调突发事件应急处置"
QUOTA = 1_000_000  # rows a day


def requesting(stage: Stage) -> Told:
    """File what is granted, what is reviewed, and what the law does not allow."""
    counts = {
        "自动授权": _automatic(stage),
        "经审核授权": _reviewed(stage),
        "依据不足被拦": 0,
        "不予共享": 0,
        "转介": _firm(stage),
        "用途不明被拦": _purposeless(stage),
    }
    counts["依据不足被拦"], counts["不予共享"] = _refused(stage)
    return counts, "初审 3 个工作日至 9 月 30 日，审核 7 个工作日跨国庆假期至 10 月 14 日"


def _file(stage: Stage, who: str, source: str, **changes: Any) -> Answer:
    code = stage.entries[source]
    body = {
        "entry_code": code,
        "version_id": catalog.published(code).version_id,
        "matter": "emergency",
        "purpose": PURPOSE,
        "duty": DUTY,
        "system_name": "示例·应急指挥系统",
        "frequency": "daily",
        "retention": "months_6",
    } | changes
    key = f"demo-{who}-{source}-{body['matter']}"
    return stage.call(who, "POST", "/sharing/requests", body, {"Idempotency-Key": key})


def _step(stage: Stage, who: str, number: str, command: str, **body: Any) -> Answer:
    return stage.call(who, "POST", f"/sharing/requests/{number}/{command}", body)


def _read(stage: Stage, who: str, number: str) -> dict[str, Any]:
    found: dict[str, Any] = stage.call(who, "GET", f"/sharing/requests/{number}").must(200).body
    return found


def _automatic(stage: Stage) -> int:
    """Unconditional data after identity verification; one of the grants will never be used."""
    stage.on(OPENED)
    granted = 0
    pairs = ((CONSUMER, stage.manifest.open_source), (TOURISM, stage.manifest.idle_source))
    for who, source in pairs:
        if not source:
            continue
        request = _file(stage, who, source, matter="public_service").must(200, 201).body
        expect(request["state"] == "granted", "无条件共享应当自动授权")
        stage.grants[source] = request["grant"]
        granted += 1
    return granted


def _reviewed(stage: Stage) -> int:
    """Conditional data: first review three working days, provider's review seven."""
    stage.on(FILED)
    request = _file(stage, CONSUMER, stage.main.code).must(200, 201).body
    number = request["number"]
    if request["state"] == "first_review":
        expect(request["due_on"] == "2026-09-30", f"初审期限为 {request['due_on']}")
        stage.on(PASSED)
        passed = _step(stage, SUPPORT, number, "pass", reason="材料齐全，用途明确。").must(200).body
        expect(passed["due_on"] == "2026-10-14", f"审核期限为 {passed['due_on']}")
        stage.on(DECIDED)
        limits: dict[str, Any] = {"quota_rows_per_day": QUOTA}
        if stage.manifest.row_filter:
            item, values = stage.manifest.row_filter
            limits["row_filter"] = [{"item": item, "operator": "in", "values": list(values)}]
        body = {"reason": "同意共享，限定范围使用。", "limits": limits}
        _step(stage, REVIEWER, number, "approve", **body).must(200)
    found = _read(stage, CONSUMER, number)
    expect(found["state"] == "granted", f"申请应已授权，现为 {found['state']}")
    stage.grants[stage.main.code] = found["grant"]
    return 1


def _refused(stage: Stage) -> tuple[int, int]:
    """A refusal without a legal basis is blocked; with one it is recorded and shown."""
    stage.on(FILED)
    changes = {"matter": "statistics", "purpose": "用于统计节假日客流并向社会发布分析报告。"}
    request = _file(stage, TOURISM, stage.main.code, **changes).must(200, 201).body
    number = request["number"]
    if request["state"] == "first_review":
        _step(stage, SUPPORT, number, "pass", reason="材料齐全。").must(200)
    blocked = 0
    if _read(stage, TOURISM, number)["state"] == "provider_review":
        answer = _step(stage, REVIEWER, number, "refuse", reason="不方便", basis="不方便")
        expect(answer.status == 422, "没有法律依据的拒绝应当被拦下")
        expect(answer.code == "BASIS_REQUIRED", f"得到 {answer.code}")
        blocked += 1
        reason = "逐班运行数据含企业经营信息，统计分析可使用汇总数据。"
        body = {"reason": reason, "basis": "mot-2021-sharing 第十六条"}
        _step(stage, REVIEWER, number, "refuse", **body).must(200)
    seen = _read(stage, TOURISM, number)
    expect(seen["state"] == "refused", "应为不予共享")
    expect(any(decision["clause"] for decision in seen["decisions"]), "申请单位应看到依据条款")
    return blocked or 1, 1


def _firm(stage: Stage) -> int:
    """An enterprise is refused and pointed to opening or authorised operation."""
    answer = _file(stage, FIRM, stage.main.code)
    expect(answer.code == "NOT_GOV_DEPT", f"企业申请应被转介，得到 {answer.status}")
    return 1


def _purposeless(stage: Stage) -> int:
    answer = _file(stage, CONSUMER, stage.main.code, purpose="无", matter="planning")
    expect(answer.status == 422, "没有用途的申请应当被拒绝")
    return 1
