"""Repeated work of the catalogue."""

from datetime import timedelta

from tongqu.catalog import ports
from tongqu.catalog.actions.publish import take_effect
from tongqu.catalog.actions.stop import archive_stopped, stops_take_effect
from tongqu.catalog.queries import feed
from tongqu.kernel import clock, jobs

KEPT_FOR = timedelta(days=14)  # a node that was off for longer builds its search index anew


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


@jobs.job("catalog.search_catch_up", cron="* * * * *", title="检索索引追平")
def search_catch_up() -> int:
    """Apply every waiting change to this node's search index; build one that is missing."""
    index = ports.search_index()
    return index.catch_up() if index else 0


@jobs.job("catalog.search_prune", cron="47 3 * * *", title="检索变更序列清理")
def search_prune() -> int:
    """Forget old changes that newer ones of the same entries stand for."""
    return feed.prune(before=clock.now() - KEPT_FOR)
