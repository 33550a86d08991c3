"""Scores and what follows from them: standard, index, assessment, points, stars, reality."""

from decimal import Decimal

from tongqu.delivery.public import grants
from tongqu.identity.models import Person
from tongqu.identity.public import actor_for
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.actor import PLATFORM
from tongqu.project.demo.showcase.scene import OFFICE, REVIEWER, Scene
from tongqu.project.demo.stage import Told
from tongqu.quality.actions import (
    assess,
    gates,
    incentives,
    index,
    opinions,
    reality,
    standards,
    weights,
)
from tongqu.quality.models import QualityStandard
from tongqu.quality.vocabulary import AWARD_SHARED, Dimension

BOUND = "road_vehicle_basic"
WEIGHTS = dict(zip(Dimension, (15, 20, 25, 15, 15, 10), strict=True))


def scored(scene: Scene) -> Told:
    """Publish a standard, weigh the dimensions, compute the index and what follows from it."""
    code = scene.codes[BOUND]
    if not QualityStandard.objects.exists():
        _standard(code, scene)
        weights.set_weights(WEIGHTS, by=scene.actor(OFFICE), note="示例：突出准确性")
        gates.set_gate(code, Decimal(85), by=scene.actor(OFFICE))
    live = grants(open_only=True)
    for grant in live:
        incentives.award(AWARD_SHARED, organisation_id=grant.provider_id, evidence=grant.number,
                         key=f"shared:{grant.number}", url="/share/grants/")  # fmt: skip
    votes = sum(_vote(grant.terms.entry_code, grant.terms.consumer_id) for grant in live[:1])
    months = index.compute(by=PLATFORM)
    periods = assess.assess()
    found = reality.reconcile()
    counts = {"指数月份": len(months), "评估": len(periods), "用户评分": votes,
              "目录与实际不符": found["opened"]}  # fmt: skip
    return counts, "部门质量标准 1 份，维度权重第 1 版"


def _standard(code: str, scene: Scene) -> None:
    rule = {"code": "demo.vehicle.trade", "title": "示例：行业类型应填写", "kind": "not_null",
            "column": "trade_code"}  # fmt: skip
    draft = standards.StandardDraft(
        title="示例·营运车辆数据质量标准", owner="示例·质量岗",
        standard="示例：车牌号码、车牌颜色按国家标准填写，检测得分不低于 85 分。",
        guideline="示例：每日核对新增车辆，收到工单五个工作日内更正，次日复核。",
        rules=[rule], entry_codes=[code],
    )  # fmt: skip
    standards.publish_standard(draft, by=scene.actor(REVIEWER))


def _vote(entry_code: str, consumer: int) -> int:
    """Let one who uses the data say what it is worth."""
    for person in Person.objects.filter(organisation_id=consumer, is_example=True):
        actor = actor_for(person)
        if actor.may(Permission.QUALITY_STARS_GIVE):
            opinions.rate(entry_code, opinions.Vote(4, 5, 4, 4), by=actor, comment="示例")
            return 1
    return 0
