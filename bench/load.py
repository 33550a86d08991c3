"""What a checked, ledgered snapshot costs beside a raw conversion of the same file."""

import tempfile
from pathlib import Path

from bench._harness import Result, alternate

TARGET = 0.75
ROWS = 2_000_000


def measure() -> Result:
    """Return raw seconds over ours for one CSV of two million generated rows (示例)."""
    with tempfile.TemporaryDirectory(prefix="tongqu-bench-") as folder:
        path = Path(folder) / "passages-shili.csv"
        generate(path, ROWS)
        size = path.stat().st_size / 2**20
        ours, raw = alternate(["bench._our_load", str(path)], ["bench._raw_load", str(path)],
                              rounds=3)  # fmt: skip
    figures: dict[str, object] = {
        "rows": ROWS,
        "file_mb": round(size, 1),
        "ours": ours.as_figure(),
        "raw": raw.as_figure(),
        "ours_rows_per_second": round(ROWS / ours.median),
    }
    return Result("load", round(raw.median / ours.median, 3), TARGET, "higher", figures)


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
