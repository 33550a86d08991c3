"""kill -9 at any point of a load, then a restart: nothing lost, nothing doubled."""

import json
import random
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests import forks
from tests.db.ingest.process import POINTS

BAD = 4


def hub(command: str, *arguments: str, allowed: str = "") -> forks.Child:
    return forks.parent().start(
        f"tests.db.ingest.process:{command}", *arguments, SCAN_ALLOWED=(allowed,)
    )


def ask(command: str, *arguments: str, allowed: str = "") -> Any:
    done = hub(command, *arguments, allowed=allowed).wait()
    assert done.returncode == 0, done.err
    return json.loads(done.out.splitlines()[-1]) if done.out.strip() else None


def write(path: Path, good: int) -> Path:
    lines = ["id,name,length_km", *(f"{n},路{n},{n}.5" for n in range(good)), *["x,坏,1"] * BAD]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = forks.parent().home_like(None)
    ask("setup")
    return Path(shutil.copytree(home, tmp_path_factory.mktemp("hub") / "home"))


@pytest.fixture
def home(prepared: Path) -> Path:
    return forks.parent().home_like(prepared)


def check(home: Path, found: dict[str, Any], good: int) -> None:
    assert (found["rows"], found["ids"], found["quarantined"]) == (good, good, BAD)
    (batch,) = found["batches"]
    assert batch["state"] == "closed"
    assert batch["received"] == good + BAD
    assert batch["received"] == batch["stored"] + batch["rejected"] + batch["duplicate"]
    assert list((home / "landing").glob("work-*")) == []


@pytest.mark.req("ING-01")
@pytest.mark.parametrize("point", POINTS)
def test_a_load_of_1000_rows_killed_half_way_ends_with_exactly_1000(
    home: Path, tmp_path: Path, point: str
) -> None:
    path = write(tmp_path / "roads.csv", 1000)
    process = hub("load", str(path), point)
    assert process.wait().returncode == -signal.SIGKILL

    found = ask("recover")

    assert len(found["finished"]) == 1
    assert found["again"] == []
    check(home, found, 1000)
    assert found["batches"][0]["stored"] == 1000
    assert found["batches"][0]["resumed_from"]  # the resume point, in the ledger …
    assert any(line["step"] == "resumed" for line in found["logs"][0])  # … and in the run log


def test_loading_again_after_a_kill_finishes_the_first_batch(home: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "roads.csv", 1000)
    hub("load", str(path), "before-append").wait()

    ask("load", str(path))

    found = ask("report")
    assert (found["rows"], found["quarantined"]) == (1000, BAD)
    assert [(b["state"], b["stored"], b["duplicate"]) for b in found["batches"]] == [
        ("closed", 1000, 0),
        ("closed", 0, 1000 + BAD),
    ]


@pytest.mark.parametrize("seed", range(2))
def test_a_kill_at_a_random_moment_loses_nothing(home: Path, tmp_path: Path, seed: int) -> None:
    path = write(tmp_path / "roads.csv", 50_000)
    process = hub("load", str(path))
    time.sleep(random.Random(seed).uniform(0.1, 1.5))
    process.kill()
    process.wait()

    found = ask("recover")
    if not found["batches"]:  # killed before it had begun
        ask("load", str(path))
        found = ask("report")

    check(home, found, 50_000)


def test_two_loads_of_one_table_at_once_wait_for_each_other(home: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    header = "id,name,length_km\n"
    first.write_text(header + "".join(f"{n},路,1\n" for n in range(20_000)))
    second.write_text(header + "".join(f"{n},路,1\n" for n in range(10_000, 30_000)))

    processes = [hub("load", str(path)) for path in (first, second)]
    ends = [process.wait() for process in processes]

    assert [end.returncode for end in ends] == [0, 0], ends
    found = ask("report")
    assert (found["rows"], found["ids"]) == (30_000, 30_000)
    assert [b["state"] for b in found["batches"]] == ["closed", "closed"]
    assert [b["received"] for b in found["batches"]] == [20_000, 20_000]
    assert sum(b["stored"] for b in found["batches"]) == 30_000
    assert sum(b["duplicate"] for b in found["batches"]) == 10_000
