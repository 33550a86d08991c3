"""Work that quality repeats: the index with what follows from it; entries beside what arrived."""

from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.jobs import job
from tongqu.quality.actions import assess, incentives, index, reality, watch


@job("quality.index", cron="20 1 * * *", title="质量指数与评估考核")
def indices() -> dict[str, object]:
    """Compute the index, close what is past, assess, award. Twice a day is the same as once."""
    months = index.compute(by=PLATFORM)
    return {
        "months": [f"{month:%Y-%m}" for month in months],
        "assessed": assess.assess(by=PLATFORM),
        "awarded": incentives.award_tickets(),
    }


@job("quality.reality", cron="50 1 * * *", title="目录与实际核对")
def realities() -> dict[str, int]:
    """Hold every connected entry against what arrived."""
    return reality.reconcile()


@job("quality.watch", cron="25 0 * * *", title="质量工单期限检查")
def deadlines() -> dict[str, int]:
    """Escalate overdue tickets, close what nobody disputes, tell objectors once all is anew."""
    return watch.watch()
