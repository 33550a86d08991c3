"""Tables of the two lower layers that hold the data of one department and of nobody else.

A table of the source layer is of the department whose source fills it. One of the warehouse
layer is of the department that answers for its model, as long as all it is made of is its own:
what was merged with others' data is shared by the catalogue alone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tongqu.kernel.actor import Actor
from tongqu.lake import ports
from tongqu.lake.models import InstalledModel, LakeTable, LineageEdge
from tongqu.lake.ports import store
from tongqu.lake.queries.grades import grades
from tongqu.lake.vocabulary import Layer, TableRef, ref_of

LOWER = frozenset({Layer.ODS, Layer.DW})


@dataclass(frozen=True, slots=True)
class OwnColumn:
    name: str
    title: str
    type: str
    level: int
    mask: str  # empty: in clear


@dataclass(frozen=True, slots=True)
class OwnTable:
    """A table as its department may see it: every column with its grade."""

    ref: TableRef
    title: str
    columns: tuple[OwnColumn, ...]


def own_tables(by: Actor, wanted: Collection[str] | None = None) -> list[OwnTable]:
    """Return the asker's department's tables of source and warehouse layer, by name.

    ``wanted``: of these alone. The same number of statements however many they are.
    """
    refs = _refs(by, wanted)
    standing = store().standing(refs) if refs else {}
    graded = grades({ref.name: there.columns for ref, there in standing.items()})
    return [
        OwnTable(ref, there.properties.get("tongqu.title", ""), tuple(
            OwnColumn(c.name, grade.title or c.name, c.type, grade.level, grade.mask or "")
            for c in there.columns for grade in (graded[ref.name][c.name],)
        ))
        for ref, there in sorted(standing.items())
    ]  # fmt: skip


def _refs(by: Actor, wanted: Collection[str] | None) -> list[TableRef]:
    if by.organisation_id is None:
        return []
    if wanted is not None and not any(_layer(name) in LOWER for name in wanted):
        return []
    loads = ports.loads()
    filled = {name for name, job in loads.items() if job.organisation_id == by.organisation_id}
    answered = LakeTable.objects.filter(owner=by.organisation_code).values_list("name", flat=True)
    made_of = _made_of()
    own = filled | {name for name in answered if _origins(name, made_of) <= filled}
    found = (ref_of(name) for name in own if wanted is None or name in wanted)
    return [ref for ref in found if ref is not None and ref.layer in LOWER]


def _made_of() -> dict[str, set[str]]:
    """Return for every table those that it is made of, as its model says and as lineage knows."""
    found: dict[str, set[str]] = {}
    pairs = LineageEdge.objects.order_by().values_list("target_table", "source_table").distinct()
    for target, source in pairs:
        found.setdefault(target, set()).add(source)
    for target, reads in InstalledModel.objects.values_list("name", "reads"):
        found.setdefault(target, set()).update(reads)
    return found


def _origins(name: str, made_of: Mapping[str, set[str]]) -> set[str]:
    """Return where a table's data come from: of the source layer, or made of nothing known."""
    seen, wanted, found = {name}, {name}, set[str]()
    while wanted:
        found |= {t for t in wanted if _layer(t) is Layer.ODS or not made_of.get(t)}
        wanted = {s for t in wanted - found for s in made_of[t]} - seen
        seen |= wanted
    return found


def _layer(name: str) -> Layer | None:
    ref = ref_of(name)
    return ref.layer if ref else None
