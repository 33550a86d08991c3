"""Repeated work of assets."""

from tongqu.assets.actions.collect import collect, waiting
from tongqu.assets.actions.health import check_health
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.jobs import enqueue, job


@job("assets.health", cron="* * * * *", title="设备在线检查")
def health() -> int:
    """Turn silent devices to 离线; return how many."""
    return check_health(by=PLATFORM)


@job("assets.collect", cron="* * * * *", title="设备报文入湖")
def messages() -> int:
    """Hand out the sources for which messages wait; return how many.

    Each by itself: what stands in the way of one keeps no other waiting.
    """
    codes = waiting()
    for code in codes:
        enqueue("assets.collect_source", code=code)
    return len(codes)


@job("assets.collect_source", title="来源报文入湖")
def messages_of(code: str) -> list[str]:
    """Load the messages of one source; return the batches made."""
    return [batch.number for batch in collect(code, by=PLATFORM)]
