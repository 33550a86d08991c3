"""When a source is pulled next: by its schedule, or sooner after a failure."""

from datetime import datetime, timedelta, tzinfo

from croniter import croniter  # type: ignore[import-untyped]  # has no stubs here

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
MOST_ATTEMPTS = 8


def is_cron(text: str) -> bool:
    """Tell whether this is a schedule of five fields; seconds are not offered."""
    return len(text.split()) == 5 and croniter.is_valid(text)


def next_after(cron: str, moment: datetime, zone: tzinfo) -> datetime | None:
    """Return the next moment of a schedule, read on the clocks of ``zone``."""
    if not cron:
        return None
    found: datetime = croniter(cron, moment.astimezone(zone)).get_next(datetime)
    return found


def wait_after(attempts: int) -> timedelta | None:
    """Return how long to wait after so many failures in a row; None: stop trying."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return min(FIRST_WAIT * (1 << (attempts - 1)), LONGEST_WAIT)
