"""A few rounds of what ``tongqu bench kills`` does two hundred times."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_kills_at_any_moment_lose_double_and_leak_nothing() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "bench._kills_run", "6", "7"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout.strip().splitlines()[-1])
    assert found["killed"] == 6
    assert found["bad"] == 0
    assert found["batches"] > 0


def test_writers_and_readers_at_once_never_see_half_a_commit() -> None:
    """Three seconds of what ``tongqu bench concurrent`` does for a minute."""
    ran = subprocess.run(
        [sys.executable, "-m", "bench._concurrent_run", "3"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout.strip().splitlines()[-1])
    assert found["bad"] == 0
    assert min(found["commits"], found["reads"]) > 0
