"""Repeated work of ingest."""

from django.db.models import Q

from tongqu.ingest.actions.agreements import tell_of_expiry
from tongqu.ingest.actions.freshness import check_freshness
from tongqu.ingest.actions.pull import pull_if_due
from tongqu.ingest.actions.recover import recover
from tongqu.ingest.actions.templates import remind
from tongqu.ingest.models import Source
from tongqu.ingest.vocabulary import PullState
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.jobs import enqueue, job


@job("ingest.freshness", cron="*/10 * * * *", title="时效检查")
def freshness() -> int:
    """Set the freshness clock; return how many resources are late."""
    return check_freshness(by=PLATFORM)


@job("ingest.recover", cron="*/5 * * * *", title="接入续传")
def resume() -> int:
    """Finish what a crash left open; return how many batches that were."""
    return len(recover(by=PLATFORM))


@job("ingest.due", cron="* * * * *", title="接入调度")
def due() -> int:
    """Hand out the pulls whose time has come, and those that a crash cut; return how many.

    A pull handed out twice is run once: ``pull_if_due`` looks again under the source's lock.
    """
    waiting = Source.objects.filter(connection__isnull=False, is_paused=False)
    is_due = Q(next_run_at__lte=clock.now()) | Q(runs__state=PullState.OPEN)
    codes = list(waiting.filter(is_due).distinct().order_by("code").values_list("code", flat=True))
    for code in codes:
        enqueue("ingest.pull", code=code)
    return len(codes)


@job("ingest.pull", title="接入抽取")
def pull(code: str) -> str:
    """Fetch one source if it is still due; return the run's number."""
    run = pull_if_due(code, by=PLATFORM)
    return run.number if run else ""


@job("ingest.reminders", cron="5 0,8 * * *", title="报送催办与协议到期")
def reminders() -> int:
    """Remind who has not delivered, and tell of agreements that end; return how many."""
    return remind() + tell_of_expiry()
