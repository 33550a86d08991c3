"""Scrub, backup, restore, drill: a file altered on disk comes back, a backup altered does not."""

import hashlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pytest
from django.db import connection
from pyarrow import fs
from typer.testing import CliRunner

from tests import forks
from tests.adapters import s3
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.problems import Rejected
from tongqu.lake.actions import backup, restore, scrub
from tongqu.lake.models import FileDamage, UpkeepRun
from tongqu.lake.public import dw_ref, engine, ods_ref, store, svc_ref
from tongqu.lake.vocabulary import Harm, RecoveryClass, StoredKind
from tongqu.project.cli import app
from tongqu.security.models import SecurityEvent

pytestmark = pytest.mark.django_db
SCHEMA = pa.schema([("id", pa.int64()), ("text", pa.string()), ("_load_time", pa.timestamp("us"))])
ODS = ods_ref("flights")


def rows(*ids: int) -> pa.Table:
    texts = [None if i % 3 == 0 else f"示例{i}" for i in ids]
    return pa.table({"id": list(ids), "text": texts, "_load_time": [0] * len(ids)}, SCHEMA)


@pytest.fixture
def vault(settings, tmp_path: Path, lake: Path) -> Path:
    settings.BACKUP = str(tmp_path / "elsewhere")
    for ref in (ODS, dw_ref("flights"), svc_ref("flights")):
        store().ensure(ref, SCHEMA, {"tongqu.keys": "id"})
        for n in range(3):
            store().append(ref, rows(*range(n * 10, n * 10 + 7)), summary={"batch": str(n)})
    store().tag(ODS, "v1", store().snapshots(ODS)[0].id)
    (settings.LANDING / "ab").mkdir()
    (settings.LANDING / "ab" / "received.csv").write_text("甲,乙\n")
    return tmp_path / "elsewhere"


@pytest.fixture
def node_at_once(monkeypatch) -> None:
    """The empty node of a drill is a process still, without the start of a new interpreter."""

    def run_forked(command: list[str], *, env: dict[str, str], **_: object):
        assert command[1:3] == ["-m", "tongqu.project.cli"]
        ended = forks.parent().command(*command[3:], environment=env)
        return subprocess.CompletedProcess(command, ended.returncode, ended.out, ended.err)

    monkeypatch.setattr(restore, "subprocess", SimpleNamespace(run=run_forked))


def run(*arguments: str):
    return CliRunner().invoke(app, ["lake", *arguments])


@pytest.mark.req("LAK-15")
@pytest.mark.parametrize("kind", [StoredKind.DATA, StoredKind.METADATA])
def test_a_file_altered_on_disk_is_reported_and_comes_back_to_the_same_hash(
    vault: Path, kind: StoredKind
) -> None:
    backup.back_up(by=PLATFORM)
    file = next(f for f in store().stored(ODS) if f.kind is kind)
    path = Path(file.uri.removeprefix("file://"))
    sound = path.read_bytes()
    path.write_bytes(sound[:40] + bytes([sound[40] ^ 1]) + sound[41:])

    found = run("scrub", "--json")

    assert found.exit_code == 1
    assert json.loads(found.stdout)["found"] == 1
    damage = FileDamage.objects.get()
    assert (damage.table, damage.harm) == ("ods_flights", Harm.ALTERED)
    assert path.name in damage.uri
    assert damage.rows == (7 if kind is StoredKind.DATA else None)
    current = store()._location(ODS)
    assert current
    if kind is StoredKind.DATA:
        assert damage.snapshots == [str(number) for number in file.snapshots]
    event = SecurityEvent.objects.get(kind="storage_damage")
    assert event.subject == "ods_flights"
    run("scrub")
    assert SecurityEvent.objects.filter(kind="storage_damage").count() == 1  # told once

    assert run("heal").exit_code == 0

    assert path.read_bytes() == sound
    assert FileDamage.objects.filter(healed_at=None).count() == 0
    assert run("scrub").exit_code == 0


@pytest.fixture
def bucket(vault: Path, settings, monkeypatch) -> Iterator[fs.S3FileSystem]:
    """The same hub, whose backups go into an S3-compatible store; gives the store from outside."""
    for name, value in s3.KEYS.items():
        monkeypatch.setenv(name, value)
    with s3.running() as address:
        settings.BACKUP = "s3://backups/of/tongqu"
        settings.LAKE = {**settings.LAKE, "S3_ENDPOINT": address}
        yield fs.S3FileSystem(endpoint_override=address, region="us-east-1")


@pytest.mark.req("LAK-15")
@pytest.mark.req("PRT-08")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a drill a database is enough")
def test_a_store_of_objects_holds_backups_as_a_folder_does(
    bucket: fs.S3FileSystem, vault: Path, node_at_once: None
) -> None:
    """A file altered on disk comes back from it; a drill restores an empty node from it."""
    assert run("backup").exit_code == 0
    assert not vault.exists()
    path = Path(store().files(ODS)[0])
    sound = path.read_bytes()
    path.write_bytes(sound[:40] + bytes([sound[40] ^ 1]) + sound[41:])
    assert run("scrub").exit_code == 1
    assert run("heal").exit_code == 0
    assert path.read_bytes() == sound
    store().append(ODS, rows(99))

    done = run("drill", "--json")

    assert done.exit_code == 0, done.stderr
    figures = UpkeepRun.objects.get(kind="drill").figures
    assert (figures["is_equal"], figures["tables"], figures["rows"]) == (True, 3, 63)
    rpo = {row["kind"]: row["rpo_seconds"] for row in figures["classes"]}
    assert rpo["ods"] >= 1
    assert rpo["dw"] == 0
    assert all(row["rto_seconds"] >= 0 for row in figures["classes"])
    selector = fs.FileSelector("backups/of/tongqu/objects", recursive=True)
    kept = [one for one in bucket.get_file_info(selector) if one.is_file and one.size]
    with bucket.open_output_stream(kept[0].path) as out:
        out.write(b"altered")
    assert run("drill").exit_code != 0
    assert SecurityEvent.objects.filter(kind="backup_altered").count() == 1


def test_a_backup_holds_only_what_is_new(vault: Path, settings) -> None:
    sound = b"received under its content"
    received = settings.LANDING / "ab" / hashlib.sha256(sound).hexdigest()
    received.write_bytes(sound)
    first = backup.back_up(by=PLATFORM).figures
    received.write_bytes(b"altered")  # what was kept as it was stays so, and is not read again
    again = backup.back_up(by=PLATFORM).figures
    store().append(ODS, rows(99))

    third = backup.back_up(by=PLATFORM).figures

    assert first["new_files"] > 20
    # The control database changes with every call: one file, or on PostgreSQL one a table.
    control = 1 if connection.vendor == "sqlite" else 3
    assert again["new_files"] <= control
    assert third["new_files"] <= control + 4
    assert third["tables"] == 3


@pytest.mark.req("PRT-08")
def test_a_drill_restores_to_an_empty_node_and_writes_rpo_and_rto_down(
    vault: Path, browser_of
) -> None:
    backup.back_up(by=PLATFORM)
    store().append(ODS, rows(99))

    done = run("drill", "--json")

    assert done.exit_code == 0, done.stderr
    figures = UpkeepRun.objects.get(kind="drill").figures
    assert json.loads(done.stdout) == figures
    assert figures["is_equal"]
    assert (figures["tables"], figures["rows"]) == (3, 63)
    classes = {row["kind"]: row for row in figures["classes"]}
    assert set(classes) == {kind.value for kind in RecoveryClass}
    assert classes["ods"]["rpo_seconds"] >= 1  # what came after the backup is lacking
    assert classes["dw"]["rpo_seconds"] == 0
    assert 0 <= classes["control"]["rto_seconds"] <= classes["quarantine"]["rto_seconds"]
    assert all(row["is_met"] for row in classes.values())
    page = browser_of("support").get("/manage/lake-upkeep/").content.decode()
    assert figures["backup"] in page
    assert "恢复演练" in page


@pytest.mark.req("PRT-08")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a drill a database is enough")
def test_a_target_that_is_missed_is_said_so(vault: Path, node_at_once: None) -> None:
    backup.back_up(by=PLATFORM)
    store().append(ODS, rows(99))
    restore.set_target(RecoveryClass.ODS, rpo_minutes=0, rto_minutes=480, by=PLATFORM)

    done = run("drill", "--json")

    assert done.exit_code == 1
    missed = [row["kind"] for row in json.loads(done.stdout)["classes"] if not row["is_met"]]
    assert missed == ["ods"]


@pytest.mark.req("PRT-08")
@pytest.mark.parametrize("what", ["object", "manifest", "missing"])
def test_a_backup_with_one_altered_byte_is_refused(
    vault: Path, what: str, node_at_once: None
) -> None:
    backup.back_up(by=PLATFORM)
    folder = vault / ("manifests" if what == "manifest" else "objects")
    path = sorted(p for p in folder.rglob("*") if p.is_file() and p.stat().st_size)[0]
    content = path.read_bytes()
    if what == "missing":
        path.unlink()
    else:
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])

    with pytest.raises(Rejected, match="BACKUP_ALTERED"):
        restore.drill(by=PLATFORM)

    assert SecurityEvent.objects.filter(kind="backup_altered").count() == 1
    assert UpkeepRun.objects.get(kind="drill").state == "failed"


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite needs no server's leave")
def test_a_server_that_lets_us_make_no_database_is_said_so(vault: Path, settings) -> None:
    backup.back_up(by=PLATFORM)
    settings.DRILL_DATABASE_URL = "postgresql://nobody@127.0.0.1:1/none"

    done = run("drill")

    assert done.exit_code == 2
    assert "TONGQU_DRILL_DATABASE_URL" in done.stderr


def test_a_node_with_data_is_not_overwritten(vault: Path) -> None:
    backup.back_up(by=PLATFORM)

    done = run("restore")

    assert done.exit_code == 2
    assert "不能在此恢复" in done.stderr


def test_without_a_place_for_backups_the_way_is_told(lake: Path) -> None:
    done = run("backup")

    assert done.exit_code == 2
    assert "TONGQU_BACKUP" in done.stderr


def test_a_harmed_file_never_gets_into_a_backup(vault: Path) -> None:
    path = Path(store().files(ODS)[0])
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    assert run("backup").exit_code == 1

    assert UpkeepRun.objects.get(kind="backup").state == "failed"
    assert not (vault / "manifests").exists()
    scrub.scrub(by=PLATFORM)
    assert FileDamage.objects.get().table == "ods_flights"
    assert engine()
