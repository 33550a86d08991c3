"""Four writers and four readers on one table; a compaction now and then in between."""

import json
import os
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from bench._kills_run import ROWS, _child, _start


def _table() -> "tuple[object, object]":
    import pyarrow as pa

    from tongqu.lake.public import ods_ref

    return ods_ref("busy"), pa.schema([("batch", pa.string()), ("n", pa.int64())])


def _make() -> None:
    from tongqu.lake.public import store

    ref, schema = _table()
    store().ensure(ref, schema, {"tongqu.keys": "batch,n"})  # type: ignore[arg-type]  # a pair


def _write(writer: int, until: float, note: Path) -> None:
    import pyarrow as pa

    from tongqu.lake.public import store
    from tongqu.lake.vocabulary import Conflict

    ref, schema = _table()
    done = 0
    while time.monotonic() < until:
        batch = f"{writer}-{done}"
        rows = pa.table({"batch": [batch] * ROWS, "n": list(range(ROWS))}, schema)
        store().append(ref, rows)  # type: ignore[arg-type]  # as above
        done += 1
        note.write_text(str(done))
        if writer == 0 and done % 10 == 0:
            with suppress(Conflict):  # another compaction, or nothing to gain
                store().compact(ref, target_bytes=1 << 20, least_files=5)  # type: ignore[arg-type]  # as above


def _read(reader: int, until: float, note: Path) -> bool:
    from tongqu.lake.public import engine

    ref, _ = _table()
    sql = (
        "SELECT count(*) AS total, count(*) FILTER (c <> 50 OR d <> 50) AS torn, sum(c) AS rows "
        "FROM (SELECT batch, count(*) AS c, count(DISTINCT n) AS d FROM t GROUP BY batch)"
    )
    last = reads = 0
    while time.monotonic() < until:
        with engine().relation(sql, tables={"t": ref}) as found:  # type: ignore[dict-item]  # as above
            (row,) = found.arrow().to_pylist()
        if row["torn"] or int(row["rows"] or 0) < last:
            print(f"reader {reader}: {row} after {last}", file=sys.stderr, flush=True)
            return True
        last, reads = int(row["rows"] or 0), reads + 1
        note.write_text(str(reads))
    return False


def _total(want: int) -> bool:
    from tongqu.lake.public import engine

    ref, _ = _table()
    with engine().relation("SELECT count(*) FROM t", tables={"t": ref}) as found:  # type: ignore[dict-item]  # as above
        rows = found.scalar()
    print(f"{rows} rows of {want}", file=sys.stderr, flush=True)
    return rows != want


def seconds_in(folder: str, seconds: float) -> int:
    """Write and read in a hub's empty data folder; this process has loaded everything."""
    home = Path(folder)
    bad = os.waitpid(_child(_make), 0)[1] != 0
    until = time.monotonic() + seconds
    notes = [home / f"{kind}{n}" for kind in "wr" for n in range(4)]
    running = [
        _child(_write if at < 4 else _read, at % 4, until, note) for at, note in enumerate(notes)
    ]
    bad += sum(os.waitpid(pid, 0)[1] != 0 for pid in running)
    counts = [int(note.read_text()) if note.exists() else 0 for note in notes]
    commits, reads = sum(counts[:4]), sum(counts[4:])
    bad += os.waitpid(_child(_total, commits * ROWS), 0)[1] != 0
    print(json.dumps({"seconds": seconds, "commits": commits, "reads": reads, "bad": int(bad)}))
    return 1 if bad else 0


def main(seconds: float) -> int:
    with tempfile.TemporaryDirectory(prefix="tongqu-busy-") as folder:
        _start(Path(folder))
        return seconds_in(folder, seconds)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
