"""Fifteen rules over ten million positions (示例): ours beside plans by hand and other tools.

The ratio is of the best plan that we could write by hand for the same answers (at least 0.8). In
the figures: a naive query in one piece (at least 2), Soda Core (3), Great Expectations (20),
pandera, pointblank and Spark on this machine, each in an environment of its own that ``uv`` makes;
what cannot be had is named. Counts must be equal to each for the rules they share.
``TONGQU_BENCH_ROWS`` makes it smaller; ``TONGQU_BENCH_ROWS_MAX`` adds ten and a hundred times as
many rows for ours alone, for which memory must stay flat and time linear.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench._harness import Result, Timing

TARGET = 0.8
ALL_RULES = frozenset({"soda"})  # tools that say all fifteen; the others twelve
ROWS = 10_000_000
ROUNDS = int(os.environ.get("TONGQU_BENCH_ROUNDS", "3"))
STATISTICS = 9_500_000_000
SECONDS = 900
PEERS = {
    "soda": (3.0, ("soda-core-duckdb==3.5.6", "setuptools<81")),
    "gx": (20.0, ("great_expectations==1.24.1", "pandas<3", "pyarrow")),
    "pandera": (1.0, ("pandera[polars]==0.35.0",)),
    "pointblank": (1.0, ("pointblank==1.1.1", "polars")),
    "spark": (1.0, ("pyspark==4.0.1", "setuptools<81")),
}
THREADS = str(os.cpu_count() or 2)
MEMORY = "2048"  # megabytes for every engine, as the hub has
PEER_MEMORY = "8192"


def measure() -> Result:
    """Return the seconds of the best plan by hand over ours."""
    rows = int(os.environ.get("TONGQU_BENCH_ROWS", ROWS))
    figures: dict[str, object] = {"rows": rows, "rules": 15}
    with tempfile.TemporaryDirectory(prefix="tongqu-bench-") as folder:
        home = Path(folder)
        listed = _prepare(home, rows)
        (home / "spill").mkdir()
        programs = {
            "ours": ["bench._our_quality", str(home)],
            "ours_shared": ["bench._our_quality", str(home), "shared"],
            "best": ["bench._hand_quality", "best", *_told(listed, home)],
            "naive": ["bench._hand_quality", "naive", *_told(listed, home)],
        }
        answers: dict[str, list[dict[str, Any]]] = {name: [] for name in programs}
        for _ in range(ROUNDS):
            for name, program in programs.items():
                answers[name].append(_run([sys.executable, "-m", *program]))
        timings = {name: _timing(runs) for name, runs in answers.items()}
        truth = answers["ours"][0]["counts"]
        for name, runs in answers.items():
            _same(name, truth, runs[0]["counts"])
            figures[name] = timings[name].as_figure()
        ours = timings["ours"]
        figures["times_naive"] = _times(timings["naive"], ours)
        figures["wrong"] = {code: count for code, count in truth.items() if count}
        for name in PEERS:
            beside = ours if name in ALL_RULES else timings["ours_shared"]
            figures[name] = _peer(name, _told(listed, home), truth, beside)
    figures |= _larger(rows, ours)
    ratio = timings["best"].median / ours.median
    figures["ratio_of_cpu"] = round(timings["best"].median_cpu / ours.median_cpu, 3)
    return Result("quality", round(ratio, 3), TARGET, "higher", figures)


def _prepare(home: Path, rows: int) -> Path:
    listed = home / "files.json"
    done = subprocess.run(
        [sys.executable, "-m", "bench._quality_prepare", str(home), str(rows)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"no data:\n{done.stderr[-2000:]}")
    listed.write_text(done.stdout.strip().splitlines()[-1], encoding="utf-8")
    return listed


def _told(listed: Path, home: Path) -> list[str]:
    return [str(listed), THREADS, MEMORY, str(home / "spill")]


def _run(command: list[str], seconds: int | None = None) -> dict[str, Any]:
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(
        command, cwd=root, capture_output=True, text=True, check=False, timeout=seconds
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command[:4])} failed:\n{done.stderr[-1500:]}")
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def _timing(runs: list[dict[str, Any]]) -> Timing:
    return Timing(
        seconds=tuple(run["seconds"] for run in runs),
        peak_mb=max(run["peak_mb"] for run in runs),
        cpu=tuple(run["cpu"] for run in runs if "cpu" in run),
    )


def _times(other: Timing, ours: Timing) -> str:
    wall = f"{other.median / ours.median:.2f}"
    return f"{wall} ({other.median_cpu / ours.median_cpu:.2f} of CPU), target 2"


def _same(name: str, truth: dict[str, int], counts: dict[str, int]) -> list[str]:
    """Return the rules that were compared. Raises when a count differs."""
    apart = {c: (truth[c], n) for c, n in counts.items() if c in truth and int(n) != truth[c]}
    if apart:
        raise RuntimeError(f"{name} counts otherwise: {apart}")
    return [code for code in counts if code in truth]


def _peer(name: str, told: list[str], truth: dict[str, int], ours: Timing) -> str:
    """Return how a tool fared, or why it did not; ours are the same rules."""
    target, packages = PEERS[name]
    command = ["uv", "run", "--isolated", "--no-project", "--python", "3.11",
               *(part for one in packages for part in ("--with", one)),
               "python", "-m", f"bench._peer_{name}", told[0], told[1],
               PEER_MEMORY if name == "spark" else told[2], told[3]]  # fmt: skip
    try:
        answer = _run(command, SECONDS)
    except subprocess.TimeoutExpired:
        return f"stopped after {SECONDS} s: more than {SECONDS / ours.median:.0f} times ours"
    except (OSError, RuntimeError) as error:
        return f"not measured: {str(error).strip().splitlines()[-1][:160]}"
    try:
        shared = _same(name, truth, answer["counts"])
    except RuntimeError as error:
        return str(error)
    return (
        f"{answer['seconds'] / ours.median:.1f} times ours (target {target:g}),"
        f" {_of_cpu(answer, ours)}: {answer['seconds']:.2f} s"
        f" for its {len(shared) or 'counted'} rules, equal counts"
        + (f", peak {peak:.0f} MB" if (peak := answer.get("peak_mb")) else "")
    )


def _of_cpu(answer: dict[str, Any], ours: Timing) -> str:
    if not answer.get("cpu"):
        return "CPU not measured"
    return f"{answer['cpu'] / ours.median_cpu:.1f} of CPU"


def _larger(rows: int, ours: Timing) -> dict[str, object]:
    """Measure ours alone over more rows, and tell what 9.5 billion would take."""
    most = int(os.environ.get("TONGQU_BENCH_ROWS_MAX", rows))
    found: dict[str, object] = {}
    costs, last = [ours.median_cpu / rows], (rows, ours)
    for size in (rows * 10, rows * 100):
        if size > most:
            continue
        if shutil.disk_usage(tempfile.gettempdir()).free < size * 90:
            found[f"{size:,} rows"] = "left out: the disk has no room"
            continue
        with tempfile.TemporaryDirectory(prefix="tongqu-bench-") as folder:
            _prepare(Path(folder), size)
            timing = _timing([_run([sys.executable, "-m", "bench._our_quality", folder])])
        costs.append(timing.median_cpu / size)
        last = size, timing
        found[f"{size:,} rows"] = timing.as_figure()
    if len(costs) > 1:
        found["dearest_row_to_cheapest"] = f"{max(costs) / min(costs):.2f}, target 1.2"
    size, timing = last
    hours = timing.median / size * STATISTICS / 3600
    cpu = statistics.mean(costs) * STATISTICS / 3600
    found["extrapolated_to_9.5_billion"] = f"{hours:.1f} hours, {cpu:.1f} hours of CPU"
    return found
