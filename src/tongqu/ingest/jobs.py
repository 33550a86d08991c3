"""Repeated work of ingest."""

from tongqu.ingest.actions.freshness import check_freshness
from tongqu.ingest.actions.recover import recover
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.jobs import job


@job("ingest.freshness", cron="*/10 * * * *", title="时效检查")
def freshness() -> int:
    """Set the freshness clock; return how many resources are late."""
    return check_freshness(by=PLATFORM)


@job("ingest.recover", cron="*/5 * * * *", title="接入续传")
def resume() -> int:
    """Finish what a crash left open; return how many batches that were."""
    return len(recover(by=PLATFORM))
