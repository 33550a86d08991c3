"""Fetch a source, piece by piece, through the one load path.

The source's cursor moves in the transaction that closes a piece's batch. A kill repeats at most
the piece under way: an open batch is finished first, and what it holds is known by its hashes.
The run that was cut goes on under its own number, and its log says from where.
"""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum

from tongqu.audit.public import record
from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Role
from tongqu.ingest import ports
from tongqu.ingest.actions import agreements, connections, guards, load
from tongqu.ingest.domain import schedule as schedules
from tongqu.ingest.models import Batch, Run, Source
from tongqu.ingest.ports import PullFailed, Unreadable
from tongqu.ingest.queries import run_view, source_of
from tongqu.ingest.vocabulary import BatchState, Mode, PullState, RunView
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected, Unavailable
from tongqu.lake import public as lake
from tongqu.policy.clauses import measures_2021 as law

FIGURES = ("received", "stored", "rejected", "duplicate")
PIECE, PIECE_LINES = "piece", 100
REMARK = "remark"
NOT_PULLED = Problem(
    code="NOT_PULLED",
    title="这个来源没有登记连接，平台不能主动抽取。",
    next_step="请先登记连接和接入方式，或报送文件。",
    basis=law.CONNECT_IN_TIME,
)
NOT_AGREED = Problem(
    code="NOT_SCANNED",
    title="来源还没有约定列，不能接入。",
    next_step="请先探查来源并确认列。",
    basis=law.COMPILE,
)
BUSY = Problem(
    code="SOURCE_BUSY",
    title="这个来源正在接入。",
    next_step="请等本次运行结束。",
    basis=law.CONNECT_IN_TIME,
)
AWAY = Unreadable(
    "STORE_UNREACHABLE",
    "平台的存储暂时不可用，本次接入中断。",
    "已入湖的数据不受影响，平台会自动重试。",
)
BROKEN = Unreadable(
    "INTERNAL", "平台内部出错，本次接入中断。",
    "已入湖的数据不受影响，平台会自动重试；持续出现请技术支持部门查看日志。",
)  # fmt: skip


def pull(source_code: str, *, by: Actor) -> RunView:
    """Fetch what the source has since the last time, now; return the run.

    A source that cannot be reached is a run in state RETRY or FAILED, not an exception.
    Raises: ``Rejected`` SOURCE_UNKNOWN, NOT_YOUR_SOURCE, NOT_PULLED, NOT_SCANNED, SOURCE_BUSY.
    """
    source = source_of(source_code)
    guards.may_load(source, by)
    _check_ready(source)
    try:
        with guards.exclusive(source.code, wait=False):
            return run_view(_run(source_of(source_code), by=by))
    except guards.Busy:
        raise Rejected(BUSY) from None


def pull_if_due(source_code: str, *, by: Actor) -> RunView | None:
    """Fetch a source whose time has come; None where another worker has it or had it.

    Two workers on one schedule: the second finds the source held, or its next run in the future.
    """
    try:
        with guards.exclusive(source_code, wait=False):
            source = source_of(source_code)
            is_cut = source.runs.filter(state=PullState.OPEN).exists()
            is_due = source.next_run_at is not None and source.next_run_at <= clock.now()
            if source.is_paused or source.connection_id is None or not (is_due or is_cut):
                return None
            return run_view(_run(source, by=by))
    except guards.Busy:
        return None


def _check_ready(source: Source) -> None:
    agreements.check_valid(source)
    if source.connection_id is None:
        raise Rejected(NOT_PULLED)
    if not source.columns:
        raise Rejected(NOT_AGREED)


def _run(source: Source, *, by: Actor) -> Run:
    left = load.finish_open(source, by=by)
    source.refresh_from_db()
    run = _begin(source, left, by=by)
    try:
        _pieces(source, run, by=by)
    except PullFailed as error:
        _failed(source, run, error, again=error.again, by=by)
    except Unreadable as error:
        _failed(source, run, error, again=error.code == "STORAGE_FULL", by=by)
    except Rejected as error:
        told = Unreadable(error.problem.code, error.problem.title, error.problem.next_step)
        _failed(source, run, told, again=False, by=by)
    except Unavailable:
        _failed(source, run, AWAY, again=True, by=by)
    except Exception:  # a bug goes to the log; the run must not look as if it went on
        _failed(source, run, BROKEN, again=True, by=by)
        raise
    else:
        _done(source, run, by=by)
        load.withdraw(source, by=by)
    return run


def _begin(source: Source, left: list[Batch], *, by: Actor) -> Run:
    """Go on with the run that was cut or waits for its retry, or begin a new one."""
    run = source.runs.filter(state__in=[PullState.OPEN, PullState.RETRY]).first()
    if run is None:
        return _new(source, by=by)
    _count(run)
    where = f"已入湖 {run.stored} 行、{run.pieces} 片，从其后继续"
    if left:
        where = f"先完成中断的批次 {'、'.join(batch.number for batch in left)}；{where}"
    run.state, run.attempt, run.retry_at = PullState.OPEN.value, run.attempt + 1, None
    run.resumed_from = where[:200]
    run.save()
    log(run, "resumed", f"续传：{where}")
    return run


def _new(source: Source, *, by: Actor) -> Run:
    prefix = f"YX-{clock.today():%Y-%m%d}-"
    for _ in range(50):
        last = Run.objects.filter(number__startswith=prefix).order_by("-pk").first()
        number = f"{prefix}{int(last.number.rsplit('-', 1)[1]) + 1 if last else 1:03d}"
        try:
            with transaction.atomic():
                run = Run.objects.create(
                    number=number, source=source, cursor_from=source.cursor, actor_key=by.key,
                    started_at=clock.now(),
                )  # fmt: skip
                record("ingest.run.started", by=by, subject=number, basis=law.CONNECT_IN_TIME,
                       details={"source": source.code})  # fmt: skip
        except IntegrityError:
            continue
        log(run, "started", f"开始{Mode(source.mode).label}接入")
        return run
    raise RuntimeError("no run number could be taken")


def log(run: Run, step: str, text: str) -> None:
    """Add a line to the run log, in a commit of its own: the page shows it at once.

    Of the pieces the last lines are kept, so that a line costs the same however long the run:
    each piece has its batch.
    """
    lines = [*run.log, {"at": clock.now().isoformat(), "step": step, "text": text}]
    pieces = [at for at, line in enumerate(lines) if line["step"] == PIECE]
    old = set(pieces[:-PIECE_LINES])
    run.log = [line for at, line in enumerate(lines) if at not in old]
    run.save(update_fields=["log", "pieces", *FIGURES])


def _count(run: Run) -> None:
    closed = run.batches.filter(state=BatchState.CLOSED)
    sums = closed.aggregate(**{name: Sum(name) for name in FIGURES})
    run.pieces = closed.count()
    for name in FIGURES:
        setattr(run, name, sums[name] or 0)


def _add(run: Run, batch: Batch) -> None:
    """Count one piece more; ``_count`` says the same of all at the ends of a run."""
    if batch.state == BatchState.CLOSED:
        run.pieces += 1
        for name in FIGURES:
            setattr(run, name, getattr(run, name) + getattr(batch, name))


@contextmanager
def _place(source: Source) -> Iterator[Path]:
    """Give the folder for a source's pieces: the same after a kill, so that batches resume."""
    place = guards.landing() / "incoming" / f"pull-{source.code}"
    shutil.rmtree(place, ignore_errors=True)  # the caller has finished what was open
    place.mkdir(parents=True)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _pieces(source: Source, run: Run, *, by: Actor) -> None:
    agreements.check_valid(source)
    connection, options = source.connection, connections.options_of(source)
    if connection is None:
        raise Rejected(NOT_PULLED)
    puller = ports.puller(connection.connector)
    options = replace(options, is_empty=lake.store().current(lake.ods_ref(source.table)) is None)
    fresh = _is_fresh(source, options.mode)
    with _place(source) as into:
        opened = connections.opened(connection)
        for piece in puller.pull(opened, options, source.cursor or None, into):
            if isinstance(piece, ports.Remark):
                _remark(source, run, piece)
                continue
            batch = load.load_piece(source, piece, run_id=run.pk, by=by, fresh=fresh)
            piece.path.unlink(missing_ok=True)
            if piece.is_file and batch.state == BatchState.QUARANTINED:
                _pass_over(source, piece)
            else:
                _check_closed(batch, piece)
            _add(run, batch)
            log(run, PIECE, f"第 {run.pieces} 片入湖：批次 {batch.number}，{_told(batch)}")
            _tell_of_lost(source, run, piece)
            if piece.settled is not None:
                piece.settled()
            if piece.is_file:
                load.withdraw(source, by=by)


def _tell_of_lost(source: Source, run: Run, piece: ports.Piece) -> None:
    """Say what a source deleted before it was fetched: no ledger can hold what never came."""
    lost = int(piece.facts.get("lost", 0))
    if not lost:
        return
    log(run, "lost", f"来源已按保留期删除 {lost} 条没有取走的数据")
    notify(
        f"“{source.name}”有 {lost} 条数据在取走之前被来源按保留期删除，请补报或延长保留期。"[:300],
        key=f"ingest-lost-{run.number}-{run.pieces}", kind="数据缺失",
        url=f"/manage/ingest/{source.code}/", organisation_id=source.provider_id,
        role=Role.CATALOGUER.value,
    )  # fmt: skip


def _remark(source: Source, run: Run, remark: ports.Remark) -> None:
    """Put what was passed over on the source's page, and tell its provider once."""
    log(run, REMARK, remark.text)
    digest = hashlib.sha256(remark.text.encode()).hexdigest()[:16]
    notify(
        f"“{source.name}”：{remark.text}"[:300],
        key=f"ingest-remark-{source.code}-{digest}", kind="接入提示",
        url=f"/manage/ingest/{source.code}/", organisation_id=source.provider_id,
        role=Role.CATALOGUER.value,
    )  # fmt: skip


def _is_fresh(source: Source, mode: Mode) -> bool:
    """Tell whether no row of this run can have been stored: then nothing need be compared.

    A table pulled by a key that only grows, or for the first time: a key comes once.
    """
    has_key = any(column.get("is_key") for column in source.columns)
    if mode is Mode.BY_KEY:
        return bool(source.cursor) and has_key
    ref = lake.ods_ref(source.table)
    return mode is Mode.FULL and has_key and lake.store().current(ref) is None


def _told(batch: Batch) -> str:
    return (
        f"接收 {batch.received} = 入湖 {batch.stored} + 隔离 {batch.rejected}"
        f" + 重复 {batch.duplicate}"
    )


def _pass_over(source: Source, piece: ports.Piece) -> None:
    """Leave a file that was sent back: its department has its batch and its reason."""
    source.cursor = dict(piece.cursor)
    source.save(update_fields=["cursor"])


def _check_closed(batch: Batch, piece: ports.Piece) -> None:
    if batch.state != BatchState.CLOSED:
        raise PullFailed(
            batch.code or "UNBALANCED", f"批次 {batch.number} 未入湖：{batch.note}"[:300],
            "已入湖的数据不受影响。", again=batch.code == "STORAGE_FULL",
        )  # fmt: skip
    if piece.rows is not None and piece.rows != batch.received:
        raise PullFailed(
            "COUNT_DIFFERS", f"批次 {batch.number} 收到的行数与来源给出的不同。",
            "请技术支持部门核查连接器。", source=piece.rows, received=batch.received,
        )  # fmt: skip


@transaction.atomic
def _done(source: Source, run: Run, *, by: Actor) -> None:
    _count(run)
    run.state, run.ended_at, run.code, run.note = PullState.DONE.value, clock.now(), "", ""
    run.save()
    log(run, "done", f"完成：{run.pieces} 片，接收 {run.received} 行，入湖 {run.stored} 行")
    _schedule(source, attempts=0)
    record("ingest.run.done", by=by, subject=run.number, rows=run.stored,
           basis=law.CONNECT_IN_TIME, details={"source": source.code})  # fmt: skip


def _schedule(source: Source, *, attempts: int, retry: Any = None) -> None:
    source.attempts = attempts
    source.next_run_at = retry or schedules.next_after(source.schedule, clock.now(), clock.SHANGHAI)
    source.save(update_fields=["attempts", "next_run_at"])


@transaction.atomic
def _failed(source: Source, run: Run, error: Unreadable, *, again: bool, by: Actor) -> None:
    """Put the run into the retry queue, or end it and tell the provider."""
    _count(run)
    attempts = source.attempts + 1
    wait = schedules.wait_after(attempts) if again else None
    run.code, run.note = error.code, f"{error.title}{error.next_step}"[:500]
    run.state = (PullState.RETRY if wait else PullState.FAILED).value
    run.retry_at = clock.now() + wait if wait else None
    run.ended_at = None if wait else clock.now()
    run.save()
    then = f"，{int(wait.total_seconds())} 秒后重试" if wait else "，不再自动重试"
    log(run, run.state, f"{error.title}（第 {attempts} 次）{then}")
    _schedule(source, attempts=attempts if wait else 0, retry=run.retry_at)
    record(f"ingest.run.{run.state}", by=by, subject=run.number, code=error.code,
           basis=law.CONNECT_IN_TIME, details={"source": source.code})  # fmt: skip
    if not wait:
        notify(
            f"“{source.name}”接入失败：{error.title}"[:300], key=f"ingest-run-{run.number}",
            kind="接入失败", url=f"/manage/ingest/{source.code}/",
            organisation_id=source.provider_id, role=Role.CATALOGUER.value,
        )  # fmt: skip
