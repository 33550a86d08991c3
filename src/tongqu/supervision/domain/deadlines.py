"""Six months from trial operation: the last day on which data may still come (article 20)."""

from datetime import date


def is_late(due_on: date, today: date, *, connected: bool) -> bool:
    """Decide whether the last day has passed without data: the day itself still counts."""
    return not connected and today > due_on
