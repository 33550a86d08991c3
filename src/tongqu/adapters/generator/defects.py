"""What is planted where: places follow from a table, so that the truth is known beforehand."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FIRST, STRIDE = 11, 7  # a duplicate repeats the row before it, which must be a right one


@dataclass(frozen=True, slots=True)
class Defect:
    """``codes``: the checks that find it. ``places``: residues of the row number by ``per``."""

    name: str
    codes: tuple[str, ...]
    values: Mapping[str, str]  # column → SQL over the right row
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Planting:
    """All that is planted into one table, ``per`` rows at a time."""

    per: int = 1
    defects: tuple[Defect, ...] = ()
    duplicates: tuple[int, ...] = ()

    def truth(self, rows: int) -> dict[str, object]:
        """Return the counts that checking has to find in a table of that many rows."""
        by_code: dict[str, int] = {}
        planted = []
        for defect in self.defects:
            count = self._count(defect.places, rows)
            planted.append({"name": defect.name, "rows": count, "codes": list(defect.codes)})
            for code in defect.codes:
                by_code[code] = by_code.get(code, 0) + count
        duplicates = self._count(self.duplicates, rows)
        return {"rows": rows, "defects": by_code, "duplicates": duplicates, "planted": planted}

    def _count(self, places: tuple[int, ...], rows: int) -> int:
        whole, rest = divmod(rows, self.per)
        return whole * len(places) + sum(place < rest for place in places)


@cache
def plantings() -> Mapping[str, Planting]:
    """Return slug → what is planted there."""
    text = (Path(__file__).parent / "defects.toml").read_text(encoding="utf-8")
    return {slug: _planting(table) for slug, table in tomllib.loads(text).items()}


def _planting(table: Mapping[str, Any]) -> Planting:
    per = int(table["per"])
    rows: list[dict[str, Any]] = table["defects"]
    counts = [*(row["rows"] for row in rows), int(table.get("duplicates", 0))]
    places = _places(counts)
    if (last := max(place for group in places for place in group)) >= per:
        raise ValueError(f"{rows[0]['name']}: place {last} lies beyond {per} rows")
    defects = tuple(
        Defect(row["name"], tuple(row["codes"]), row["set"], group)
        for row, group in zip(rows, places[:-1], strict=True)
    )
    return Planting(per, defects, places[-1])


def _places(counts: Sequence[int]) -> list[tuple[int, ...]]:
    """Return a group of places for each count; no place in two groups, none beside another."""
    found, free = [], FIRST
    for count in counts:
        found.append(tuple(range(free, free + count * STRIDE, STRIDE)))
        free += count * STRIDE
    return found
