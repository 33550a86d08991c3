"""Bring the golden records of a scheme up to what the sources hold now (归集)."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction

from tongqu.audit.public import record
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.lake.public import Layer, TableRef, alone, describe, dw_ref, engine, ref_of, store
from tongqu.lake.public import fusion as fusion_of
from tongqu.lake.vocabulary import Column
from tongqu.masters.actions.found import keep_clashes, keep_likenesses
from tongqu.masters.actions.proposals import finish_proposals
from tongqu.masters.domain import golden, likeness, problems
from tongqu.masters.domain.schemes import SchemeRules
from tongqu.masters.models import Consolidation, Likeness, Scheme
from tongqu.masters.queries import redirects, scheme_rules
from tongqu.masters.vocabulary import Consolidated, LikenessState
from tongqu.policy.clauses import gd_2024, mot_2025
from tongqu.security.public import zone_key

if TYPE_CHECKING:
    import pyarrow as pa

MOST = 5_000  # likenesses and clashes that people are shown, the likeliest; counts are exact
Tables = dict[str, Any]


@dataclass(slots=True)
class Work:
    """One run: where each step's rows lie until they are committed."""

    rules: SchemeRules
    salt: str
    merged: "pa.Table"
    held: Path = field(default_factory=lambda: engine().scratch())
    fused: Path = field(default_factory=lambda: engine().scratch())
    fresh: Path = field(default_factory=lambda: engine().scratch())

    @property
    def steps(self) -> Tables:
        return {"held": [str(self.held)], "fused": [str(self.fused)], "fresh": [str(self.fresh)],
                "merged": self.merged}  # fmt: skip


def golden_ref(code: str) -> TableRef:
    return dw_ref(f"dw_master_{code}")


def held_ref(code: str) -> TableRef:
    return dw_ref(f"dw_master_{code}_held")


def event_ref(code: str) -> TableRef:
    return dw_ref(f"dw_master_{code}_event")


def consolidate(code: str, *, by: Actor) -> Consolidated:
    """Run a scheme over its sources and return what came of it. Again: nothing changes.

    Events are written before the records they speak of; a run that breaks off between makes
    the same ones again, and each is kept once. Raises: ``Rejected`` MASTER_UNKNOWN,
    NO_SOURCE_ROWS, MASTER_BUSY; the engine's errors for a scheme that does not fit its sources.
    """
    scheme, rules = scheme_rules(code)
    with alone(f"masters.{code}", wait=True) as is_ours, ExitStack() as stack:
        if not is_ours:
            raise Rejected(problems.BUSY)
        work = Work(
            rules, zone_key(f"masters-{code}"), _pairs("old_key", "new_key", redirects(code))
        )
        for path in (work.held, work.fused, work.fresh):
            stack.callback(path.unlink, missing_ok=True)
        rows = _hold(work)
        events = _compare(work)
        snapshot = _commit(work, events, by=by)
        return _tell(scheme, work, rows, events, snapshot, by=by)


def _pairs(first: str, second: str, pairs: Mapping[str, str] | list[tuple[str, str]]) -> "pa.Table":
    import pyarrow as pa

    listed = list(pairs.items()) if isinstance(pairs, Mapping) else pairs
    kinds = pa.schema([(first, pa.string()), (second, pa.string())])
    return pa.table({first: [a for a, _ in listed], second: [b for _, b in listed]}, kinds)


def _hold(work: Work) -> int:
    """Collect every record of every source that is there; return how many."""
    refs = {
        n: ref
        for n, source in enumerate(work.rules.sources)
        if (ref := ref_of(str(source.get("table", "")))) and store().current(ref)
    }
    if not refs:
        raise Rejected(problems.NO_ROWS)
    raw = [n for n, ref in refs.items() if ref.layer is Layer.ODS]
    sql = golden.rows_sql(work.rules, list(refs), raw=raw)
    tables: Tables = {f"source_{n}": ref for n, ref in refs.items()}
    with engine().relation(
        sql, tables=tables | {"merged": work.merged}, parameters={"salt": work.salt}
    ) as found:
        return found.write(work.held)


def _compare(work: Work) -> dict[str, int]:
    """Fuse what belongs together, lay it beside the last state, count what changed by kind."""
    rules, ref = work.rules, golden_ref(work.rules.code)
    fused = fusion_of(rules.fusion()).sql()
    with engine().relation(
        golden.fused_sql(rules, fused), tables={"held": [str(work.held)]}
    ) as found:
        found.write(work.fused)
    store().ensure(ref, _golden_schema(rules), {"tongqu.keys": "golden_key"})
    tables: Tables = {
        "fused": [str(work.fused)], "held": [str(work.held)], "former": ref, "merged": work.merged,
    }  # fmt: skip
    with engine().relation(
        golden.fresh_sql(rules), tables=tables, parameters={"now": clock.now()}
    ) as found:
        found.write(work.fresh)
    with engine().relation(golden.COUNTS, tables={"fresh": [str(work.fresh)]}) as found:
        return {row["kind"]: row["n"] for row in found.arrow().to_pylist()}


def _golden_schema(rules: SchemeRules) -> "pa.Schema":
    import pyarrow as pa

    text = [part for name in rules.columns for part in (name, f"{name}_from")]
    kinds = {
        "source_count": pa.int64(), "version": pa.int64(),
        "changed_at": pa.timestamp("us", "UTC"),
    }  # fmt: skip
    named = ("golden_key", *text, *golden.TAIL)
    return pa.schema([(name, kinds.get(name, pa.string())) for name in named])


def _commit(work: Work, events: Mapping[str, int], *, by: Actor) -> int:
    """Write events, sources' rows and records, in this order; return the records' snapshot."""
    code = work.rules.code
    facts = {"by": by.key, "clause": mot_2025.MASTER_DATA.code}
    if events:
        _append_events(work, facts)
    _replace(held_ref(code), "SELECT * FROM held", work, facts)
    ref = golden_ref(code)
    former = store().current(ref)
    if not events and former is not None:
        return former.id
    return _replace(ref, golden.golden_sql(work.rules), work, facts)


def _replace(ref: TableRef, sql: str, work: Work, facts: Mapping[str, str]) -> int:
    with engine().relation(sql, tables=work.steps) as rows:
        store().ensure(ref, rows.schema(), {"tongqu.keys": "golden_key"})
        path = store().staging(ref)
        rows.write(path, columns=_columns(ref))
        return store().overwrite(ref, [path], summary=facts).id


def _columns(ref: TableRef) -> tuple[Column, ...]:
    return store().columns(ref)


def _append_events(work: Work, facts: Mapping[str, str]) -> None:
    import pyarrow as pa

    ref = event_ref(work.rules.code)
    text = [(name, pa.string()) for name in ("kind", "golden_key", "into_key")]
    schema = pa.schema(
        [("seq", pa.int64()), *text, ("version", pa.int64()), ("fields", pa.string()),
         ("at", pa.timestamp("us", "UTC"))]
    )  # fmt: skip
    store().ensure(ref, schema, {"tongqu.keys": "seq"})
    tables = work.steps | {"told": ref}
    with engine().relation("SELECT max(seq) FROM told", tables={"told": ref}) as found:
        last = found.scalar()
    seq = last if isinstance(last, int) else 0
    with engine().relation(golden.EVENTS, tables=tables, parameters={"seq": seq}) as rows:
        path = store().staging(ref)
        if rows.write(path, columns=_columns(ref)):
            store().append(ref, [path], summary=facts)
        else:
            path.unlink(missing_ok=True)


def _found(work: Work) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return likenesses and clashes, each with its exact total on every row."""
    rules = work.rules
    apart = Likeness.objects.filter(scheme=rules.code, state=LikenessState.APART)
    decided = list(apart.values_list("first_key", "second_key"))
    tables = work.steps | {"golden": golden_ref(rules.code),
                           "apart": _pairs("first_key", "second_key", decided)}  # fmt: skip
    alike: list[dict[str, Any]] = []
    if rules.likeness.blocks and rules.likeness.compare:
        with engine().relation(likeness.likeness_sql(rules, MOST), tables=tables) as rows:
            alike = rows.arrow().to_pylist()
    clashing: list[dict[str, Any]] = []
    if rules.identity:
        with engine().relation(golden.clashes_sql(rules, MOST), tables=work.steps) as rows:
            clashing = rows.arrow().to_pylist()
    return alike, clashing


def _tell(
    scheme: Scheme, work: Work, rows: int, events: Mapping[str, int], snapshot: int, *, by: Actor
) -> Consolidated:
    rules = work.rules
    alike, clashing = _found(work)
    sql = "SELECT count(*) FROM golden WHERE state = 'active'"
    with engine().relation(sql, tables={"golden": golden_ref(rules.code)}) as found:
        active = found.scalar()
    total = {name: int(found_[0]["total"]) if found_ else 0
             for name, found_ in (("alike", alike), ("clashing", clashing))}  # fmt: skip
    with transaction.atomic():
        keep_likenesses(rules, alike)
        keep_clashes(rules, clashing)
        finish_proposals(rules.code)
        _describe(work)
        made = Consolidation.objects.create(
            scheme=rules.code, version=scheme.version, at=clock.now(), by=by.key,
            records=active if isinstance(active, int) else 0, rows=rows, events=dict(events),
            likenesses=total["alike"], clashes=total["clashing"], snapshot_id=snapshot,
        )  # fmt: skip
        record("masters.records.consolidated", by=by, subject=rules.code, rows=made.records,
               basis=mot_2025.MASTER_DATA, details=dict(events))  # fmt: skip
    return Consolidated(
        rules.code, made.records, rows, events, made.likenesses, made.clashes, snapshot
    )


def _describe(work: Work) -> None:
    """Tell the lake what its tables are, and from which columns theirs come."""
    rules = work.rules
    origins: dict[str, list[tuple[str, str]]] = {}
    for n, source in enumerate(rules.sources):
        ref = ref_of(str(source.get("table", "")))
        held = (
            {column.name for column in store().columns(ref)} if ref and store().exists(ref) else ()
        )
        for name, expression in golden.takes_of(rules, n).items():
            if ref and expression in held and name in rules.columns:
                origins.setdefault(name, []).append((ref.name, expression))
    clauses = (mot_2025.MASTER_DATA, gd_2024.FIVE_LIBRARIES)
    for ref, title, keys in (
        (golden_ref(rules.code), f"主数据·{rules.title}", ["golden_key"]),
        (held_ref(rules.code), f"主数据·{rules.title}（来源记录）", []),
        (event_ref(rules.code), f"主数据·{rules.title}（变更事件）", ["seq"]),
    ):
        is_event = ref == event_ref(rules.code)
        describe(
            ref, title=title, keys=keys, clauses=clauses, origins={} if is_event else origins,
            job=ref.name,
        )  # fmt: skip
