"""Compare one fact over several sources (QLT-03) and send what differs to who produces it."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.lake.public import Layer, TableRef, describe, dw_ref, engine, ref_of, store
from tongqu.masters.actions.report import to_producer
from tongqu.masters.domain import cross, problems
from tongqu.masters.domain.cross import CrossRules, Shape
from tongqu.masters.models import CrossCheck, CrossRun
from tongqu.policy.clauses import mot_2025

if TYPE_CHECKING:
    import pyarrow as pa

MOST_IN_MEMORY = 300_000  # rows that are not whole and equal
NUMBERS = ("BIGINT", "INTEGER", "DOUBLE", "FLOAT", "DECIMAL")
TIMES = ("told_at", "loaded_at", "_load_time")


@transaction.atomic
def save_check(document: Mapping[str, Any], *, by: Actor) -> CrossCheck:
    """Keep a check; it compares from its next run on. Raises: ``Rejected`` MASTER_WRONG."""
    if by.kind != "platform":
        require(by, Permission.MASTERS_RUN_START)
    try:
        rules = cross.read(document)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Rejected(problems.wrong(f"多源校核有误：{error}。")) from None
    known = {entry.code for entry in catalog.entries({s.entry for s in rules.sources})}
    if missing := [source.name for source in rules.sources if source.entry not in known]:
        raise Rejected(
            problems.wrong(f"来源“{missing[0]}”的目录不存在。", sources="请核对目录编码。")
        )
    found, _ = CrossCheck.objects.update_or_create(
        code=rules.code,
        defaults={"title": rules.title, "document": dict(document), "saved_by": by.key,
                  "saved_at": clock.now()},
    )  # fmt: skip
    record("masters.check.saved", by=by, subject=rules.code, basis=mot_2025.CROSS_CHECK)
    return found


def conflicts_ref(code: str) -> TableRef:
    return dw_ref(f"dw_crosscheck_{code}")


def run_check(code: str, *, by: Actor) -> CrossRun:
    """Compare now: exact counts by item, each conflict as a row, a ticket for each department.

    Raises: ``Rejected`` CROSS_CHECK_UNKNOWN, NO_SOURCE_ROWS; the engine's errors for a check
    that names a column which a source does not have.
    """
    found = CrossCheck.objects.filter(code=code[:60]).first()
    if found is None:
        raise Rejected(problems.CHECK_UNKNOWN)
    rules = cross.read(found.document)
    refs = [_table(source.entry, source.table) for source in rules.sources]
    shapes = [shape_of(rules, n, ref) for n, ref in enumerate(refs)]
    tables = {f"source_{rank}": ref for rank, ref in zip(rules.ranks, refs, strict=True)}
    counts, snapshot, losers = compare(rules, shapes, tables, by=by)
    with transaction.atomic():
        return _keep(found, rules, counts, snapshot, losers, by=by)


def compare(
    rules: CrossRules, shapes: Sequence[Shape], tables: Mapping[str, TableRef], *, by: Actor
) -> tuple[dict[str, int], int, list[dict[str, Any]]]:
    """Return the counts, the snapshot that holds the conflicts, and who is asked about how many."""
    with engine().relation(cross.held_sql(rules, shapes), tables=tables) as rows:
        counts: dict[str, int] = rows.arrow().to_pylist()[0]
    with ExitStack() as stack:
        torn = {"torn": _torn(cross.torn_sql(rules, shapes), tables, stack)}
        with engine().relation(
            cross.counts_sql(rules, shapes), tables=torn, parameters={"held_1": counts["held_1"]}
        ) as rows:
            counts |= rows.arrow().to_pylist()[0]
        ref, snapshot = _keep_conflicts(rules, cross.conflicts_sql(rules, shapes), torn, by=by)
    with engine().relation(cross.losers_sql(rules), tables={"conflicts": ref}) as rows:
        return counts, snapshot, rows.arrow().to_pylist()


def _torn(sql: str, tables: Mapping[str, TableRef], stack: ExitStack) -> "pa.Table | list[str]":
    """Return what is to be looked at: in memory while it is little, else in a file."""
    import pyarrow as pa

    held, rows = [], 0
    with engine().relation(sql, tables=tables) as found:
        for batch in found.reader():
            held.append(batch)
            rows += batch.num_rows
            if rows > MOST_IN_MEMORY:
                break
        else:
            return pa.Table.from_batches(held, found.schema() if not held else None)
    held.clear()
    path = engine().scratch()
    stack.callback(path.unlink, missing_ok=True)
    with engine().relation(sql, tables=tables) as found:
        found.write(path)
    return [str(path)]


def _keep_conflicts(
    rules: CrossRules, sql: str, torn: "Mapping[str, pa.Table | list[str]]", *, by: Actor
) -> tuple[TableRef, int]:
    ref = conflicts_ref(rules.code)
    facts = {"by": by.key, "clause": mot_2025.CROSS_CHECK.code}
    with engine().relation(sql, tables=torn) as rows:
        store().ensure(ref, rows.schema(), {"tongqu.title": f"多源校核·{rules.title}"}, exact=True)
        path = store().staging(ref)
        rows.write(path, columns=store().columns(ref))
        return ref, store().overwrite(ref, [path], summary=facts).id


def _table(entry_code: str, named: str) -> TableRef:
    entry = catalog.entry(entry_code)
    ref = ref_of(named or (entry.table if entry else "") or "")
    if ref is None or store().current(ref) is None:
        raise Rejected(problems.NO_ROWS)
    return ref


def shape_of(rules: CrossRules, n: int, ref: TableRef) -> Shape:
    """Tell how a table lies: keys that its model checks are unique and need no second look."""
    columns = {column.name: column.type for column in store().columns(ref)}
    source = rules.sources[n]
    named = {name: taken.strip('"') for name, taken in source.takes.items()}
    declared = store().properties(ref).get("tongqu.keys", "")
    keys = {key.strip() for key in declared.split(",") if key.strip()}
    updated = source.updated or next((name for name in TIMES if name in columns), "")
    if updated and updated not in columns:
        raise Rejected(problems.wrong(f"来源“{source.name}”没有时间列 {updated}。"))
    if strange := sorted(taken for taken in named.values() if taken not in columns):
        raise Rejected(problems.wrong(f"来源“{source.name}”没有列 {strange[0]}。"))
    is_checked = ref.layer in {Layer.DW, Layer.SVC} and keys == {named[k] for k in rules.keys}
    return Shape(
        unique=is_checked,
        is_raw=ref.layer is Layer.ODS,
        has_op="_op" in columns,
        updated=f'"{updated}"' if updated else "",
        is_number={name: columns[taken].startswith(NUMBERS) for name, taken in named.items()},
    )


def _keep(
    found: CrossCheck, rules: CrossRules, counts: Mapping[str, int], snapshot: int,
    losers: Sequence[Mapping[str, Any]], *, by: Actor,
) -> CrossRun:  # fmt: skip
    items = [
        {
            "item": item.name, "title": item.title, "compared": counts[f"compared_{n}"],
            "conflicts": counts[f"conflicts_{n}"], "alone": counts[f"alone_{n}"],
        }
        for n, item in enumerate(rules.items)
    ]  # fmt: skip
    now = clock.now()
    stem = f"JH-{clock.legal_day(now):%Y-%m%d}-"
    made = CrossRun.objects.create(
        check_of=found,
        number=f"{stem}{CrossRun.objects.filter(number__startswith=stem).count() + 1:03}",
        at=now,
        by=by.key,
        held={source.name: counts[f"held_{n}"] for n, source in enumerate(rules.sources, start=1)},
        shared=counts["shared"],
        conflicts=sum(int(str(item["conflicts"])) for item in items),
        items=items,
        tickets=_tickets(rules, losers),
        snapshot_id=snapshot,
    )
    ref = conflicts_ref(rules.code)
    describe(ref, title=f"多源校核·{rules.title}", keys=[], clauses=(mot_2025.CROSS_CHECK,))
    record("masters.check.run", by=by, subject=made.number, rows=made.conflicts,
           basis=mot_2025.CROSS_CHECK, details={"check": rules.code})  # fmt: skip
    return made


def _tickets(rules: CrossRules, losers: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """File one ticket with each entry whose values are not the suggested ones."""
    titles = {item.name: item.title for item in rules.items}
    found: dict[str, str] = {}
    for rank, source in zip(rules.ranks, rules.sources, strict=True):
        told = [f"{titles[row['item']]} {row[f'lost_{rank}']} 处" for row in losers
                if row[f"lost_{rank}"]]  # fmt: skip
        if told:
            title = f"多源校核“{rules.title}”：{'、'.join(told[:5])}与其他来源不一致，请核实"
            if number := to_producer(source.entry, title[:200]):
                found[source.name] = number
    return found
