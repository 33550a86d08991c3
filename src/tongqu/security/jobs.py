"""Repeated work of security."""

from tongqu.kernel.jobs import job
from tongqu.security.actions.watch_denials import watch_denials as watch


@job("security.denied_burst", cron="*/5 * * * *", title="被拒监测")
def denied_burst() -> int:
    return len(watch())
