"""Measure one table against its rules, keep the results, open a ticket for what is wrong."""

from datetime import datetime
from time import perf_counter

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog.public import published
from tongqu.catalog.vocabulary import DataType, EntryView
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake.public import TableRef, store, svc_ref
from tongqu.policy.clauses import measures_2021 as law
from tongqu.quality.actions import history, increments, language, tickets
from tongqu.quality.actions.measure import Found, Measured, Measuring
from tongqu.quality.domain import bands, scores
from tongqu.quality.domain import plan as plans
from tongqu.quality.domain.rules import BadRule, Declared, Rule, implied
from tongqu.quality.models import RulePack, RuleResult, Scan
from tongqu.quality.vocabulary import Dimension, RuleKind

# A length is a number of characters: it says nothing about a typed number or instant.
TEXTS = frozenset({DataType.STRING, DataType.TEXT})
# Kinds that follow rows as they were loaded.
BY_LOAD = frozenset({RuleKind.FRESH, RuleKind.PATH, RuleKind.SEQUENCE})
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
    started = perf_counter()
    now = clock.now()
    try:
        rules = _rules(entry, pack, columns)
    except BadRule as error:
        raise _bad(error) from error
    lost = {rule.code: missing for rule in rules if (missing := _missing(rule, columns))}
    banded = {rule.code: history.banded(rule, entry.code, ref) for rule in rules}
    at = Measuring(ref, store().plan(ref, snapshot.id), now, columns >= TECHNICAL)
    ready = [band for rule in rules if rule.code not in lost and (band := banded[rule.code])]
    measured = at.run(ready, increments.parts_of(entry.code, ref))
    found = {one.rule.code: one for one in measured.found}
    measured.found = [
        found.get(rule.code) or Found(rule, error=_said(lost.get(rule.code, ""))) for rule in rules
    ]
    for one in measured.found:
        history.drifted(one, entry.code, ref)
    took = perf_counter() - started
    return _keep(entry, (ref, snapshot.id, at.files.files), measured, pack=pack, took=took, by=by)


def _bad(error: BadRule) -> Rejected:
    return Rejected(
        Problem(
            code="BAD_RULE",
            title="有规则未通过校验，未检测。",
            next_step="请核对所列规则。",
            basis=law.QUALITY,
            who="技术支持部门",
            fields={error.where: error.what},
        )
    )


def _said(missing: str) -> str:
    return f"表中没有名为 {missing} 的列" if missing else ""


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
    rules = (*implied(entry.code, declared), *said)
    return (*(r for r in rules if _fits(r, columns)), *(r for r in own if _can_be(r, columns)))


def _fits(rule: Rule, columns: frozenset[str]) -> bool:
    """Say whether the table holds what an implied rule looks at: what is not served is no fault."""
    return _can_be(rule, columns) and set(rule.columns) <= columns


def _can_be(rule: Rule, columns: frozenset[str]) -> bool:
    """Say whether a rule makes sense here; a service table keeps neither load time nor order."""
    return rule.kind not in BY_LOAD or plans.LOADED in columns


def _missing(rule: Rule, columns: frozenset[str]) -> str:
    return "、".join(sorted(set(rule.columns) - columns))


@transaction.atomic
def _keep(
    entry: EntryView, at: tuple[TableRef, int, tuple[str, ...]], measured: Measured,
    *, pack: RulePack | None, took: float, by: Actor,
) -> Scan:  # fmt: skip
    (ref, snapshot_id, files), now = at, clock.now()
    dimensions = scores.by_dimension(
        [(one.rule.dimension, scores.share(one.count.checked, one.count.wrong))
         for one in measured.found]
        + [(Dimension.ACCESSIBILITY, scores.share(1, 0))]  # the scan has just read the table
    )  # fmt: skip
    kept = Scan.objects.create(
        number=_number(now),
        entry_code=entry.code,
        table=ref.identifier,
        snapshot_id=snapshot_id,
        rows=measured.rows,
        pack_version=pack.version if pack else 0,
        score=scores.total(dimensions),
        dimensions={d.value: None if v is None else str(v) for d, v in dimensions.items()},
        read_rows=measured.read_rows,
        seconds=round(took, 3),
        at=now,
        actor_key=by.key,
    )
    results = [_result(kept, one) for one in measured.found]
    RuleResult.objects.bulk_create(results)
    record(
        "quality.scan.done", by=by, subject=entry.code, basis=law.QUALITY, rows=measured.rows,
        details={"scan": kept.number, "rules": len(results), "score": str(kept.score),
                 "snapshot": str(snapshot_id)},
    )  # fmt: skip
    increments.keep(entry.code, ref, measured.parts)
    increments.forget(entry.code, ref, files)
    tickets.follow(kept, entry, [result for result in results if result.is_over], by=by)
    return kept


def _result(kept: Scan, one: Found) -> RuleResult:
    rule, count = one.rule, one.count
    return RuleResult(
        scan=kept, code=rule.code, title=_title(rule, count.places), dimension=rule.dimension,
        column=rule.column, checked=count.checked, wrong=count.wrong,
        is_over=count.wrong > count.checked * rule.tolerance,
        basis=rule.basis.code, remedy=rule.remedy, samples=count.places,
        kind=rule.kind, indicator=rule.indicator, error=one.error,
        bins={"labels": bands.labels(rule), "counts": count.bins} if count.bins else {},
    )  # fmt: skip


def _title(rule: Rule, places: list[list[object]]) -> str:
    """Name the groups that do not agree: whoever gets the task has to know where to look."""
    if rule.kind is not RuleKind.RECONCILE or not places:
        return rule.title
    return f"{rule.title}：{'、'.join(str(place[0]) for place in places)}"[:200]


def _number(now: datetime) -> str:
    day = clock.legal_day(now)
    stem = f"JC-{day:%Y-%m%d}-"
    return f"{stem}{Scan.objects.filter(number__startswith=stem).count() + 1:03}"
