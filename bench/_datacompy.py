"""The peer: datacompy over the same two tables, in memory before the clock starts."""

import json
import resource
import sys
import time


def main() -> None:
    import datacompy

    left, right, backend = sys.argv[1:4]
    if backend == "polars":
        import polars

        frames = [polars.read_parquet(path).drop("told_at") for path in (left, right)]
        compare = datacompy.PolarsCompare
    else:
        import pandas

        frames = [pandas.read_parquet(path).drop(columns="told_at") for path in (left, right)]
        compare = getattr(datacompy, "PandasCompare", None) or datacompy.Compare
    before, started = _cpu(), time.perf_counter()
    found = compare(*frames, join_columns=["uscc"])
    differ = {row["column"]: int(row["unequal_cnt"]) for row in found.column_stats}
    seconds, cpu = time.perf_counter() - started, _cpu() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak, "cpu": cpu, **differ}))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
