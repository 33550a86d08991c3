"""The same answers by SQL written by hand: ``best`` or ``naive``."""

import json
import os
import resource
import sys
import time

import duckdb

from bench import _quality_rules as rules


def main() -> None:
    which, listed, threads, memory, spill = sys.argv[1:6]
    with open(listed, encoding="utf-8") as file:
        files = json.load(file)["files"]
    connection = duckdb.connect(
        config={"threads": int(threads), "memory_limit": f"{memory}MB", "temp_directory": spill}
    )
    connection.execute("SET parquet_metadata_cache = true")
    view = connection.read_parquet(files)
    view.create_view("t")
    statements = rules.best() if which == "best" else rules.naive()
    before, started = os.times(), time.perf_counter()
    row: dict[str, int] = {}
    for sql in statements:
        row |= connection.execute(sql).to_arrow_table().to_pylist()[0]
    seconds, after = time.perf_counter() - started, os.times()
    print(
        json.dumps(
            {
                "seconds": seconds,
                "cpu": sum(after[:2]) - sum(before[:2]),
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "counts": row,
            }
        )
    )


if __name__ == "__main__":
    main()
