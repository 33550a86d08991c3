"""Convert one CSV to Parquet with the engine alone: no checks, no hashes, no ledger."""

import sys
import tempfile
from pathlib import Path

import duckdb

from bench._lap import Laps


def main() -> None:
    laps = Laps()
    with tempfile.TemporaryDirectory(prefix="tongqu-bench-") as folder:
        target = Path(folder) / "out.parquet"
        connection = duckdb.connect(config={"threads": 2, "memory_limit": "2048MB"})
        with laps.lap():
            connection.execute(
                f"COPY (SELECT * FROM read_csv('{sys.argv[1]}'))"
                f" TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
            )
    laps.tell()


if __name__ == "__main__":
    main()
