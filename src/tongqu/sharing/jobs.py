"""Work that the platform repeats: late cases, lapsed supplements, idle grants, feedback."""

from tongqu.kernel.jobs import job
from tongqu.sharing.actions import entrust, feedback, idle, watch


@job("sharing.overdue", cron="10 0 * * *", title="共享申请超期标记与上报")
def overdue() -> dict[str, list[str]]:
    """Escalate what is past its day and let unanswered supplements lapse. Approves nothing."""
    return {"overdue": watch.mark_overdue(), "lapsed": watch.lapse_supplements()}


@job("sharing.idle", cron="20 0 * * *", title="三个月未使用授权复核")
def idle_grants() -> list[str]:
    """Warn consumers and open revocation tasks; cuts nothing by itself."""
    return idle.review_idle()


@job("sharing.feedback", cron="30 0 * * *", title="使用反馈提醒与通报")
def feedback_due() -> list[str]:
    """Remind of missing feedback and keep the notice list."""
    return feedback.remind()


@job("sharing.digest", cron="40 0 1 * *", title="委托审核月报")
def digest() -> list[str]:
    """Send entrusting providers what the support unit decided in the month before."""
    return entrust.send_digests()


@job("sharing.recount", title="工作日历变更后重算期限")
def recount(year: int | None = None) -> list[str]:
    return watch.recount(year)
