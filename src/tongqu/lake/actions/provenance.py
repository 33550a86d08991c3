"""Where one row came from: its key, followed back to the source layer (STD-10)."""

from collections.abc import Mapping
from typing import Any

from tongqu.kernel.problems import Problem, Rejected
from tongqu.kernel.statements import quoted
from tongqu.lake import queries
from tongqu.lake.ports import engine, store
from tongqu.lake.vocabulary import (
    Direction,
    Edge,
    Layer,
    Provenance,
    RowSource,
    TableRef,
    Transform,
    ref_of,
)
from tongqu.policy.clauses import measures_2021 as law

MOST = 100  # versions of a row that are told of each source table
Place = tuple[str, str]  # table, column


def _refuse(code: str, title: str, next_step: str) -> Rejected:
    return Rejected(Problem(code=code, title=title, next_step=next_step, basis=law.QUALITY))


def provenance(table: str, key: Mapping[str, str]) -> Provenance:
    """Return the rows of the source layer behind one row; see ``lake.public.provenance``."""
    ref = ref_of(table)
    if ref is None or not store().exists(ref):
        raise _refuse("LAKE_TABLE_NOT_FOUND", "没有找到这张表。", "请核对表名。")
    _check_key(ref, key)
    if not _rows(ref, key, "count(*) AS n")[0]["n"]:
        raise _refuse("ROW_UNKNOWN", "没有找到这一行。", "请核对主键的值。")
    if ref.layer is Layer.ODS:
        return Provenance(ref.name, key, tuple(_sources(ref, key)))
    places, tables = _back(ref.name, key)
    found = [
        source
        for name in sorted(tables)
        if (behind := _reached(places, name, key)) and (known := ref_of(name)) is not None
        for source in _sources(known, behind)
    ]
    traced = {source.table for source in found}
    found.sort(key=lambda source: source.loaded_at, reverse=True)
    return Provenance(ref.name, key, tuple(found), tuple(sorted(tables - traced)))


def _check_key(ref: TableRef, key: Mapping[str, str]) -> None:
    """Only a whole key names a row: by any other column somebody could try out its values."""
    keys = [name.strip() for name in store().properties(ref).get("tongqu.keys", "").split(",")]
    if set(key) != set(filter(None, keys)) or not key:
        said = "、".join(filter(None, keys))
        then = f"请给出 {said} 的值。" if said else "这张表没有主键，不能按行溯源。"
        raise _refuse("COLUMN_UNKNOWN", "主键不对。", then)


def _back(table: str, key: Mapping[str, str]) -> tuple[dict[str, set[Place]], set[str]]:
    """Return where each key column came from unchanged, and every source table that takes part."""
    edges = queries.lineage(table, direction=Direction.UP)
    tables = {
        edge.source_table
        for edge in edges
        if (ref := ref_of(edge.source_table)) is not None and ref.layer is Layer.ODS
    }
    bare = [edge for edge in edges if edge.transform is Transform.DIRECT]
    return {column: _origins((ref_name(table), column), bare) for column in key}, tables


def ref_name(table: str) -> str:
    return table.rsplit(".", 1)[-1]


def _origins(place: Place, edges: list[Edge]) -> set[Place]:
    """Return the columns that a column was taken over from, through any number of tables."""
    found: set[Place] = set()
    wanted = {place}
    while wanted:
        near = {
            (edge.source_table, edge.source_column)
            for edge in edges
            if (edge.target_table, edge.target_column) in wanted
        }
        wanted = near - found
        found |= near
    return found


def _reached(
    places: Mapping[str, set[Place]], table: str, key: Mapping[str, str]
) -> dict[str, str]:
    """Return the key in the columns of a source table; empty where a part of it is missing."""
    behind: dict[str, str] = {}
    for column, value in key.items():
        names = [name for where, name in places[column] if where == table]
        if not names:
            return {}
        behind[names[0]] = value
    return behind


def _sources(ref: TableRef, key: Mapping[str, str]) -> list[RowSource]:
    facts = store().properties(ref)
    rows = _rows(ref, key, "_batch_id, _load_time, _line", f"ORDER BY _load_time DESC LIMIT {MOST}")
    return [
        RowSource(
            table=ref.name,
            system=facts.get("tongqu.system", ""),
            department=facts.get("tongqu.owner", ""),
            batch=row["_batch_id"],
            loaded_at=row["_load_time"],
            line=row["_line"],
        )
        for row in rows
    ]


def _rows(
    ref: TableRef, key: Mapping[str, str], columns: str, tail: str = ""
) -> list[dict[str, Any]]:
    """Return columns of the rows of a key; values are compared as texts, as the asker has them."""
    where = " AND ".join(f"CAST({quoted(name)} AS VARCHAR) = ?" for name in key)
    sql = f"SELECT {columns} FROM stored WHERE {where} {tail}"  # noqa: S608  # names of the schema
    found = engine().relation(sql, tables={"stored": ref}, parameters=list(key.values()))
    rows: list[dict[str, Any]] = found.arrow().to_pylist()
    return rows
