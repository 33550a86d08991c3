"""What is planted where: places follow from a table, so that the truth is known beforehand."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

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


def _planting(table: Mapping[str, object]) -> Planting:
    per, free = int(str(table["per"])), FIRST
    places = lambda count: tuple(range(free, free + count * STRIDE, STRIDE))  # noqa: E731  (closes over free)
    defects = []
    rows = table["defects"]
    assert isinstance(rows, list)  # noqa: S101  (our own file)
    for row in rows:
        taken = places(row["rows"])
        free += len(taken) * STRIDE
        defects.append(Defect(row["name"], tuple(row["codes"]), row["set"], taken))
    duplicates = places(int(str(table.get("duplicates", 0))))
    last = max((*duplicates, *(place for defect in defects for place in defect.places)), default=0)
    if last >= per:
        raise ValueError(f"{defects[0].name}: more is planted than {per} rows can hold")
    return Planting(per, tuple(defects), duplicates)
