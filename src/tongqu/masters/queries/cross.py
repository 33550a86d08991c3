"""Reads of checks: how far sources agree, and the conflicts of the last run, masked."""

from typing import Any

from tongqu.catalog.public import entries
from tongqu.lake.public import dw_ref, engine, store
from tongqu.masters.domain import cross
from tongqu.masters.domain.cross import CrossRules
from tongqu.masters.models import CrossRun
from tongqu.masters.queries.records import _mask
from tongqu.masters.vocabulary import ConflictView, ItemAgreement, SaidBy, Winner
from tongqu.security.public import mask_expression, mask_salt
from tongqu.security.vocabulary import Mask


def agreements(run: CrossRun) -> list[ItemAgreement]:
    return [ItemAgreement(**row) for row in run.items]


def _masks(rules: CrossRules) -> dict[str, Mask | None]:
    """Return the mask of each item and key: the strictest of the entries'; ungraded: covered."""
    items = {
        entry.code: {item.name_en: item for item in entry.items}
        for entry in entries({source.entry for source in rules.sources})
        if entry.is_published
    }
    found: dict[str, Mask | None] = {}
    for name in (*rules.keys, *(item.name for item in rules.items)):
        graded = [
            item
            for source in rules.sources
            if (item := items.get(source.entry, {}).get(source.takes[name].strip('"')))
        ]
        strictest = max(graded, key=lambda item: item.level, default=None)
        found[name] = Mask.COVER if strictest is None else _mask(strictest.level, strictest.mask)
    return found


def _hidden(mask: Mask | None, column: str) -> str:
    if mask is None:
        return column
    return mask_expression(mask, column, salt=mask_salt()).sql(dialect="duckdb")


def conflicts(
    run: CrossRun, *, item: str = "", offset: int = 0, limit: int = 50
) -> tuple[int, list[ConflictView]]:
    """Return some conflicts of a run and how many there are."""
    rules = cross.read(run.check_of.document)
    ref = dw_ref(f"dw_crosscheck_{rules.code}")
    known = {snapshot.id for snapshot in store().snapshots(ref)}
    if run.snapshot_id not in known:
        return 0, []
    masks = _masks(rules)
    keys = ", ".join(
        f"CAST({_hidden(masks[key], f'key_{n}')} AS VARCHAR) AS key_{n}"
        for n, key in enumerate(rules.keys)
    )
    values = ", ".join(
        f"CASE item {' '.join(_case(masks, i.name, rank) for i in rules.items)} END"
        f" AS value_{rank}, told_{rank}, lost_{rank}"
        for rank in rules.ranks
    )
    sql = (
        f"SELECT item, {keys}, {values}, winner, reason, count(*) OVER () AS total FROM c"  # noqa: S608  # checked names
        " WHERE $item = '' OR item = $item"
        f" ORDER BY item, {', '.join(f'c.key_{n}' for n in range(len(rules.keys)))}"
        f" LIMIT {int(limit)} OFFSET {int(offset)}"
    )
    with engine().relation(
        sql, tables={"c": (ref, run.snapshot_id)}, parameters={"item": item}
    ) as found:
        rows = found.arrow().to_pylist()
    return (rows[0]["total"] if rows else 0), [_view(rules, run, row) for row in rows]


def _case(masks: dict[str, Mask | None], name: str, rank: int) -> str:
    return f"WHEN '{name}' THEN CAST({_hidden(masks[name], f'value_{rank}')} AS VARCHAR)"


def _view(rules: CrossRules, run: CrossRun, row: dict[str, Any]) -> ConflictView:
    item = next(one for one in rules.items if one.name == row["item"])
    said = tuple(
        SaidBy(
            source=rules.sources[rank - 1].name,
            rank=item.order.index(rank) + 1,
            value=row[f"value_{rank}"],
            told_at=row[f"told_{rank}"],
            is_suggested=not row[f"lost_{rank}"] and row[f"value_{rank}"] is not None,
            ticket=run.tickets.get(rules.sources[rank - 1].name, "") if row[f"lost_{rank}"] else "",
        )
        for rank in rules.ranks
        if row[f"value_{rank}"] is not None
    )
    winner = rules.sources[row["winner"] - 1].name
    reason = Winner(row["reason"])
    place = item.order.index(row["winner"]) + 1
    told = f"{reason.label}（第 {place} 位）" if reason is Winner.PRIORITY else reason.label
    key = "|".join(str(row[f"key_{n}"] or "") for n in range(len(rules.keys)))
    return ConflictView(key, item.name, item.title, said, winner, told)
