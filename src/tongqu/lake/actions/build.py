"""Build the table of one model: run it, check the rows, and only then let them be served."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from tongqu.kernel import clock
from tongqu.kernel.canonical import canonical
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake.actions import cells
from tongqu.lake.actions.parts import Parts, parts_of
from tongqu.lake.actions.retype import retype_empty
from tongqu.lake.domain import lint, merge, partition
from tongqu.lake.domain.columns import edges
from tongqu.lake.domain.living import Tells, living, tells_of
from tongqu.lake.domain.packs import Model, ModelTest
from tongqu.lake.ports import EngineResult, compute, engine, pass_gate, store
from tongqu.lake.vocabulary import Conflict, Edge, Layer, Snapshot, StepState, TableRef, ref_of

if TYPE_CHECKING:
    import pyarrow as pa

ATTEMPTS = 3
Columns = tuple[tuple[str, str], ...]  # name, type


@dataclass(frozen=True, slots=True)
class Built:
    """What came of a model. ``changed`` counts row versions new in this run."""

    state: StepState
    snapshot: Snapshot | None
    rows: int
    changed: int
    inputs: Mapping[str, int]
    edges: tuple[Edge, ...]
    note: str = ""  # what a reader of the run should know


@dataclass(frozen=True, slots=True)
class Order:
    """How a run was asked for. ``since``: parts from here on, of models renewed by parts."""

    since: str = ""
    is_backfill: bool = False
    is_by_itself: bool = False  # by the platform: what waits for data is no fault


@dataclass(frozen=True, slots=True)
class Work:
    """One build under way: the inputs, what the snapshot will tell, and the parts to renew."""

    model: Model
    inputs: Mapping[str, int]
    facts: Mapping[str, str]
    parts: Parts | None = field(default=None)
    cells: Mapping[str, int] = field(default_factory=dict)  # counts too small to be served


AS_DUE = Order()


def build(
    model: Model, reads: Sequence[str], *, summary: Mapping[str, str], order: Order = AS_DUE
) -> Built:
    """Bring a model's table up to date with the newest snapshots of what it reads.

    Nothing is written when neither the model nor its inputs changed. The moment of the run is
    an input of a model that asks for it: the snapshot tells it, so that the run can be repeated.
    A model that names its parts renews those that changed; a declared one takes what there is.
    Raises: ``Rejected`` TABLE_MISSING, GATE_HELD, MODEL_TEST_FAILED; the store's and engine's
    errors.
    """
    inputs = _inputs(model, reads)
    model = _of_those_there(model, inputs)
    moment = _moment(model)
    found_edges = _edges(model, list(inputs))
    small = cells.of_model(model, found_edges, list(inputs))
    told = [model.digest, inputs, *moment.values(), *([small] if small else [])]
    mark = hashlib.sha256(canonical(told)).hexdigest()
    former, built = store().current(model.ref), _last(model)
    is_due = bool(order.since or order.is_backfill)
    if former and built and built.summary.get("inputs") == mark and not is_due:
        return Built(StepState.UNCHANGED, former, former.rows, 0, inputs, found_edges)
    note = pass_gate(model.name, _from_below(model, inputs))
    facts = {
        **summary, "inputs": mark, "model": model.name, "digest": model.digest,
        "reads": json.dumps(inputs), **moment,
    }  # fmt: skip
    for attempt in range(ATTEMPTS):
        work = Work(model, inputs, facts, cells=small)
        try:
            if built is not None and not order.is_backfill:
                parts = parts_of(model, found_edges, inputs, built, since=order.since)
                work = replace(work, parts=parts)
            state, snapshot, changed = _write(work)
        except Conflict:  # another run served this table first: begin from its state
            if attempt == ATTEMPTS - 1:
                raise
            built = _last(model)
        else:
            return Built(state, snapshot, snapshot.rows, changed, inputs, found_edges, note)
        finally:
            if work.parts is not None:
                work.parts.path.unlink(missing_ok=True)
    raise AssertionError("unreachable")


def _from_below(model: Model, inputs: Mapping[str, int]) -> dict[str, int]:
    """Return the snapshots that would move up a layer: those of this layer have done so before."""
    return {name: snapshot for name, snapshot in inputs.items()
            if _ref(name).layer is not model.ref.layer}  # fmt: skip


def _last(model: Model) -> Snapshot | None:
    """Return the last snapshot that a run of the model made; upkeep may have come after it."""
    return store().find(model.ref, "model", model.name) if store().exists(model.ref) else None


def _of_those_there(model: Model, inputs: Mapping[str, int]) -> Model:
    """Return the model as it reads today: a declared one leaves out what has no data yet."""
    there = model.declared.among(inputs) if model.declared else None
    return replace(model, sql=there.sql(), declared=there) if there else model


def _moment(model: Model) -> dict[str, str]:
    return {lint.MOMENT: moment_of(model.moment)} if model.moment else {}


def moment_of(unit: str) -> str:
    """Return the Shanghai wall clock, cut to a unit."""
    now = clock.now().astimezone(clock.SHANGHAI).replace(tzinfo=None, second=0, microsecond=0)
    cut = now.replace(
        minute=0 if unit in {"hour", "day"} else now.minute,
        hour=0 if unit == "day" else now.hour,
    )
    return cut.isoformat()


def _inputs(model: Model, reads: Sequence[str]) -> dict[str, int]:
    """Return the newest snapshot of every table that the model reads.

    A declared model (fusion, topic) needs one table at least; any other needs every table.
    Raises: ``Rejected`` TABLE_MISSING.
    """
    newest = {name: store().current(ref) for name in reads if (ref := ref_of(name))}
    found = {name: snapshot.id for name, snapshot in newest.items() if snapshot}
    missing = [name for name in reads if name not in found]
    if missing and not (model.declared and found):
        raise Rejected(
            Problem(
                code="TABLE_MISSING",
                title=f"模型 {model.name} 读取的表 {missing[0]} 还没有数据。",
                next_step="请先汇聚数据或运行上游模型。",
                who="技术支持部门",
                facts={"table": missing[0]},
            )
        )
    return found


def _edges(model: Model, reads: Sequence[str]) -> tuple[Edge, ...]:
    schema = tuple(
        (name, tuple((c.name, c.type) for c in store().columns(_ref(name)))) for name in reads
    )
    return _edges_of(Model(model.ref, model.sql), schema)


@lru_cache(500)
def _edges_of(model: Model, schema: tuple[tuple[str, Columns], ...]) -> tuple[Edge, ...]:
    """Return the lineage of a model; the same until its text or a table's columns change."""
    query = lint.parsed(model)
    if query is None:
        return ()
    known = {name: dict(columns) for name, columns in schema}
    return tuple(edges(lint.unqualified(query), known, target=model.name))


def _ref(name: str) -> TableRef:
    ref = ref_of(name)
    if ref is None:
        raise ValueError(f"{name} is no table of the lake")
    return ref


def _query(work: Work) -> EngineResult:
    query = lint.parsed(work.model)
    if query is None:
        raise ValueError(f"{work.model.name} was not checked")
    query = lint.unqualified(query)
    tables: dict[str, object] = {
        name: (_ref(name), snapshot) for name, snapshot in work.inputs.items()
    }
    bound: dict[str, object] = {}
    if lint.reads_moment(query):
        bound[lint.MOMENT] = datetime.fromisoformat(work.facts[lint.MOMENT])
    if work.parts is not None and work.model.partition is not None:
        query = partition.restricted(query, work.parts.driver, work.model.partition)
        tables[partition.CHANGED] = [str(work.parts.path)]
    if work.model.ref.layer is Layer.SVC:
        query = cells.held_back(query, work.cells)
    query = living(query, _tellers(work.inputs))
    return compute().relation(query.sql(dialect="duckdb"), tables=tables, parameters=bound)


def _tellers(names: Iterable[str]) -> dict[str, Tells]:
    """Return the tables of the source layer that tell deletions and withdrawals."""
    refs = [ref for ref in map(_ref, names) if ref.layer is Layer.ODS]
    told = {
        ref.name: tells_of(
            [column.name for column in store().columns(ref)],
            store().properties(ref).get("tongqu.keys", ""),
        )
        for ref in refs
    }
    return {name: tells for name, tells in told.items() if tells is not None}


def _write(work: Work) -> tuple[StepState, Snapshot, int]:
    model = work.model
    with _query(work) as result:
        names, schema = result.schema().names, result.schema()
        if model.ref.layer is Layer.SVC:
            schema = _with_service_columns(schema)
        told = {"tongqu.keys": ",".join(model.keys), **cells.told(model.ref, work.cells)}
        if model.declared:
            retype_empty(model.ref, schema)
        store().ensure(model.ref, schema, told)
        if model.ref.layer is Layer.SVC:
            written = _write_service(work, result, names)
        elif work.parts is not None:
            written = _write_parts(work, result, names)
        else:
            written = _write_warehouse(work, result)
    store().ensure(model.ref, schema, exact=True)
    return written


def _with_service_columns(schema: "pa.Schema") -> "pa.Schema":
    import pyarrow as pa

    for name, kind in (("_row_hash", pa.string()), ("_seq", pa.int64()), ("_op", pa.string())):
        schema = schema.append(pa.field(name, kind))
    return schema


def _write_warehouse(work: Work, result: EngineResult) -> tuple[StepState, Snapshot, int]:
    path = store().staging(work.model.ref)
    with _gone_if_refused(path):
        rows = result.write(path, columns=store().columns(work.model.ref))
        _check(work.model, path)
        return StepState.DONE, store().overwrite(work.model.ref, [path], summary=work.facts), rows


def _write_parts(
    work: Work, result: EngineResult, names: Sequence[str]
) -> tuple[StepState, Snapshot, int]:
    """Put the parts that were computed again in place of the former ones."""
    ref, fresh = work.model.ref, engine().scratch()
    former, path = store().current(ref), store().staging(ref)
    try:
        rows = result.write(fresh)
        with _gone_if_refused(path):
            with _beside(work, fresh, names) as whole:
                whole.write(path, columns=store().columns(ref))
            _check(work.model, path)
            return StepState.DONE, store().overwrite(
                ref, [path], summary={**work.facts, "parts": str(_parts_count(work))},
                expected=former.id if former else 0,
            ), rows  # fmt: skip
    finally:
        fresh.unlink(missing_ok=True)


def _parts_count(work: Work) -> int:
    return work.parts.count if work.parts else 0


def _beside(work: Work, fresh: Path, names: Sequence[str]) -> EngineResult:
    """Return the fresh parts with the former rows of all others.

    Raises: ``Rejected`` NOT_BY_PARTS where a row came out of a part that was not asked for.
    """
    model, parts = work.model, work.parts
    if model.partition is None or parts is None:
        raise ValueError(f"{model.name} has no parts")
    column = model.partition.column
    changed = [str(parts.path)]
    tables = {"fresh": [str(fresh)], partition.CHANGED: changed}
    with engine().relation(partition.strangers(column), tables=tables) as found:
        strange = found.scalar()
    if strange:
        raise Rejected(
            Problem(
                code="NOT_BY_PARTS",
                title=f"模型 {model.name} 的分区列 {column} 与 incremental 的写法不一致。",
                next_step="请核对分区列的表达式；原有数据继续提供服务。",
                who="模型责任单位",
                facts={"table": model.name, "rows": strange},
            )
        )
    sql = partition.kept(list(names), column, is_service=model.ref.layer is Layer.SVC)
    return engine().relation(sql, tables={**tables, "former": model.ref})


def _write_service(
    work: Work, result: EngineResult, names: Sequence[str]
) -> tuple[StepState, Snapshot, int]:
    """Merge the model's rows into the service table, so that cursors of subscribers hold."""
    model, ref = work.model, work.model.ref
    former = store().current(ref)
    seq = _sequence(ref, former) + 1
    computed, fresh, path = engine().scratch(), engine().scratch(), store().staging(ref)
    try:
        with _gone_if_refused(path):
            # In the types of the table, which no engine decides: the hash is made of them.
            typed = [column for column in store().columns(ref) if column.name in names]
            if work.parts is None:
                result.write(fresh, columns=typed)
            else:
                result.write(computed)
                with _beside(work, computed, names) as whole:
                    whole.write(fresh, columns=typed)
            _check(model, fresh)
            tables = {"fresh": [str(fresh)], "former": ref}
            with engine().relation(
                merge.merged(names, model.keys), tables=tables, parameters={"seq": seq}
            ) as next_state:
                next_state.write(path, columns=store().columns(ref))
            changed = _count(merge.CHANGED, path, seq=seq)
            if former is not None and changed == 0:
                path.unlink()
                return StepState.UNCHANGED, former, 0
            snapshot = store().overwrite(
                ref,
                [path],
                summary={**work.facts, "seq": str(seq)},
                expected=former.id if former else 0,
            )
    finally:
        fresh.unlink(missing_ok=True)
        computed.unlink(missing_ok=True)
    return StepState.DONE, snapshot, changed


def _sequence(ref: TableRef, former: Snapshot | None) -> int:
    """Return the last run's sequence. Upkeep makes snapshots that do not tell it: read it then."""
    if former is None:
        return 0
    if told := former.summary.get("seq"):
        return int(told)
    with engine().relation("SELECT max(_seq) FROM former", tables={"former": ref}) as result:
        found = result.scalar()
    return int(found) if isinstance(found, int) else 0


@contextmanager
def _gone_if_refused(path: Path) -> Iterator[None]:
    """Remove a file that no snapshot will name, so that it does not lie about as an orphan."""
    try:
        yield
    except Rejected:
        path.unlink(missing_ok=True)
        raise


def _check(model: Model, path: Path) -> None:
    """Run the model's checks, and that its keys are whole and unique.

    Raises: ``Rejected`` MODEL_TEST_FAILED with the check and the number of rows.
    """
    keys = (ModelTest("not_null", model.keys), ModelTest("unique", model.keys))
    for test in (*(keys if model.keys else ()), *model.tests):
        if wrong := _count(merge.violations(test), path):
            raise Rejected(
                Problem(
                    code="MODEL_TEST_FAILED",
                    title=f"模型 {model.name} 的检查 {test} 未通过，共 {wrong} 处。",
                    next_step="原有数据继续提供服务；请核对上游数据或模型后重新运行。",
                    who="模型责任单位",
                    facts={"table": model.name, "test": str(test), "rows": wrong},
                )
            )


def _count(sql: str, path: Path, **parameters: object) -> int:
    with engine().relation(sql, tables={"fresh": [str(path)]}, parameters=parameters) as result:
        found = result.scalar()
    return int(found) if isinstance(found, int) else 0
