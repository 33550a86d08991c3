"""Time several blocks of one program as one, and print what the harness expects."""

import json
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Laps:
    """The seconds of the blocks run under ``lap``; what lies between them is not counted."""

    def __init__(self) -> None:
        self.seconds = self.cpu = 0.0

    @contextmanager
    def lap(self) -> Iterator[None]:
        started, before = time.perf_counter(), _cpu()
        yield
        self.seconds += time.perf_counter() - started
        self.cpu += _cpu() - before

    def tell(self, **more: float) -> None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": self.seconds, "peak_mb": peak, "cpu": self.cpu, **more}))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
