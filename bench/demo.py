"""What governance costs: the main job's data stages beside a bare script of the same work."""

import json
import resource
import subprocess
import sys
import tempfile
import time

from bench._harness import Result, alternate

TARGET = 0.5


def measure() -> Result:
    """Return bare seconds over ours: 1.0 would be governance for nothing."""
    ours, bare = alternate(["bench._our_demo"], ["bench._bare_demo"], rounds=3)
    figures: dict[str, object] = {
        "ours": ours.as_figure(),
        "bare": bare.as_figure(),
        "governance_adds_seconds": round(ours.median - bare.median, 3),
        **_stages(),
    }
    return Result("demo", round(bare.median / ours.median, 3), TARGET, "higher", figures)


def _stages() -> dict[str, object]:
    """Play the whole main job once in a fresh folder; return the seconds of every step."""
    with tempfile.TemporaryDirectory(prefix="tongqu-bench-") as folder:
        started, cpu = time.perf_counter(), _cpu_of_children()
        done = subprocess.run(
            [sys.executable, "-m", "tongqu.project.cli", "demo", "--json", "--dir", folder],
            capture_output=True,
            text=True,
            check=False,
        )
        whole, cpu = time.perf_counter() - started, _cpu_of_children() - cpu
    if done.returncode != 0:
        raise RuntimeError(f"the main job failed:\n{done.stderr[-2000:]}")
    account = json.loads(done.stdout.strip().splitlines()[-1])
    steps = {f"step {step['name']}": step["seconds"] for step in account["steps"]}
    return {
        "whole_main_job_seconds": round(whole, 2),
        "whole_main_job_cpu_seconds": round(cpu, 2),
        **steps,
    }


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
