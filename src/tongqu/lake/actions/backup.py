"""Bring everything that must not be lost to another place: only what is not there yet."""

import hashlib
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.lake.actions.scrub import NO_BACKUP
from tongqu.lake.actions.upkeep import Report, may_keep, on_record, silent
from tongqu.lake.actions.vaults import (
    CHUNK,
    Kept,
    KeptTable,
    Manifest,
    key_of,
    numbers,
    read_manifest,
    write_manifest,
)
from tongqu.lake.domain.keeping import content_sql
from tongqu.lake.models import UpkeepRun
from tongqu.lake.ports import Vault, control_copy, engine, store, vault
from tongqu.lake.vocabulary import BackupAltered, StoredKind, TableRef, UpkeepKind

_ADDRESS = re.compile(r"[0-9a-f]{64}")
TRIES = 3  # a table may be rewritten while it is copied


def back_up(*, by: Actor, report: Report = silent) -> UpkeepRun:
    """Copy the control database and the tables; ``figures`` tell what was new.

    The control database first: what it speaks of is then in the lake. Safe to run twice, and
    to kill: objects are named by their content, and without a manifest there is no backup.
    Raises: ``Rejected`` NO_BACKUP; ``BackupAltered`` when a file of the lake is harmed.
    """
    may_keep(by)
    place = vault()
    if place is None:
        raise Rejected(NO_BACKUP)
    number = f"BF-{clock.now():%Y%m%d-%H%M%S-%f}"
    with (
        on_record(UpkeepKind.BACKUP, by=by, subject=number) as run,
        tempfile.TemporaryDirectory(prefix="tongqu-backup-") as folder,
    ):
        copying = _Copying(place, Path(folder), report)
        at = clock.now().isoformat()
        control = tuple(
            copying.keep(name, path.open("rb")) for name, path in control_copy().dump(Path(folder))
        )
        former = {row.table: row for row in _former(place)}
        tables = tuple(copying.table(ref, former.get(ref.name)) for ref in store().list())
        manifest = Manifest(number, at, control, tables, tuple(_landing(copying)))
        write_manifest(place, manifest, Path(folder))
        run.figures = {
            "tables": len(tables),
            "files": len(manifest.everything()),
            "bytes": sum(kept.size for kept in manifest.everything()),
            "new_files": copying.new_files,
            "new_bytes": copying.new_bytes,
        }
    return run


def _former(place: Vault) -> tuple[KeptTable, ...]:
    """Return the tables of the last backup: an unchanged one need not be read again."""
    known = numbers(place)
    try:
        return read_manifest(place, known[-1]).tables if known else ()
    except BackupAltered:
        return ()


def _landing(copying: "_Copying") -> Iterator[Kept]:
    """Keep the files as they were received: they are the source layer's other half."""
    root = Path(settings.LANDING)
    for path in sorted(root.rglob("*")) if root.exists() else ():
        if path.is_file() and path.name[0] != "." and path.suffix != ".lock":
            yield copying.landed(str(path.relative_to(root)), path)


class _Copying:
    """One backup under way."""

    def __init__(self, place: Vault, folder: Path, report: Report) -> None:
        self._place = place
        self._part = folder / "part"
        self._report = report
        self.new_files = 0
        self.new_bytes = 0

    def keep(self, name: str, source: BinaryIO, *, wanted: str = "") -> Kept:
        """Store one file by its content. Raises: ``BackupAltered`` where it is not as wanted."""
        digest, size = hashlib.sha256(), 0
        with source, self._part.open("wb") as copy:
            while piece := source.read(CHUNK):
                digest.update(piece)
                size += len(piece)
                copy.write(piece)
        found = digest.hexdigest()
        if wanted and found != wanted:
            raise BackupAltered(name)
        if not self._place.has(key_of(found)):
            self._place.put(key_of(found), self._part)
            self.new_files += 1
            self.new_bytes += size
        return Kept(name, size, found)

    def landed(self, name: str, path: Path) -> Kept:
        """Keep a received file. One that lies under its content and was kept is not read again."""
        if _ADDRESS.fullmatch(path.name) and self._place.has(key_of(path.name)):
            return Kept(name, path.stat().st_size, path.name)
        return self.keep(name, path.open("rb"))

    def table(self, ref: TableRef, former: KeptTable | None) -> KeptTable:
        for _ in range(TRIES - 1):
            try:
                return self._table(ref, former)
            except FileNotFoundError:  # rewritten and cleaned up since it was listed
                continue
        return self._table(ref, former)

    def _table(self, ref: TableRef, former: KeptTable | None) -> KeptTable:
        current = store().current(ref)
        stored = store().stored(ref)
        # The log of former metadata is not needed to read a table.
        wanted = [f for f in stored if not (f.kind is StoredKind.METADATA and f.rows == 0)]
        files = tuple(
            Kept(f.uri, f.size, f.sha256)
            if f.sha256 and f.size and self._place.has(key_of(f.sha256))
            else self.keep(f.uri, store().read(f.uri), wanted=f.sha256)
            for f in wanted
        )
        snapshot = str(current.id) if current else ""
        if former and former.snapshot == snapshot:
            rows, digest = former.rows, former.digest
        else:
            rows, digest = content_of(ref, current.id if current else None)
            self._report(f"{ref.name}：{rows} 行，{len(files)} 个文件")
        return KeptTable(ref.name, ref.layer, wanted[0].uri, snapshot, rows, digest, files)


def content_of(ref: TableRef, snapshot_id: int | None) -> tuple[int, str]:
    """Return number and digest of a table's rows."""
    if snapshot_id is None:
        return 0, "0"
    sql = content_sql(store().columns(ref))
    with engine().relation(sql, tables={"stored": (ref, snapshot_id)}) as result:
        (row,) = result.arrow().to_pylist()
    return int(row["n"]), str(row["digest"])
