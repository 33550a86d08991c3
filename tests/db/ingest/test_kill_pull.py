"""kill -9 half-way through a pull of 1,000 rows: exactly 1,000, and the log says from where."""

import shutil
import signal
import sqlite3
from pathlib import Path

import pytest

from tests import forks
from tests.db.ingest.test_kill import ask, hub

POINTS = ("half-landed", "before-append", "after-append")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub with a source over a database of 1,000 rows."""
    place = tmp_path_factory.mktemp("pull")
    with sqlite3.connect(place / "there.db") as file:
        file.execute("CREATE TABLE roads (id INTEGER PRIMARY KEY, name TEXT, length_km REAL)")
        rows = [(n, f"路{n}", n + 0.5) for n in range(1000)]
        file.executemany("INSERT INTO roads VALUES (?, ?, ?)", rows)
    file.close()
    home = forks.parent().home_like(None)
    ask("setup_pull", str(place / "there.db"), allowed=str(place))
    shutil.copytree(home, place / "home")
    return place


@pytest.mark.req("ING-01")
@pytest.mark.parametrize("point", POINTS)
def test_a_pull_of_1000_rows_killed_half_way_ends_with_exactly_1000(
    prepared: Path, point: str
) -> None:
    home = forks.parent().home_like(prepared / "home")
    killed = hub("pull", "5", point, allowed=str(prepared)).wait()
    assert killed.returncode == -signal.SIGKILL, killed.err

    found = ask("pull", allowed=str(prepared))

    assert (found["rows"], found["ids"], found["quarantined"]) == (1000, 1000, 0)
    assert (found["state"], found["run"], found["attempt"]) == ("done", 1000, 2)
    assert "500 行" in found["resumed_from"] or "600 行" in found["resumed_from"]
    assert found["steps"][-1] == "done"
    assert "resumed" in found["steps"]
    assert {batch["state"] for batch in found["batches"]} == {"closed"}
    assert sum(batch["received"] for batch in found["batches"]) == 1000
    assert list((home / "landing").glob("work-*")) == []
