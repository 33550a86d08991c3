"""Two writers at once, kill -9 in the middle, a full disk: nothing lost, nothing doubled."""

import json
import signal
import threading
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest
from django.conf import settings as django_settings

from tests import forks
from tongqu.adapters.tables.catalogue import catalogue_uri
from tongqu.lake.public import engine, ods_ref, reset, store

TABLE = ods_ref("race")
SCHEMA = pa.schema([("writer", pa.int64()), ("n", pa.int64()), ("text", pa.string())])


def rows(writer: int, count: int) -> pa.Table:
    return pa.table(
        {"writer": [writer] * count, "n": list(range(count)), "text": ["x" * 50] * count}, SCHEMA
    )


@pytest.fixture
def table(lake: Path) -> Path:
    store().ensure(TABLE, SCHEMA)
    store().append(TABLE, rows(0, 10), summary={"batch": "0-0"})
    return lake


def start(lake: Path, writer: int, body: str) -> forks.Child:
    settings = {
        **django_settings.LAKE, "WAREHOUSE": str(lake), "CATALOG_URI": catalogue_uri(lake),
    }  # fmt: skip
    return forks.parent().start("tests.adapters.tables.writer:run", body, writer, LAKE=settings)


def counts() -> Counter[int]:
    with engine().relation("SELECT writer FROM t", tables={"t": TABLE}) as found:
        return Counter(found.arrow().column(0).to_pylist())


def test_threads_that_append_at_once_all_land(table: Path) -> None:
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            for batch in range(4):
                store().append(TABLE, rows(writer, 5), summary={"batch": f"{writer}-{batch}"})
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert counts() == {0: 10, 1: 20, 2: 20, 3: 20, 4: 20}
    assert len(store().snapshots(TABLE)) == 17
    assert store().orphans(older_than_seconds=0) == []


def test_processes_that_append_at_once_all_land(table: Path) -> None:
    body = """
        for batch in range(5):
            store().append(TABLE, rows(7), summary={"batch": f"{writer}-{batch}"})
    """
    running = [start(table, writer, body) for writer in (1, 2)]

    ends = [process.wait() for process in running]

    assert [end.returncode for end in ends] == [0, 0], ends
    assert counts() == {0: 10, 1: 35, 2: 35}
    assert {s.summary["batch"] for s in store().snapshots(TABLE)} == {
        "0-0", *(f"{w}-{b}" for w in (1, 2) for b in range(5)),
    }  # fmt: skip


@pytest.mark.parametrize("moment", ["data", "manifest", "metadata", "before_swap", "after_swap"])
def test_a_kill_in_the_middle_of_a_commit_leaves_all_or_nothing(table: Path, moment: str) -> None:
    """The process kills itself with SIGKILL at the named moment of its second commit."""
    body = f"""
        from pyiceberg.catalog.sql import SqlCatalog
        from pyiceberg.table.update import snapshot
        from tongqu.adapters.tables import datafiles
        store().append(TABLE, rows(7), summary={{"batch": "first"}})
        def die(*args, **kwargs):
            os.kill(os.getpid(), signal.SIGKILL)
        def die_after(function):
            def run(*args, **kwargs):
                found = function(*args, **kwargs)
                die()
                return found
            return run
        match "{moment}":
            case "data":
                datafiles.describe = die
            case "manifest":
                snapshot.write_manifest_list = die
            case "metadata":
                SqlCatalog._write_metadata = staticmethod(die_after(SqlCatalog._write_metadata))
            case "before_swap":
                import sqlalchemy.orm
                sqlalchemy.orm.Session.commit = die
            case "after_swap":
                SqlCatalog.commit_table = die_after(SqlCatalog.commit_table)
        store().append(TABLE, rows(1000), summary={{"batch": "second"}})
    """
    killed = start(table, 1, body).wait()

    assert killed.returncode == -signal.SIGKILL, killed.err
    has_landed = moment == "after_swap"
    assert counts() == {0: 10, 1: 1007 if has_landed else 7}
    assert (store().find(TABLE, "batch", "second") is not None) == has_landed
    assert len(store().orphans(older_than_seconds=0)) == (0 if has_landed else 1)
    store().append(TABLE, rows(2, 3))  # the next writer is not held up
    assert counts()[2] == 3


def test_a_full_disk_is_said_clearly_and_the_old_data_is_served_on(table: Path) -> None:
    """A real limit of the kernel on the size of a file stands for the full disk."""
    body = """
        import json
        from tongqu.lake.vocabulary import StorageFull
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
        table = pa.table({"writer": [writer] * 200_000, "n": list(range(200_000)),
                          "text": [os.urandom(40).hex() for _ in range(200_000)]})
        try:
            store().append(TABLE, table, summary={"batch": "big"})
        except StorageFull as error:
            print(json.dumps({"full": str(error)}))
    """

    ended = start(table, 1, body).wait()

    assert ended.returncode == 0, ended.err
    assert "full" in json.loads(ended.out)
    assert counts() == {0: 10}
    assert store().orphans(older_than_seconds=0) == []


def test_a_stream_larger_than_the_memory_limit_is_written(lake: Path) -> None:
    body = """
        batch = rows(50_000).to_batches()[0]
        store().ensure(TABLE, batch.schema)
        schema = batch.schema
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        reader = pa.RecordBatchReader.from_batches(schema, (batch for _ in range(200)))
        snapshot = store().append(TABLE, reader)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(snapshot.rows, (after - before) // 1024)
    """
    reset()
    ended = start(lake, 1, body).wait()

    assert ended.returncode == 0, ended.err
    stored, megabytes = map(int, ended.out.split()[-2:])  # a progress bar may come first
    assert stored == 10_000_000
    assert megabytes < 700  # ten million rows are 660 MB and more in Arrow
