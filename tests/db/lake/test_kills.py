"""A few rounds of what ``tongqu bench kills`` does two hundred times to loads and models."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_kills_of_loads_and_model_runs_lose_double_and_leak_nothing() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "bench._kills_work", "3", "7"],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip

    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout.strip().splitlines()[-1])
    assert (found["killed"], found["bad"]) == (3, 0)
    assert found["files"] > 0
