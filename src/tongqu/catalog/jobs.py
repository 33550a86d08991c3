"""Repeated work of the catalogue."""

from tongqu.catalog.actions.publish import take_effect
from tongqu.kernel import jobs


@jobs.job("catalog.changes_take_effect", cron="5 0 * * *", title="目录变更到期生效")
def changes_take_effect() -> int:
    """Put changes in force whose day has come; safe to run again."""
    return take_effect()
