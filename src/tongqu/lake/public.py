"""Doors of the lake: the store, the engine, models, lineage, past days."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tongqu.kernel.actor import Actor
from tongqu.kernel.work import TodoItem
from tongqu.lake import queries
from tongqu.lake.actions import flags as _flags
from tongqu.lake.actions.alone import alone
from tongqu.lake.actions.describe import describe
from tongqu.lake.actions.touch import touch as _touch
from tongqu.lake.domain.newest import newest_sql, there_sql
from tongqu.lake.models import ModelRun
from tongqu.lake.ports import (
    Engine,
    EngineResult,
    TableStore,
    compute,
    engine,
    provide,
    reset,
    store,
)
from tongqu.lake.vocabulary import (
    Direction,
    Edge,
    JobRun,
    Layer,
    Provenance,
    RunEvent,
    TableRef,
    TableStep,
    TableView,
    dw_ref,
    ods_ref,
    quarantine_ref,
    ref_of,
    svc_ref,
)

if TYPE_CHECKING:
    from sqlglot import exp

    from tongqu.lake.actions.packs import Pack
    from tongqu.lake.domain.fuse import Fusion
    from tongqu.lake.queries.owned import OwnTable

__all__ = [
    "Direction",
    "Edge",
    "Engine",
    "EngineResult",
    "JobRun",
    "Layer",
    "TableRef",
    "TableStore",
    "TableView",
    "alone",
    "as_of",
    "broken",
    "changed",
    "check_models",
    "compute",
    "describe",
    "dw_ref",
    "engine",
    "fusion",
    "install_models",
    "installed_models",
    "lineage",
    "load_done",
    "load_failed",
    "mark_broken",
    "mark_sound",
    "model_texts",
    "newest_sql",
    "ods_ref",
    "own_tables",
    "provenance",
    "provide",
    "quarantine_ref",
    "ref_of",
    "refresh_self_tables",
    "reset",
    "run_models",
    "save_topic_templates",
    "self_tables",
    "store",
    "svc_ref",
    "table_steps",
    "tables",
    "there_sql",
    "to_spark",
    "todos",
    "unportable",
]


def run_models(
    pack_dir: Path,
    *,
    by: Actor,
    only: frozenset[str] | None = None,
    since: str = "",
    is_backfill: bool = False,
) -> ModelRun:
    """Run a pack of models in the order of their references and return the run with its steps.

    A failed model leaves its table as it was; what reads from it is blocked and flagged. A model
    that names its parts (``incremental``) computes those that changed, with ``since`` also those
    from a value on; with ``is_backfill`` every model computes everything.
    Permission: LAKE_MODEL_RUN, or the platform itself.

    Raises: ``Rejected`` MODEL_HEADER, LAYER_DIRECTION, SQL_NOT_SELECT, STAR, MODEL_CYCLE …
    before anything runs.
    """
    from tongqu.lake.actions.build import Order
    from tongqu.lake.actions.run import run_models as run  # loads sqlglot

    return run(pack_dir, by=by, only=only, order=Order(since, is_backfill))


def install_models(pack: str, texts: Sequence[tuple[str, str]], *, by: Actor) -> list[str]:
    """Install a pack's models (file name, text): they run by themselves; return their names.

    What the pack had before and no longer has goes; its tables stay. The same again: no change.
    Permission: LAKE_MODEL_RUN, or the platform itself.
    Raises: ``Rejected`` like ``run_models``; ELEMENT_UNKNOWN, MODEL_TAKEN.
    """
    from tongqu.lake.actions.install import install  # loads sqlglot

    return install(pack, texts, by=by)


def model_texts(folder: Path) -> list[tuple[str, str]]:
    """Return the models in a folder (file name, text), as ``install_models`` takes them."""
    from tongqu.lake.actions.packs import model_files

    return [(path.name, path.read_text(encoding="utf-8")) for path in model_files(folder)]


def installed_models() -> list[dict[str, str]]:
    """Return installed models: name, library, version, and the state of the last step or ""."""
    from tongqu.lake.queries import models

    return [
        {"name": row.model.name, "library": row.model.library, "version": row.model.version,
         "state": row.step.state if row.step else ""}
        for row in models.models()
    ]  # fmt: skip


def save_topic_templates(pack: str, rows: Sequence[Mapping[str, Any]], *, by: Actor) -> int:
    """Keep a pack's topic templates; return how many changed. Raises: TEMPLATE_WRONG."""
    from tongqu.lake.actions.topics import save_templates  # loads sqlglot

    return save_templates(pack, rows, by=by)


def todos(actor: Actor) -> list[TodoItem]:
    """Return broken jobs of the actor's, and migrations to a newer business data model."""
    from tongqu.lake.queries import business, chains

    return [*chains.todos(actor), *business.todos(actor)]


def own_tables(by: Actor, wanted: Collection[str] | None = None) -> "list[OwnTable]":
    """Return the tables of source and warehouse layer that hold the asker's department's data.

    Each column with the mask under which the department sees it; ``wanted``: of these alone.
    """
    from tongqu.lake.queries import owned

    return owned.own_tables(by, wanted)


def fusion(document: Mapping[str, Any]) -> "Fusion":
    """Read a declared fusion: ``sql()`` makes it one SELECT, ``decisions()`` explains a key.

    Raises: ``ValueError`` telling what is wrong.
    """
    from tongqu.lake.domain.fuse import Fusion

    return Fusion.of(document)


def changed(*refs: TableRef) -> None:
    """Note that tables have new rows: the installed models that read them run soon.

    To be called in the transaction that closes what changed them.
    """
    _touch({ref.name for ref in refs})


def self_tables() -> dict[str, tuple[str, Mapping[str, str]]]:
    """Return the tables of the self-management library (自管库): title, and columns' types."""
    from tongqu.lake.domain.own import COLUMNS, GROUP_LABELS, Group, table_of

    return {table_of(g).name: (f"自管库·{GROUP_LABELS[g]}", COLUMNS) for g in Group}


def refresh_self_tables() -> int:
    """Bring the self-management library up to this moment; return how many facts came."""
    from tongqu.lake.actions.own import refresh

    return refresh()


def check_models(texts: Sequence[tuple[str, str]]) -> "Pack":
    """Return the pack that these files (name, text) make, in running order; touches no data.

    Raises: ``Rejected`` like ``run_models``; ``facts["findings"]`` lists everything found.
    """
    from tongqu.lake.actions.packs import checked  # loads sqlglot

    return checked("", texts)


def lineage(table: str, column: str = "", direction: Direction = Direction.UP) -> list[Edge]:
    """Return every edge that leads to (up) or from (down) a column, nearest first.

    Without a column: those of every column of the table.
    """
    return queries.lineage(table, column, direction)


def table_steps() -> list[TableStep]:
    """Return every step from table to table in one statement; steps to oneself included."""
    return queries.table_steps()


def provenance(table: str, key: Mapping[str, str]) -> Provenance:
    """Return which rows of the source layer a row came from, newest first (数据可溯源).

    ``key`` says which row: column → value, all columns of its key and no other. They are followed
    back along edges that take them over unchanged.
    Raises: ``Rejected`` LAKE_TABLE_NOT_FOUND, COLUMN_UNKNOWN, ROW_UNKNOWN.
    """
    from tongqu.lake.actions.provenance import provenance as trace

    return trace(table, key)


def as_of(ref: TableRef, day: date) -> EngineResult:
    """Return a source-layer table as it stood at the end of a day (Asia/Shanghai).

    Shape: the table's columns; one row a key (table property ``tongqu.keys``, comma-separated),
    its newest version; without keys every row loaded until then.
    """
    return queries.as_of(ref, day)


def tables() -> list[TableView]:
    """Return every table with layer, library, rows and snapshot."""
    return queries.tables()


def mark_broken(ref: TableRef, *, reason: str, by: Actor) -> list[str]:
    """Flag a table whose job failed, and everything downstream; return the flagged names.

    ``reason`` is for people to read and quotes no value from a row.
    """
    return _flags.mark_broken(ref.name, reason=reason, by=by)


def mark_sound(ref: TableRef, *, by: Actor) -> None:
    """Clear the flags that this table's broken job had raised."""
    _flags.mark_sound(ref.name, by=by)


def load_done(run: JobRun, *, by: Actor) -> None:
    """Note that a load went well: what its failure had flagged is sound, others are told.

    To be called in the transaction that closes the load.
    """
    _flags.mark_sound(run.table, by=by)
    _tell_of(run, RunEvent.COMPLETE)


def load_failed(run: JobRun, *, by: Actor, is_job: bool = True) -> None:
    """Note that a load was sent back or broke down.

    ``is_job``: nobody stands by who will send it again, so the table and all downstream are
    flagged until a load goes well.
    """
    if is_job:
        _flags.mark_broken(run.table, reason=run.problem, by=by)
    _tell_of(run, RunEvent.FAIL)


def _tell_of(run: JobRun, end: RunEvent) -> None:
    from tongqu.lake.actions.tell import tell

    tell(run, RunEvent.START, run.started_at)
    tell(run, end)


def broken() -> dict[str, str]:
    """Return the tables flagged now, with the reason for people to read."""
    return queries.broken()


def unportable(query: "exp.Expr") -> list[tuple[str, str]]:
    """Return what of a query another engine would not compute alike, each with its reason."""
    from tongqu.lake.domain.portable import unportable as found  # loads sqlglot

    return list(found(query))


def to_spark(query: "exp.Expr") -> str:
    """Return a query in Spark's dialect with the meaning it has on DuckDB.

    Raises: ``ValueError`` for what cannot be carried over.
    """
    from tongqu.lake.domain.portable import to_spark as said  # loads sqlglot

    return said(query)
