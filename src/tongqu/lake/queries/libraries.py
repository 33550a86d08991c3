"""五库: what each holds, and what an object of the base library is made of (LAK-05)."""

from dataclasses import dataclass
from datetime import date

from tongqu.kernel.actor import Actor
from tongqu.lake.domain.fuse import Fusion
from tongqu.lake.domain.packs import parse
from tongqu.lake.models import InstalledModel, Topic, TopicTemplate
from tongqu.lake.ports import engine, store
from tongqu.lake.vocabulary import LIBRARY_LABELS, OBJECTS, Library, TableView, Theme, svc_ref

SHOWN = 200


@dataclass(frozen=True, slots=True)
class BaseObject:
    """One business object of the base library, as its model declares it."""

    object: str
    table: str
    title: str
    keys: tuple[str, ...]
    validity: tuple[str, ...]
    priority: tuple[str, ...]  # sources, the first before the others
    elements: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LibraryCount:
    library: Library
    tables: int
    rows: int

    @property
    def label(self) -> str:
        return LIBRARY_LABELS[self.library]


def base_objects() -> list[BaseObject]:
    """Return the objects of the base library in the order of the plan."""
    found = []
    for row in InstalledModel.objects.exclude(object=""):
        model = parse(row.text, file=row.file)
        sources = model.declared.sources if isinstance(model.declared, Fusion) else ()
        found.append(
            BaseObject(
                row.object, row.name, row.title, model.keys, model.validity,
                tuple(source.name for source in sources), model.elements,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (OBJECTS.index(one.object), one.table))


def counts(tables: list[TableView]) -> list[LibraryCount]:
    """Return tables and rows of each library, from what was read of the lake."""
    return [
        LibraryCount(
            library,
            sum(view.library is library for view in tables),
            sum(view.rows for view in tables if view.library is library),
        )
        for library in Library
    ]


def themes() -> list[tuple[str, int]]:
    """Return the five themes with the number of their installed models."""
    found = list(InstalledModel.objects.exclude(theme="").values_list("theme", flat=True))
    return [(theme.label, found.count(theme.label)) for theme in Theme]


def topics() -> list[Topic]:
    return list(Topic.objects.select_related("template", "organisation"))


def templates() -> list[TopicTemplate]:
    return list(TopicTemplate.objects.all())


def topic(code: str) -> Topic | None:
    return Topic.objects.select_related("template", "organisation").filter(code=code).first()


@dataclass(frozen=True, slots=True)
class Figure:
    indicator: str
    title: str
    unit: str
    period: date | None
    area: str
    value: float | None


def figures(found: Topic, actor: Actor) -> list[Figure] | None:
    """Return a topic's newest figures; None while there are none, or to other departments."""
    ref = svc_ref(found.table)
    if actor.organisation_id != found.organisation_id or not store().exists(ref):
        return None
    sql = (
        "SELECT indicator, title, unit, period, area, value FROM t WHERE _op <> 'D'"
        " ORDER BY indicator, period DESC, area LIMIT ?"
    )
    rows = engine().relation(sql, tables={"t": ref}, parameters=[SHOWN]).arrow().to_pylist()
    return [Figure(**row) for row in rows]
