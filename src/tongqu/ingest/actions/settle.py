"""How a batch ends: closed, quarantined whole, failed. One transaction each."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from tongqu.audit.public import Outcome, record
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import ChangeReason
from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Role
from tongqu.ingest import ports
from tongqu.ingest.domain.ledger import Figures
from tongqu.ingest.domain.states import BATCH, BatchCommand
from tongqu.ingest.models import Batch, Source
from tongqu.ingest.queries import contract_of
from tongqu.ingest.vocabulary import BatchState, Freshness
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.lake import public as lake
from tongqu.lake.vocabulary import Snapshot
from tongqu.policy.clauses import measures_2021 as law


def note(batch: Batch, step: str, text: str, **fields: Any) -> None:
    """Add a line to the run log, in a commit of its own: a crash leaves it behind."""
    batch.log = [*batch.log, {"at": clock.now().isoformat(), "step": step, "text": text}]
    for name, value in fields.items():
        setattr(batch, name, value)
    batch.save(update_fields=["log", *fields])


def _end(batch: Batch, command: BatchCommand) -> None:
    step = BATCH.step(BatchState(batch.state), command)
    batch.state = step.target.value
    batch.ended_at = clock.now()


@transaction.atomic
def close(
    batch: Batch, figures: Figures, snapshot: Snapshot | None, *, by: Actor, words: str = ""
) -> None:
    """Close a batch whose ledger balances; the source and its entry learn of it."""
    _end(batch, BatchCommand.CLOSE)
    for name in ("received", "stored", "rejected", "duplicate", "fixed"):
        setattr(batch, name, getattr(figures, name))
    for name in ("reasons", "fixes", "warnings"):
        setattr(batch, name, dict(getattr(figures, name)))
    batch.snapshot_id = snapshot.id if snapshot else None
    batch.note = words or _words(figures)
    batch.log = [
        *batch.log,
        {"at": clock.now().isoformat(), "step": "closed", "text": str(figures)},
    ]
    if batch.cursor is not None:  # the pull goes on behind this batch, and not before it closed
        batch.source.cursor, batch.cursor = batch.cursor, None  # one of many files is large
        batch.source.save(update_fields=["cursor"])
    batch.save()
    record(
        "ingest.batch.closed",
        by=by,
        subject=batch.number,
        rows=figures.stored,
        basis=law.QUALITY,
        details={"source": batch.source.code, **_counts(figures)},
    )
    _tell_of_rejects(batch)
    if snapshot is not None:
        lake.changed(lake.ods_ref(batch.source.table))
    lake.load_done(_run(batch), by=by)
    if figures.stored or figures.duplicate:
        _delivered(batch.source, by=by)
    if figures.stored and batch.source.entry_code and (hooks := ports.hooks()) is not None:
        hooks.came(entry_code=batch.source.entry_code, batch=batch.number)


def _run(batch: Batch) -> lake.JobRun:
    """Return the batch as a run of the job that fills its table."""
    return lake.JobRun(
        key=f"load/{batch.number}",
        job=f"load.{batch.source.code}",
        kind="load",
        table=lake.ods_ref(batch.source.table).name,
        started_at=batch.started_at,
        rows=batch.stored,
        snapshot_id=batch.snapshot_id,
        problem=batch.note,
    )


def _tell_of_rejects(batch: Batch) -> None:
    """Let a ticket be opened where more rows were rejected than the source allows (ING-19)."""
    source, hooks = batch.source, ports.hooks()
    is_over = batch.received and batch.rejected / batch.received > source.reject_threshold
    if is_over and hooks is not None:
        hooks.over_threshold(
            entry_code=source.entry_code,
            batch=batch.number,
            rejected=batch.rejected,
            received=batch.received,
        )


def _counts(figures: Figures) -> dict[str, int]:
    return {
        name: getattr(figures, name) for name in ("received", "stored", "rejected", "duplicate")
    }


def _words(figures: Figures) -> str:
    if figures.received == 0:
        return "文件只有表头，没有数据行，湖中数据未变。"
    if figures.stored == 0 and figures.rejected == 0:
        return "全部为已有数据，湖中数据未变。"
    if figures.rejected:
        return f"{figures.rejected} 行被隔离，可下载改正后重新报送。"
    if figures.warnings:
        return "全部入湖，其中有存疑的行，请按提示核对。"
    return "全部通过。"


def _delivered(source: Source, *, by: Actor) -> None:
    # Never backwards, even where the clock is set back: the newest state goes by load time.
    source.last_loaded_at = max(clock.now(), source.last_loaded_at or clock.now())
    source.freshness = Freshness.ON_TIME.value
    source.save(update_fields=["last_loaded_at", "freshness"])
    tell_entry(source, by=by)


def tell_entry(source: Source, *, by: Actor) -> None:
    """Tell the entry which columns its data has, and that data is there, as soon as both are."""
    if not source.entry_code or source.last_loaded_at is None:
        return
    types = {column.name: column.data_type for column in contract_of(source).columns}
    catalog.record_observation(source.entry_code, types)
    stored = lake.store().current(lake.ods_ref(source.table))
    if stored is not None and stored.rows > 0:
        catalog.mark_connected(source.entry_code, rows=stored.rows, at=source.last_loaded_at, by=by)


def tell_of_drift(source: Source, cause: str, *, by: Actor) -> None:
    """Tell the entry that its data came in another structure: 待更新 (CAT-04)."""
    if source.entry_code:
        catalog.mark_to_update(
            source.entry_code, by=by, cause=cause, reason=ChangeReason.DATA_CHANGE
        )


@transaction.atomic
def quarantine(
    batch: Batch, code: str, words: str, *, by: Actor, facts: Mapping[str, Any] | None = None
) -> None:
    """Send the whole file back: nothing of it is stored, the last good data stay."""
    _end(batch, BatchCommand.QUARANTINE)
    _stopped(batch, code, words, facts or {}, by)


@transaction.atomic
def fail(
    batch: Batch, code: str, words: str, *, by: Actor, facts: Mapping[str, Any] | None = None
) -> None:
    """End a batch that the platform could not carry out; it may be sent again as it is."""
    _end(batch, BatchCommand.FAIL)
    _stopped(batch, code, words, facts or {}, by)


def _stopped(batch: Batch, code: str, words: str, facts: Mapping[str, Any], by: Actor) -> None:
    batch.code, batch.note, batch.facts = code, words[:500], dict(facts)
    batch.log = [*batch.log, {"at": clock.now().isoformat(), "step": batch.state, "text": words}]
    batch.save()
    record(f"ingest.batch.{batch.state}", by=by, subject=batch.number, outcome=Outcome.REFUSED,
           basis=law.QUALITY, code=code, details={"source": batch.source.code})  # fmt: skip
    lake.load_failed(_run(batch), by=by, is_job=not batch.is_upload)
    notify(
        f"批次 {batch.number} 未入湖：{words}"[:300],
        key=f"ingest-{batch.number}-{batch.state}",
        kind="接入退回",
        url=f"/manage/ingest/batches/{batch.number}/",
        organisation_id=batch.source.provider_id,
        role=Role.CATALOGUER.value,
    )
