"""A few rows of a table at a snapshot, for people of the unit that answers for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from tongqu.catalog.public import lines
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake.ports import engine, store
from tongqu.lake.queries.grades import grades
from tongqu.lake.vocabulary import Column, TableRef, TableView
from tongqu.security.public import mask_expression, mask_salt
from tongqu.security.vocabulary import Mask

ROWS = 20
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


def _masks(ref: TableRef, columns: Sequence[Column]) -> dict[str, Mask]:
    """Return the masks to put on, by column; what is not named is shown in clear."""
    found = grades({ref.name: columns})[ref.name]
    return {name: grade.mask for name, grade in found.items() if grade.mask}


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
