"""How long a pull of a stream listens: until it is idle, or until a worker is told to stop."""

import threading
import time
from dataclasses import dataclass, field

IDLE_SECONDS = 2.0


@dataclass(slots=True)
class Follow:
    """``seconds`` None: a scheduled pull, over when nothing came for a while.

    Else a worker's: over after so many seconds, or as soon as ``stop`` is set.
    """

    seconds: float | None = None
    idle_seconds: float = IDLE_SECONDS
    stop: threading.Event = field(default_factory=threading.Event)
    _began: float = field(default_factory=time.monotonic)

    def is_over(self, *, idle: float) -> bool:
        if self.stop.is_set():
            return True
        if self.seconds is None:
            return idle >= self.idle_seconds
        return time.monotonic() - self._began >= self.seconds

    def wait(self, seconds: float) -> None:
        self.stop.wait(seconds)
