"""The one place that knows the time of day.

Instants are UTC and aware; legal days are dates in Asia/Shanghai. Everything else asks
here once, at the edge, and passes the answer on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    def now(self) -> datetime:
        """Return the present instant, UTC and aware."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True)
class FixedClock:
    """A clock that stands still until it is told to move: for tests and for the demo."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant

    @classmethod
    def on(cls, day: date, hour: int = 9, minute: int = 0) -> "FixedClock":
        """Return a clock that stands at that time of day in Shanghai."""
        local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)
        return cls(local.astimezone(UTC))


_system: Clock = SystemClock()
_chosen: ContextVar[Clock | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """Return the present instant of the clock in use."""
    return (_chosen.get() or _system).now()


def today() -> date:
    """Return the present legal day, in Asia/Shanghai."""
    return legal_day(now())


def legal_day(instant: datetime) -> date:
    """Return the day in Asia/Shanghai on which an instant falls."""
    return instant.astimezone(SHANGHAI).date()


@contextmanager
def use(clock: Clock) -> Iterator[Clock]:
    """Use another clock in this context: the demo and the tests cross holidays with it."""
    token = _chosen.set(clock)
    try:
        yield clock
    finally:
        _chosen.reset(token)
