"""Look for look-alikes every night: new entries and scans come in by day."""

from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.jobs import job
from tongqu.onesource.actions.pairs import detect


@job("onesource.detect", cron="40 2 * * *", title="疑似同源比对")
def look_again() -> int:
    """Compare anew; return how many pairs are open."""
    return detect(by=PLATFORM)
