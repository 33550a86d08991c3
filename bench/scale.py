"""Whether a load costs the same a row at any size, and what 9.5 billion rows would take.

10 million, 100 million and, where ``TONGQU_BENCH_ROWS_MAX`` asks for it, 1,000 million generated
rows (示例); sizes for which the disk has no room are left out and named.
``TONGQU_BENCH_ROWS`` replaces the smallest size.
"""

import os
import shutil
import tempfile
from pathlib import Path

from bench._harness import Result, Timing, once
from bench.ingest import generate

TARGET = 1.2  # the dearest row beside the cheapest
ROWS = 10_000_000
MOST = 100_000_000
STATISTICS = 9_500_000_000
BYTES_A_ROW = 200  # text as it came, its landed copy, the stored rows, and room to work


def measure() -> Result:
    """Return the highest CPU cost a row over the lowest; wall time is in the figures."""
    first = int(os.environ.get("TONGQU_BENCH_ROWS", ROWS))
    most = int(os.environ.get("TONGQU_BENCH_ROWS_MAX", max(MOST, first)))
    room = shutil.disk_usage(tempfile.gettempdir()).free
    sizes = [size for size in (first, first * 10, first * 100) if size <= most]
    costs, figures = list[float](), dict[str, object]()
    last: tuple[int, Timing] | None = None
    for size in sizes:
        if size * BYTES_A_ROW > room:
            figures[f"{size:,} rows"] = "left out: the disk has no room"
            continue
        timing, stored = _load(size)
        costs.append(timing.median_cpu / size)
        figures[f"{size:,} rows"] = (
            f"{timing.as_figure()}, {timing.median / size * 1e6:.2f} µs and"
            f" {costs[-1] * 1e6:.2f} µs of CPU a row, {stored / size:.1f} bytes stored a row"
        )
        last = size, timing
        figures["extrapolated to 9.5 billion rows"] = (
            f"{timing.median / size * STATISTICS / 3600:.1f} hours,"
            f" {costs[-1] * STATISTICS / 3600:.1f} hours of CPU,"
            f" {stored / size * STATISTICS / 1e12:.2f} TB stored"
        )
    if last is None:
        raise RuntimeError("the disk has no room for any size")
    figures["memory_below_1_gb"] = last[1].peak_mb < 1024
    return Result("scale", round(max(costs) / min(costs), 3), TARGET, "lower", figures)


def _load(rows: int) -> tuple[Timing, int]:
    with tempfile.TemporaryDirectory(prefix="tongqu-bench-") as folder:
        path = Path(folder) / "passages-shili.csv"
        generate(path, rows)
        answer = once(["bench._our_load", str(path)])
    timing = Timing((answer["seconds"],), answer["peak_mb"], (answer["cpu"],))
    return timing, int(answer["stored_bytes"])
