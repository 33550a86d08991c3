"""``tongqu stream`` as a process of its own: killed, started again, and told to stop."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.adapters.sources import brokers

ROOT = Path(__file__).resolve().parents[3]
URL = os.environ.get("DATABASE_URL", "")
TOPIC = "sensors"
SECONDS = 120  # a worker that ends sooner ends the waiting


@pytest.fixture(scope="module")
def cluster() -> Iterator[brokers.KafkaCluster]:
    with brokers.kafka() as found:
        yield found


@pytest.fixture
def database() -> Iterator[str]:
    """The address of a control database of the hub's own; empty: SQLite in its data folder."""
    if not URL:
        yield ""
        return
    with psycopg.connect(URL, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS stream_worker WITH (FORCE)")
        connection.execute("CREATE DATABASE stream_worker")
        yield urlunsplit(urlsplit(URL)._replace(path="/stream_worker"))
        connection.execute("DROP DATABASE stream_worker WITH (FORCE)")


class Hub:
    """A hub with a data folder and a database of its own; its workers are processes."""

    def __init__(self, home: Path, database: str) -> None:
        self.home, self.database = home, database
        self.env = {
            **os.environ, "TONGQU_HOME": str(home), "TONGQU_SCAN_ALLOWED": "127.0.0.1",
            "DATABASE_URL": database, "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        self.log = home / "worker.log"

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.db.ingest.streaming", *words], cwd=ROOT,
                env=self.env, stdout=log, stderr=log,
            )  # fmt: skip

    def report(self) -> Any:
        return json.loads(self.log.read_text().splitlines()[-1])

    def waited_for(self, rows: int, worker: "subprocess.Popen[bytes]") -> bool:
        """Wait until closed batches hold so many rows, as long as the worker lives."""
        until = time.monotonic() + SECONDS
        with closing(connected(self)) as connection:
            while time.monotonic() < until and worker.poll() is None:
                if stored(connection) >= rows:
                    return True
                time.sleep(0.05)
        return False


def connected(hub: Hub) -> Any:
    """Open the hub's control database, past the product."""
    if hub.database:
        return psycopg.connect(hub.database, autocommit=True)
    return sqlite3.connect(hub.home / "tongqu.db", timeout=30, isolation_level=None)


def stored(connection: Any) -> int:
    """Return how many rows closed batches hold; none while the hub is still being set up."""
    sql = "SELECT coalesce(sum(stored), 0) FROM ingest_batch WHERE state = 'closed'"
    with suppress(
        sqlite3.OperationalError, psycopg.errors.UndefinedTable
    ):  # the hub is still being set up
        return int(connection.execute(sql).fetchone()[0])
    return 0


def numbered(start: int, stop: int) -> list[bytes]:
    return brokers.lines([{"id": n, "name": f"示例{n}", "km": n} for n in range(start, stop)])


def test_a_killed_worker_of_kafka_loses_and_doubles_nothing_and_ends_on_sigterm(
    cluster: brokers.KafkaCluster, database: str, tmp_path: Path
) -> None:
    hub = Hub(tmp_path, database)
    cluster.publish(TOPIC, numbered(0, 400))
    worker = hub.start("first", "kafka", cluster.address, TOPIC)
    try:
        assert hub.waited_for(1, worker), hub.log.read_text()
        cluster.publish(TOPIC, [*numbered(400, 800), b"garbage"])
        worker.send_signal(signal.SIGKILL)  # wherever it happens to be
        worker.wait(10)
        cluster.publish(TOPIC, numbered(800, 1000))
        worker = hub.start("again")
        assert hub.waited_for(1000, worker), hub.log.read_text()
        worker.send_signal(signal.SIGTERM)

        assert worker.wait(SECONDS) == 0
    finally:
        worker.kill()
        worker.wait(10)
    found = hub.report()
    assert (found["rows"], found["ids"], found["rejected"], found["open"]) == (1000, 1000, 1, 0)
    assert "已停止" in hub.log.read_text()
