"""Make an empty node what the hub was, or prove that it could be made."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from tongqu.audit.public import public_keys
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake.actions.backup import content_of
from tongqu.lake.actions.scrub import ALTERED, NO_BACKUP
from tongqu.lake.actions.upkeep import Report, may_keep, on_record, silent
from tongqu.lake.actions.vaults import KeptTable, Manifest, copy_of, numbers, read_manifest
from tongqu.lake.models import RecoveryTarget, UpkeepRun
from tongqu.lake.ports import Vault, control_copy, store, vault
from tongqu.lake.vocabulary import BackupAltered, RecoveryClass, UpkeepKind
from tongqu.policy.clauses import measures_2021 as law
from tongqu.security.public import raise_event
from tongqu.security.vocabulary import EventKind

DRILL_SECONDS = 6 * 3600
# Minutes of RPO and RTO while nobody set others.
TARGETS: dict[RecoveryClass, tuple[int, int]] = {
    RecoveryClass.CONTROL: (24 * 60, 60),
    RecoveryClass.SVC: (24 * 60, 2 * 60),
    RecoveryClass.DW: (24 * 60, 4 * 60),
    RecoveryClass.ODS: (24 * 60, 8 * 60),
    RecoveryClass.QUARANTINE: (7 * 24 * 60, 24 * 60),
}
NOT_EMPTY = Problem(
    code="NODE_NOT_EMPTY",
    title="本节点已有数据，不能在此恢复。",
    next_step="请在空的 TONGQU_HOME（和空的控制数据库）上恢复，以免覆盖现有数据。",
    basis=law.SECURITY_DUTY,
    who="技术支持部门",
)
UNKNOWN = Problem(
    code="BACKUP_UNKNOWN",
    title="没有找到这次备份。",
    next_step="请核对备份编号；不写编号时用最近的一次。",
    basis=law.SECURITY_DUTY,
)


@dataclass(slots=True)
class Restored:
    """What a restore brought back. ``seconds`` until a class stood again, from the start."""

    number: str
    at: str
    seconds: dict[str, int] = field(default_factory=dict)  # milliseconds are no promise
    tables: int = 0
    rows: int = 0
    unequal: list[str] = field(default_factory=list)


def restore(
    number: str = "", *, trusted: tuple[str, ...] = (), by: Actor, report: Report = silent
) -> Restored:
    """Fill this empty node from a backup (the newest) and compare every table's rows.

    Every object is fetched and checked before the first is put in its place.
    Raises: ``Rejected`` NO_BACKUP, BACKUP_UNKNOWN, NODE_NOT_EMPTY; ``BackupAltered``.
    """
    may_keep(by)
    started = time.monotonic()
    place = vault()
    if place is None:
        raise Rejected(NO_BACKUP)
    if store().list() or not control_copy().is_empty():
        raise Rejected(NOT_EMPTY)
    manifest = _manifest(place, number, trusted)
    done = Restored(manifest.number, manifest.at)
    root = Path(settings.LAKE["FOLDER"])
    with tempfile.TemporaryDirectory(dir=root, prefix=".restore-") as folder:
        copies = _fetch(place, manifest, Path(folder), report)
        control_copy().load({kept.name: copies[kept.sha256] for kept in manifest.control})
        done.seconds[RecoveryClass.CONTROL] = _since(started)
        _land(manifest, copies)
        for kind in list(RecoveryClass)[1:]:
            for table in (t for t in manifest.tables if t.layer == kind.value):
                _put(table, copies, done)
                report(f"{table.table}：{table.rows} 行")
            done.seconds[kind] = _since(started)
    with on_record(UpkeepKind.RESTORE, by=by, subject=manifest.number) as run:
        run.figures = asdict(done)
    return done


def _since(started: float) -> int:
    return round(time.monotonic() - started)


def _manifest(place: Vault, number: str, trusted: tuple[str, ...]) -> Manifest:
    known = numbers(place)
    if not known or (number and number not in known):
        raise Rejected(UNKNOWN)
    return read_manifest(place, number or known[-1], trusted=trusted)


def _fetch(place: Vault, manifest: Manifest, folder: Path, report: Report) -> dict[str, Path]:
    copies: dict[str, Path] = {}
    everything = manifest.everything()
    for position, kept in enumerate(everything, start=1):
        if kept.sha256 not in copies:
            target = folder / kept.sha256
            try:
                copy_of(place, kept.sha256, target)
            except FileNotFoundError:
                raise BackupAltered(kept.name) from None
            copies[kept.sha256] = target
        if position % 200 == 0:
            report(f"已取回 {position} / {len(everything)} 个文件")
    return copies


def _land(manifest: Manifest, copies: Mapping[str, Path]) -> None:
    root = Path(settings.LANDING).resolve()
    for kept in manifest.landing:
        target = (root / kept.name).resolve()
        if not target.is_relative_to(root):  # signed by us, and still no way out
            raise BackupAltered(kept.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        copies[kept.sha256].replace(target) if not target.exists() else None


def _put(table: KeptTable, copies: Mapping[str, Path], done: Restored) -> None:
    store().adopt(
        table.ref, {kept.name: copies[kept.sha256] for kept in table.files}, table.metadata
    )
    found = content_of(table.ref, int(table.snapshot) if table.snapshot else None)
    done.tables += 1
    done.rows += found[0]
    if found != (table.rows, table.digest):
        done.unequal.append(table.table)


def drill(number: str = "", *, by: Actor, report: Report = silent) -> UpkeepRun:
    """Restore a backup to an empty node of its own process and write down what it took.

    ``figures``: for each class the measured RPO (how much work the backup lacks now) and RTO
    (seconds until its tables stood), the targets, and whether every table's rows are equal.
    Raises: ``Rejected`` NO_BACKUP, BACKUP_UNKNOWN, BACKUP_ALTERED, DRILL_PLACE, DRILL_FAILED.
    """
    may_keep(by)
    place = vault()
    if place is None:
        raise Rejected(NO_BACKUP)
    with on_record(UpkeepKind.DRILL, by=by) as run:
        try:
            manifest = _manifest(place, number, ())
            run.subject = manifest.number
            with (
                tempfile.TemporaryDirectory(prefix="tongqu-drill-") as home,
                control_copy().scratch() as database,
            ):
                found = _in_an_empty_node(Path(home), database, manifest.number, report)
        except BackupAltered as error:
            _tell(error.what, by=by)
            raise Rejected(ALTERED) from None
        run.figures = _measured(manifest, found)
    return run


def _tell(what: str, *, by: Actor) -> None:
    raise_event(
        EventKind.BACKUP_ALTERED, by=by, subject=what.rsplit("/", 1)[-1], details={"file": what}
    )


def _in_an_empty_node(home: Path, database: str, number: str, report: Report) -> dict[str, Any]:
    """Run the restore as an operator would, in a process with an empty home of its own."""
    keys = ",".join(key.key_id for key in public_keys())
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tongqu.project.settings",
        "TONGQU_HOME": str(home),
        "TONGQU_WAREHOUSE": str(home / "lake"),
        "TONGQU_LAKE_CATALOG": "",
        "TONGQU_BACKUP": str(settings.BACKUP),
        "TONGQU_S3_ENDPOINT": str(settings.LAKE["S3_ENDPOINT"]),
        "DATABASE_URL": database,
    }
    command = [sys.executable, "-m", "tongqu.project.cli", "lake", "restore", number]
    ran = subprocess.run(  # noqa: S603  # our own interpreter and module
        [*command, "--key", keys, "--json"],
        env=environment, capture_output=True, text=True, timeout=DRILL_SECONDS, check=False,
    )  # fmt: skip
    for line in ran.stderr.splitlines():
        report(line)
    try:
        found: dict[str, Any] = json.loads(ran.stdout.strip().splitlines()[-1])
    except (ValueError, IndexError):
        found = {}
    if found.get("altered"):
        raise BackupAltered(str(found["altered"]))
    if ran.returncode not in {0, 1} or "seconds" not in found:
        raise Rejected(
            Problem(
                code="DRILL_FAILED",
                title="恢复演练未能完成。",
                next_step="请查看作业日志，排除原因后重新演练。",
                basis=law.SECURITY_DUTY,
                who="技术支持部门",
            )
        )
    return found


def _measured(manifest: Manifest, found: Mapping[str, Any]) -> dict[str, Any]:
    age = round((clock.now() - datetime.fromisoformat(manifest.at)).total_seconds())
    lacking = _lacking(manifest)
    classes = []
    for kind, (rpo, rto) in targets().items():
        lost = age if kind in lacking else 0
        took = int(found["seconds"][kind])
        classes.append(
            {
                "kind": kind.value,
                "rpo_seconds": lost,
                "rto_seconds": took,
                "rpo_target": rpo * 60,
                "rto_target": rto * 60,
                "is_met": lost <= rpo * 60 and took <= rto * 60,
            }
        )
    return {
        "backup": manifest.number,
        "backup_at": manifest.at,
        "tables": found["tables"],
        "rows": found["rows"],
        "unequal": found["unequal"],
        "is_equal": not found["unequal"],
        "classes": classes,
    }


def _lacking(manifest: Manifest) -> set[RecoveryClass]:
    """Return the classes in which something was committed that the backup does not have.

    The control database changes with every call, so it always counts.
    """
    had = {table.table: table.snapshot for table in manifest.tables}
    lacking = {RecoveryClass.CONTROL}
    for ref in store().list():
        current = store().current(ref)
        if (str(current.id) if current else "") != had.get(ref.name, ""):
            lacking.add(RecoveryClass(ref.layer.value))
    return lacking


def targets() -> dict[RecoveryClass, tuple[int, int]]:
    """Return RPO and RTO in minutes of each class, in the order of coming back."""
    kept = {row.kind: (row.rpo_minutes, row.rto_minutes) for row in RecoveryTarget.objects.all()}
    return {kind: kept.get(kind.value, TARGETS[kind]) for kind in RecoveryClass}


def set_target(kind: RecoveryClass, *, rpo_minutes: int, rto_minutes: int, by: Actor) -> None:
    """Say how much may be lost and how long coming back may take, for one class."""
    from tongqu.audit.public import record

    may_keep(by)
    RecoveryTarget.objects.update_or_create(
        kind=kind, defaults={"rpo_minutes": rpo_minutes, "rto_minutes": rto_minutes}
    )
    record(
        "lake.recovery.target",
        by=by,
        subject=kind.value,
        basis=law.SECURITY_DUTY,
        details={"rpo_minutes": rpo_minutes, "rto_minutes": rto_minutes},
    )
