"""Twelve of the rules as one aggregate of Spark on this machine; prints counts and seconds."""

import json
import sys
import time

from pyspark.sql import SparkSession

from bench import _quality_rules as rules


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        files = json.load(file)["files"]
    spark = (
        SparkSession.builder.master(f"local[{sys.argv[2]}]")
        .config("spark.driver.memory", f"{sys.argv[3]}m")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    spark.read.parquet(*files).createOrReplaceTempView("t")
    rows = {code: sql for code, sql in rules.row_predicates().items() if code != "time.late"}
    rows["plate.shape"] = f"NOT regexp_like(vehicle_plate, '^{rules.PLATE}$')"
    counts = ", ".join(f"count_if({sql}) AS `{code}`" for code, sql in rows.items())
    started = time.perf_counter()
    found = spark.sql(f"SELECT {counts} FROM t").collect()[0].asDict()
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "counts": found}))


if __name__ == "__main__":
    main()
