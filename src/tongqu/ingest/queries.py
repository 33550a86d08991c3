"""Reads of ingest, each starting from what the asker may see."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import Max, Q, QuerySet

from tongqu.identity.vocabulary import Role
from tongqu.ingest.domain.contract import parse_columns, parse_options
from tongqu.ingest.models import Batch, Connection, LegacySystem, Reconciliation, Run, Source
from tongqu.ingest.ports import Contract
from tongqu.ingest.vocabulary import (
    BatchState,
    BatchView,
    Finding,
    Form,
    Freshness,
    LoadedFile,
    Mode,
    PullState,
    ReconciliationView,
    Rule,
    RunState,
    RunView,
    SourceView,
)
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.kernel.work import TodoItem
from tongqu.lake.vocabulary import LoadJob, ods_ref
from tongqu.policy.clauses import measures_2021 as law
from tongqu.standards import public as standards
from tongqu.standards.vocabulary import Check, Effect

SOURCE_UNKNOWN = Problem(
    code="SOURCE_UNKNOWN",
    title="没有找到这个数据来源。",
    next_step="请核对来源代码，或先登记来源。",
    basis=law.CONNECT_IN_TIME,
)
BATCH_UNKNOWN = Problem(
    code="BATCH_UNKNOWN",
    title="没有找到这个批次。",
    next_step="请核对批次号，或从接入任务页进入。",
    basis=law.QUALITY,
)
RUN_UNKNOWN = Problem(
    code="RUN_UNKNOWN",
    title="没有找到这次运行。",
    next_step="请从来源页进入。",
    basis=law.CONNECT_IN_TIME,
)
MIGRATION_UNKNOWN = Problem(
    code="MIGRATION_UNKNOWN",
    title="没有找到这个原有交换系统。",
    next_step="请从迁移列表进入。",
    basis=law.NEW_SYSTEMS,
)
# Who oversees every department's deliveries; the others see their own.
OVERSIGHT = frozenset(
    {Role.MANAGING_OFFICE.value, Role.SUPERVISOR.value, Role.SUPPORT.value, Role.SYSTEM_ADMIN.value}
)


def sees_all(actor: Actor) -> bool:
    return actor.kind == "platform" or bool(actor.roles & OVERSIGHT)


def sources_for(actor: Actor) -> QuerySet[Source]:
    """Return the sources that the asker may see: all for oversight, else their own."""
    rows = Source.objects.select_related("provider")
    return rows if sees_all(actor) else rows.filter(provider_id=actor.organisation_id)


def batches_for(actor: Actor) -> QuerySet[Batch]:
    rows = Batch.objects.select_related("source", "source__provider")
    return rows if sees_all(actor) else rows.filter(source__provider_id=actor.organisation_id)


def source_of(code: str) -> Source:
    """Return the source. Raises ``Rejected`` SOURCE_UNKNOWN."""
    found = Source.objects.select_related("provider").filter(code=code).first()
    if found is None:
        raise Rejected(SOURCE_UNKNOWN)
    return found


def seen_source(code: str, actor: Actor) -> Source:
    found = sources_for(actor).filter(code=code).first()
    if found is None:
        raise Rejected(SOURCE_UNKNOWN)
    return found


def seen_batch(number: str, actor: Actor) -> Batch:
    found = batches_for(actor).filter(number=number).first()
    if found is None:
        raise Rejected(BATCH_UNKNOWN)
    return found


def parse_each(documents: Sequence[Mapping[str, object]], *, where: str) -> tuple[Check, ...]:
    """Return checks from their documents; the same code may judge several columns."""
    return tuple(check for one in documents for check in standards.parse_checks([one], where=where))


def contract_of(source: Source) -> Contract:
    """Return how a source is read and its columns; its checks act through a batch alone."""
    return Contract(source.code, parse_options(source.options), parse_columns(source.columns))


def source_view(source: Source) -> SourceView:
    contract = contract_of(source)
    return SourceView(
        code=source.code,
        name=source.name,
        form=Form(source.form),
        provider_id=source.provider_id,
        provider_code=source.provider.code,
        provider_name=source.provider.name,
        entry_code=source.entry_code,
        cycle=source.cycle,
        table=source.table,
        columns=contract.columns,
        options=contract.options,
        freshness=Freshness(source.freshness),
        last_loaded_at=source.last_loaded_at,
        checks=parse_each(source.checks, where=source.code),
        connector=source.connector,
        mode=Mode(source.mode),
        schedule=source.schedule,
        next_run_at=source.next_run_at,
    )


def run_view(run: Run) -> RunView:
    names = ("number", "attempt", "pieces", "received", "stored", "rejected", "duplicate", "code",
             "note", "resumed_from", "started_at", "ended_at", "retry_at")  # fmt: skip
    return RunView(
        **{name: getattr(run, name) for name in names},
        source_code=run.source.code,
        state=PullState(run.state),
        log=tuple(run.log),
    )


def reconciliation_view(found: Reconciliation) -> ReconciliationView:
    names = ("source_rows", "hub_rows", "source_checksum", "hub_checksum", "difference",
             "tolerance", "is_equal", "made_at")  # fmt: skip
    facts = {name: getattr(found, name) for name in names}
    return ReconciliationView(source_code=found.source.code, **facts)


def runs_for(actor: Actor) -> QuerySet[Run]:
    rows = Run.objects.select_related("source", "source__provider")
    return rows if sees_all(actor) else rows.filter(source__provider_id=actor.organisation_id)


def seen_run(number: str, actor: Actor) -> Run:
    found = runs_for(actor).filter(number=number).first()
    if found is None:
        raise Rejected(RUN_UNKNOWN)
    return found


def migrations_for(actor: Actor) -> QuerySet[LegacySystem]:
    rows = LegacySystem.objects.select_related("provider")
    return rows if sees_all(actor) else rows.filter(provider_id=actor.organisation_id)


def seen_migration(code: str, actor: Actor) -> LegacySystem:
    found = migrations_for(actor).filter(code=code).first()
    if found is None:
        raise Rejected(MIGRATION_UNKNOWN)
    return found


def connections_for(actor: Actor) -> QuerySet[Connection]:
    rows = Connection.objects.select_related("provider")
    return rows if sees_all(actor) else rows.filter(provider_id=actor.organisation_id)


def loaded_files(since: datetime | None) -> list[LoadedFile]:
    """Return every file with rows in the lake that was loaded since then, one row a file."""
    rows = Batch.objects.filter(state=BatchState.CLOSED)
    if since is not None:
        rows = rows.filter(ended_at__gte=since)
    newest = rows.order_by().values("source_id", "file_name").annotate(last=Max("pk"))
    found = Batch.objects.filter(pk__in=newest.values("last")).select_related("source")
    return [
        LoadedFile(
            batch=batch.number,
            source_code=batch.source.code,
            source_name=batch.source.name,
            provider_id=batch.source.provider_id,
            entry_code=batch.source.entry_code,
            name=batch.file_name,
            size=batch.size,
            rows=batch.stored,
        )
        for batch in found
    ]


def batch_view(batch: Batch) -> BatchView:
    return BatchView(
        number=batch.number,
        source_code=batch.source.code,
        file_name=batch.file_name,
        sha256=batch.sha256,
        state=BatchState(batch.state),
        received=batch.received,
        stored=batch.stored,
        rejected=batch.rejected,
        duplicate=batch.duplicate,
        fixed=batch.fixed,
        snapshot_id=batch.snapshot_id,
        reasons=batch.reasons,
        fixes=batch.fixes,
        warnings=batch.warnings,
        findings=findings_of(batch),
        tables=batch.contract.get("tables", {}),
        code=batch.code,
        note=batch.note,
        facts=batch.facts,
        resumed_from=batch.resumed_from,
        started_at=batch.started_at,
        ended_at=batch.ended_at,
    )


def findings_of(batch: Batch) -> tuple[Finding, ...]:
    """Return in words what rules and checks found, by the agreement that the batch froze."""
    documents = {str(row["code"]): row for row in batch.contract.get("checks", ())}
    return tuple(
        _finding(code, rows, documents.get(code, {}), effect)
        for effect, counts in ((Effect.REJECT, batch.reasons), (Effect.WARN, batch.warnings))
        for code, rows in counts.items()
    )


def _finding(code: str, rows: int, document: Mapping[str, Any], effect: Effect) -> Finding:
    rule = Rule(code) if code in set(Rule) else None
    title = rule.label if rule else str(document.get("title", code))
    remedy = rule.hint if rule else str(document.get("remedy", ""))
    return Finding(code, title, remedy, effect, rows)


def run_state(source: Source, last: Batch | None, run: Run | None) -> RunState:
    """Return what the task view says: 成功, 部分成功, 失败, 延迟, 处理中, 未运行.

    ``last`` and ``run``: the source's newest batch and its newest pull.
    """
    pulled = _pulled_state(source, run)
    if pulled is not None:
        return pulled
    if last is None:
        return RunState.NEVER
    if last.state == BatchState.OPEN:
        return RunState.RUNNING
    if last.state != BatchState.CLOSED:
        return RunState.FAILURE
    if source.freshness == Freshness.LATE:
        return RunState.LATE
    return RunState.PARTIAL if last.rejected else RunState.SUCCESS


def _pulled_state(source: Source, run: Run | None) -> RunState | None:
    """Return what the last pull says, where it says more than its batches."""
    if source.connection_id is None or run is None or run.state == PullState.DONE:
        return None
    return RunState.RUNNING if run.state == PullState.OPEN else RunState.FAILURE


def last_batches(sources: list[Source]) -> dict[int, Batch]:
    """Return each source's newest batch, by the source's id."""
    of = Batch.objects.filter(source__in=sources).order_by().values("source_id")
    found = Batch.objects.filter(pk__in=of.annotate(newest=Max("pk")).values("newest"))
    return {batch.source_id: batch for batch in found}


def late_sources() -> QuerySet[Source]:
    """Return the sources whose newest data are older than their cycle allows (ING-13)."""
    return Source.objects.filter(freshness=Freshness.LATE).select_related("provider")


def unusable() -> list[tuple[Source, Batch]]:
    """Return the sources of whose newest batch nothing could be used, with that batch."""
    sources = list(Source.objects.select_related("provider"))
    newest = last_batches(sources)
    held = [(source, newest[source.pk]) for source in sources if source.pk in newest]
    return [(source, batch) for source, batch in held if _is_unusable(batch)]


def _is_unusable(batch: Batch) -> bool:
    nothing = batch.received > 0 and batch.stored + batch.duplicate == 0
    return batch.state == BatchState.QUARANTINED or (batch.state == BatchState.CLOSED and nothing)


def last_runs(sources: list[Source]) -> dict[int, Run]:
    """Return each source's newest pull, by the source's id."""
    of = Run.objects.filter(source__in=sources).order_by().values("source_id")
    found = Run.objects.filter(pk__in=of.annotate(newest=Max("pk")).values("newest"))
    return {run.source_id: run for run in found}


def lag(source: Source, now: datetime) -> timedelta | None:
    """Return how long ago the data last came in."""
    return now - source.last_loaded_at if source.last_loaded_at else None


def last_loaded(entry_code: str) -> datetime | None:
    """Return when data of an entry last came in; of several sources the oldest counts."""
    found = Source.objects.filter(entry_code=entry_code, last_loaded_at__isnull=False)
    return found.order_by("last_loaded_at").values_list("last_loaded_at", flat=True).first()


def landed_path(landing: Path, sha256: str) -> Path:
    return landing / sha256[:2] / sha256


def todos(actor: Actor) -> list[TodoItem]:
    """Return what waits for the provider's cataloguer: returned files, late resources."""
    if Role.CATALOGUER.value not in actor.roles or actor.organisation_id is None:
        return []
    own = Source.objects.filter(provider_id=actor.organisation_id)
    return [*_returned(own), *_late(own)]


def _returned(own: QuerySet[Source]) -> list[TodoItem]:
    """Return files sent back and not followed by one that was taken."""
    stuck = Q(state=BatchState.QUARANTINED) | Q(state=BatchState.FAILED)
    newest = last_batches(list(own))
    rows = Batch.objects.filter(stuck, pk__in=[b.pk for b in newest.values()])
    return [
        TodoItem(
            kind="接入退回",
            reference=batch.number,
            title=f"{batch.source.name}：{batch.note}"[:120],
            url=f"/manage/ingest/batches/{batch.number}/",
            received_at=batch.ended_at or batch.started_at,
            from_whom="共享平台",
        )
        for batch in rows.select_related("source")
    ]


def _late(own: QuerySet[Source]) -> list[TodoItem]:
    return [
        TodoItem(
            kind="数据超期",
            reference=source.code,
            title=f"{source.name}未按更新周期更新",
            url=f"/manage/ingest/{source.code}/",
            received_at=source.last_loaded_at or source.created_at,
            from_whom="共享平台",
        )
        for source in own.filter(freshness=Freshness.LATE)
    ]


def load_jobs() -> dict[str, LoadJob]:
    """Return the load jobs of the lake's chains, by the table that they fill."""
    found = Source.objects.select_related("provider")
    return {
        ods_ref(row.table).name: LoadJob(
            title=row.name,
            organisation_id=row.provider_id,
            owner=row.provider.name,
            url=f"/manage/ingest/{row.code}/",
            last_at=row.last_loaded_at,
            is_late=row.freshness == Freshness.LATE.value,
            is_paused=row.is_paused,
        )
        for row in found
    }
