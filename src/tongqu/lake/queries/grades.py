"""What may be shown of a column: the catalogue's word about the items that are made of it.

A column of which no published entry speaks is covered: nobody has graded it yet.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tongqu.catalog.public import lines, versions
from tongqu.catalog.vocabulary import ItemView
from tongqu.lake import queries
from tongqu.lake.vocabulary import (
    ODS_TECHNICAL,
    SVC_TECHNICAL,
    Column,
    Direction,
    Edge,
    Transform,
)
from tongqu.security.vocabulary import Mask

TOP_LEVEL = 4
CLEAR_LEVEL = 2  # what staff sees in clear of its own unit's data
UNGRADED = 3
TECHNICAL = frozenset({*ODS_TECHNICAL, *SVC_TECHNICAL}) - {"_row_hash"}
Place = tuple[str, str]  # table and column


@dataclass(frozen=True, slots=True)
class Grade:
    """How a column is shown to its own unit; without a mask in clear."""

    level: int
    mask: Mask | None = None
    title: str = ""


def grades(tables: Mapping[str, Collection[Column]]) -> dict[str, dict[str, Grade]]:
    """Return the grade of every column of these tables, in a fixed number of statements."""
    edges = queries.lineage_of(tables, Direction.DOWN)
    reached = {*tables, *(edge.target_table for edge in edges)}
    speaking = {line.version_id: line.table for line in lines() if line.table in reached}
    items = {
        (speaking[entry.version_id], item.name_en): item
        for entry in versions(speaking)
        for item in entry.items
    }
    return {
        table: {c.name: _grade((table, c.name), edges, items) for c in columns}
        for table, columns in tables.items()
    }


def _grade(start: Place, edges: Sequence[Edge], items: Mapping[Place, ItemView]) -> Grade:
    """Return how a column is shown.

    Items that take its values over unchanged grade it; one that is computed from it may only
    grade it higher. An aggregate says nothing about single values.
    """
    if start[1] in TECHNICAL:
        return Grade(1)
    unchanged = [items[p] for p in _reached(start, edges, {Transform.DIRECT}) if p in items]
    if not unchanged:
        return Grade(UNGRADED, Mask.COVER)
    near = _reached(start, edges, {Transform.DIRECT, Transform.DERIVED})
    strictest = max((items[p] for p in near if p in items), key=lambda item: item.level)
    title = unchanged[0].name_zh
    if strictest.level <= CLEAR_LEVEL:
        return Grade(strictest.level, title=title)
    is_known = strictest.mask in frozenset(Mask) - {Mask.NONE}
    is_partly = is_known and strictest.level < TOP_LEVEL
    return Grade(strictest.level, Mask(strictest.mask) if is_partly else Mask.NULLIFY, title)


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
