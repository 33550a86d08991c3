"""Four writers and four readers on one table for a minute: no wrong read, an exact count."""

import json
import os
import subprocess
import sys

from bench._harness import Result


def measure(seconds: float = 0) -> Result:
    """Return 1 when nothing was wrong; ``TONGQU_BENCH_SECONDS`` makes a shorter run."""
    wanted = seconds or float(os.environ.get("TONGQU_BENCH_SECONDS", "60"))
    ran = subprocess.run(
        [sys.executable, "-m", "bench._concurrent_run", str(wanted)],
        stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    found = json.loads(ran.stdout.strip().splitlines()[-1])
    return Result("concurrent", 0.0 if found["bad"] else 1.0, 1.0, "higher", found)
