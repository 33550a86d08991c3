"""Try a rule on a sample before it is kept: few rows, few seconds, values for their owner alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

from tongqu.audit.public import record
from tongqu.catalog.public import published
from tongqu.catalog.vocabulary import EntryView
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.kernel.statements import quoted
from tongqu.lake.public import TableRef, compute, ref_of, store, svc_ref
from tongqu.policy.clauses import measures_2021 as law
from tongqu.quality.actions.language import read
from tongqu.quality.actions.measure import TOGETHER, Measuring
from tongqu.quality.domain import plan as plans
from tongqu.quality.domain.rules import BadRule, Rule
from tongqu.quality.models import RuleResult, Scan
from tongqu.quality.vocabulary import RuleKind

ROWS, SECONDS, SHOWN = 10_000, 5.0, 20
PLACES = frozenset({plans.BATCH, plans.LINE})


@dataclass(frozen=True, slots=True)
class Line:
    """A wrong row: its place, and the values that the rule looked at where the asker may see."""

    batch: str
    line: object
    values: tuple[str, ...] = ()


@dataclass(slots=True)
class Trial:
    """What a rule finds in the first rows of a table. ``error``: why it could not be tried."""

    rule: Rule
    table: str
    rows: int = 0
    checked: int = 0
    wrong: int = 0
    lines: list[Line] = field(default_factory=list)
    columns: tuple[str, ...] = ()  # of the values; empty: not to be seen
    seconds: float = 0
    error: str = ""


def try_rule(entry_code: str, document: Mapping[str, Any], *, by: Actor) -> Trial:
    """Count what a rule finds in a sample of the entry's table. Nothing is kept.

    Raises: ``Rejected`` BAD_RULE, NOT_CONNECTED.
    """
    entry = published(entry_code)
    rule = parsed(document)
    ref = table_of(entry)
    started = perf_counter()
    trial = Trial(rule, ref.name)
    if missing := sorted(set(rule.columns) - set(store().schema(ref).names)):
        trial.error = f"表中没有名为 {'、'.join(missing)} 的列"
        return trial
    _tried(trial, ref, may_see=may_see(entry, by))
    trial.seconds = round(perf_counter() - started, 2)
    record("quality.rule.tried", by=by, subject=entry.code, basis=law.QUALITY, rows=trial.rows)
    return trial


def parsed(document: Mapping[str, Any]) -> Rule:
    try:
        return read([document])[0]
    except BadRule as wrong:
        raise Rejected(
            Problem(
                code="BAD_RULE",
                title="规则未通过校验。",
                next_step=f"请改正：{wrong.what}。",
                basis=law.QUALITY,
                fields={"limits": f"{wrong.where}：{wrong.what}"},
            )
        ) from wrong


def table_of(entry: EntryView) -> TableRef:
    """Return the table that was measured last, else the one that serves the entry."""
    last = Scan.objects.filter(entry_code=entry.code).order_by("-pk").first()
    ref = ref_of(last.table.rpartition(".")[2]) if last else None
    ref = ref or (svc_ref(entry.table) if entry.table else None)
    if ref is None or store().current(ref) is None:
        raise Rejected(
            Problem(
                code="NOT_CONNECTED",
                title="该目录条目还没有接入数据，无法试运行。",
                next_step="请提供部门先接入数据。",
                basis=law.QUALITY,
                who="提供部门",
            )
        )
    return ref


def may_see(entry: EntryView, by: Actor) -> bool:
    """Say whether the asker sees values: the department that produces them."""
    return by.organisation_id is not None and by.organisation_id == entry.provider_id


def _tried(trial: Trial, ref: TableRef, *, may_see: bool) -> None:
    names = set(store().schema(ref).names)
    ordered = " ORDER BY _batch_id, _line" if names >= PLACES else ""
    sql = f"SELECT * FROM t{ordered} LIMIT {ROWS}"  # noqa: S608  # our own words
    with compute().relation(sql, tables={"t": ref}, seconds=SECONDS) as answer:
        sample = answer.arrow()
    files = replace(store().plan(ref), files=())
    at = Measuring(
        ref, files, clock.now(), names >= PLACES, sample=sample, seconds=SECONDS
    )  # fmt: skip
    (found,) = at.run([trial.rule], []).found
    trial.rows, trial.error = sample.num_rows, found.error
    trial.checked, trial.wrong = found.count.checked, found.count.wrong
    places = found.count.places[:SHOWN]
    looked = tuple(dict.fromkeys(trial.rule.columns)) if may_see else ()
    values = values_of(sample, places, looked) if looked else {}
    trial.columns = looked
    trial.lines = [Line(str(p[0]), p[1], values.get((str(p[0]), p[1]), ())) for p in places]


def values_of(
    table: Any, places: list[list[Any]], columns: tuple[str, ...]
) -> dict[tuple[str, object], tuple[str, ...]]:
    """Return the values at places (batch, line) as texts, read by the engine in one statement."""
    import pyarrow as pa

    places = [place for place in places if isinstance(place[1], int)]
    at = pa.table({
        "batch": pa.array([str(place[0]) for place in places], pa.string()),
        "line": pa.array([place[1] for place in places], pa.int64()),
    })  # fmt: skip
    cells = ", ".join(f"CAST(t.{quoted(name)} AS VARCHAR)" for name in columns)
    sql = (
        f"SELECT p.batch, p.line, {cells} FROM places AS p JOIN t"  # noqa: S608  # quoted names
        " ON t._batch_id = p.batch AND t._line = p.line"
    )
    if not places:
        return {}
    with compute().relation(sql, tables={"t": table, "places": at}, seconds=SECONDS) as answer:
        rows = answer.arrow()
    cells_of = [column.to_pylist() for column in rows.columns]
    return {
        (batch, line): tuple("" if cell is None else str(cell) for cell in rest)
        for batch, line, *rest in zip(*cells_of, strict=True)
    }


def wrong_lines(
    result: RuleResult, entry: EntryView | None, *, by: Actor
) -> tuple[list[Line], tuple[str, ...]]:
    """Return the places that a scan kept for a rule, with values for who produces them.

    The values are those of the snapshot that was measured, not what was corrected since.
    """
    places = [place for place in result.samples if len(place) >= 2]
    ref = ref_of(result.scan.table.rpartition(".")[2])
    if entry is None or ref is None or not result.column or not may_see(entry, by):
        return [Line(str(p[0]), p[1]) for p in places], ()
    columns = (result.column,)
    try:
        values = values_of((ref, result.scan.snapshot_id), places, columns)
    except (Rejected, LookupError):  # the snapshot is no longer kept
        values = {}
    record("quality.rows.read", by=by, subject=result.scan.number, rows=len(places),
           basis=law.QUALITY)  # fmt: skip
    return [Line(str(p[0]), p[1], values.get((str(p[0]), p[1]), ())) for p in places], columns


def is_whole(rule: Rule) -> bool:
    """Say whether a sample says little of a rule: it needs all rows together."""
    return rule.kind in TOGETHER or rule.kind is RuleKind.DRIFT
