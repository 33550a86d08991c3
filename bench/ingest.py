"""What a checked, ledgered snapshot costs beside a raw conversion of the same file.

Beside it the engine's own CSV to Parquet, and dlt's fastest path (Arrow's reader to Parquet) in
the figures. ``TONGQU_BENCH_ROWS`` makes it smaller.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench._harness import Result, Timing, alternate

TARGET = 0.75
ROWS = 10_000_000
DLT = "dlt[parquet]>=1.20"


def measure() -> Result:
    """Return raw seconds over ours for one CSV of generated rows (示例)."""
    rows = int(os.environ.get("TONGQU_BENCH_ROWS", ROWS))
    with tempfile.TemporaryDirectory(prefix="tongqu-bench-") as folder:
        path = Path(folder) / "passages-shili.csv"
        generate(path, rows)
        size = path.stat().st_size / 2**20
        ours, raw = alternate(["bench._our_load", str(path)], ["bench._raw_load", str(path)],
                              rounds=3)  # fmt: skip
        told, dlt_seconds = _dlt(path)
    cpu = round(raw.median_cpu / ours.median_cpu, 3) if ours.cpu and raw.cpu else "not measured"
    figures: dict[str, object] = {
        "rows": rows,
        "file_mb": round(size, 1),
        "ours": ours.as_figure(),
        "raw": raw.as_figure(),
        "ratio_of_cpu": cpu,
        "ours_rows_per_second": round(rows / ours.median),
        "memory_below_1_gb": ours.peak_mb < 1024,
        "dlt": told,
        "times_dlt": round(dlt_seconds / ours.median, 2) if dlt_seconds else "not measured",
    }
    return Result("ingest", round(raw.median / ours.median, 3), TARGET, "higher", figures)


def _dlt(path: Path) -> tuple[str, float | None]:
    """Run the peer in an environment of its own; a machine without the network has none."""
    command = ["uv", "run", "--isolated", "--no-project", "--python", sys.executable,
               "--with", DLT, "python", "-m", "bench._dlt_load", str(path)]  # fmt: skip
    root = Path(__file__).resolve().parent.parent
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=900,
                              check=True)  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return "not measured: dlt could not be installed or run here", None
    answer: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    timing = Timing((answer["seconds"],), answer["peak_mb"], (answer["cpu"],))
    return timing.as_figure(), answer["seconds"]


def generate(path: Path, rows: int) -> None:
    """Write passages through toll gates that never happened: 示例 stands in every row."""
    import duckdb

    duckdb.execute(
        f"""COPY (SELECT i AS id, '示例' AS label, 'G' || (i * 7919 % 500) AS gate,
          TIMESTAMP '2026-01-01' + to_seconds(i * 13) AS passed_at,
          i * 31 % 5 + 1 AS axle_class, (i * 17 % 9000) / 100.0 AS weight,
          CASE WHEN i % 50 > 0 THEN i * 101 % 140 END AS speed, i % 3 = 0 AS is_electronic
        FROM range(1, {rows + 1}) AS t(i)) TO '{path}' (FORMAT csv, HEADER true)"""
    )
