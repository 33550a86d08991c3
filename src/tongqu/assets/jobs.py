"""Repeated work of assets."""

from tongqu.assets.actions.collect import collect
from tongqu.assets.actions.health import check_health
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.jobs import job


@job("assets.health", cron="* * * * *", title="设备在线检查")
def health() -> int:
    """Turn silent devices to 离线; return how many."""
    return check_health(by=PLATFORM)


@job("assets.collect", cron="* * * * *", title="设备报文入湖")
def messages() -> int:
    """Load what devices sent; return how many batches that made."""
    return len(collect(by=PLATFORM))
