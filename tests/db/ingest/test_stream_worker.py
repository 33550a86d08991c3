"""``tongqu stream`` as a process of its own: killed, started again, and told to stop."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.sources import brokers

ROOT = Path(__file__).resolve().parents[3]
TOPIC = "sensors"
SECONDS = 60


@pytest.fixture(scope="module")
def cluster() -> Iterator[brokers.KafkaCluster]:
    with brokers.kafka() as found:
        yield found


class Hub:
    """A hub with a data folder of its own; its workers are processes."""

    def __init__(self, home: Path) -> None:
        self.env = {
            **os.environ, "TONGQU_HOME": str(home), "TONGQU_SCAN_ALLOWED": "127.0.0.1",
            "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        self.env.pop("TONGQU_DATABASE_URL", None)
        self.log = home / "worker.log"

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.db.ingest.streaming", *words], cwd=ROOT,
                env=self.env, stdout=log, stderr=log,
            )  # fmt: skip

    def report(self) -> Any:
        return json.loads(self.log.read_text().splitlines()[-1])


def waited_for(what: Callable[[], bool], seconds: float = SECONDS) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.05)
    return False


def stored(hub: Hub) -> int:
    """Return how many rows closed batches hold, read from the hub's own database file."""
    import sqlite3

    with sqlite3.connect(Path(hub.env["TONGQU_HOME"]) / "tongqu.db", timeout=30) as found:
        sql = "SELECT coalesce(sum(stored), 0) FROM ingest_batch WHERE state = 'closed'"
        with suppress(sqlite3.OperationalError):  # the hub is still being set up
            return int(found.execute(sql).fetchone()[0])
    return 0


def numbered(start: int, stop: int) -> list[bytes]:
    return brokers.lines([{"id": n, "name": f"示例{n}", "km": n} for n in range(start, stop)])


def test_a_killed_worker_of_kafka_loses_and_doubles_nothing_and_ends_on_sigterm(
    cluster: brokers.KafkaCluster, tmp_path: Path
) -> None:
    hub = Hub(tmp_path)
    cluster.publish(TOPIC, numbered(0, 400))
    worker = hub.start("first", "kafka", cluster.address, TOPIC)
    try:
        assert waited_for(lambda: stored(hub) > 0), hub.log.read_text()
        cluster.publish(TOPIC, [*numbered(400, 800), b"garbage"])
        worker.send_signal(signal.SIGKILL)  # wherever it happens to be
        worker.wait(10)
        cluster.publish(TOPIC, numbered(800, 1000))
        worker = hub.start("again")
        assert waited_for(lambda: stored(hub) == 1000), hub.log.read_text()
        worker.send_signal(signal.SIGTERM)

        assert worker.wait(60) == 0
    finally:
        worker.kill()
        worker.wait(10)
    found = hub.report()
    assert (found["rows"], found["ids"], found["rejected"], found["open"]) == (1000, 1000, 1, 0)
    assert "已停止" in hub.log.read_text()
