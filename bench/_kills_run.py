"""Kill a process that writes, compacts, forgets and cleans, again and again; look each time.

This process imports everything and starts no thread, so that every round is a cheap fork:
one child works until it is killed, another looks at what it left.
"""

import json
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

ROWS = 50


def _start(home: Path) -> None:
    os.environ |= {
        "TONGQU_HOME": str(home), "DATABASE_URL": "", "TONGQU_WAREHOUSE": str(home / "lake"),
        "DJANGO_SETTINGS_MODULE": "tongqu.project.settings",
    }  # fmt: skip
    import django

    django.setup()
    import pyarrow.parquet  # noqa: F401  # loaded once, for all children

    import tongqu.adapters.engines.duck
    import tongqu.adapters.tables.compaction
    import tongqu.adapters.tables.iceberg  # noqa: F401  # likewise


def _work(acked: Path, seed: int) -> None:
    """Do random things to two tables until the kill; what was acknowledged is written down."""
    import pyarrow as pa

    from tongqu.lake.public import dw_ref, ods_ref, store

    chance = random.Random(seed)
    added, replaced = ods_ref("killed"), dw_ref("killed")
    schema = pa.schema([("batch", pa.string()), ("n", pa.int64())])
    for ref in (added, replaced):
        store().ensure(ref, schema, {"tongqu.keys": "batch,n"})
    with acked.open("a") as log:
        for step in range(10_000):
            batch = f"{seed}-{step}"
            rows = pa.table({"batch": [batch] * ROWS, "n": list(range(ROWS))}, schema)
            match chance.choice(["append"] * 4 + ["overwrite", "compact", "expire", "clean"]):
                case "append":
                    store().append(added, rows, summary={"batch": batch})
                    log.write(batch + "\n")
                    log.flush()
                    os.fsync(log.fileno())
                case "overwrite":
                    store().overwrite(replaced, rows)
                case "compact":
                    store().compact(added, target_bytes=1 << 20, least_files=3)
                case "expire":
                    keep = {s.id for s in store().snapshots(added)[-2:]}
                    store().expire(added, frozenset(keep))
                case _:
                    store().clean(older_than_seconds=0)  # this is the only writer


def _look(acked: Path, *, is_last: bool) -> list[str]:
    """Return what is wrong with the tables now."""
    from tongqu.lake.public import dw_ref, engine, ods_ref, store

    added, replaced = ods_ref("killed"), dw_ref("killed")
    wrong = []
    known = set(acked.read_text().split()) if acked.exists() else set()
    sql = "SELECT batch, count(*) AS c, count(DISTINCT n) AS d FROM t GROUP BY batch"
    counts = {}
    for ref in (added, replaced):
        if not store().exists(ref):
            continue
        with engine().relation(sql, tables={"t": ref}) as found:
            rows = found.arrow().to_pylist()
        wrong += [f"{ref}: {r}" for r in rows if (r["c"], r["d"]) != (ROWS, ROWS)]
        if ref == added:
            counts = {row["batch"] for row in rows}
        elif len(rows) > 1:
            wrong.append(f"{ref}: two overwrites at once")
        wrong += [f"damaged: {damage.file.uri}" for damage in store().scrub(ref).damages]
    wrong += [f"lost: {batch}" for batch in known - set(counts)]
    if is_last:
        store().clean(older_than_seconds=0)
        wrong += [f"leaked: {path}" for path in store().orphans(older_than_seconds=0)]
        if left := store().clean(older_than_seconds=0).files:
            wrong.append(f"{left} files outlived a cleaning")
    return wrong


def _child(work: "object", *arguments: object, **options: object) -> int:
    sys.stdout.flush()
    if (pid := os.fork()) == 0:
        code = 1
        try:
            code = 0 if not work(*arguments, **options) else 3  # type: ignore[operator]  # a function
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        finally:
            os._exit(code)
    return pid


def _reported(acked: Path, *, is_last: bool) -> bool:
    wrong = _look(acked, is_last=is_last)
    for line in wrong[:5]:
        print(line, file=sys.stderr, flush=True)
    return bool(wrong)


def rounds_in(home: str, rounds: int, seed: int) -> int:
    """Do the rounds in a hub's empty data folder; this process has loaded everything."""
    chance = random.Random(seed)
    bad = killed = 0
    acked = Path(home) / "acked.txt"
    for number in range(rounds):
        pid = _child(_work, acked, seed * 100_000 + number)
        time.sleep(chance.uniform(0.05, 1.5))
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        killed += os.WIFSIGNALED(status)
        looker = _child(_reported, acked, is_last=number == rounds - 1)
        bad += os.waitpid(looker, 0)[1] != 0
        print(f"{number + 1}/{rounds}", file=sys.stderr, flush=True)
    batches = len(acked.read_text().split()) if acked.exists() else 0
    print(json.dumps({"rounds": rounds, "killed": killed, "bad": bad, "batches": batches}))
    return 1 if bad else 0


def main(rounds: int, seed: int) -> int:
    with tempfile.TemporaryDirectory(prefix="tongqu-kills-") as folder:
        _start(Path(folder))
        return rounds_in(folder, rounds, seed)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
