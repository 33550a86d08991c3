"""Run a pack of models: every step is kept, a failed one harms nothing that is served."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from django.db import transaction

from tongqu.audit.public import Outcome, record
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected, Unavailable
from tongqu.lake.actions.build import AS_DUE, Built, Order, build
from tongqu.lake.actions.edges import keep_edges
from tongqu.lake.actions.flags import mark_broken, mark_sound
from tongqu.lake.actions.packs import Pack, read_pack
from tongqu.lake.actions.tell import tell
from tongqu.lake.actions.touch import touch
from tongqu.lake.domain.packs import Model
from tongqu.lake.models import LakeTable, ModelRun, ModelStep
from tongqu.lake.vocabulary import (
    GATE_HELD,
    JobRun,
    QueryFailed,
    RunEvent,
    RunState,
    SchemaChanged,
    StepState,
)

Failure = tuple[str, str]  # code and what to read


def run_models(
    pack_dir: Path, *, by: Actor, only: frozenset[str] | None = None, order: Order = AS_DUE
) -> ModelRun:
    return run_pack(read_pack(pack_dir), by=by, only=only, order=order)


def run_pack(
    pack: Pack, *, by: Actor, only: frozenset[str] | None = None, order: Order = AS_DUE
) -> ModelRun:
    if by.kind != "platform":
        require(by, P.LAKE_MODEL_RUN)
    return carry_out(pack, by=by, only=only, order=order)


def carry_out(
    pack: Pack, *, by: Actor, only: frozenset[str] | None = None, order: Order = AS_DUE
) -> ModelRun:
    """Run models in order and keep what came of each; a run by itself that changed nothing goes."""
    run = ModelRun.objects.create(
        pack=pack.name, by_key=by.key, by_name=str(by)[:120], started_at=clock.now()
    )
    try:
        ok = _run_all(run, pack, by=by, only=only, order=order)
    except BaseException:  # a bug or a kill: the run must not look as if it went on
        _finish(run, RunState.FAILED, by=by)
        raise
    idle = {StepState.UNCHANGED.value, StepState.WAITING.value}
    if order.is_by_itself and idle.issuperset(run.steps.values_list("state", flat=True)):
        run.steps.all().delete()
        run.finished_at, run.state = clock.now(), RunState.DONE.value
        ModelRun.objects.filter(pk=run.pk).delete()
        return run
    _finish(run, RunState.DONE if ok else RunState.FAILED, by=by)
    return run


def _run_all(
    run: ModelRun, pack: Pack, *, by: Actor, only: frozenset[str] | None, order: Order
) -> bool:
    broken: set[str] = set()
    chosen = [model for model in pack.models if only is None or model.name in only]
    for position, model in enumerate(chosen, start=1):
        step = ModelStep(run=run, position=position, model=model.name)
        if stuck := sorted(broken.intersection(pack.reads[model.name])):
            step.state = StepState.BLOCKED
            step.code = "UPSTREAM_BROKEN"
            step.message = f"上游 {'、'.join(stuck)} 失败，沿用原有数据。"
            step.save()
        else:
            _run_one(step, model, pack, by=by, order=order)
        if step.state in {StepState.FAILED, StepState.BLOCKED}:
            broken.add(model.name)
    return not broken


def _run_one(step: ModelStep, model: Model, pack: Pack, *, by: Actor, order: Order) -> None:
    started = time.monotonic()
    clause = model.clauses[0] if model.clauses else ""
    summary = {"run": str(step.run_id), "by": by.key, "clause": clause}
    reads = pack.reads[model.name]
    told = told_of(step, model, reads)
    tell(told, RunEvent.START)
    try:
        built = build(model, reads, summary=summary, order=order)
    except (Rejected, Unavailable, QueryFailed, SchemaChanged) as error:
        step.seconds = time.monotonic() - started
        code, words = _told(error)
        if order.is_by_itself and code == "TABLE_MISSING":
            step.state, step.code, step.message = StepState.WAITING, code, words[:500]
            step.save()
        elif code == GATE_HELD:
            _hold(step, words, told)
        else:
            _fail(step, (code, words), told, reads=pack.reads, by=by)
        return
    step.seconds = time.monotonic() - started
    _keep(step, model, built, told, by=by)
    if built.state is StepState.DONE and not order.is_by_itself:
        touch({model.name})  # models of other packs may read it


def told_of(step: ModelStep, model: Model, reads: Sequence[str]) -> JobRun:
    """Return the run as others are told of it."""
    return JobRun(
        key=f"model/{step.run_id}/{model.name}", job=model.name, kind="model", table=model.name,
        started_at=clock.now(), sql=model.sql, reads=tuple(reads),
    )  # fmt: skip


def _told(error: Exception) -> Failure:
    match error:
        case Rejected():
            return error.problem.code, error.problem.title
        case QueryFailed():
            return "QUERY_FAILED", f"查询无法执行：{error.reason}"
        case SchemaChanged():
            return "SCHEMA_CHANGED", f"列 {error.column} 的类型由 {error.was} 变为 {error.came}。"
        case _:
            return _code(type(error).__name__), "存储或引擎暂不可用，原有数据继续提供服务。"


def _code(name: str) -> str:
    """Spell a class name as a code: StorageFull is STORAGE_FULL."""
    return "".join(f"_{letter}" if letter.isupper() else letter for letter in name)[1:].upper()


@transaction.atomic
def _hold(step: ModelStep, words: str, told: JobRun) -> None:
    """Leave the table as it is: the job is sound, what it would take up is not good enough."""
    step.state, step.code, step.message = StepState.BLOCKED, GATE_HELD, words[:500]
    step.save()
    tell(replace(told, problem=step.message), RunEvent.FAIL)


@transaction.atomic
def _fail(
    step: ModelStep,
    failure: Failure,
    told: JobRun,
    *,
    reads: Mapping[str, Sequence[str]],
    by: Actor,
) -> None:
    step.state = StepState.FAILED
    step.code, step.message = failure[0], failure[1][:500]
    step.save()
    mark_broken(step.model, reason=step.message, by=by, known=reads)
    tell(replace(told, problem=step.message), RunEvent.FAIL)


@transaction.atomic
def _keep(step: ModelStep, model: Model, built: Built, told: JobRun, *, by: Actor) -> None:
    step.state = built.state
    step.rows, step.changed_rows = built.rows, built.changed
    step.message = built.note[:500]
    step.snapshot_id = built.snapshot.id if built.snapshot else None
    step.inputs = {name: str(snapshot) for name, snapshot in built.inputs.items()}
    step.save()
    LakeTable.objects.update_or_create(
        name=model.name,
        defaults={
            "library": model.library,
            "title": model.title,
            "owner": model.owner,
            "keys": list(model.keys),
            "theme": model.theme,
            "clauses": list(model.clauses),
            "model_digest": model.digest,
            "updated_at": clock.now(),
        },
    )
    keep_edges(built.edges, job=model.name, run=step.run)
    mark_sound(model.name, by=by)
    done = replace(told, edges=built.edges, rows=built.rows, snapshot_id=step.snapshot_id)
    tell(done, RunEvent.COMPLETE)


@transaction.atomic
def _finish(run: ModelRun, state: RunState, *, by: Actor) -> None:
    run.state = state
    run.finished_at = clock.now()
    run.save()
    record(
        "lake.models.run",
        by=by,
        subject=str(run),
        outcome=Outcome.DONE if state is RunState.DONE else Outcome.FAILED,
        details={step.model: step.state for step in run.steps.all()},
    )
