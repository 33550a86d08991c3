"""The provision-and-update flow: its first definition, and what a definition must keep."""

import re
from collections.abc import Mapping, Sequence

from tongqu.identity.vocabulary import Role
from tongqu.kernel.actor import Actor
from tongqu.ledger.vocabulary import FlowFact, FlowStep

_CATALOGUER, _REVIEWER = Role.CATALOGUER.value, Role.PROVIDER_REVIEWER.value
_SUPPORT, _MANAGING = Role.SUPPORT.value, Role.MANAGING_OFFICE.value
# The chart of the measures' annex is not among our sources: this is drawn from articles 9,
# 15 and 20, and every hub may change it.
FIRST = (
    FlowStep("compile", "编制目录", _CATALOGUER, FlowFact.COMPILED),
    FlowStep("check", "合规性检测", _CATALOGUER, FlowFact.CHECKED),
    FlowStep("publish", "审核发布", _REVIEWER, FlowFact.PUBLISHED),
    FlowStep("connect", "接入数据", _CATALOGUER, FlowFact.CONNECTED),
    FlowStep("verify", "核验数据", _SUPPORT),
    FlowStep("update", "按周期更新", _CATALOGUER),
    FlowStep("notify", "通知使用部门", _CATALOGUER),
)
WHO = (_CATALOGUER, _REVIEWER, _SUPPORT, _MANAGING)
_CENTRAL = frozenset({_SUPPORT, _MANAGING})  # for every department, not for their own
MOST = 30
_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")


def kept(steps: Sequence[FlowStep]) -> list[dict[str, str]]:
    return [{"code": s.code, "title": s.title, "who": s.who, "fact": s.fact.value} for s in steps]


def read(rows: Sequence[Mapping[str, str]]) -> tuple[FlowStep, ...]:
    return tuple(
        FlowStep(row["code"], row["title"], row["who"], FlowFact(row["fact"])) for row in rows
    )


def may_finish(step: FlowStep, owner_id: int, by: Actor) -> bool:
    """Decide who takes a step: its office, and of the owning department where it has one."""
    return step.who in by.roles and (step.who in _CENTRAL or by.organisation_id == owner_id)


def faults(steps: Sequence[FlowStep]) -> list[str]:
    """Return what is wrong with a definition, in words; nothing for a sound one."""
    codes = [step.code for step in steps]
    found = []
    if not 1 <= len(steps) <= MOST:
        found.append(f"流程须有 1 至 {MOST} 个步骤。")
    if len(set(codes)) != len(codes):
        found.append("步骤代码不能重复。")
    if any(not _CODE.fullmatch(code) for code in codes):
        found.append("步骤代码须为小写英文字母开头的字母、数字和下划线。")
    if any(not step.title.strip() or len(step.title) > 60 for step in steps):
        found.append("步骤名称须为 1 至 60 个字。")
    if any(step.who not in WHO for step in steps):
        found.append("每个步骤须指定办理岗位。")
    return found
