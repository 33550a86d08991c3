"""Keep the tables small, young and clean; every run is on record."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from tongqu.audit.public import Outcome, record
from tongqu.catalog.public import lines
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake.domain.keeping import kept
from tongqu.lake.models import ModelStep, UpkeepRun
from tongqu.lake.ports import kept_by_rooms, store
from tongqu.lake.vocabulary import Conflict, RunState, StepState, TableRef, UpkeepKind, ref_of
from tongqu.policy.clauses import measures_2021 as law

log = logging.getLogger(__name__)
Report = Callable[[str], None]
LEAST_GUARD_SECONDS = 3600  # a commit under way is never that old


def silent(_: str) -> None: ...


def may_keep(by: Actor) -> None:
    """Raises: ``Rejected`` unless the actor is the platform or may run upkeep."""
    if by.kind != "platform":
        require(by, P.LAKE_UPKEEP_RUN)


@contextmanager
def on_record(kind: UpkeepKind, *, by: Actor, subject: str = "") -> Iterator[UpkeepRun]:
    """Keep a run of upkeep: begun, and ended well or not. The caller fills ``figures``."""
    run = UpkeepRun.objects.create(
        kind=kind, subject=subject[:200], by_key=by.key, by_name=str(by)[:120],
        started_at=clock.now(),
    )  # fmt: skip
    try:
        yield run
    except BaseException as error:
        run.figures = {**run.figures, "problem": _told(error)}
        _end(run, RunState.FAILED, by=by)
        raise
    _end(run, RunState.FAILED if run.figures.get("failed") else RunState.DONE, by=by)


def each(
    tables: Sequence[TableRef], act: Callable[[TableRef], None], *, run: UpkeepRun, report: Report
) -> None:
    """Do one thing to each table: a harmed one keeps no other waiting.

    Those that failed are told in the log, and counted: the run then counts as failed.
    """
    failed = 0
    for ref in tables:
        try:
            act(ref)
        except Exception:
            log.exception("%s of %s broke down", run.kind, ref.name)
            report(f"{ref.name}：未能完成，原因见日志")
            failed += 1
    if failed:
        run.figures = {**run.figures, "failed": failed}


def _told(error: BaseException) -> str:
    return error.problem.title if isinstance(error, Rejected) else type(error).__name__


@transaction.atomic
def _end(run: UpkeepRun, state: RunState, *, by: Actor) -> None:
    run.state, run.finished_at = state, clock.now()
    run.save()
    record(
        f"lake.upkeep.{run.kind}",
        by=by,
        subject=run.subject or str(run.pk),
        outcome=Outcome.DONE if state is RunState.DONE else Outcome.FAILED,
        basis=law.SECURITY_DUTY,
        details={"run": run.pk, "figures": run.figures},
    )


def compact(tables: Sequence[TableRef] = (), *, by: Actor, report: Report = silent) -> UpkeepRun:
    """Make the small files of the tables (of all) into large ones.

    A table whose files were replaced meanwhile is left for the next run.
    """
    may_keep(by)
    with on_record(UpkeepKind.COMPACT, by=by, subject=_names(tables)) as run:
        run.figures = {"before": 0, "after": 0, "postponed": 0}

        def act(ref: TableRef) -> None:
            try:
                done = store().compact(
                    ref,
                    target_bytes=int(settings.LAKE["TARGET_MB"]) << 20,
                    least_files=int(settings.LAKE["LEAST_FILES"]),
                )
            except Conflict:
                run.figures["postponed"] += 1
                report(f"{ref.name}：期间有新的写入，留待下次")
                return
            if done:
                run.figures["before"] += done.before
                run.figures["after"] += done.after
                report(f"{ref.name}：{done.before} 个文件合并为 {done.after} 个，{done.rows} 行")

        each(tables or store().list(), act, run=run, report=report)
    return run


def expire(tables: Sequence[TableRef] = (), *, by: Actor, report: Report = silent) -> UpkeepRun:
    """Forget old snapshots, but for the newest, the tagged and those that somebody needs."""
    may_keep(by)
    since = clock.now() - timedelta(days=int(settings.LAKE["SNAPSHOT_DAYS"]))
    with on_record(UpkeepKind.EXPIRE, by=by, subject=_names(tables)) as run:
        run.figures, read = {"expired": 0}, _read_by_models()

        def act(ref: TableRef) -> None:
            needed = kept_by_rooms(ref) | read.get(ref.name, set())
            keep = kept(store().snapshots(ref), since=since, needed=needed)
            if gone := store().expire(ref, keep):
                run.figures["expired"] += gone
                report(f"{ref.name}：{gone} 个快照到期")

        each(tables or store().list(), act, run=run, report=report)
    return run


def _read_by_models() -> dict[str, set[int]]:
    """Return the snapshots of each table from which today's tables were built.

    By them a run can be repeated.
    """
    steps = ModelStep.objects.filter(state=StepState.DONE.value).order_by()
    newest = steps.values("model").annotate(newest=Max("pk")).values("newest")
    found: dict[str, set[int]] = {}
    for inputs in ModelStep.objects.filter(pk__in=newest).values_list("inputs", flat=True):
        for table, snapshot in inputs.items():
            if snapshot:
                found.setdefault(table, set()).add(int(snapshot))
    return found


def clean(*, older_than_seconds: int = 86_400, by: Actor, report: Report = silent) -> UpkeepRun:
    """Remove files that nothing names: of kills, lost races, forgotten snapshots, dropped tables.

    Raises: ``Rejected`` GUARD_TOO_SHORT: a younger file may belong to a commit under way.
    """
    may_keep(by)
    if older_than_seconds < LEAST_GUARD_SECONDS:
        raise Rejected(
            Problem(
                code="GUARD_TOO_SHORT",
                title="保护时间不得少于一小时。",
                next_step="正在提交的文件可能被误删；请把保护时间设为 1 小时以上。",
                basis=law.SECURITY_DUTY,
            )
        )
    with on_record(UpkeepKind.CLEAN, by=by) as run:
        done = store().clean(older_than_seconds)
        run.figures = {"files": done.files, "bytes": done.size}
        report(f"清理 {done.files} 个文件，{done.size} 字节")
    return run


@transaction.atomic
def tag(ref: TableRef, name: str, *, snapshot_id: int | None = None, by: Actor) -> None:
    """Name a snapshot as a published version: it is never forgotten.

    Raises: ``Rejected`` TAG_TAKEN, SNAPSHOT_UNKNOWN.
    """
    may_keep(by)
    current = store().current(ref)
    known = {snapshot.id for snapshot in store().snapshots(ref)}
    wanted = snapshot_id or (current.id if current else 0)
    if wanted not in known:
        raise _no("SNAPSHOT_UNKNOWN", "没有这个快照。", "请在表的页面核对快照编号。")
    if store().tags(ref).get(name, wanted) != wanted:
        raise _no(
            "TAG_TAKEN", "这个版本标签已指向另一个快照。", "请换一个版本标签，或先取消原标签。"
        )
    _named(ref, name, wanted, by=by)


def tag_published(*, by: Actor) -> int:
    """Name the snapshot that stood when an entry's version went into force with data.

    Each version once; return how many. Said by the clock, since an entry may be published
    before its data are connected.
    """
    may_keep(by)
    count = 0
    for line in lines():
        ref = ref_of(line.table) if line.table else None
        name = f"v{line.version}"
        if ref is None or not store().exists(ref) or name in store().tags(ref):
            continue
        current = store().current(ref)
        if current is None:
            continue
        with transaction.atomic():
            _named(ref, name, current.id, by=by)
        count += 1
    return count


def _named(ref: TableRef, name: str, snapshot_id: int, *, by: Actor) -> None:
    store().tag(ref, name, snapshot_id)
    record(
        "lake.table.tag",
        by=by,
        subject=ref.name,
        details={"tag": name, "snapshot": str(snapshot_id)},
    )


def _no(code: str, title: str, next_step: str) -> Rejected:
    return Rejected(Problem(code=code, title=title, next_step=next_step, who="技术支持部门"))


def _names(tables: Sequence[TableRef]) -> str:
    return "、".join(ref.name for ref in tables)
