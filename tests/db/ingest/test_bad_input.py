"""Bad input, each with a clear error and nothing lost."""

import io
import resource
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter
from pyiceberg.catalog.sql import Session, SqlCatalog
from sqlalchemy.exc import OperationalError

from tests.db.ingest.conftest import count, rows
from tongqu.adapters.tables.checksums import Checksums
from tongqu.ingest import public as ingest
from tongqu.ingest.vocabulary import BatchState, FileOptions
from tongqu.lake import public as lake
from tongqu.security.models import SecurityEvent

pytestmark = pytest.mark.usefixtures("at")
HEADER = b"id,name,length_km\n"


def files_under(place: object) -> list[str]:
    return sorted(
        p.name for p in Path(str(place)).rglob("*") if p.is_file() and p.suffix != ".lock"
    )


def test_a_line_of_two_gigabytes_fails_at_once_and_in_little_memory(
    register, world, settings, tmp_path
) -> None:
    register()
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(HEADER + b"1,a,1\n2," + b"x" * (4 << 20))
        file.truncate(2 << 30)  # sparse: the rest is never read
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    batch = ingest.load("roads", path, by=world.actor("cataloguer"))

    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert (batch.state, batch.code) == (BatchState.QUARANTINED, "LINE_TOO_LONG")
    assert batch.facts == {"line": 3, "limit": 1 << 20}
    assert "第 3 行" in batch.note
    assert grown_mb < 64
    assert files_under(settings.LANDING) == []


def test_a_packed_bomb_is_stopped(register, deliver) -> None:
    register(options=FileOptions(max_line_bytes=64 << 20))
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("roads.csv", "w", force_zip64=True) as member,
    ):
        member.write(HEADER)
        for _ in range(80):
            member.write(b"1,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,1\n" * 27_000)

    batch = deliver(packed.getvalue(), "roads.csv.zip")

    assert batch.code == "DECOMPRESSION_BOMB"
    assert count("ods_roads") == 0


@pytest.fixture
def small_disk() -> Iterator[None]:
    """A real limit of the kernel: no file of this process may grow over 2 MB."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 << 20, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_fails_clearly_and_leaves_no_half_file(
    register, world, write, settings, small_disk
) -> None:
    register()
    resource.setrlimit(resource.RLIMIT_FSIZE, (-1, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    path = write(HEADER + b"".join(b"%d,a,1\n" % n for n in range(400_000)))
    resource.setrlimit(
        resource.RLIMIT_FSIZE, (2 << 20, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
    )

    batch = ingest.load("roads", path, by=world.actor("cataloguer"))

    assert (batch.state, batch.code) == (BatchState.FAILED, "STORAGE_FULL")
    assert "空间不足" in batch.note
    assert files_under(settings.LANDING) == []
    assert count("ods_roads") == 0


def test_a_disk_that_fills_while_rows_are_written_fails_clearly(
    register, world, write, settings
) -> None:
    import gzip
    import random

    register()
    words = random.Random(1)
    text = b"".join(b"%d,%x,1\n" % (n, words.getrandbits(72)) for n in range(200_000))
    path = write(gzip.compress(HEADER + text, 1), "roads.csv.gz")
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 100_000, limit[1]))
    try:
        batch = ingest.load("roads", path, by=world.actor("cataloguer"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)

    assert (batch.state, batch.code) == (BatchState.FAILED, "STORAGE_FULL")
    assert files_under(settings.LANDING) == []
    assert count("ods_roads") == 0
    again = ingest.load("roads", path, by=world.actor("cataloguer"))
    assert again.stored == 200_000


STEPS = {
    "checksums": (Checksums, "record"),
    "metadata": (SqlCatalog, "_write_metadata"),
    "pointer": (Session, "commit"),
}


@pytest.mark.parametrize("stage", STEPS)
def test_a_disk_that_is_full_at_the_commit_leaves_the_table_as_it_was(
    register, world, write, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The data file lies there already; what fails is one of the steps that make it count."""
    register()
    by = world.actor("cataloguer")
    assert ingest.load("roads", write(HEADER + b"1,a,1\n"), by=by).stored == 1
    with monkeypatch.context() as patch:
        patch.setattr(*STEPS[stage], _full)
        path = write(HEADER + b"2,b,1\n", "second.csv")

        batch = ingest.load("roads", path, by=by)

    assert (batch.state, batch.code) == (BatchState.FAILED, "STORAGE_FULL")
    assert count("ods_roads") == 1
    lake.store().clean(older_than_seconds=0)
    assert lake.store().orphans(older_than_seconds=0) == []
    assert ingest.load("roads", path, by=by).stored == 1
    assert count("ods_roads") == 2


def _full(*_: object, **__: object) -> None:
    """As SQLite says it, through SQLAlchemy; PostgreSQL and the kernel: No space left."""
    raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))


def workbook(**properties: str) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties(properties)
    sheet = book.add_worksheet()
    for n, row in enumerate([("id", "name", "length_km"), (1, "甲", 1.5), (2, "乙", 2)]):
        sheet.write_row(n, 0, row)
    book.close()
    return out.getvalue()


MARKED = {
    "first-page": ("密级：机密\nid,name,length_km\n1,甲,1\n".encode(), "roads.csv"),
    "first-page-gbk": ("绝密★启用前\nid,name,length_km\n1,甲,1\n".encode("gbk"), "roads.csv"),
    "file-name": ("id,name,length_km\n1,甲,1\n".encode(), "机密★路网.csv"),
    "workbook-metadata": (workbook(title="机密★ 示例"), "roads.xlsx"),
}


@pytest.mark.req("GEN-05")
@pytest.mark.parametrize(("content", "name"), MARKED.values(), ids=MARKED)
def test_a_file_with_a_secrecy_mark_is_kept_out_whole(
    register, deliver, settings, content, name
) -> None:
    register()

    batch = deliver(content, name)

    assert (batch.state, batch.code) == (BatchState.QUARANTINED, "SECRECY_MARK")
    assert len(batch.sha256) == 64
    assert files_under(settings.LANDING) == []
    assert files_under(settings.LAKE["WAREHOUSE"]) == [] or count("ods_roads") == 0
    event = SecurityEvent.objects.get()
    assert event.kind == "secrecy_mark"
    assert event.subject == batch.number


def test_the_word_secret_inside_prose_is_no_mark(register, deliver) -> None:
    register()

    batch = deliver("id,name,length_km\n1,保守机密宣传路,1\n")

    assert batch.stored == 1


def test_a_workbook_is_read(register, deliver) -> None:
    register()

    batch = deliver(workbook(title="示例"), "roads.xlsx")

    assert rows("ods_roads", "id, name, length_km, _line") == [(1, "甲", 1.5, 2), (2, "乙", 2, 3)]
    assert batch.is_balanced


def test_a_workbook_named_csv_is_not_what_it_says(register, deliver) -> None:
    register()

    batch = deliver(workbook(), "roads.csv")

    assert batch.code == "NOT_WHAT_IT_SAYS"
    assert "Office" in batch.note


def test_json_lines_are_read_and_broken_ones_kept_apart(register, deliver) -> None:
    register()

    batch = deliver(
        '{"id": 1, "name": "甲", "length_km": 1.5}\n{"id": 2, \n'
        '{"id": 3, "name": "丙", "length_km": null}\n',
        "roads.jsonl",
    )

    assert (batch.received, batch.stored, batch.rejected) == (3, 2, 1)
    assert batch.reasons == {"BAD_JSON": 1}
    assert rows("ods_roads", "id, name, length_km, _line") == [
        (1, "甲", 1.5, 1),
        (3, "丙", None, 3),
    ]
