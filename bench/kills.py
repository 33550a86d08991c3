"""Rounds of SIGKILL at random moments of commit, compaction, expiry and cleaning: none may harm."""

import json
import os
import subprocess
import sys

from bench._harness import Result

SEED = 20_260_924


def measure(rounds: int = 0) -> Result:
    """Return the share of rounds after which everything was whole; ``TONGQU_BENCH_ROUNDS``."""
    wanted = rounds or int(os.environ.get("TONGQU_BENCH_ROUNDS", "200"))
    ran = subprocess.run(
        [sys.executable, "-m", "bench._kills_run", str(wanted), str(SEED)],
        stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    found = json.loads(ran.stdout.strip().splitlines()[-1])
    whole = (found["rounds"] - found["bad"]) / found["rounds"]
    return Result("kills", whole, 1.0, "higher", found)
