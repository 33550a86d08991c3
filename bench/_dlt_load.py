"""The peer: dlt from the same file to Parquet, by Arrow's reader. Its own environment."""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator


def main() -> None:
    import dlt
    import pyarrow as pa
    from pyarrow import csv

    @dlt.resource(name="passages")
    def passages() -> Iterator["pa.Table"]:
        options = csv.ReadOptions(block_size=32 << 20)
        for batch in csv.open_csv(sys.argv[1], read_options=options):
            yield pa.Table.from_batches([batch])

    with tempfile.TemporaryDirectory() as place:
        pipeline = dlt.pipeline(
            "bench", pipelines_dir=f"{place}/state", dataset_name="bench",
            destination=dlt.destinations.filesystem(bucket_url=f"file://{place}/out"),
        )  # fmt: skip
        before, started = _cpu(), time.perf_counter()
        pipeline.run(passages(), loader_file_format="parquet")
        seconds, cpu = time.perf_counter() - started, _cpu() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak, "cpu": cpu}))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
