"""Scanned tables as documents: technical metadata filled, the rest left for people (待补)."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from tongqu.catalog.domain.interchange.sheets import folded
from tongqu.catalog.vocabulary import DataFormat, Manner, ScannedColumn, ScannedTable

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_MOST = 2_147_483_647


def documents(tables: Sequence[ScannedTable], *, source_system: str) -> list[dict[str, Any]]:
    """Return a draft document for every table or view, named by its comment."""
    names = [_name(table) for table in tables]
    seen = Counter(folded(name) for name in names)
    return [
        {
            "name": name if seen[folded(name)] == 1 else f"{name[:120]}（{table.title}）",
            "source_system": source_system,
            "formats": [DataFormat.TABLE.value, DataFormat.INTERFACE.value],
            "manners": [manner.value for manner in Manner],
            "items": [_item(column, taken) for column, taken in _named(table.columns)],
        }
        for name, table in zip(names, tables, strict=True)
    ]


def _name(table: ScannedTable) -> str:
    first = table.comment.splitlines()[0].strip() if table.comment else ""
    return first[:200] or table.title[:200]


def _named(columns: Sequence[ScannedColumn]) -> list[tuple[ScannedColumn, str]]:
    """Return columns with names that a service table can hold, each once."""
    taken: set[str] = set()
    found = []
    for column in columns:
        name = re.sub(r"[^a-z0-9_]+", "_", column.name.lower()).strip("_")[:60]
        if not name or not name[0].isalpha() or name in taken:
            name = f"item_{column.position}"
        taken.add(name)
        found.append((column, name))
    return found


def _item(column: ScannedColumn, name: str) -> dict[str, Any]:
    first = column.comment.splitlines()[0].strip()[:120] if column.comment else ""
    chinese = first or (column.name[:120] if _CHINESE.search(column.name) else "")
    return {
        "name_zh": chinese,
        "name_en": name,
        "data_type": column.data_type.value,
        "length": column.length if column.length and 0 < column.length <= _MOST else None,
        "nullable": column.nullable,
        "is_key": column.is_key,
        "source_column": column.name[:120],
    }
