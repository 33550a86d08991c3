"""Find files of the lake that are no longer what was committed, and put them back."""

import hashlib
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tongqu.audit.public import record
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake.actions.flags import mark_broken, mark_sound
from tongqu.lake.actions.upkeep import Report, each, may_keep, on_record, silent
from tongqu.lake.actions.vaults import CHUNK, copy_of
from tongqu.lake.models import FileDamage, UpkeepRun
from tongqu.lake.ports import store, vault
from tongqu.lake.vocabulary import HARM_LABELS, BackupAltered, Damage, TableRef, UpkeepKind
from tongqu.policy.clauses import measures_2021 as law
from tongqu.security.public import raise_event
from tongqu.security.vocabulary import EventKind


def scrub(*, by: Actor, report: Report = silent) -> UpkeepRun:
    """Compare every file of every table with its checksum; each harmed one is a security event.

    ``figures``: tables, files and bytes looked at, ``adopted`` files without a checksum until
    now, and the damages that are open after it.
    Source: 可靠存储 (article 19): what is kept must be what was stored.
    """
    may_keep(by)
    with on_record(UpkeepKind.SCRUB, by=by) as run:
        total = {"tables": 0, "files": 0, "bytes": 0, "adopted": 0, "found": 0}
        run.figures = total

        def look(ref: TableRef) -> None:
            done = store().scrub(ref)
            total["tables"] += 1
            total["files"] += done.files
            total["bytes"] += done.size
            total["adopted"] += done.adopted
            _heal_what_is_whole(ref, {damage.file.uri for damage in done.damages}, by=by)
            for damage in done.damages:
                total["found"] += _keep(damage, by=by)
                report(f"{ref.name}：{_file_name(damage.file.uri)} {HARM_LABELS[damage.harm]}")

        each(store().list(), look, run=run, report=report)
        run.figures["open"] = FileDamage.objects.filter(healed_at=None).count()
    return run


def _keep(damage: Damage, *, by: Actor) -> int:
    """Record a damage once while it is open, and tell; return whether it is new."""
    file, table = damage.file, damage.ref.name
    with transaction.atomic():
        _, is_new = FileDamage.objects.get_or_create(
            uri=file.uri,
            healed_at=None,
            defaults={
                "table": table,
                "kind": file.kind,
                "harm": damage.harm,
                "sha256": file.sha256,
                "snapshots": [str(number) for number in file.snapshots],
                "rows": file.rows,
                "found_at": clock.now(),
            },
        )
        if not is_new:
            return 0
        raise_event(
            EventKind.STORAGE_DAMAGE,
            by=by,
            subject=table,
            details={
                "table": table,
                "file": _file_name(file.uri),
                "harm": HARM_LABELS[damage.harm],
                "snapshots": [str(number) for number in file.snapshots[-10:]],
                "rows": file.rows,
            },
        )
        if _is_served(damage):
            mark_broken(table, reason="存储文件受损，待从备份恢复。", by=by)
    return 1


def _is_served(damage: Damage) -> bool:
    """Say whether the newest state of the table needs the file."""
    try:
        current = store().current(damage.ref)
    except Exception:  # the table's own metadata is what is harmed
        return True
    return current is None or not damage.file.snapshots or current.id in damage.file.snapshots


@transaction.atomic
def _heal_what_is_whole(ref: TableRef, harmed: set[str], *, by: Actor) -> None:
    """Close damages whose files are whole again, or needed by nothing any more."""
    waiting = FileDamage.objects.filter(table=ref.name, healed_at=None)
    if waiting.exclude(uri__in=harmed).update(healed_at=clock.now()) and not waiting.exists():
        mark_sound(ref.name, by=by)


def heal(damage: FileDamage, *, by: Actor) -> None:
    """Put a harmed file back from the backup: to the very checksum of its commit.

    Raises: ``Rejected`` NO_BACKUP, NOT_BACKED_UP, BACKUP_ALTERED.
    """
    may_keep(by)
    place = vault()
    if place is None:
        raise Rejected(NO_BACKUP)
    with tempfile.TemporaryDirectory(dir=_scratch()) as folder:
        target = Path(folder) / "file"
        try:
            copy_of(place, damage.sha256, target)
        except FileNotFoundError:
            raise Rejected(NOT_BACKED_UP) from None
        except BackupAltered:
            raise Rejected(ALTERED) from None
        store().replace(damage.uri, target)
    if _digest(damage.uri) != damage.sha256:
        raise RuntimeError("the file that was put back is not what was committed")
    with transaction.atomic():
        damage.healed_at = clock.now()
        damage.save()
        record(
            "lake.file.restored",
            by=by,
            subject=damage.table,
            basis=law.SECURITY_DUTY,
            details={"file": _file_name(damage.uri), "sha256": damage.sha256},
        )
        if not FileDamage.objects.filter(table=damage.table, healed_at=None).exists():
            mark_sound(damage.table, by=by)


def _digest(uri: str) -> str:
    digest = hashlib.sha256()
    with store().read(uri) as stream:
        while piece := stream.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def heal_all(*, by: Actor, report: Report = silent) -> int:
    """Put every harmed file back, the tables' own metadata first; return how many."""
    healed = 0
    for damage in FileDamage.objects.filter(healed_at=None).order_by("-kind", "pk"):
        heal(damage, by=by)
        healed += 1
        report(f"{damage.table}：{_file_name(damage.uri)} 已恢复")
    return healed


def _scratch() -> Path:
    folder = Path(settings.LAKE["FOLDER"]) / ".restore"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _file_name(uri: str) -> str:
    return uri.rsplit("/", 1)[-1]


NO_BACKUP = Problem(
    code="NO_BACKUP",
    title="没有配置异地备份。",
    next_step="请设置 TONGQU_BACKUP 为另一处的目录或 s3:// 地址，并完成一次备份。",
    basis=law.SECURITY_DUTY,
    who="技术支持部门",
)
NOT_BACKED_UP = Problem(
    code="NOT_BACKED_UP",
    title="备份中没有这个文件。",
    next_step="该文件在最近一次备份之后写入；请从来源重新接入，或恢复到上一次备份。",
    basis=law.SECURITY_DUTY,
    who="技术支持部门",
)
ALTERED = Problem(
    code="BACKUP_ALTERED",
    title="备份内容与登记的摘要不一致，已拒绝使用。",
    next_step="请保全备份现场，改用更早的一次备份，并通知数据安全员。",
    basis=law.SECURITY_DUTY,
    who="数据安全员",
)
