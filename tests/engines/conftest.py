"""A Spark Connect server of the tests' own (Sail), one for all of them, in a process of its own.

In this process its threads would keep the interpreter from going at the end.
"""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

SERVE = """
import sys
from pysail.spark import SparkConnectServer

server = SparkConnectServer(port=0)
server.start(background=True)
print(server.listening_address[1], flush=True)
sys.stdin.read()  # until the tests are over, however they end
"""
SECONDS_TO_GO = 5


@pytest.fixture(scope="session")
def sail() -> Iterator[str]:
    """The address of a running server."""
    pytest.importorskip("pysail")
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    yield f"sc://127.0.0.1:{int(server.stdout.readline())}"
    server.kill()  # it holds nothing worth a farewell
    server.wait(SECONDS_TO_GO)
    server.stdin.close()
    server.stdout.close()


@pytest.fixture(scope="session")
def spark_session(sail: str) -> Iterator[Any]:
    """A session for tests that speak to the server themselves."""
    from tongqu.adapters.engines import spark

    session = spark.connect(sail)
    yield session
    session.stop()
