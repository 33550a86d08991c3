"""Reads of the lake: tables with their figures, lineage, past days."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from django.db.models import Max

from tongqu.kernel import clock
from tongqu.kernel.statements import quoted
from tongqu.lake.domain.newest import newest_sql, there_sql
from tongqu.lake.models import LakeTable, LineageEdge, ModelRun, ModelStep, TableFlag
from tongqu.lake.ports import EngineResult, engine, store
from tongqu.lake.vocabulary import (
    Direction,
    Edge,
    Library,
    Snapshot,
    Standing,
    StepState,
    TableRef,
    TableStep,
    TableView,
    Transform,
)


def tables() -> list[TableView]:
    """Return every table of the lake; the figures are those of the newest snapshots.

    The same number of look-ups however many they are.
    """
    declared = {row.name: row for row in LakeTable.objects.all()}
    reasons = broken()
    return [
        _view(ref, there, declared.get(ref.name), reasons.get(ref.name, ""))
        for ref, there in sorted(store().standing().items())
    ]


def table(ref: TableRef) -> TableView | None:
    there = store().standing([ref]).get(ref)
    if there is None:
        return None
    declared = LakeTable.objects.filter(name=ref.name).first()
    return _view(ref, there, declared, broken().get(ref.name, ""))


def _view(ref: TableRef, there: Standing, declared: LakeTable | None, reason: str) -> TableView:
    snapshot = there.snapshot
    return TableView(
        name=ref.name,
        layer=ref.layer,
        library=Library(declared.library) if declared and declared.library else None,
        title=declared.title if declared else there.properties.get("tongqu.title", ""),
        owner=declared.owner if declared else "",
        columns=there.columns,
        rows=snapshot.rows if snapshot else 0,
        snapshot=snapshot,
        measured_at=clock.now(),
        broken=reason,
    )


def snapshots(ref: TableRef, limit: int = 50) -> list[Snapshot]:
    """Return the newest snapshots, newest first."""
    return store().snapshots(ref)[::-1][:limit]


def broken() -> dict[str, str]:
    """Return the tables flagged now, with the reason."""
    rows = TableFlag.objects.filter(cleared_at=None).values_list("table", "cause", "reason")
    return {
        table: f"上游 {cause}：{reason}" if cause != table else reason
        for table, cause, reason in rows
    }


def lineage(table: str, column: str = "", direction: Direction = Direction.UP) -> list[Edge]:
    """Return edges nearest first; one query a level, so a deep chain stays cheap."""
    if not (
        table + column
    ).isprintable():  # NUL and lone surrogates name nothing, and databases choke
        return []
    return _edges({(table, column)}, direction)


def lineage_of(tables: Iterable[str], direction: Direction) -> list[Edge]:
    """Return what ``lineage`` does for all columns of several tables at once."""
    return _edges({(table, "") for table in tables}, direction)


def _edges(wanted: set[tuple[str, str]], direction: Direction) -> list[Edge]:
    is_up = direction is Direction.UP
    seen: set[tuple[str, str]] = set()
    found: dict[tuple[str, str, str, str], Edge] = {}
    while wanted:
        seen |= wanted
        near = [
            edge
            for edge in _edges_at({t for t, _ in wanted}, is_up=is_up)
            if _at(edge, wanted, is_up)
        ]
        for edge in near:
            key = (edge.source_table, edge.source_column, edge.target_table, edge.target_column)
            found.setdefault(key, edge)
        far = {
            (e.source_table, e.source_column) if is_up else (e.target_table, e.target_column)
            for e in near
        }
        wanted = far - seen
    return list(found.values())


def _at(edge: Edge, wanted: set[tuple[str, str]], is_up: bool) -> bool:
    """Say whether an edge touches a wanted column; no column or ``*`` means all of a table."""
    table = edge.target_table if is_up else edge.source_table
    column = edge.target_column if is_up else edge.source_column
    return bool(wanted & {(table, column), (table, "")}) or (column == "*" and not is_up)


def _edges_at(tables: set[str], *, is_up: bool) -> list[Edge]:
    field = "target_table__in" if is_up else "source_table__in"
    return [
        Edge(
            row.source_table,
            row.source_column,
            row.target_table,
            row.target_column,
            Transform(row.transform),
            row.job,
        )
        for row in LineageEdge.objects.filter(**{field: tables})
    ]


def downstream(name: str, known: Mapping[str, Iterable[str]]) -> set[str]:
    """Return the tables that depend on this one, by lineage and by what models read."""
    found: set[str] = set()
    wanted = {name}
    while wanted:
        rows = LineageEdge.objects.filter(source_table__in=wanted)
        near = set(rows.values_list("target_table", flat=True))
        near |= {model for model, reads in known.items() if wanted.intersection(reads)}
        wanted = near - found - {name}
        found |= wanted
    return found


def as_of(ref: TableRef, day: date) -> EngineResult:
    """Return the newest version of each key that was loaded by the end of a day in Shanghai.

    Shape: the table's columns; without keys every row loaded until then.
    Source: LAK-02: the source layer is append-only, so any past day can be rebuilt.
    """
    end = datetime.combine(day + timedelta(days=1), time.min, tzinfo=clock.SHANGHAI)
    declared = store().properties(ref).get("tongqu.keys", "")
    keys = [key.strip() for key in declared.split(",") if key.strip()]
    names = ", ".join(quoted(column.name) for column in store().columns(ref))
    rows = f"SELECT {names} FROM stored WHERE _load_time < ?"  # noqa: S608  # names from the table's schema
    sql = newest_sql(keys, rows)
    if any(column.name == "_op" for column in store().columns(ref)):
        sql = there_sql(sql)
    return engine().relation(sql, tables={"stored": ref}, parameters=[end])


def newest_runs(limit: int = 5) -> list[ModelRun]:
    return list(ModelRun.objects.prefetch_related("steps")[:limit])


def last_steps(models: Iterable[str] | None = None) -> dict[str, ModelStep]:
    """Return the last step of each model, however it ended; of some models or of all."""
    steps = ModelStep.objects.order_by()
    if models is not None:
        steps = steps.filter(model__in=list(models))
    newest = steps.values("model").annotate(newest=Max("pk")).values("newest")
    found = ModelStep.objects.filter(pk__in=newest).select_related("run")
    return {step.model: step for step in found}


def newest_step(model: str) -> ModelStep | None:
    """Return the last run that brought a model's table up to date."""
    good = [StepState.DONE.value, StepState.UNCHANGED.value]
    rows = ModelStep.objects.filter(model=model, state__in=good).select_related("run")
    return rows.order_by("-pk").first()


def table_steps() -> list[TableStep]:
    rows = LineageEdge.objects.order_by("source_table", "target_table", "job")
    names = rows.values_list("source_table", "target_table", "job").distinct()
    return [TableStep(*row) for row in names]


def lineage_tables() -> list[str]:
    """Return the names of the tables that occur in lineage."""
    pairs = LineageEdge.objects.order_by().values_list("source_table", "target_table").distinct()
    return sorted({name for pair in pairs for name in pair})
