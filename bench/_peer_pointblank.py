"""Twelve of the rules in pointblank, over Polars; prints counts and seconds."""

import json
import resource
import sys
import time

import pointblank as pb
import polars as pl

from bench import _quality_rules as rules


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        files = json.load(file)["files"]
    started, before = time.perf_counter(), time.process_time()
    frame = pl.read_parquet(files, columns=rules.COLUMNS).with_columns(
        pl.col(list(rules.RANGES)).cast(pl.Float64)
    )
    checks = pb.Validate(frame).col_vals_not_null("vehicle_plate")
    checks = checks.col_vals_regex("vehicle_plate", f"^{rules.PLATE}$")
    order = ["plate.filled", "plate.shape"]
    for name, (low, high) in rules.RANGES.items():
        checks = checks.col_vals_between(name, low, high, na_pass=True)
        order.append(f"{name}.range")
    for name, codes in rules.CODES.items():
        checks = checks.col_vals_in_set(name, codes)
        order.append(f"{name}.codes")
    done = checks.interrogate(collect_extracts=False)
    seconds = time.perf_counter() - started
    failed = done.n_failed()
    counts = {code: int(failed[at]) for at, code in enumerate(order, start=1)}
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {"seconds": seconds, "cpu": used.ru_utime + used.ru_stime - before,
             "peak_mb": used.ru_maxrss / 1024, "counts": counts}
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
