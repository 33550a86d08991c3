"""Reads of golden records from the lake, masked as the catalogue grades their fields.

What may be shown of a field is the catalogue's word about the items it is taken from: level 2
and below in clear, level 3 under the item's mask, level 4 not at all. A field of which no
published entry speaks is covered: nobody has graded it yet.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from tongqu.catalog.public import entries
from tongqu.kernel.problems import Rejected
from tongqu.kernel.statements import quoted
from tongqu.lake.public import TableRef, dw_ref, engine, fusion, store
from tongqu.masters.domain import golden, problems
from tongqu.masters.domain.schemes import SchemeRules
from tongqu.masters.vocabulary import (
    ChangeKind,
    MasterEvent,
    MasterRecord,
    RecordState,
    SourceRecord,
)
from tongqu.security.public import mask_expression, mask_salt
from tongqu.security.vocabulary import Mask

CLEAR_LEVEL, TOP_LEVEL = 2, 4
MOST_ROWS = 200
Masks = Mapping[str, Mask | None]
HEAD = "state, version, changed_at, into_key, conflicts, source_count"


def masks_of(rules: SchemeRules) -> dict[str, Mask | None]:
    """Return the mask of every field; None for clear."""
    items = {
        entry.code: {item.name_en: item for item in entry.items}
        for entry in entries(set(rules.entries.values()))
        if entry.is_published
    }
    found: dict[str, Mask | None] = {}
    for name in rules.columns:
        graded = [
            item
            for n, source in enumerate(rules.sources)
            if (column := golden.takes_of(rules, n).get(name))
            and (item := items.get(rules.entries.get(str(source["name"]), ""), {}).get(column))
        ]
        strictest = max(graded, key=lambda item: item.level, default=None)
        found[name] = Mask.COVER if strictest is None else _mask(strictest.level, strictest.mask)
    return found


def _mask(level: int, mask: str) -> Mask | None:
    if level <= CLEAR_LEVEL:
        return None
    is_known = mask in frozenset(Mask) - {Mask.NONE}
    return Mask(mask) if is_known and level < TOP_LEVEL else Mask.NULLIFY


def shown(name: str, mask: Mask | None, *, column: str = "") -> str:
    """Return a column as it is shown, under its own name."""
    if mask is None:
        return f"CAST({quoted(column or name)} AS VARCHAR) AS {quoted(name)}"
    hidden = mask_expression(mask, column or name, salt=mask_salt()).sql(dialect="duckdb")
    return f"CAST({hidden} AS VARCHAR) AS {quoted(name)}"


def golden_ref(code: str) -> TableRef:
    return dw_ref(f"dw_master_{code}")


def _rows(sql: str, tables: Mapping[str, TableRef], **bound: object) -> list[dict[str, Any]]:
    there = all(store().exists(ref) for ref in tables.values())
    if not there:
        return []
    with engine().relation(sql, tables=tables, parameters=bound) as found:
        return list(found.arrow().to_pylist())


def records(rules: SchemeRules, keys: Collection[str], masks: Masks) -> dict[str, MasterRecord]:
    """Return golden records by key, with the fields that have an entry in ``masks``."""
    names = [name for name in rules.columns if name in masks]
    values = ", ".join([*(shown(n, masks[n]) for n in names), *(f"{n}_from" for n in names)])
    sql = f"SELECT golden_key, {HEAD}, {values} FROM g WHERE list_contains($keys, golden_key)"  # noqa: S608  # checked names
    rows = _rows(sql, {"g": golden_ref(rules.code)}, keys=sorted(keys))
    return {row["golden_key"]: _record(rules, names, row) for row in rows}


def _record(rules: SchemeRules, names: Sequence[str], row: Mapping[str, Any]) -> MasterRecord:
    return MasterRecord(
        scheme=rules.code, key=row["golden_key"], state=RecordState(row["state"]),
        version=row["version"], changed_at=row["changed_at"], into_key=row["into_key"] or "",
        values={name: row[name] for name in names},
        given_by={name: row[f"{name}_from"] or "" for name in names},
        conflicts=tuple(filter(None, (row["conflicts"] or "").split(","))),
        source_count=row["source_count"],
    )  # fmt: skip


def record(rules: SchemeRules, key: str, masks: Masks) -> MasterRecord:
    """Return one golden record. Raises: ``Rejected`` RECORD_UNKNOWN."""
    found = records(rules, [key], masks).get(key)
    if found is None:
        raise Rejected(problems.RECORD_UNKNOWN)
    return found


def differing(rules: SchemeRules, first: str, second: str) -> frozenset[str]:
    """Return the fields for which two records tell different values, before any mask."""
    differ = ", ".join(
        f"{golden.plain(f'a.{quoted(n)}')} IS DISTINCT FROM {golden.plain(f'b.{quoted(n)}')}"
        f" AS {quoted(n)}"
        for n in rules.columns
    )
    sql = f"SELECT {differ} FROM g AS a JOIN g AS b ON b.golden_key = $second WHERE a.golden_key = $first"  # noqa: E501, S608  # checked names
    rows = _rows(sql, {"g": golden_ref(rules.code)}, first=first, second=second)
    return frozenset(name for row in rows for name, is_other in row.items() if is_other)


def sources(
    rules: SchemeRules, keys: Collection[str], masks: Masks, *, born: bool = False
) -> list[SourceRecord]:
    """Return the sources' own rows of some golden records (``born``: of some birth keys)."""
    names = [name for name in rules.columns if name in masks]
    values = ", ".join(shown(name, masks[name]) for name in names)
    column = "born_key" if born else "golden_key"
    sql = (
        "SELECT source_name, " + shown("record_key", Mask.COVER) + f", told_at, born_key, {values}"  # noqa: S608
        f" FROM held WHERE list_contains($keys, {column})"
        f" ORDER BY rank_no, told_at DESC NULLS LAST, born_key LIMIT {MOST_ROWS}"
    )
    ref = dw_ref(f"dw_master_{rules.code}_held")
    return [
        SourceRecord(row["source_name"], row["record_key"] or "", row["told_at"], row["born_key"],
                     {name: row[name] for name in names})
        for row in _rows(sql, {"held": ref}, keys=sorted(keys))
    ]  # fmt: skip


def key_at_source(rules: SchemeRules, source: str, source_key: str) -> str:
    """Return the golden key under which a source's record is kept now; "" for an unknown one."""
    sql = "SELECT golden_key FROM held WHERE source_name = $source AND record_key = $key LIMIT 1"
    ref = dw_ref(f"dw_master_{rules.code}_held")
    rows = _rows(sql, {"held": ref}, source=source, key=source_key)
    return str(rows[0]["golden_key"]) if rows else ""


def decisions(rules: SchemeRules, key: str) -> list[dict[str, Any]]:
    """Return why each field of a record is as it is: every source's part; no value of a row."""
    sql = golden.fused_sql(rules, fusion(rules.fusion()).decisions())
    ref = dw_ref(f"dw_master_{rules.code}_held")
    return _rows(sql, {"held": ref}, golden_key=key)


def events(code: str, *, after: int, limit: int) -> list[MasterEvent]:
    """Return change events in order, those after a cursor."""
    sql = "SELECT * FROM e WHERE seq > $after ORDER BY seq LIMIT $most"
    rows = _rows(sql, {"e": dw_ref(f"dw_master_{code}_event")}, after=after, most=limit)
    return [_event(row) for row in rows]


def events_of(code: str, key: str) -> list[MasterEvent]:
    """Return a record's own events, newest first; merges into it are told with them."""
    sql = "SELECT * FROM e WHERE golden_key = $key OR into_key = $key ORDER BY seq DESC LIMIT 100"
    rows = _rows(sql, {"e": dw_ref(f"dw_master_{code}_event")}, key=key)
    return [_event(row) for row in rows]


def _event(row: Mapping[str, Any]) -> MasterEvent:
    fields = tuple(filter(None, (row["fields"] or "").split(",")))
    return MasterEvent(
        row["seq"], ChangeKind(row["kind"]), row["golden_key"], row["into_key"] or "",
        row["version"], fields, row["at"],
    )  # fmt: skip


def page_of_records(
    rules: SchemeRules, masks: Masks, *, key: str, state: str, offset: int, limit: int
) -> tuple[int, list[MasterRecord]]:
    """Return some golden records and how many there are; ``key``: those of this one's keys.

    A search by the thing's own key (all its parts, by a blank) finds it through its golden key,
    so no value of a row is compared in clear.
    """
    names = [name for name in rules.columns if name in masks]
    values = ", ".join([*(shown(n, masks[n]) for n in names), *(f"{n}_from" for n in names)])
    where = "($state = '' OR state = $state) AND ($key = '' OR golden_key = $key)"
    sql = (
        f"SELECT golden_key, {HEAD}, {values}, count(*) OVER () AS total FROM g WHERE {where}"  # noqa: S608
        f" ORDER BY conflicts IS NULL, golden_key LIMIT {int(limit)} OFFSET {int(offset)}"
    )
    rows = _rows(sql, {"g": golden_ref(rules.code)}, state=state, key=key)
    return (rows[0]["total"] if rows else 0), [_record(rules, names, row) for row in rows]


def masked(rules: SchemeRules, listed: Sequence[tuple[str, str, str]]) -> dict[str, str | None]:
    """Return values (name, field, value) as their fields are shown, by name."""
    import pyarrow as pa

    masks = masks_of(rules)
    fields = sorted({field for _, field, _ in listed if field in masks})
    if not fields:
        return {}
    names = ("name", "field", "value")
    rows = pa.table(dict(zip(names, map(list, zip(*listed, strict=True)), strict=True)))
    cases = " ".join(
        f"WHEN '{field}' THEN {shown('value', masks[field]).rpartition(' AS ')[0]}"
        for field in fields
    )
    sql = f"SELECT name, CASE field {cases} END AS value FROM v"  # noqa: S608  # checked names
    with engine().relation(sql, tables={"v": rows}) as found:
        return {row["name"]: row["value"] for row in found.arrow().to_pylist()}
