"""The main job on PostgreSQL, played by the command in a database of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

URL = os.environ.get("DATABASE_URL", "")
pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(not URL, reason="on SQLite the command's own tests play it"),
]


@pytest.fixture
def database() -> Iterator[str]:
    """An empty database beside the tests' own; gives its address."""
    import psycopg

    with psycopg.connect(URL, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS main_job WITH (FORCE)")
        connection.execute("CREATE DATABASE main_job")
        yield urlunsplit(urlsplit(URL)._replace(path="/main_job"))
        connection.execute("DROP DATABASE main_job WITH (FORCE)")


def test_the_main_job_is_played_twice_and_doubles_nothing(database: str, tmp_path: Path) -> None:
    first, again = (played(database, tmp_path) for _ in range(2))

    assert first["ok"] is True
    assert again["ok"] is True
    assert first["steps"][3]["counts"]["入库"] == 367_687
    assert again["steps"][3]["counts"]["入库"] == 0
    assert first["steps"][7]["counts"] == again["steps"][7]["counts"]


def played(database: str, home: Path) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "tongqu.project.cli", "demo", "--json"],
        env=os.environ | {"DATABASE_URL": database, "TONGQU_HOME": str(home)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return json.loads(done.stdout)
