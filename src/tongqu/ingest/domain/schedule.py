"""When a source is pulled next: by its schedule, or sooner after a failure."""

from datetime import datetime, timedelta, tzinfo

from croniter import croniter  # type: ignore[import-untyped]  # has no stubs here

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
MOST_ATTEMPTS = 8
WEEKDAYS = {str(n): f"周{day}" for n, day in enumerate("日一二三四五六日")}


def is_cron(text: str) -> bool:
    """Tell whether this is a schedule of five fields; seconds are not offered."""
    return len(text.split()) == 5 and croniter.is_valid(text)


def next_after(cron: str, moment: datetime, zone: tzinfo) -> datetime | None:
    """Return the next moment of a schedule, read on the clocks of ``zone``."""
    if not cron:
        return None
    found: datetime = croniter(cron, moment.astimezone(zone)).get_next(datetime)
    return found


def told(cron: str) -> str:
    """Return a schedule in words where it is simple (每天 2:00); empty where it is not."""
    fields = cron.split()
    if len(fields) != 5 or not (fields[0].isdecimal() and fields[2:4] == ["*", "*"]):
        return ""
    minute, hour, day = int(fields[0]), fields[1], fields[4]
    if hour == "*" and day == "*":
        return f"每小时第 {minute} 分"
    if not hour.isdecimal() or not (day == "*" or day in WEEKDAYS):
        return ""
    return f"每{'天' if day == '*' else WEEKDAYS[day]} {int(hour)}:{minute:02}"


def wait_after(attempts: int) -> timedelta | None:
    """Return how long to wait after so many failures in a row; None: stop trying."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return min(FIRST_WAIT * (1 << (attempts - 1)), LONGEST_WAIT)
