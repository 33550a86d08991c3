"""What a hub in a process of its own does, which a test may kill: see ``tests.forks``.

A point names where the process sends itself SIGKILL; the product knows nothing of it, it is
patched in here.
"""

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

POINTS = ("opened", "half-landed", "landed", "half-sorted", "quarantined", "before-append",
          "after-append", "closing")  # fmt: skip


def start() -> None:
    """Begin in an interpreter of its own, where no parent has loaded everything."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongqu.project.settings"
    import django

    django.setup()


def migrate() -> None:
    """Make the tables straight from the models: their history is not what is tried here."""
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("migrate", run_syncdb=True, verbosity=0)


def die(*_: Any, **__: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(10)


def die_after(
    function: Callable[..., Any], when: Callable[..., bool] = lambda *_: True
) -> Callable[..., Any]:
    def patched(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        if when(*args):
            die()
        return result

    return patched


def plant(point: str) -> None:
    from tongqu.adapters.sources.files import connector, landing, sorting
    from tongqu.adapters.tables.iceberg import IcebergStore
    from tongqu.ingest.actions import settle

    is_ods = lambda self, ref, *_: ref.layer == "ods"  # noqa: E731
    append = IcebergStore.append
    match point:
        case "opened":
            connector.FileConnector.land = die
        case "half-landed":
            landing.os.fsync = die
        case "landed":
            settle.note = die_after(settle.note)
        case "half-sorted":
            sorting._write_accepted = die_after(sorting._write_accepted)
        case "quarantined":
            IcebergStore.append = die_after(append, lambda *args: not is_ods(*args))
        case "before-append":
            IcebergStore.append = lambda self, ref, data, **kw: (
                die() if ref.layer == "ods" else append(self, ref, data, **kw)
            )
        case "after-append":
            IcebergStore.append = die_after(append, is_ods)
        case "closing":
            settle.close = die


def setup() -> None:
    from tests import world
    from tests.db.ingest.conftest import COLUMNS
    from tongqu.ingest import public as ingest

    migrate()
    people = world.build()
    ingest.register_source(
        code="roads", name="示例路网", provider_id=people.organisations["990000-MH"].pk,
        by=people.actor("cataloguer"), columns=COLUMNS,
    )  # fmt: skip


def setup_pull(database: str) -> None:
    """A source that is pulled from a SQLite file, 100 rows a piece."""
    from tests import world
    from tests.db.ingest.conftest import COLUMNS
    from tongqu.ingest import public as ingest
    from tongqu.ingest.actions.connections import Plan

    migrate()
    people = world.build()
    by, provider = people.actor("cataloguer"), people.organisations["990000-MH"].pk
    ingest.register_connection(
        code="there", name="示例", connector="database", provider_id=provider, by=by,
        address=f"sqlite:///{database}",
    )  # fmt: skip
    ingest.register_source(
        code="roads", name="示例路网", provider_id=provider, by=by, columns=COLUMNS
    )
    ingest.plan_pull("roads", Plan("there", what="roads", piece_rows=100), by=by)


def pull(pieces: str = "", point: str = "before-append") -> None:
    """Pull; with a number, die at a point of the piece behind so many."""
    from tongqu.ingest import public as ingest
    from tongqu.ingest.actions import load
    from tongqu.kernel.actor import PLATFORM

    if pieces:
        original, seen = load.load_piece, [0]

        def counted(*args: Any, **kwargs: Any) -> Any:
            seen[0] += 1
            if seen[0] > int(pieces):
                plant(point)
            return original(*args, **kwargs)

        load.load_piece = counted
    run = ingest.pull("roads", by=PLATFORM)
    steps = [line["step"] for line in run.log]
    print(json.dumps({**standing(), "state": run.state, "run": run.stored, "steps": steps,
                      "resumed_from": run.resumed_from, "attempt": run.attempt}))  # fmt: skip


def load(path: str, point: str = "") -> None:
    from tongqu.ingest import public as ingest
    from tongqu.kernel.actor import PLATFORM

    if point:
        plant(point)
    batch = ingest.load("roads", Path(path), by=PLATFORM)
    print(json.dumps({"number": batch.number, "stored": batch.stored}))


def recover() -> None:
    """Recover twice and tell how everything stands: one process, since a start is slow."""
    from tongqu.ingest import public as ingest
    from tongqu.kernel.actor import PLATFORM

    first, second = ([batch.number for batch in ingest.recover(by=PLATFORM)] for _ in range(2))
    print(json.dumps({"finished": first, "again": second, **standing()}))


def report() -> None:
    print(json.dumps(standing()))


def standing() -> dict[str, Any]:
    from tongqu.ingest.models import Batch
    from tongqu.lake import public as lake

    def rows(ref: Any, sql: str) -> Any:
        if not lake.store().exists(ref) or lake.store().current(ref) is None:
            return 0
        return lake.engine().relation(sql, tables={"t": ref}).scalar()

    names = ("number", "state", "received", "stored", "rejected", "duplicate", "resumed_from",
             "note")  # fmt: skip
    ods, side = lake.ods_ref("roads"), lake.quarantine_ref("roads")
    return {
        "rows": rows(ods, "SELECT count(*) FROM t"),
        "ids": rows(ods, "SELECT count(DISTINCT id) FROM t"),
        "quarantined": rows(side, "SELECT count(*) FROM t"),
        "batches": [dict(b) for b in Batch.objects.order_by("pk").values(*names)],
        "logs": [b.log for b in Batch.objects.order_by("pk")],
    }
