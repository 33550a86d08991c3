"""Measure one table against its rules, keep the results, open a ticket for what is wrong."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog.public import published
from tongqu.catalog.vocabulary import DataType, EntryView
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake.public import compute, ref_of, store, svc_ref
from tongqu.lake.vocabulary import QueryFailed, TableRef
from tongqu.policy.clauses import measures_2021 as law
from tongqu.quality.actions import language, tickets
from tongqu.quality.domain import plan as plans
from tongqu.quality.domain import scores
from tongqu.quality.domain.rules import BadRule, Declared, Rule, implied
from tongqu.quality.models import RulePack, RuleResult, Scan
from tongqu.quality.vocabulary import Dimension, RuleKind

if TYPE_CHECKING:
    import pyarrow as pa

SAMPLES = 50  # places of wrong rows kept for each rule
# A length is a number of characters: it says nothing about a typed number or instant.
TEXTS = frozenset({DataType.STRING, DataType.TEXT})
COMPARING = frozenset({RuleKind.RELATED, RuleKind.RECONCILE})  # with columns of another table
LOOKING = COMPARING | {RuleKind.REFERENCE}  # into another table
TECHNICAL = frozenset({plans.BATCH, plans.LINE})


def scan(entry_code: str, *, by: Actor, table: TableRef | None = None) -> Scan:
    """Run the entry's rules over a table's current snapshot; one ticket for what is over.

    ``table`` defaults to the entry's service table. Counts are exact; samples name places
    (batch, line) or groups that were reconciled, never values.
    Raises: ``Rejected`` NOT_CONNECTED without a table.
    """
    entry = published(entry_code)
    ref = table or _table_of(entry)
    snapshot = store().current(ref) if ref else None
    if ref is None or snapshot is None:
        raise Rejected(
            Problem(
                code="NOT_CONNECTED",
                title="该目录条目还没有接入数据，无法检测。",
                next_step="请提供部门先接入数据。",
                basis=law.QUALITY,
                who="提供部门",
            )
        )
    columns = frozenset(store().schema(ref).names)
    pack = RulePack.objects.filter(entry_code=entry_code).first()
    now = clock.now()
    try:
        rules = _rules(entry, pack, columns)
        measured = _measure(rules, (ref, snapshot.id), now=now, has_places=columns >= TECHNICAL)
    except (QueryFailed, BadRule) as error:
        raise Rejected(
            Problem(
                code="BAD_RULE",
                title="有规则与数据的类型不符，未检测。",
                next_step="请核对规则的取值范围、先后和引用是否与信息项的类型一致。",
                basis=law.QUALITY,
                who="技术支持部门",
                fields={error.where: error.what} if isinstance(error, BadRule) else {},
            )
        ) from error
    return _keep(entry, ref, snapshot.id, measured, pack=pack, now=now, by=by)


def _table_of(entry: EntryView) -> TableRef | None:
    return svc_ref(entry.table) if entry.table else None


def _rules(entry: EntryView, pack: RulePack | None, columns: frozenset[str]) -> tuple[Rule, ...]:
    """Return the implied rules, the declared checks and the pack's, of columns that are there."""
    declared = [
        Declared(
            column=item.name_en,
            name=item.name_zh,
            is_nullable=item.nullable,
            is_key=item.is_key,
            length=item.length if item.data_type in TEXTS else None,
        )
        for item in entry.items
    ]
    own = language.read(pack.rules) if pack else ()
    taken = {rule.code for rule in own}
    said = (rule for rule in language.of_entry(entry) if rule.code not in taken)
    rules = (*implied(entry.code, declared), *said, *own)
    return tuple(rule for rule in rules if _fits(rule, columns))


def _fits(rule: Rule, columns: frozenset[str]) -> bool:
    """Say whether the table holds what a rule looks at; a service table keeps no load time."""
    if rule.kind in {RuleKind.FRESH, RuleKind.PATH} and plans.LOADED not in columns:
        return False
    return (not rule.column and rule.kind not in COMPARING) or set(rule.columns) <= columns


Measured = tuple[int, list[tuple[Rule, int, int, list[list[object]]]]]


def _measure(
    rules: Sequence[Rule], at: tuple[TableRef, int], *, now: datetime, has_places: bool
) -> Measured:
    """Return the rows and, for each rule, checked, wrong and the places of wrong rows."""
    absent = [rule for rule in rules if not _is_there(rule)]
    rules = [rule for rule in rules if rule not in absent]
    rights = language.rights_of(rules, store().schema(at[0]), _schemas(rules))
    plan = plans.compile_scan(rules, now=now, rights=rights)
    row = _ask(plan, at)[0]
    found = []
    for index, rule in enumerate(rules):
        checked, wrong = int(row[f"c{index}"]), int(row[f"w{index}"])
        places: list[list[object]] = []
        is_placed = has_places or rule.kind is RuleKind.RECONCILE
        sample = plans.compile_samples(rule, limit=SAMPLES, rights=rights) if is_placed else None
        if wrong and sample is not None:
            places = [list(place.values()) for place in _ask(sample, at)]
        found.append((rule, checked, wrong, places))
    # What looks into a table that is not connected yet checks nothing, and says so: 0 checked.
    return int(row["n"]), found + [(rule, 0, 0, []) for rule in absent]


def _schemas(rules: Sequence[Rule]) -> "dict[str, pa.Schema]":
    """Return the schemas of the tables that rules compare rows with."""
    names = {str(rule.limits["table"]) for rule in rules if rule.kind in COMPARING}
    return {name: store().schema(_known(name)) for name in names}


def _ask(plan: plans.Plan, at: tuple[TableRef, int]) -> list[dict[str, Any]]:
    """Run a plan. A service table keeps what has vanished as a tombstone: no row to measure."""
    tables: dict[str, TableRef | tuple[TableRef, int]] = {"t": at}
    tables |= {view: _known(name) for view, name in plan.references.items()}
    schemas = {view: store().schema(ref if isinstance(ref, TableRef) else ref[0])
               for view, ref in tables.items()}  # fmt: skip
    served = [view for view, schema in schemas.items() if plans.CHANGE in schema.names]
    with compute().relation(
        plans.living(plan.sql, served),
        tables={plans.all_of(v) if v in served else v: ref for v, ref in tables.items()},
        parameters=plan.parameters,
    ) as answer:
        rows: list[dict[str, Any]] = answer.arrow().to_pylist()
    return rows


def _is_there(rule: Rule) -> bool:
    name = rule.limits.get("table") if rule.kind in LOOKING else None
    return name is None or store().current(_known(str(name))) is not None


def _known(name: str) -> TableRef:
    known = ref_of(name)
    if known is None:
        raise Rejected(
            Problem(
                code="REFERENCE_UNKNOWN",
                title="规则引用的表名不属于任何一层，未检测。",
                next_step="请核对规则中的表名，例如 ods_vehicles。",
                basis=law.QUALITY,
                facts={"table": name},
            )
        )
    return known


@transaction.atomic
def _keep(
    entry: EntryView, ref: TableRef, snapshot_id: int, measured: Measured,
    *, pack: RulePack | None, now: datetime, by: Actor,
) -> Scan:  # fmt: skip
    rows, found = measured
    dimensions = scores.by_dimension(
        [(rule.dimension, scores.share(checked, wrong)) for rule, checked, wrong, _ in found]
        + [(Dimension.ACCESSIBILITY, scores.share(1, 0))]  # the scan has just read the table
    )
    kept = Scan.objects.create(
        number=_number(now),
        entry_code=entry.code,
        table=ref.identifier,
        snapshot_id=snapshot_id,
        rows=rows,
        pack_version=pack.version if pack else 0,
        score=scores.total(dimensions),
        dimensions={d.value: None if v is None else str(v) for d, v in dimensions.items()},
        at=now,
        actor_key=by.key,
    )
    results = [
        RuleResult(
            scan=kept, code=rule.code, title=_title(rule, places), dimension=rule.dimension,
            column=rule.column, checked=checked, wrong=wrong,
            is_over=wrong > checked * rule.tolerance,
            basis=rule.basis.code, remedy=rule.remedy, samples=places,
        )
        for rule, checked, wrong, places in found
    ]  # fmt: skip
    RuleResult.objects.bulk_create(results)
    record(
        "quality.scan.done", by=by, subject=entry.code, basis=law.QUALITY, rows=rows,
        details={"scan": kept.number, "rules": len(results), "score": str(kept.score),
                 "snapshot": str(snapshot_id)},
    )  # fmt: skip
    tickets.follow(kept, entry, [result for result in results if result.is_over], by=by)
    return kept


def _title(rule: Rule, places: list[list[object]]) -> str:
    """Name the groups that do not agree: whoever gets the task has to know where to look."""
    if rule.kind is not RuleKind.RECONCILE or not places:
        return rule.title
    return f"{rule.title}：{'、'.join(str(place[0]) for place in places)}"[:200]


def _number(now: datetime) -> str:
    day = clock.legal_day(now)
    stem = f"JC-{day:%Y-%m%d}-"
    return f"{stem}{Scan.objects.filter(number__startswith=stem).count() + 1:03}"
