"""The peer: dlt from the same table to Parquet files, by the backend named. Its own environment."""

import json
import resource
import sys
import tempfile
import time
from urllib.parse import quote


def main() -> None:
    import dlt
    from dlt.sources.sql_database import sql_table

    folder, backend = sys.argv[1], sys.argv[2]
    address = f"postgresql+psycopg2://postgres@/postgres?host={folder}"
    given = {}
    if backend == "connectorx":
        socket = f"postgresql://postgres@{quote(folder, safe='')}/postgres"
        given = {"backend_kwargs": {"conn": socket}}
    with tempfile.TemporaryDirectory() as place:
        pipeline = dlt.pipeline(
            "bench", pipelines_dir=f"{place}/state", dataset_name="bench",
            destination=dlt.destinations.filesystem(bucket_url=f"file://{place}/out"),
        )  # fmt: skip
        table = sql_table(address, table="passages", backend=backend, chunk_size=100_000, **given)
        started = time.perf_counter()
        pipeline.run(table, loader_file_format="parquet")
        seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak}))


if __name__ == "__main__":
    main()
