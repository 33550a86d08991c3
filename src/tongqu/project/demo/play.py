"""The main job: from a department's file to a governed delivery, every step provable."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from tongqu.audit.public import EntryQuery, entries, record
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.problems import Rejected
from tongqu.project.demo import compiling, following, loading, requesting, serving
from tongqu.project.demo.account import Account, Report, StepResult, silently, to_terminal
from tongqu.project.demo.manifest import BadManifest, load
from tongqu.project.demo.stage import COMPILED, Stage, Step, Told, Unmet

__all__ = ["STEPS", "has_been_played", "play", "silently", "take", "to_terminal"]

PLAYED = "demo.played"
# name, clause, where to look in the portal, what is done
STEPS: tuple[tuple[str, str, str, Step], ...] = (
    ("单位与岗位", "办法 第二条、第四条", "/sys/organisations/", compiling.people),
    ("来源登记与扫描", "办法 第九条", "/manage/ingest/", compiling.scanning),
    ("合规性检测与发布", "办法 第八条、第九条", "/catalog/", compiling.checking),
    ("接入、台账与正式回执", "办法 第二十条", "/manage/receipts/", loading.loading),
    ("质量检测", "办法 第十五条", "/manage/quality/", loading.measuring),
    ("分层建模与血缘", "规划 三（三）", "/manage/lineage/", loading.modelling),
    ("共享申请与审核", "办法 第十二条", "/share/grants/", requesting.requesting),
    ("三种方式受控交付", "办法 第十条、第十六条", "/desk/grants/", serving.serving),
    ("使用反馈与未用复核", "办法 第十七条", "/share/feedback/", following.following),
    ("存证核验", "办法 第十九条", "/sec/evidence/", following.proving),
)


def has_been_played() -> bool:
    """Tell whether this installation has gone through the main job before."""
    return entries(EntryQuery(subject=PLAYED)).exists()


def play(*, data: Path | None = None, report: Report = silently) -> Account:
    """Play every step on the locked data, or on a folder's; stop at the first that fails.

    Twice is safe: what exists is found again, nothing doubles. The clock is injected.
    """
    started = time.monotonic()
    account = Account("主流程")
    try:
        manifest = load(data)
    except BadManifest as wrong:
        account.steps.append(StepResult("读取清单", False, "", 0.0, told=str(wrong)))
        report("", account.steps[-1])
        return account
    account.title = f"主流程：{manifest.title}"
    with clock.use(clock.FixedClock.on(COMPILED)) as watch:
        stage = Stage(manifest, watch)  # type: ignore[arg-type]  # FixedClock, just made
        for name, clause, where, step in STEPS:
            report(name, None)
            result = take(partial(step, stage), name=name, clause=clause, where=where)
            account.steps.append(result)
            report(name, result)
            if not result.ok:
                break
    account.seconds = time.monotonic() - started
    if account.ok and not has_been_played():
        record(PLAYED, by=PLATFORM, subject=PLAYED, details={"origin": manifest.origin})
    report("", account)
    return account


def take(step: Callable[[], Told], *, name: str, clause: str, where: str) -> StepResult:
    """Take one step and return what came of it; what the platform refuses is told, not raised."""
    started = time.monotonic()
    counts: Mapping[str, Any] = {}
    try:
        counts, told = step()
        ok = True
    except Unmet as unmet:
        ok, told = False, f"未满足：{unmet}"
    except Rejected as refused:
        found = refused.problem
        ok, told = False, f"{found.code} {found.title}{found.next_step}"
    seconds = time.monotonic() - started
    return StepResult(name, ok, clause, seconds, counts=counts, where=where, told=told)
