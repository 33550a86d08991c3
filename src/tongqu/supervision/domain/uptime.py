"""Availability of a day: minutes that answered of the minutes that passed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tongqu.kernel.law import Assumption

TARGET_READING = Assumption("共享平台可用率目标为 99.9%")
TARGET = 0.999
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Uptime:
    """One day. ``minutes`` that passed since the day or the watch began; ``up`` of them."""

    day: date
    minutes: int
    up: int
    millis: float  # mean answer
    slowest: int
    failed: str = ""  # the last complaint

    @property
    def share(self) -> float:
        return min(1.0, self.up / self.minutes) if self.minutes else 1.0

    @property
    def down(self) -> int:
        return max(0, self.minutes - self.up)

    @property
    def is_short(self) -> bool:
        return self.share < TARGET


def minutes_of(start: datetime, *, first: datetime, now: datetime) -> int:
    """Return how many whole minutes of the day beginning at ``start`` were watched so far."""
    begin = max(start, first)
    end = min(start + timedelta(days=1), now)
    return max(0, (end - begin) // MINUTE)
