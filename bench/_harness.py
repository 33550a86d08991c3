"""Measure two things in turn and give their ratio: absolute times on a shared machine mean little.

The two are run alternately (ours, theirs, ours, …), each in a process of its own, so that
neither profits from the other's warm caches alone; the ratio is of the medians.
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Result:
    """``ratio`` is ours to the named peer or limit; ``better`` says which way is good."""

    name: str
    ratio: float
    target: float
    better: Literal["higher", "lower"]
    figures: dict[str, object] = field(default_factory=dict)

    @property
    def is_reached(self) -> bool:
        return self.ratio >= self.target if self.better == "higher" else self.ratio <= self.target

    def as_dict(self) -> dict[str, object]:
        return asdict(self)

    def as_text(self) -> str:
        lines = [f"{name:>36}  {value}" for name, value in self.figures.items()]
        verdict = "达到" if self.is_reached else "未达到"
        lines.append(f"{self.name}: 比值 {self.ratio:.2f}，目标 {self.target}（{verdict}）")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Timing:
    seconds: tuple[float, ...]
    peak_mb: float
    cpu: tuple[float, ...] = ()  # seconds of all threads, where the program tells them

    @property
    def median_cpu(self) -> float:
        return statistics.median(self.cpu)

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def as_figure(self) -> str:
        low, high = min(self.seconds), max(self.seconds)
        cpu = f", {self.median_cpu:.3f} s of CPU" if self.cpu else ""
        return f"{self.median:.3f} s ({low:.3f}–{high:.3f}){cpu}, peak {self.peak_mb:.0f} MB"


def alternate(
    ours: Sequence[str], theirs: Sequence[str], *, rounds: int = 5
) -> tuple[Timing, Timing]:
    """Run two Python programs in turn; each prints the seconds of what it measured as JSON.

    A program is ``[module, argument, …]``, run as ``python -m``; it prints one object with
    ``seconds`` and ``peak_mb`` on its last line, so that imports are not part of the time.
    """
    found: tuple[list[dict[str, float]], list[dict[str, float]]] = ([], [])
    for _ in range(rounds):
        for side, program in enumerate((ours, theirs)):
            found[side].append(once(program))
    mine, other = (_timing(side) for side in found)
    return mine, other


def once(program: Sequence[str]) -> dict[str, float]:
    """Run one program and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", *program], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{program[0]} failed:\n{done.stderr[-2000:]}")
    answer: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def _timing(runs: Sequence[dict[str, float]]) -> Timing:
    return Timing(
        seconds=tuple(run["seconds"] for run in runs),
        peak_mb=max(run["peak_mb"] for run in runs),
        cpu=tuple(run["cpu"] for run in runs if "cpu" in run),
    )


class Stopwatch:
    """Measure one block inside a program and print it as the harness expects."""

    def __enter__(self) -> "Stopwatch":
        self.started = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        seconds = time.perf_counter() - self.started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "peak_mb": peak}))
