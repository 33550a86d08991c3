"""A few rounds of what ``tongqu bench kills`` does two hundred times."""

import json
from typing import Any

from tests import forks


def ran(function: str, *arguments: float) -> dict[str, Any]:
    parent = forks.parent()
    done = parent.run(function, parent.home_like(None), *arguments)
    assert done.returncode == 0, done.err
    found: dict[str, Any] = json.loads(done.out.strip().splitlines()[-1])
    assert found["bad"] == 0, done.err
    return found


def test_kills_at_any_moment_lose_double_and_leak_nothing() -> None:
    found = ran("bench._kills_run:rounds_in", 6, 7)

    assert found["killed"] == 6
    assert found["batches"] > 0


def test_writers_and_readers_at_once_never_see_half_a_commit() -> None:
    """Three seconds of what ``tongqu bench concurrent`` does for a minute."""
    found = ran("bench._concurrent_run:seconds_in", 3)

    assert min(found["commits"], found["reads"]) > 0
