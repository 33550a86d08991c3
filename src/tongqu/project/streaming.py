"""The worker of a message stream: listens until it is told to stop, batch after batch.

``kill -9`` costs nothing: what a broker was told to be received lies in the spool (MQTT) or can
be read again from the source's cursor (Kafka). SIGTERM ends it behind the batch under way.
"""

import signal
import threading
from collections.abc import Callable
from types import FrameType

from tongqu.ingest import public as ingest
from tongqu.ingest.vocabulary import PullState, RunView
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.problems import Rejected

RUN_SECONDS = 600.0  # one run in the books; then the next begins
WAITS = (1.0, 2.0, 5.0, 10.0, 30.0)  # between attempts, while the broker cannot be reached


def run(source_code: str, *, told: Callable[[str], None]) -> bool:
    """Work until SIGTERM or SIGINT; False when a person must act first.

    Raises: ``Rejected`` SOURCE_UNKNOWN, NOT_PULLED, NOT_SCANNED.
    """
    stop = threading.Event()

    def halt(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, halt)
    follow(stop)
    failures = 0
    told(f"开始接入 {source_code}")
    while not stop.is_set():
        try:
            view = ingest.pull(source_code, by=PLATFORM)
        except Rejected as error:
            if error.problem.code != "SOURCE_BUSY":
                raise
            stop.wait(WAITS[0])  # another worker, or a killed one whose lock is just going
            continue
        if view.state is PullState.FAILED:
            told(f"{view.code}：{view.note}")
            return False
        failures = failures + 1 if view.state is PullState.RETRY else 0
        told(_words(view))
        if failures:
            stop.wait(WAITS[min(failures, len(WAITS)) - 1])
    told("已停止，没有未结的批次")
    return True


def follow(stop: threading.Event) -> None:
    """Let the pullers of streams listen on, until ``stop``."""
    from django.conf import settings

    from tongqu.adapters.sources.streams.follow import Follow
    from tongqu.adapters.sources.streams.kafka import KafkaPuller
    from tongqu.adapters.sources.streams.mqtt import MqttPuller

    def followed() -> Follow:
        return Follow(seconds=RUN_SECONDS, stop=stop)

    folder, allowed = settings.LANDING / "streams", settings.SCAN_ALLOWED
    ingest.provide_puller("mqtt", lambda: MqttPuller(folder, allowed, followed))
    ingest.provide_puller("kafka", lambda: KafkaPuller(allowed, followed))


def _words(view: RunView) -> str:
    if view.state is PullState.RETRY:
        return f"{view.number} 暂时接不上：{view.note}"
    return f"{view.number} 接收 {view.received}，入湖 {view.stored}，隔离 {view.rejected}"
