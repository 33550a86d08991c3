"""What changed in a table between two looks at it, and whether the entry still fits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tongqu.catalog.domain.compliance.tables import HOLDS
from tongqu.catalog.vocabulary import DataType, ItemView


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """``kind`` is dropped, renamed, retyped or added; names and types, never values."""

    kind: str
    column: str
    detail: str = ""  # the new name, or "old → new" types

    def __str__(self) -> str:
        label = {"dropped": "删除", "renamed": "改名", "retyped": "改类型", "added": "新增"}[
            self.kind
        ]
        arrow = f" → {self.detail}" if self.kind == "renamed" else ""
        types = f"（{self.detail}）" if self.kind == "retyped" else ""
        return f"{label} {self.column}{arrow}{types}"


def drift(
    items: Sequence[ItemView], before: Mapping[str, DataType], after: Mapping[str, DataType]
) -> tuple[ColumnChange, ...]:
    """Return what the new look at the table says against the entry.

    ``before`` is the last look, in the order of the table; empty when nobody looked yet: then
    the entry's own items stand for it, and columns nobody declared are no change.
    """
    declared = {item.source_column or item.name_en: item.data_type for item in items}
    known = before or declared
    gone = [name for name in known if name not in after]
    new = [name for name in after if name not in known] if before else []
    renamed = _renamed(gone, new, known, after)
    return (
        *(ColumnChange("dropped", n) for n in gone if n not in renamed),
        *(ColumnChange("renamed", old, name) for old, name in renamed.items()),
        *_retyped(declared, before, after),
        *(ColumnChange("added", name) for name in new if name not in renamed.values()),
    )


def _renamed(
    gone: Sequence[str],
    new: Sequence[str],
    known: Mapping[str, DataType],
    after: Mapping[str, DataType],
) -> dict[str, str]:
    """Pair a column that went with one that came at the same place, with the same type."""
    was, is_now = list(known), list(after)
    found: dict[str, str] = {}
    for name in gone:
        place = was.index(name)
        other = is_now[place] if place < len(is_now) else ""
        if other in new and after[other] is known[name]:
            found[name] = other
    return found


def _retyped(
    declared: Mapping[str, DataType],
    before: Mapping[str, DataType],
    after: Mapping[str, DataType],
) -> list[ColumnChange]:
    """Return columns whose type changed, or no longer fits what the entry declares."""
    found = []
    for name, new in after.items():
        old = before.get(name, declared.get(name))
        unfit = name in declared and new not in HOLDS[declared[name]]
        if old is not None and ((before and old is not new) or unfit):
            was = declared[name] if unfit and old is new else old
            found.append(ColumnChange("retyped", name, f"{was.label} → {new.label}"))
    return found
