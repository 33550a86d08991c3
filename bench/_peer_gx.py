"""Twelve of the rules in Great Expectations, over pandas; prints counts and seconds."""

import json
import resource
import sys
import time

import great_expectations as gx
import pandas as pd

from bench import _quality_rules as rules


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        files = json.load(file)["files"]
    started, before = time.perf_counter(), time.process_time()
    frame = pd.concat([pd.read_parquet(path, columns=rules.COLUMNS) for path in files])
    for name in rules.RANGES:
        frame[name] = frame[name].astype(float)
    expected = gx.expectations
    wanted = {
        "plate.filled": expected.ExpectColumnValuesToNotBeNull(column="vehicle_plate"),
        "plate.shape": expected.ExpectColumnValuesToMatchRegex(
            column="vehicle_plate", regex=f"^{rules.PLATE}$"
        ),
        "terminal.length": expected.ExpectColumnValueLengthsToBeBetween(
            column="terminal_id", max_value=20
        ),
    }
    for name, (low, high) in rules.RANGES.items():
        wanted[f"{name}.range"] = expected.ExpectColumnValuesToBeBetween(
            column=name, min_value=low, max_value=high
        )
    for name, codes in rules.CODES.items():
        wanted[f"{name}.codes"] = expected.ExpectColumnValuesToBeInSet(column=name, value_set=codes)
    context = gx.get_context(mode="ephemeral")
    batch = (
        context.data_sources.add_pandas("p")
        .add_dataframe_asset("a")
        .add_batch_definition_whole_dataframe("b")
        .get_batch({"dataframe": frame})
    )
    suite = gx.ExpectationSuite(name="s", expectations=list(wanted.values()))
    result = batch.validate(suite, result_format="BASIC")
    seconds = time.perf_counter() - started
    counts = {
        code: one.result["unexpected_count"]
        for code, one in zip(wanted, result.results, strict=True)
    }
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {"seconds": seconds, "cpu": used.ru_utime + used.ru_stime - before,
             "peak_mb": used.ru_maxrss / 1024, "counts": counts}
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
