"""Build the table of one model: run it, check the rows, and only then let them be served."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tongqu.kernel import clock
from tongqu.kernel.canonical import canonical
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake.domain import lint, merge
from tongqu.lake.domain.columns import edges
from tongqu.lake.domain.packs import Model, ModelTest
from tongqu.lake.ports import EngineResult, engine, store
from tongqu.lake.vocabulary import Conflict, Edge, Layer, Snapshot, StepState, TableRef, ref_of

if TYPE_CHECKING:
    import pyarrow as pa

ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Built:
    """What came of a model. ``changed`` counts row versions new in this run."""

    state: StepState
    snapshot: Snapshot | None
    rows: int
    changed: int
    inputs: Mapping[str, int]
    edges: tuple[Edge, ...]


def build(model: Model, reads: Sequence[str], *, summary: Mapping[str, str]) -> Built:
    """Bring a model's table up to date with the newest snapshots of what it reads.

    Nothing is written when neither the model nor its inputs changed. The moment of the run is
    an input of a model that asks for it: the snapshot tells it, so that the run can be repeated.
    Raises: ``Rejected`` TABLE_MISSING, MODEL_TEST_FAILED; the store's and engine's errors.
    """
    inputs = _inputs(model, reads)
    moment = _moment(model)
    mark = hashlib.sha256(canonical([model.digest, inputs, *moment.values()])).hexdigest()
    found_edges = tuple(_edges(model, reads))
    former = store().current(model.ref)
    if former is not None and former.summary.get("inputs") == mark:
        return Built(StepState.UNCHANGED, former, former.rows, 0, inputs, found_edges)
    facts = {**summary, "inputs": mark, "model": model.name, **moment}
    for attempt in range(ATTEMPTS):
        try:
            state, snapshot, changed = _write(model, inputs, facts)
        except Conflict:  # another run served this table first: begin from its state
            if attempt == ATTEMPTS - 1:
                raise
        else:
            return Built(state, snapshot, snapshot.rows, changed, inputs, found_edges)
    raise AssertionError("unreachable")


def _moment(model: Model) -> dict[str, str]:
    """Return the Shanghai wall clock, cut to the model's unit; nothing where it reads none."""
    if not model.moment:
        return {}
    now = clock.now().astimezone(clock.SHANGHAI).replace(tzinfo=None, second=0, microsecond=0)
    cut = now.replace(
        minute=0 if model.moment in {"hour", "day"} else now.minute,
        hour=0 if model.moment == "day" else now.hour,
    )
    return {lint.MOMENT: cut.isoformat()}


def _inputs(model: Model, reads: Sequence[str]) -> dict[str, int]:
    """Return the newest snapshot of every table that the model reads."""
    found = {}
    for name in reads:
        ref = ref_of(name)
        snapshot = store().current(ref) if ref else None
        if snapshot is None:
            raise Rejected(
                Problem(
                    code="TABLE_MISSING",
                    title=f"模型 {model.name} 读取的表 {name} 还没有数据。",
                    next_step="请先汇聚数据或运行上游模型。",
                    who="技术支持部门",
                    facts={"table": name},
                )
            )
        found[name] = snapshot.id
    return found


def _edges(model: Model, reads: Sequence[str]) -> list[Edge]:
    query = lint.parsed(model)
    if query is None:
        return []
    schema = {name: {c.name: c.type for c in store().columns(_ref(name))} for name in reads}
    return edges(lint.unqualified(query), schema, target=model.name)


def _ref(name: str) -> TableRef:
    ref = ref_of(name)
    if ref is None:
        raise ValueError(f"{name} is no table of the lake")
    return ref


def _query(model: Model, inputs: Mapping[str, int], facts: Mapping[str, str]) -> EngineResult:
    query = lint.parsed(model)
    if query is None:
        raise ValueError(f"{model.name} was not checked")
    tables = {name: (_ref(name), snapshot) for name, snapshot in inputs.items()}
    bound: dict[str, object] = {}
    if lint.reads_moment(query):
        bound[lint.MOMENT] = datetime.fromisoformat(facts[lint.MOMENT])
    sql = lint.unqualified(query).sql(dialect="duckdb")
    return engine().relation(sql, tables=tables, parameters=bound)


def _write(
    model: Model, inputs: Mapping[str, int], facts: Mapping[str, str]
) -> tuple[StepState, Snapshot, int]:
    with _query(model, inputs, facts) as result:
        schema = result.schema()
        if model.ref.layer is Layer.SVC:
            schema = _with_service_columns(schema)
        store().ensure(model.ref, schema, {"tongqu.keys": ",".join(model.keys)})
        if model.ref.layer is Layer.SVC:
            written = _write_service(model, result, facts)
        else:
            written = _write_warehouse(model, result, facts)
    store().ensure(model.ref, schema, exact=True)
    return written


def _with_service_columns(schema: "pa.Schema") -> "pa.Schema":
    import pyarrow as pa

    for name, kind in (("_row_hash", pa.string()), ("_seq", pa.int64()), ("_op", pa.string())):
        schema = schema.append(pa.field(name, kind))
    return schema


def _write_warehouse(
    model: Model, result: EngineResult, facts: Mapping[str, str]
) -> tuple[StepState, Snapshot, int]:
    path = store().staging(model.ref)
    with _gone_if_refused(path):
        rows = result.write(path, columns=store().columns(model.ref))
        _check(model, path)
        return StepState.DONE, store().overwrite(model.ref, [path], summary=facts), rows


def _write_service(
    model: Model, result: EngineResult, facts: Mapping[str, str]
) -> tuple[StepState, Snapshot, int]:
    """Merge the model's rows into the service table, so that cursors of subscribers hold."""
    former = store().current(model.ref)
    seq = int(former.summary.get("seq", "0")) + 1 if former else 1
    names = result.schema().names
    fresh, path = engine().scratch(), store().staging(model.ref)
    try:
        with _gone_if_refused(path):
            result.write(fresh)
            _check(model, fresh)
            tables = {"fresh": [str(fresh)], "former": model.ref}
            with engine().relation(
                merge.merged(names, model.keys), tables=tables, parameters={"seq": seq}
            ) as next_state:
                next_state.write(path, columns=store().columns(model.ref))
            changed = _count(merge.CHANGED, path, seq=seq)
            if former is not None and changed == 0:
                path.unlink()
                return StepState.UNCHANGED, former, 0
            snapshot = store().overwrite(
                model.ref,
                [path],
                summary={**facts, "seq": str(seq)},
                expected=former.id if former else 0,
            )
    finally:
        fresh.unlink(missing_ok=True)
    return StepState.DONE, snapshot, changed


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
