"""What a PostgreSQL table costs on its way to a checked, ledgered snapshot.

Beside it the database's own ``COPY … TO '/dev/null'``, which no reader can beat, and dlt's
fastest path (ConnectorX or Arrow to Parquet) in figures. ``TONGQU_BENCH_ROWS`` sets the size.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.servers import Postgres, postgres

from bench._harness import Result, Timing, alternate

TARGET = 0.6
ROWS = 5_000_000
DLT = ("dlt[parquet,sql-database]>=1.20", "psycopg2-binary", "connectorx", "pandas")
TABLE = """CREATE TABLE passages AS SELECT i AS id, '示例'::text AS label,
  'G' || (i * 7919 % 500) AS gate, '2026-01-01'::timestamp + i * interval '13 seconds' AS passed_at,
  (i * 31 % 5 + 1)::int AS axle_class, (i * 17 % 9000) / 100.0::float8 AS weight,
  CASE WHEN i % 50 > 0 THEN (i * 101 % 140)::int END AS speed, i % 3 = 0 AS is_electronic
FROM generate_series(1::bigint, {rows}) i"""


def measure() -> Result:
    """Return COPY seconds over ours, for one table of generated rows (示例)."""
    rows = int(os.environ.get("TONGQU_BENCH_ROWS", ROWS))
    with postgres() as server:
        _fill(server, rows)
        os.environ["TONGQU_SCAN_ALLOWED"] = str(server.folder)
        os.environ["TONGQU_BENCH_PASSWORD"] = server.password
        ours, copy = alternate(
            ["bench._our_pull", server.address(), str(rows)],
            ["bench._copy_pull", server.uri()],
            rounds=3,
        )
        peers = {backend: _dlt(server, backend) for backend in ("connectorx", "pyarrow")}
    figures: dict[str, object] = {
        "rows": rows, "ours": ours.as_figure(), "copy_to_dev_null": copy.as_figure(),
        "ours_rows_per_second": round(rows / ours.median),
        "memory_below_1_gb": ours.peak_mb < 1024,
        **{f"dlt_{backend}": told for backend, (told, _) in peers.items()},
    }  # fmt: skip
    known = [seconds for _, seconds in peers.values() if seconds]
    figures["times_dlt"] = round(min(known) / ours.median, 2) if known else "not measured"
    return Result("pull", round(copy.median / ours.median, 3), TARGET, "higher", figures)


def _fill(server: Postgres, rows: int) -> None:
    with server.connect() as connection:
        connection.execute(TABLE.format(rows=rows))
        connection.execute("ALTER TABLE passages ADD PRIMARY KEY (id)")
        connection.execute("VACUUM ANALYZE passages")
        connection.execute("CHECKPOINT")


def _dlt(server: Postgres, backend: str) -> tuple[str, float | None]:
    """Run the peer in an environment of its own; a machine without the network has none."""
    packages = [part for package in DLT for part in ("--with", package)]
    command = ["uv", "run", "--isolated", "--no-project", "--python", sys.executable, *packages,
               "python", "-m", "bench._dlt_pull", str(server.folder), backend]  # fmt: skip
    root = Path(__file__).resolve().parent.parent
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=900,
                              check=True)  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return "not measured: dlt could not be installed or run here", None
    answer: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return Timing((answer["seconds"],), answer["peak_mb"]).as_figure(), answer["seconds"]
