"""Could somebody be singled out? Quasi-identifiers, and the SQL of the test.

k-anonymity: every row of an open set must share what an outsider could know of a person
with at least k − 1 others, in the set alone and after joining it with every older open set
by the columns they have in common. The engine counts; no row passes through Python.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tongqu.catalog.vocabulary import ItemView
from tongqu.delivery.vocabulary import Shown
from tongqu.kernel.law import Assumption
from tongqu.kernel.statements import quoted

LEAST_GROUP = 5
LEAST_READING = Assumption("再识别测试的最小群组为 5")
# What an outsider may know of a person, by the data element or the code table it follows.
KNOWN_ELEMENTS = frozenset({"DE-MONTH", "DE-NAME", "DE-TEL", "DE-PLATE", "DE-IDCARD", "DE-VIN"})
KNOWN_TABLES = frozenset({"CT-GENDER"})
KNOWN_NAMES = frozenset({"gender", "sex", "birth_month", "birth_date", "birth_year", "age"})


def quasi_of(
    items: Iterable[ItemView],
    shown: Iterable[Shown],
    marked: Iterable[str],
    *,
    is_disclosed: bool = False,
) -> list[str]:
    """Return the columns of the set that could single out a person: marked, or known as such.

    Above level 1 everything is one: the grade says that it tells something about somebody.
    Where a rule of law has the subjects published, their partial display is no find: to
    name them is what the list is for; the reviewers see the rule.
    """
    names = set(marked)
    by_item = {one.item: one for one in shown}
    return [
        by_item[item.name_en].name
        for item in items
        if item.name_en in by_item
        and not (is_disclosed and by_item[item.name_en].is_part)
        and (item.name_en in names or _is_quasi(item))
    ]


def _is_quasi(item: ItemView) -> bool:
    return (
        item.level > 1
        or item.element in KNOWN_ELEMENTS
        or item.code_table in KNOWN_TABLES
        or item.name_en in KNOWN_NAMES
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run of the test. ``smallest``: NULL when nothing in it could single anybody out."""

    beside: str  # code of the older set; "": the set alone
    name: str
    columns: tuple[str, ...]
    joined_on: tuple[str, ...]
    smallest: int | None
    singled: int  # rows in groups smaller than the threshold

    def holds(self, threshold: int) -> bool:
        return self.smallest is None or self.smallest >= threshold


def alone_sql(quasi: Sequence[str], threshold: int) -> str:
    """Return SQL over ``new``: smallest group, and rows in groups under the threshold."""
    by = ", ".join(quoted(name) for name in quasi)
    return (
        f"WITH g AS (SELECT count(*) AS n FROM new GROUP BY {by}) "  # noqa: S608  # names, quoted
        f"SELECT min(n) AS smallest, coalesce(sum(n) FILTER (WHERE n < {int(threshold)}), 0)"
        " AS singled FROM g"
    )


def joined_sql(
    shared: Sequence[str], new: Sequence[str], old: Sequence[str], threshold: int
) -> str:
    """Return SQL over ``new`` and ``old``: groups of new rows by what both sets tell together.

    A row of the new set belongs to a group if an older row with the same shared values tells
    the rest; it is counted once a group.
    """
    on = " AND ".join(f"CAST(a.{quoted(c)} AS VARCHAR) = CAST(b.{quoted(c)} AS VARCHAR)"
                      for c in shared)  # fmt: skip
    by = [f"a.{quoted(c)}" for c in dict.fromkeys((*new, *shared))]
    by += [f"b.{quoted(c)}" for c in old if c not in shared and c not in new]
    return (
        "WITH a AS (SELECT row_number() OVER () AS _row, * FROM new), "  # noqa: S608  # quoted names
        f"g AS (SELECT count(DISTINCT a._row) AS n FROM a JOIN old AS b ON {on} "
        f"GROUP BY {', '.join(by)}) "
        f"SELECT min(n) AS smallest, coalesce(sum(n) FILTER (WHERE n < {int(threshold)}), 0)"
        " AS singled FROM g"
    )
