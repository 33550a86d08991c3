"""Repeated work of the catalogue."""

from tongqu.catalog.actions.publish import take_effect
from tongqu.catalog.actions.stop import archive_stopped, stops_take_effect
from tongqu.kernel import jobs


@jobs.job("catalog.changes_take_effect", cron="5 0 * * *", title="目录变更到期生效")
def changes_take_effect() -> int:
    """Put changes in force whose day has come; safe to run again."""
    return take_effect()


@jobs.job("catalog.stops_take_effect", cron="7 0 * * *", title="目录停用到期生效")
def stop_due() -> int:
    """Stop entries whose approved day has come; safe to run again."""
    return stops_take_effect()


@jobs.job("catalog.archive_stopped", cron="12 0 * * *", title="停用目录归档")
def archive() -> int:
    """Move entries stopped long enough to the archive; safe to run again."""
    return archive_stopped()
