"""A few rows of a table at a snapshot, for people of the unit that answers for it.

What may be shown of a column is the catalogue's word about the items made of it. A column of
which no published entry speaks is covered: nobody has graded it yet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings

from tongqu.catalog.public import lines, versions
from tongqu.catalog.vocabulary import ItemView
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake import queries
from tongqu.lake.ports import engine, store
from tongqu.lake.vocabulary import (
    ODS_TECHNICAL,
    SVC_TECHNICAL,
    Column,
    Direction,
    Edge,
    TableRef,
    TableView,
    Transform,
)
from tongqu.security.public import mask_expression, mask_salt
from tongqu.security.vocabulary import Mask

ROWS = 20
TOP_LEVEL = 4
CLEAR_LEVEL = 2  # what staff sees in clear of its own unit's data
TECHNICAL = frozenset({*ODS_TECHNICAL, *SVC_TECHNICAL}) - {"_row_hash"}
SNAPSHOT_UNKNOWN = Problem(
    code="SNAPSHOT_UNKNOWN",
    title="没有这个快照。",
    next_step="请从表的页面选择列出的快照。",
)


@dataclass(frozen=True, slots=True)
class Preview:
    """Rows as texts. ``masks`` names the covered columns; ``snapshot_id`` is what was read."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    masks: dict[str, str]
    snapshot_id: int


def may_preview(view: TableView, by: Actor) -> bool:
    """Say whether the table is of the asker's own unit."""
    if by.organisation_id is None:
        return False
    own = {line.table for line in lines(provider_id=by.organisation_id)}
    return view.owner == by.organisation_code or view.name in own


def preview(ref: TableRef, snapshot_id: int | None, *, by: Actor) -> Preview:
    """Return the first rows of a snapshot, the newest unless given, masked by column.

    Raises: ``Rejected`` SNAPSHOT_UNKNOWN.
    """
    known = {snapshot.id for snapshot in store().snapshots(ref)}
    current = store().current(ref)
    wanted = snapshot_id or (current.id if current else 0)
    if wanted not in known:
        raise Rejected(SNAPSHOT_UNKNOWN)
    columns = store().columns(ref)
    masks = _masks(ref, columns)
    sql = _sql(columns, masks, salt=f"{mask_salt()}:{by.organisation_id}")
    with engine().relation(
        sql, tables={"shown": (ref, wanted)}, seconds=settings.ADHOC["SECONDS"]
    ) as result:
        rows = result.arrow()
    return Preview(
        tuple(rows.column_names),
        tuple(zip(*(column.to_pylist() for column in rows.columns), strict=True)),
        {name: mask.value for name, mask in masks.items()},
        wanted,
    )


Place = tuple[str, str]  # table and column


def _masks(ref: TableRef, columns: Sequence[Column]) -> dict[str, Mask]:
    """Return the masks to put on, by column; what is not named is shown in clear."""
    edges = queries.lineage(ref.name, "", Direction.DOWN)
    tables = {ref.name, *(edge.target_table for edge in edges)}
    speaking = {line.version_id: line.table for line in lines() if line.table in tables}
    items = {
        (speaking[entry.version_id], item.name_en): item
        for entry in versions(speaking)
        for item in entry.items
    }
    found = {c.name: _mask((ref.name, c.name), edges, items) for c in columns}
    return {name: mask for name, mask in found.items() if mask and name not in TECHNICAL}


def _mask(start: Place, edges: Sequence[Edge], items: Mapping[Place, ItemView]) -> Mask | None:
    """Return a column's mask; None for clear.

    Items that take its values over unchanged grade it; one that is computed from it may only
    grade it higher. An aggregate says nothing about single values.
    """
    unchanged = [items[p] for p in _reached(start, edges, {Transform.DIRECT}) if p in items]
    if not unchanged:
        return Mask.COVER
    near = _reached(start, edges, {Transform.DIRECT, Transform.DERIVED})
    strictest = max((items[p] for p in near if p in items), key=lambda item: item.level)
    if strictest.level <= CLEAR_LEVEL:
        return None
    is_known = strictest.mask in frozenset(Mask) - {Mask.NONE}
    return Mask(strictest.mask) if is_known and strictest.level < TOP_LEVEL else Mask.NULLIFY


def _reached(start: Place, edges: Sequence[Edge], ways: set[Transform]) -> set[Place]:
    found, wanted = {start}, {start}
    while wanted:
        near = {
            (edge.target_table, edge.target_column)
            for edge in edges
            if (edge.source_table, edge.source_column) in wanted and edge.transform in ways
        }
        wanted = near - found
        found |= wanted
    return found


def _sql(columns: Sequence[Column], masks: dict[str, Mask], *, salt: str) -> str:
    from sqlglot import exp  # heavy: only when rows are asked for

    shown = []
    for column in columns:
        mask = masks.get(column.name)
        value = (
            mask_expression(mask, column.name, salt=salt)
            if mask
            else exp.column(column.name, quoted=True)
        )
        shown.append(exp.alias_(exp.cast(value, "VARCHAR"), column.name, quoted=True))
    return exp.select(*shown).from_("shown").limit(ROWS).sql(dialect="duckdb")
