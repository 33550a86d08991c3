"""Rounds of SIGKILL at random moments: of the tables' upkeep, of loads and of models."""

import json
import os
import subprocess
import sys

from bench._harness import Result

SEED = 20_260_924


# Of the store of tables alone; of a hub that loads files and runs models.
PROGRAMS = ("bench._kills_run", "bench._kills_work")


def measure(rounds: int = 0) -> Result:
    """Return the share of rounds after which everything was whole; ``TONGQU_BENCH_ROUNDS`` each."""
    wanted = rounds or int(os.environ.get("TONGQU_BENCH_ROUNDS", "200"))
    found = {program.removeprefix("bench._"): _ran(program, wanted) for program in PROGRAMS}
    done = sum(one["rounds"] for one in found.values())
    bad = sum(one["bad"] for one in found.values())
    return Result("kills", (done - bad) / done, 1.0, "higher", found)


def _ran(program: str, rounds: int) -> dict[str, int]:
    ran = subprocess.run(
        [sys.executable, "-m", program, str(rounds), str(SEED)],
        stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    found: dict[str, int] = json.loads(ran.stdout.strip().splitlines()[-1])
    return found
