"""Time several blocks of one program as one, and print what the harness expects."""

import json
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Laps:
    """The seconds of the blocks run under ``lap``; what lies between them is not counted."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def lap(self) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.seconds += time.perf_counter() - started

    def tell(self) -> None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": self.seconds, "peak_mb": peak}))
