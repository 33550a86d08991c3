"""Quality in the province of the browser tests: a quarter below the mark, a standard, stars."""

from decimal import Decimal
from typing import Any

from tests.world import World
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.workdays import add_months
from tongqu.quality.actions import assess, gates, incentives, index, opinions, reality, standards
from tongqu.quality.domain.periods import Cycle, last_day, period_of
from tongqu.quality.models import ImprovementTask, IndexValue
from tongqu.quality.vocabulary import AWARD_SHARED, IndexScope

RULES = [{"code": "flight.delay", "title": "延误分钟不为空", "kind": "not_null", "column": "delay"}]


def make(world: World, entry_code: str, grant: str) -> dict[str, Any]:
    """Give every page of scores something to show; return the numbers of what was made."""
    unit = world.organisations["990000-MH"]
    _a_poor_quarter(unit.code, unit.name, unit.pk)
    assess.assess()
    index.compute(by=PLATFORM)
    draft = standards.StandardDraft(
        title="示例·航班数据质量标准", standard="延误分钟应填写，机场使用三字代码。",
        guideline="每日核对，当日整改，次日复核。", owner="示例·质量岗", rules=RULES,
        entry_codes=[entry_code],
    )  # fmt: skip
    made = standards.publish_standard(draft, by=world.actor("provider"))
    opinions.rate(entry_code, opinions.Vote(4, 4, 3, 4), by=world.actor("consumer"))
    gates.judge_batch(entry_code=entry_code, batch="PC-示例", score=Decimal(82), gate=Decimal(90))
    incentives.award(AWARD_SHARED, organisation_id=unit.pk, evidence=grant, key="示例")
    reality.reconcile()
    value = IndexValue.objects.filter(scope=IndexScope.DEPARTMENT).order_by("-month").first()
    assert value is not None
    return {
        "index": value.pk,
        "improvement": ImprovementTask.objects.get().number,
        "quality_standard": made.code,
    }


def _a_poor_quarter(code: str, name: str, unit: int) -> None:
    this = period_of(Cycle.QUARTERLY, clock.today())
    for month in period_of(Cycle.QUARTERLY, add_months(this.opens, -1)).months:
        IndexValue.objects.create(
            month=month, scope=IndexScope.DEPARTMENT, key=code, name=name, department_id=unit,
            level="province", score=72, trend=74, dimensions={"completeness": "72.0"},
            as_of=last_day(month), is_closed=True,
        )  # fmt: skip
