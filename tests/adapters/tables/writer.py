"""What a writer in a process of its own does to a table, which a test may kill."""

import os
import resource
import signal
import textwrap
from typing import Any

import pyarrow as pa

from tongqu.lake.public import ods_ref, store

TABLE = ods_ref("race")


def run(body: str, writer: int, environment: dict[str, str] | None = None) -> None:
    """Run the lines of a test: they know the store, a table, who writes, and how to die."""
    os.environ.update(environment or {})

    def rows(count: int) -> pa.Table:
        texts = ["x" * 50] * count
        return pa.table({"writer": [writer] * count, "n": list(range(count)), "text": texts})

    known: dict[str, Any] = {
        "TABLE": TABLE, "ods_ref": ods_ref, "os": os, "pa": pa, "resource": resource,
        "rows": rows, "signal": signal, "store": store, "writer": writer,
    }  # fmt: skip
    exec(textwrap.dedent(body), known)  # the test's own lines
