"""Twelve of the rules in pandera, over Polars; prints counts and seconds."""

import json
import resource
import sys
import time

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

from bench import _quality_rules as rules


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        files = json.load(file)["files"]
    columns = {
        "vehicle_plate": pa.Column(
            checks=pa.Check.str_matches(f"^{rules.PLATE}$", error="plate.shape"), nullable=False
        ),
        "terminal_id": pa.Column(
            checks=pa.Check.str_length(max_value=20, error="terminal.length"), nullable=True
        ),
    }
    for name, (low, high) in rules.RANGES.items():
        columns[name] = pa.Column(
            checks=pa.Check.in_range(low, high, error=f"{name}.range"), nullable=True
        )
    for name, codes in rules.CODES.items():
        columns[name] = pa.Column(checks=pa.Check.isin(codes, error=f"{name}.codes"), nullable=True)
    started, before = time.perf_counter(), time.process_time()
    frame = pl.read_parquet(files, columns=rules.COLUMNS).with_columns(
        pl.col(list(rules.RANGES)).cast(pl.Float64)
    )
    counts: dict[str, int] = {}
    try:
        pa.DataFrameSchema(columns).validate(frame, lazy=True)
    except SchemaErrors as found:
        cases = found.failure_cases
        counts = dict(cases.group_by("check").len().iter_rows())
    seconds = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {"seconds": seconds, "cpu": used.ru_utime + used.ru_stime - before,
             "peak_mb": used.ru_maxrss / 1024, "counts": counts}
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
