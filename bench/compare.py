"""Two registers of enterprises (示例) compared attribute by attribute, as a multi-source check.

Ours reads both tables from the lake, counts agreement by item and keeps every conflict as a row
with a suggested winner. datacompy compares the same rows, already in memory as frames: reading
them is not part of its time. ``TONGQU_BENCH_ROWS`` makes it smaller.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench._harness import Result, Timing, once

TARGET = 5
ROWS = 1_000_000
ROUNDS = 3
PEER = ("datacompy", "pandas", "polars", "pyarrow")
ITEMS = ("name", "legal_rep", "address", "capital_wan", "founded", "state", "division", "phone",
         "industry", "staff")  # fmt: skip


def measure() -> Result:
    """Return datacompy's seconds over ours; both must count the same differences."""
    rows = int(os.environ.get("TONGQU_BENCH_ROWS", ROWS))
    with tempfile.TemporaryDirectory(prefix="tongqu-bench-") as folder:
        left, right = (Path(folder) / f"{side}.parquet" for side in ("left", "right"))
        generate(left, right, rows)
        ours, counted, peers = [], {}, {"pandas": [], "polars": []}
        for _ in range(ROUNDS):  # in turn
            told = once(["bench._our_compare", str(left), str(right)])
            counted["ours"] = {item: told[item] for item in ITEMS}
            ours.append(told)
            for backend, runs in peers.items():
                if (answer := _peer(left, right, backend)) is not None:
                    counted[backend] = {item: answer[item] for item in ITEMS}
                    runs.append(answer)
    mine = _timing(ours)
    figures: dict[str, object] = {
        "rows": rows, "items": len(ITEMS), "ours": mine.as_figure(),
        "ours_with_conflicts_kept_as_rows": sum(counted["ours"].values()),
        **{f"datacompy_{name}": _timing(runs).as_figure() if runs else "not measured: datacompy"
           " could not be installed or run here" for name, runs in peers.items()},
        "equal_counts": all(found == counted["ours"] for found in counted.values()),
    }  # fmt: skip
    if peers["polars"]:
        figures["times_datacompy_polars"] = round(_timing(peers["polars"]).median / mine.median, 2)
    ratio = _timing(peers["pandas"]).median / mine.median if peers["pandas"] else 0.0
    if not figures["equal_counts"]:
        raise RuntimeError(f"the counts differ: {counted}")
    return Result("compare", round(ratio, 2), TARGET, "higher", figures)


def _timing(runs: list[dict[str, float]]) -> Timing:
    return Timing(
        tuple(run["seconds"] for run in runs),
        max(run["peak_mb"] for run in runs),
        tuple(run["cpu"] for run in runs),
    )


def _peer(left: Path, right: Path, backend: str) -> dict[str, float] | None:
    """Run the peer in an environment of its own; a machine without the network has none."""
    packages = [part for package in PEER for part in ("--with", package)]
    command = ["uv", "run", "--isolated", "--no-project", "--python", sys.executable, *packages,
               "python", "-m", "bench._datacompy", str(left), str(right), backend]  # fmt: skip
    root = Path(__file__).resolve().parent.parent
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=900,
                              check=True)  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    answer: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def generate(left: Path, right: Path, rows: int) -> None:
    """Write two registers of the same enterprises: one item in fifty differs, a few lack one."""
    import duckdb

    def value(item: str, n: int, side: str) -> str:
        base = {
            "name": "'示例运输有限公司' || i", "legal_rep": "'示例' || (i * 31 % 9973)",
            "address": "'示例路' || (i % 800) || '号'", "capital_wan": "CAST(i % 5000 AS DOUBLE)",
            "founded": "CAST(DATE '2000-01-01' + CAST(i % 9000 AS INTEGER) AS VARCHAR)",
            "state": "CASE WHEN i % 11 = 0 THEN '注销' ELSE '存续' END",
            "division": "'36' || lpad(CAST(i % 100 AS VARCHAR), 4, '0')",
            "phone": "'139' || lpad(CAST(i % 100000000 AS VARCHAR), 8, '0')",
            "industry": "'G' || (i % 97)", "staff": "CAST(i % 300 AS BIGINT)",
        }[item]  # fmt: skip
        other = f"({base}) + 1" if item in {"capital_wan", "staff"} else f"{base} || '乙'"
        if side == "left":
            return f"CASE WHEN i % 1009 <> {n} THEN {base} END AS {item}"
        return f"CASE WHEN i % 50 = {n} THEN {other} WHEN i % 1013 <> {n} THEN {base} END AS {item}"

    for path, side, missing in ((left, "left", 211), (right, "right", 223)):
        columns = ", ".join(value(item, n, side) for n, item in enumerate(ITEMS))
        duckdb.execute(
            f"""COPY (SELECT '91360100MA' || lpad(CAST(i AS VARCHAR), 8, '0') AS uscc, {columns},
              TIMESTAMP '2026-09-01 08:00:00' AS told_at
            FROM range({rows}) AS t(i) WHERE i % {missing} <> 0 ORDER BY hash(i))
            TO '{path}' (FORMAT parquet)"""
        )
