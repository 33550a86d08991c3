"""The second part of the demonstration: an example in every room, through the rooms' doors.

``tongqu run`` plays it once after the main job. Every step is kept when it is done, so that a
run that broke off goes on where it stopped; nothing is made twice.
"""

import time
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial

from django.db import transaction

from tongqu.audit.public import EntryQuery, entries, record
from tongqu.identity.public import seed_example
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM
from tongqu.project.demo.account import Account, Report, silently
from tongqu.project.demo.play import take
from tongqu.project.demo.showcase import (
    counted,
    data,
    drawn,
    joined,
    kept,
    listed,
    looped,
    mastered,
    opened,
    scored,
    sensed,
    shaped,
    supplied,
    surveyed,
    traced,
)
from tongqu.project.demo.showcase.scene import SHOWN, Scene
from tongqu.project.demo.stage import Told

__all__ = ["STEPS", "has_been_shown", "play"]

# key, name, clause, where to look in the portal, what is done
STEPS: tuple[tuple[str, str, str, str, Callable[[Scene], Told]], ...] = (
    ("pack", "三十五项资源编目发布", "办法 第八条、第九条", "/catalog/", listed.published),
    ("batch", "授权运营清单会签", "实施方案 三（一）", "/manage/batches/", listed.signed),
    ("roads", "接入示例数据：公路与道路运输", "办法 第二十条", "/manage/ingest/", data.roads),
    ("cases", "接入示例数据：执法、水路与信用", "办法 第二十条", "/manage/ingest/", data.cases),
    ("pulled", "库表与报送文件夹接入", "办法 第二十条", "/manage/ingest/", supplied.pulled),
    ("agreed", "外部来源、报送模板与层层汇聚", "规划 三（三）", "/manage/ingest/templates/",
     supplied.agreed),
    ("migrated", "原有系统并行比对", "办法 第二十条", "/manage/ingest/migrations/",
     supplied.migrated),
    ("devices", "感知设备", "规划 三（三）", "/manage/devices/", sensed.devices),
    ("media", "文档、模型与视频源", "规划 三（三）", "/manage/media/", sensed.media),
    ("quality", "质量检测与正式回执", "办法 第十五条", "/manage/quality/", data.measured),
    ("models", "建模并提供服务", "规划 三（三）", "/manage/lineage/", data.modelled),
    ("scored", "质量标准、指数、评估与激励", "规划 四（五）", "/manage/quality/index/",
     scored.scored),
    ("masters", "主数据与多源校核", "意见 二（三）", "/manage/masters/", mastered.mastered),
    ("business", "业务数据模型两个版本", "规划 三（三）", "/manage/business-models/",
     shaped.modelled),
    ("topic", "专题库", "规划 三（三）", "/manage/topics/", shaped.topical),
    ("opened", "开放审查、发布与撤回", "004 六（二）", "/open/", opened.opened),
    ("asked", "开放接口作为来源", "办法 第十条", "/manage/ingest/", supplied.asked),
    ("functions", "两清一图", "规划 四（二）", "/manage/swimlanes/", drawn.drawn),
    ("standards", "地方标准征求意见", "制修订程序", "/manage/standards/", surveyed.consulted),
    ("survey", "资源调查与目录融合", "规划 四（三）", "/manage/surveys/", surveyed.surveyed),
    ("project", "信息化项目接入期限", "办法 第二十条", "/sup/projects/", surveyed.built),
    ("source", "一数一源", "实施方案 三（三）", "/manage/onesource/", traced.traced),
    ("loop", "质量工单、校核需求与异议", "实施方案 三（三）", "/manage/quality/issues/",
     looped.looped),
    ("ledger", "总账与汇聚规模", "规划 四（三）", "/stats/", counted.counted),
    ("joined", "专题包、共享需求与责任清单", "办法 第十四条", "/share/packages/",
     joined.joined),
    ("kept", "湖仓维护与恢复演练", "办法 第十九条", "/manage/lake-upkeep/", kept.kept),
)  # fmt: skip

# These write to the lake, which no rollback undoes: they look for what is there themselves.
LAKE = frozenset({"roads", "cases", "pulled", "agreed", "migrated", "devices", "models", "masters",
                  "kept"})  # fmt: skip


def _mark(key: str) -> str:
    return f"demo.showcase.{key}"


def _is_done(key: str) -> bool:
    return entries(EntryQuery(subject=_mark(key))).exists()


def has_been_shown() -> bool:
    """Tell whether every step was taken."""
    return all(_is_done(key) for key, *_ in STEPS)


def play(*, report: Report = silently) -> Account:
    """Take the steps that are not taken yet; stop at the first that fails. Twice is safe."""
    started = time.monotonic()
    account = Account("各专题示例")
    with clock.use(clock.FixedClock.on(SHOWN)):
        seed_example(by=PLATFORM)
        scene = Scene()
        for key, name, clause, where, step in STEPS:
            if _is_done(key):
                continue
            report(name, None)
            result = take(partial(_kept, key, step, scene), name=name, clause=clause, where=where)
            account.steps.append(result)
            report(name, result)
            if not result.ok:
                break
    account.seconds = time.monotonic() - started
    report("", account)
    return account


def _kept(key: str, step: Callable[[Scene], Told], scene: Scene) -> Told:
    """Take a step and keep that it was taken: both or nothing, but for what lies in the lake."""
    with nullcontext() if key in LAKE else transaction.atomic():
        told = step(scene)
        record("demo.showcase", by=PLATFORM, subject=_mark(key))
    return told
