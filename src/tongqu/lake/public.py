"""Doors of the lake: the store, the engine, models, lineage, past days."""

from datetime import date
from pathlib import Path

from tongqu.kernel.actor import Actor
from tongqu.lake.models import ModelRun
from tongqu.lake.ports import Engine, EngineResult, TableStore, engine, provide, reset, store
from tongqu.lake.vocabulary import (
    Direction,
    Edge,
    Layer,
    TableRef,
    TableView,
    dw_ref,
    ods_ref,
    quarantine_ref,
    ref_of,
    svc_ref,
)

__all__ = [
    "Direction",
    "Edge",
    "Engine",
    "EngineResult",
    "Layer",
    "TableRef",
    "TableStore",
    "TableView",
    "dw_ref",
    "engine",
    "ods_ref",
    "provide",
    "quarantine_ref",
    "ref_of",
    "reset",
    "store",
    "svc_ref",
]


def run_models(pack_dir: Path, *, by: Actor, only: frozenset[str] | None = None) -> ModelRun:
    """Run a pack of models in the order of their references and return the run with its steps.

    A failed model leaves its table as it was; what reads from it is blocked and flagged.

    Raises: ``Rejected`` MODEL_INVALID, LAYER_DIRECTION … before anything runs.
    """
    raise NotImplementedError


def lineage(table: str, column: str = "", direction: Direction = Direction.UP) -> list[Edge]:
    """Return every edge that leads to (up) or from (down) a column, nearest first.

    Without a column: those of every column of the table.
    """
    raise NotImplementedError


def as_of(ref: TableRef, day: date) -> EngineResult:
    """Return a source-layer table as it stood at the end of a day (Asia/Shanghai).

    Shape: the table's columns; one row a key (property ``tongqu.keys``), its newest version.
    """
    raise NotImplementedError


def tables() -> list[TableView]:
    """Return every table with layer, library, rows and snapshot."""
    raise NotImplementedError


def record_lineage(edges: list[Edge], *, job: str) -> None:
    """Replace the edges that a job outside the models (a load) carries."""
    raise NotImplementedError


def mark_broken(ref: TableRef, *, reason: str, by: Actor) -> list[str]:
    """Flag a table whose job failed, and everything downstream; return the flagged names."""
    raise NotImplementedError


def mark_sound(ref: TableRef, *, by: Actor) -> None:
    """Clear the flags that this table's broken job had raised."""
    raise NotImplementedError
