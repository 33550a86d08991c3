"""Kill a hub that loads files and runs models, again and again; recover and look each time.

Beside ``_kills_run``, which kills the store of tables alone: here the ledger, the tables and
the models together must come out whole.
"""

import json
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from bench._kills_run import _child

GOOD, BAD = 400, 3
LAST = 9_999
DW = """-- layer: dw
-- name: dw_roads
-- title: 示例路网
-- library: base
-- owner: 990000-MH
-- keys: id
SELECT id::BIGINT AS id, name, file::INTEGER AS file FROM ods.ods_roads
QUALIFY row_number() OVER (PARTITION BY id ORDER BY _load_time DESC) = 1
"""
SVC = """-- layer: svc
-- name: svc_roads
-- library: service
-- owner: 990000-MH
-- keys: file
SELECT file, count(*) AS roads FROM dw_roads GROUP BY file
"""


def _start(home: Path) -> None:
    """Make a hub with a source and two models; leave no thread and no connection behind."""
    os.environ |= {
        "TONGQU_HOME": str(home), "DATABASE_URL": "", "TONGQU_WAREHOUSE": str(home / "lake"),
        "TONGQU_LAKE_CATALOG": "", "DJANGO_SETTINGS_MODULE": "tongqu.project.settings",
        "TONGQU_THREADS": "1",
    }  # fmt: skip
    import django

    django.setup()
    import pyarrow.parquet  # noqa: F401  # loaded once, for all children
    import sqlglot  # noqa: F401

    import tongqu.adapters.engines.duck
    import tongqu.adapters.sources.files.connector
    import tongqu.adapters.tables.iceberg  # noqa: F401  # likewise


def _set_up() -> None:
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    from tongqu.catalog.vocabulary import DataType
    from tongqu.identity.actions.seed_example import seed_example
    from tongqu.identity.models import Organisation
    from tongqu.ingest import public as ingest
    from tongqu.ingest.vocabulary import ColumnSpec
    from tongqu.kernel.actor import PLATFORM
    from tongqu.lake import public as lake

    # Straight from the models: the history of the tables is not what is tried here.
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    call_command("migrate", verbosity=0, run_syncdb=True)
    seed_example(by=PLATFORM)
    provider = Organisation.objects.filter(is_example=True).order_by("pk").first()
    if provider is None:
        raise RuntimeError("no example organisation")
    columns = (
        ColumnSpec("id", DataType.INTEGER, is_key=True, nullable=False),
        ColumnSpec("name", DataType.STRING, length=20),
        ColumnSpec("file", DataType.INTEGER),
    )
    ingest.register_source(
        code="roads", name="示例路网", provider_id=provider.pk, by=PLATFORM, columns=columns
    )
    lake.install_models("示例", [("a.sql", DW), ("b.sql", SVC)], by=PLATFORM)


def _work(home: Path, seed: int, steps: int = 1000) -> None:
    """Load file after file and run what is due, until the kill; note what was acknowledged."""
    from tongqu.ingest import public as ingest
    from tongqu.kernel import jobs
    from tongqu.kernel.actor import PLATFORM

    incoming = home / "in"
    incoming.mkdir(exist_ok=True)
    with (home / "acked.txt").open("a") as log:
        for step in range(steps):
            number = seed * 1000 + step
            path = incoming / f"{number}.csv"
            path.write_text(
                "id,name,file\n"
                + "".join(f"{number * GOOD + n},路{n},{number}\n" for n in range(GOOD))
                + f"x,坏,{number}\n" * BAD
            )
            ingest.load("roads", path, by=PLATFORM)
            log.write(f"{number}\n")
            log.flush()
            os.fsync(log.fileno())
            jobs.run("lake.models")


def _look(home: Path, *, is_last: bool) -> list[str]:
    """Recover as a restarted hub does, and return what is wrong then."""
    from tongqu.ingest import public as ingest
    from tongqu.ingest.models import Batch
    from tongqu.kernel import jobs
    from tongqu.kernel.actor import PLATFORM
    from tongqu.lake.public import dw_ref, engine, ods_ref, quarantine_ref, store, svc_ref

    ingest.recover(by=PLATFORM)
    if is_last:
        _work(home, LAST, 1)  # each load clears away what dead processes left
    jobs.run("lake.models")
    wrong = [
        f"batch {b.number} {b.state}: {b.received} != {b.stored}+{b.rejected}+{b.duplicate}"
        for b in Batch.objects.all()
        if b.state != "closed" or b.received != b.stored + b.rejected + b.duplicate
    ]

    def counts(ref: object, sql: str) -> dict[int, tuple[int, ...]]:
        if not store().exists(ref) or store().current(ref) is None:
            return {}
        with engine().relation(sql, tables={"t": ref}) as found:
            return {row["file"]: tuple(row.values())[1:] for row in found.arrow().to_pylist()}

    by_file = (
        "SELECT file::INTEGER AS file, count(*) AS c, count(DISTINCT id) AS d FROM t GROUP BY ALL"
    )
    stored, built = counts(ods_ref("roads"), by_file), counts(dw_ref("roads"), by_file)
    served = counts(svc_ref("roads"), "SELECT file, roads FROM t WHERE _op <> 'D'")
    wrong += [f"ods {f}: {c}" for f, c in stored.items() if c != (GOOD, GOOD)]
    if built != stored:
        wrong.append(f"dw has {len(built)} files of {len(stored)}")
    if served != dict.fromkeys(stored, (GOOD,)):
        wrong.append(f"svc has {len(served)} files of {len(stored)}")
    acked = home / "acked.txt"
    known = {int(n) for n in acked.read_text().split()} if acked.exists() else set()
    wrong += [f"lost: {number}" for number in known - set(stored)]
    side = quarantine_ref("roads")
    if stored and store().exists(side):
        rows = engine().relation("SELECT count(*) FROM t", tables={"t": side}).scalar()
        if rows != BAD * len(stored):
            wrong.append(f"quarantine has {rows} rows for {len(stored)} files")
    for ref in store().list() if is_last else ():
        wrong += [f"damaged: {damage.file.uri}" for damage in store().scrub(ref).damages]
    if is_last:
        wrong += [str(path) for path in (home / "landing").glob("work-*")]
        store().clean(older_than_seconds=0)
        wrong += [f"leaked: {path}" for path in store().orphans(older_than_seconds=0)]
    return wrong


def _reported(home: Path, *, is_last: bool) -> bool:
    wrong = _look(home, is_last=is_last)
    for line in wrong[:5]:
        print(line, file=sys.stderr, flush=True)
    return bool(wrong)


def _waited(pid: int) -> int:
    return os.waitpid(pid, 0)[1]


def rounds_in(folder: str, rounds: int, seed: int) -> int:
    """Do the rounds in a hub's empty data folder; this process has loaded everything."""
    chance, home = random.Random(seed), Path(folder)
    bad = killed = 0
    if _waited(_child(_set_up)):
        raise RuntimeError("the hub could not be set up")
    began = time.monotonic()
    if _waited(_child(_work, home, 0, 1)):
        raise RuntimeError("a load without a kill did not go through")
    one = time.monotonic() - began  # kills fall into the first files, however slow it is here
    for number in range(rounds):
        pid = _child(_work, home, number + 1)
        time.sleep(chance.uniform(0.1, 2.5) * one)
        os.kill(pid, signal.SIGKILL)
        killed += os.WIFSIGNALED(_waited(pid))
        bad += _waited(_child(_reported, home, is_last=number == rounds - 1)) != 0
        print(f"{number + 1}/{rounds}", file=sys.stderr, flush=True)
    acked = home / "acked.txt"
    files = len(acked.read_text().split()) if acked.exists() else 0
    print(json.dumps({"rounds": rounds, "killed": killed, "bad": bad, "files": files}))
    return 1 if bad else 0


def main(rounds: int, seed: int) -> int:
    with tempfile.TemporaryDirectory(prefix="tongqu-kills-") as folder:
        _start(Path(folder))
        return rounds_in(folder, rounds, seed)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
