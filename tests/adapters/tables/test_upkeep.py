"""Keeping house: files are made larger, forgotten and cleaned, and no row is touched."""

import os
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tongqu.adapters.tables import compaction
from tongqu.lake.public import engine, ods_ref, store
from tongqu.lake.vocabulary import Conflict, Harm, StoredKind

TABLE = ods_ref("kept")
SCHEMA = pa.schema([("id", pa.int64()), ("text", pa.string())])


def rows(*ids: int) -> pa.Table:
    return pa.table({"id": list(ids), "text": [f"示例{i}" for i in ids]}, SCHEMA)


def ids(at: int | None = None) -> list[int]:
    source = (TABLE, at) if at else TABLE
    with engine().relation("SELECT id FROM t ORDER BY id", tables={"t": source}) as found:
        return found.arrow().column(0).to_pylist()


@pytest.fixture
def table(lake: Path) -> Path:
    store().ensure(TABLE, SCHEMA, {"tongqu.keys": "id"})
    for n in range(6):
        store().append(TABLE, rows(20 - n, n), summary={"batch": str(n)})
    return lake


def test_small_files_become_one_sorted_by_the_key_and_the_rows_stay(table: Path) -> None:
    before = store().current(TABLE)

    done = store().compact(TABLE, target_bytes=1 << 20)

    assert (done.before, done.after, done.rows) == (6, 1, 12)
    assert ids() == sorted([*range(6), *range(15, 21)])
    (path,) = store().files(TABLE)
    assert pq.read_table(path).column("id").to_pylist() == ids()
    assert ids(before.id) == ids()  # the former snapshot is readable still
    assert store().compact(TABLE, target_bytes=1 << 20) is None
    store().append(TABLE, rows(99))
    assert len(ids()) == 13


def test_files_are_packed_up_to_the_target_size(table: Path) -> None:
    size = os.stat(store().files(TABLE)[0]).st_size

    done = store().compact(TABLE, target_bytes=size * 2 + 100)

    assert (done.before, done.after) == (6, 3)
    assert len(ids()) == 12


def test_rows_added_while_files_are_rewritten_stay(table: Path, monkeypatch) -> None:
    real = compaction.rewrite

    def slow(*args, **kwargs):
        found = real(*args, **kwargs)
        store().append(TABLE, rows(77))
        return found

    monkeypatch.setattr(compaction, "rewrite", slow)

    store().compact(TABLE, target_bytes=1 << 20)

    assert 77 in ids()
    assert len(ids()) == 13
    assert len(store().files(TABLE)) == 2


def test_a_rewrite_that_lost_to_an_overwrite_gives_way(table: Path, monkeypatch) -> None:
    real = compaction.rewrite

    def slow(*args, **kwargs):
        found = real(*args, **kwargs)
        store().overwrite(TABLE, rows(5))
        return found

    monkeypatch.setattr(compaction, "rewrite", slow)

    with pytest.raises(Conflict):
        store().compact(TABLE, target_bytes=1 << 20)

    assert ids() == [5]
    assert store().orphans(older_than_seconds=0) == []


def test_a_rewrite_that_changes_a_row_is_never_committed(table: Path, monkeypatch) -> None:
    monkeypatch.setattr(compaction, "_order", lambda *_: " WHERE id < 18")
    before = store().current(TABLE)

    with pytest.raises(compaction.RowsDiffer):
        store().compact(TABLE, target_bytes=1 << 20)

    assert store().current(TABLE) == before
    assert store().orphans(older_than_seconds=0) == []


def test_forgotten_snapshots_leave_files_that_the_next_cleaning_removes(table: Path) -> None:
    tagged = store().snapshots(TABLE)[1]
    store().tag(TABLE, "v1", tagged.id)
    store().compact(TABLE, target_bytes=1 << 20)
    everything = ids()

    assert store().expire(TABLE, keep=frozenset()) == 5

    assert [s.id for s in store().snapshots(TABLE)] == [tagged.id, store().current(TABLE).id]
    assert len(store().orphans(older_than_seconds=0)) == 4
    cleaned = store().clean(older_than_seconds=0)
    assert cleaned.files > 4
    assert store().orphans(older_than_seconds=0) == []
    assert ids() == everything
    assert ids(tagged.id) == [0, 1, 19, 20]
    assert store().scrub(TABLE).damages == ()
    assert store().clean(older_than_seconds=0).files == 0
    store().untag(TABLE, "v1")
    assert store().tags(TABLE) == {}
    assert store().expire(TABLE, keep=frozenset()) == 1


def test_a_young_file_that_nobody_names_is_left_alone(table: Path, tmp_path: Path) -> None:
    """It may be the file of a commit under way, though its bytes are old: a link is young."""
    old = tmp_path / "old.parquet"
    with engine().relation("SELECT * FROM t", tables={"t": TABLE}) as found:
        found.write(old, columns=store().columns(TABLE))
    os.utime(old, (time.time() - 90_000,) * 2)
    lost = store()._warehouse.place(old, store()._existing(TABLE).location())

    assert store().clean(older_than_seconds=3600).files == 0
    assert lost.path.exists()
    assert store().clean(older_than_seconds=0).files >= 1
    assert not lost.path.exists()
    assert old.exists()


@pytest.mark.parametrize("kind", list(StoredKind))
def test_a_scrub_names_the_file_that_was_harmed(table: Path, kind: StoredKind) -> None:
    assert store().scrub(TABLE).damages == ()
    assert store().scrub(TABLE).adopted == 0  # all were recorded at their commits
    for harm in Harm:
        file = next(f for f in reversed(store().stored(TABLE)) if f.kind is kind and f.rows != 0)
        path = Path(store()._warehouse.readable(file.uri))
        content = path.read_bytes()
        match harm:
            case Harm.MISSING:
                path.unlink()
            case Harm.TRUNCATED:
                path.write_bytes(content[:-1])
            case Harm.ALTERED:
                path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))

        found = store().scrub(TABLE).damages

        assert [(d.file.uri, d.harm) for d in found] == [(file.uri, harm)]
        assert found[0].file.sha256
        (kept := table.parent / "kept").write_bytes(content)
        store().replace(file.uri, kept)
        assert store().scrub(TABLE).damages == ()
        assert len(ids()) == 12


def test_a_clock_set_back_does_not_set_commits_back(table: Path, monkeypatch) -> None:
    hour_ago = time.time() - 3600
    monkeypatch.setattr("time.time", lambda: hour_ago)

    store().append(TABLE, rows(50))

    table_now = store()._existing(TABLE)
    stamps = [s.timestamp_ms for s in table_now.snapshots()]
    assert stamps == sorted(stamps)
    assert table_now.metadata.last_updated_ms >= stamps[-1]
