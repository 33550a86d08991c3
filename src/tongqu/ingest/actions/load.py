"""Load a file, once. Kill it anywhere: ``recover`` ends it with nothing lost or doubled.

Order: batch opened → file landed → sorted → quarantine and fixes appended → accepted rows
appended in one snapshot that carries the ledger → batch closed. Everything before the
snapshot can be done again from the landed file; everything after it can be read from it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.ingest import ports
from tongqu.ingest.actions import agreements, duplicates, guards, secrecy, settle, withdrawals
from tongqu.ingest.actions.agree import frozen, frozen_contract
from tongqu.ingest.domain import contract as contracts
from tongqu.ingest.domain import place
from tongqu.ingest.domain.ledger import PREFIX, Figures, from_summary
from tongqu.ingest.models import Batch, Source
from tongqu.ingest.ports import Opened, Target, Unreadable
from tongqu.ingest.queries import batch_view, landed_path, source_of
from tongqu.ingest.vocabulary import (
    BatchState,
    BatchView,
    ColumnSpec,
    FileFormat,
    FileOptions,
)
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake import public as lake
from tongqu.lake.vocabulary import StorageFull, TableRef
from tongqu.policy.clauses import measures_2021 as law

BATCH_KEY = f"{PREFIX}batch"
PIECES = FileOptions(format=FileFormat.PARQUET.value, keep_empty=True)
FULL = "平台存储空间不足，本次未入湖任何数据；请通知技术支持部门扩容后重新报送。"


def load(
    source_code: str, path: Path, *, by: Actor, name: str = "", is_upload: bool = False
) -> BatchView:
    """Load one file and return its ledger. A refused file is a quarantined batch.

    ``name`` is what the provider calls the file. Two loads of one source wait for each
    other; batches that a crash left open are finished first.

    Raises: ``Rejected`` SOURCE_UNKNOWN, NOT_YOUR_SOURCE, NOT_SCANNED, FILE_MISSING.
    """
    source = source_of(source_code)
    guards.may_load(source, by)
    _check_ready(source, path)
    with guards.exclusive(source.code):
        finish_open(source, by=by)
        batch = _open(source, path, name or path.name, by=by, is_upload=is_upload)
        run(batch, path, by=by)
        withdraw(source, by=by)
        batch.refresh_from_db()
    return batch_view(batch)


def withdraw(source: Source, *, by: Actor) -> None:
    """Record what the newest full state no longer names, as a batch of its own; once.

    The caller holds the source. Killed in the middle, it is done before the next load.
    """
    found = withdrawals.due(source)
    if found is None:
        return
    batch = found.batch
    if found.path is not None:
        batch = _open(source, found.path, found.name, by=by, is_upload=False,
                      contract=found.contract, facts={"fresh": True, **found.facts})  # fmt: skip
        run(batch, found.path, by=by)
        found.path.unlink(missing_ok=True)
    withdrawals.done(found, batch)


def _check_ready(source: Source, path: Path) -> None:
    agreements.check_valid(source)
    if not source.columns:
        raise Rejected(
            Problem(
                code="NOT_SCANNED",
                title="来源还没有约定列，不能接入。",
                next_step="请先用一份真实文件探查，或登记列。",
                basis=law.COMPILE,
            )
        )
    if not path.is_file():
        raise Rejected(
            Problem(
                code="FILE_MISSING",
                title="没有找到要接入的文件。",
                next_step="请核对文件位置后重试。",
                basis=law.CONNECT_IN_TIME,
            )
        )


def load_piece(source: Source, piece: ports.Piece, *, run_id: int, by: Actor, fresh: bool) -> Batch:
    """Load one piece of a pull: the same path as a file. The caller holds the source.

    ``fresh`` promises that none of its rows was stored before, which saves looking for them.
    """
    batch = _open(
        source, piece.path, piece.name or piece.path.name, by=by, is_upload=False,
        run_id=run_id, cursor=dict(piece.cursor),
        options=None if piece.is_file else piece.options or PIECES,
        facts={"fresh": fresh, **piece.facts},
    )  # fmt: skip
    run(batch, piece.path, by=by)
    return batch


def _open(
    source: Source,
    path: Path,
    name: str,
    *,
    by: Actor,
    is_upload: bool,
    options: FileOptions | None = None,
    contract: dict[str, Any] | None = None,
    **extra: Any,
) -> Batch:
    """Create the batch under the next number of the day."""
    prefix = f"PC-{clock.today():%Y-%m%d}-"
    contract = frozen(source) if contract is None else contract
    if options is not None:
        contract["options"] = contracts.options_json(options) | place.said_of(source.options)
    for _ in range(50):
        last = Batch.objects.filter(number__startswith=prefix).order_by("-pk").first()
        number = f"{prefix}{int(last.number.rsplit('-', 1)[1]) + 1 if last else 1:03d}"
        try:
            with transaction.atomic():
                batch = Batch.objects.create(
                    number=number, source=source, file_name=name[:255], incoming=str(path),
                    is_upload=is_upload, contract=contract,
                    contract_digest=contracts.digest(contract),
                    actor_key=by.key, started_at=clock.now(), **extra,
                )  # fmt: skip
                record("ingest.batch.opened", by=by, subject=number, basis=law.CONNECT_IN_TIME,
                       details={"source": source.code})  # fmt: skip
            return batch
        except IntegrityError:  # another source's load took the number
            continue
    raise RuntimeError("no batch number could be taken")


def run(batch: Batch, path: Path, *, by: Actor) -> None:
    """Carry an open batch through to its end, from the file at ``path``."""
    contract = frozen_contract(batch)
    connector = ports.connector(batch.source.form)
    try:
        mark = secrecy.mark_of(connector, path, contract.options)
        if mark is not None:
            _block(batch, path, mark, by=by)
            return
        landed = connector.land(path, guards.landing(), contract.options, name=batch.file_name)
        settle.note(batch, "landed", "文件已完整落地", sha256=landed.sha256, size=landed.size)
        if _is_known(batch, by=by):
            return
        with connector.open(landed, contract, name=batch.file_name) as opened:
            _take(batch, opened, contract.columns, by=by)
    except Unreadable as error:
        _refuse(batch, error, by=by)
    except StorageFull:
        _drop_landed(batch)
        settle.fail(batch, "STORAGE_FULL", FULL, by=by)


def _block(batch: Batch, path: Path, mark: str, *, by: Actor) -> None:
    """End a batch whose file is marked secret: only its digest is kept."""
    batch.sha256 = ports.connector(batch.source.form).digest(path)
    batch.file_name = "（涉密标志，文件名不留存）"
    batch.incoming = ""
    with transaction.atomic():
        settle.quarantine(batch, "SECRECY_MARK", secrecy.MARKED.title, by=by)
        secrecy.tell(batch.source, mark=mark, sha256=batch.sha256, subject=batch.number, by=by)


def _refuse(batch: Batch, error: Unreadable, *, by: Actor) -> None:
    words = f"{error.title}{error.next_step}"
    if error.code == "STORAGE_FULL":
        _drop_landed(batch)
        settle.fail(batch, error.code, words, by=by)
    else:
        settle.quarantine(batch, error.code, words, by=by, facts=error.facts)


def _drop_landed(batch: Batch) -> None:
    """Give the space back, unless another batch came with the same content."""
    others = Batch.objects.filter(sha256=batch.sha256).exclude(pk=batch.pk)
    if batch.sha256 and not others.exists():
        landed_path(guards.landing(), batch.sha256).unlink(missing_ok=True)


def _is_known(batch: Batch, *, by: Actor) -> bool:
    """Close a batch whose very content was loaded before under the same agreement.

    Rows once rejected by a check are judged again: the day or the codes of the day may have
    turned in their favour.
    """
    if duplicates.is_state(batch):  # content that comes again may be a state that came back
        return False
    ref = lake.ods_ref(batch.source.table)
    earlier = Batch.objects.filter(
        source=batch.source, sha256=batch.sha256, state=BatchState.CLOSED,
        contract_digest=batch.contract_digest,
    ).order_by("pk").first()  # fmt: skip
    if earlier is None or (earlier.received and not lake.store().current(ref)):
        return False
    if earlier.rejected and (batch.contract.get("checks") or batch.contract.get("tables")):
        return False
    words = f"内容与批次 {earlier.number} 完全相同，没有新数据，湖中数据未变。"
    figures = Figures(received=earlier.received, duplicate=earlier.received)
    settle.close(batch, figures, None, by=by, words=words)
    return True


def _take(batch: Batch, opened: Opened, columns: Sequence[ColumnSpec], *, by: Actor) -> None:
    drift = contracts.drift(columns, opened.staged.columns)
    if drift:
        settle.quarantine(
            batch, "SCHEMA_DRIFT",
            f"{drift}。整个文件未入湖，已有数据不受影响；请恢复原结构，或先办理变更登记。",
            by=by, facts={"missing": list(drift.missing), "added": list(drift.added)},
        )  # fmt: skip
        settle.tell_of_drift(batch.source, f"报送的数据结构变化：{drift}", by=by)
        return
    # In the file's order: a rejected row is kept as it came, and its fields are found by this.
    batch.facts = {**batch.facts, "columns": list(opened.staged.columns)}
    ref = lake.ods_ref(batch.source.table)
    target = _prepare(batch, ref, opened, columns)
    try:
        found = opened.sort(target, partial(duplicates.stored, batch, ref, columns))
        figures = Figures(
            received=opened.received, stored=found.stored, rejected=found.rejected,
            duplicate=found.duplicate, fixed=found.fixed, reasons=found.reasons, fixes=found.fixes,
            warnings=found.warnings,
        )  # fmt: skip
        if not figures.is_balanced:
            target.accepted.unlink(missing_ok=True)
            settle.note(
                batch,
                "unbalanced",
                f"台账不平，未入湖，等待核查：{figures}",
                note="台账不平，未入湖任何数据，批次保持未结。请联系技术支持部门核查文件。",
            )
            return
        summary = {
            BATCH_KEY: batch.number,
            f"{PREFIX}source": batch.source.code,
            **figures.summary(),
        }
        name = batch.source.code
        _append_once(lake.quarantine_ref(name), found.rejected_files, summary)
        _append_once(lake.quarantine_ref(f"quarantine_{name}__fixes"), found.fixed_values, summary)
        settle.note(batch, "sorted", f"校验完成：{figures}")
        snapshot = (
            lake.store().append(ref, list(found.accepted), summary=summary)
            if found.accepted
            else None
        )
    except BaseException:
        target.accepted.unlink(missing_ok=True)
        raise
    settle.close(batch, figures, snapshot, by=by)


def _prepare(batch: Batch, ref: TableRef, opened: Opened, columns: Sequence[ColumnSpec]) -> Target:
    store = lake.store()
    keys = ",".join(column.name for column in columns if column.is_key)
    schema = ports.connector(batch.source.form).schema(columns)
    store.ensure(ref, schema, {
        "tongqu.keys": keys, "tongqu.title": batch.source.name,
        "tongqu.owner": batch.source.provider.name,
        "tongqu.system": _system(batch.source),
        duplicates.SCHEME: duplicates.scheme_after(batch, ref),
        **agreements.cells(batch.source),
    })  # fmt: skip
    ids = {column.name: column.field_id for column in store.columns(ref)}
    return Target(
        batch=batch.number, loaded_at=_loaded_at(batch.source), accepted=store.staging(ref),
        scratch=opened.scratch, field_ids={name: ids[name] for name in schema.names},
    )  # fmt: skip


def _loaded_at(source: Source) -> datetime:
    """Return the load time: behind all earlier ones, even where the clock was set back."""
    last = source.last_loaded_at
    return max(clock.now(), last + timedelta(microseconds=1)) if last else clock.now()


def _system(source: Source) -> str:
    """Return the system that produces the data, as its entry says: rows are traced to it."""
    entry = catalog.entry(source.entry_code) if source.entry_code else None
    return entry.source_system if entry else source.name


def _append_once(ref: TableRef, files: Iterable[str], summary: Mapping[str, str]) -> None:
    """Append side rows unless this batch has done so before a crash."""
    import pyarrow.parquet as pq

    paths = list(files)
    store = lake.store()
    if not paths or (store.exists(ref) and store.find(ref, BATCH_KEY, summary[BATCH_KEY])):
        return
    store.ensure(ref, pq.read_schema(paths[0]))
    store.append(ref, paths, summary={BATCH_KEY: summary[BATCH_KEY]})


def finish_open(source: Source, *, by: Actor) -> list[Batch]:
    """Finish the batches of a source that a crash left open. The caller holds the source."""
    left = Batch.objects.select_related("source", "source__provider")
    found = list(left.filter(source=source, state=BatchState.OPEN).order_by("pk"))
    # Also without an open batch: a kill may have come between its end and the tidying up.
    ports.connector(source.form).sweep(guards.landing())
    for batch in found:
        resume(batch, by=by)
    withdraw(source, by=by)
    return found


def resume(batch: Batch, *, by: Actor) -> None:
    """Finish one open batch from the farthest point it had reached."""
    ref = lake.ods_ref(batch.source.table)
    store = lake.store()
    snapshot = store.find(ref, BATCH_KEY, batch.number) if store.exists(ref) else None
    if snapshot is not None:
        _resumed(batch, f"快照 {snapshot.id} 已提交，从快照补记台账")
        settle.close(batch, from_summary(snapshot.summary), snapshot, by=by)
        return
    landed = landed_path(guards.landing(), batch.sha256) if batch.sha256 else None
    if landed is not None and landed.is_file():
        _resumed(batch, "文件已落地、未提交，从落地文件重做")
        run(batch, landed, by=by)
    elif batch.incoming and Path(batch.incoming).is_file():
        _resumed(batch, "文件未完整落地，从来件重新读取")
        run(batch, Path(batch.incoming), by=by)
    else:
        settle.fail(
            batch, "INCOMING_LOST", "处理中断且来件已不在，未入湖任何数据；请重新报送。", by=by
        )


def _resumed(batch: Batch, words: str) -> None:
    settle.note(batch, "resumed", f"中断后续传：{words}", resumed_from=words)
