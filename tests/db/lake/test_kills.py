"""A few rounds of what ``tongqu bench kills`` does two hundred times to loads and models."""

import json

from tests import forks


def test_kills_of_loads_and_model_runs_lose_double_and_leak_nothing() -> None:
    parent = forks.parent()

    ran = parent.run("bench._kills_work:rounds_in", parent.home_like(None), 3, 7)

    assert ran.returncode == 0, ran.err
    found = json.loads(ran.out.strip().splitlines()[-1])
    assert (found["killed"], found["bad"]) == (3, 0), ran.err
    assert found["files"] > 0
