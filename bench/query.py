"""What the gate costs: one governed page of 1,000 rows beside a handler that only queries."""

import json
import os
import subprocess
import sys
import tempfile

from bench._harness import Result, alternate

TARGET = 0.9


def measure() -> Result:
    """Return bare milliseconds over ours for the same rows of the same file as JSON."""
    with tempfile.TemporaryDirectory(prefix="tongqu-bench-") as folder:
        played = subprocess.run(
            [sys.executable, "-m", "tongqu.project.cli", "demo", "--json", "--dir", folder],
            capture_output=True, text=True, check=False, env={**os.environ, "TONGQU_DEMO": "1"},
        )  # fmt: skip
        if played.returncode != 0 or not json.loads(played.stdout.splitlines()[-1])["ok"]:
            raise RuntimeError(f"the main job failed:\n{played.stderr[-2000:]}")
        ours, bare = alternate(
            ["bench._our_query", folder], ["bench._bare_query", folder], rounds=3
        )
    figures: dict[str, object] = {
        "calls_a_round": CALLS,
        "rows_a_call": ROWS,
        "ours": ours.as_figure(),
        "bare": bare.as_figure(),
        "gate_adds_ms_a_call": round((ours.median - bare.median) / CALLS * 1000, 2),
    }
    return Result("query", round(bare.median / ours.median, 3), TARGET, "higher", figures)


CALLS, ROWS = 20, 1000
