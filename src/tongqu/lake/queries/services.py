"""服务对象: what the service layer offers, each with its table's version, fields and contract.

Nothing is stored: an entry in force that is served from a table is an object for each manner of
sharing, and one of opening if it has items that may be opened; a topic is one of analysis. So
an object cannot drift from the table or from the catalogue, and a change of the data shows in
all objects of the table at once.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import EntryView, ItemView, Manner
from tongqu.kernel.canonical import canonical
from tongqu.lake.models import Topic
from tongqu.lake.ports import store
from tongqu.lake.vocabulary import ServiceGroup, ServiceKind, Snapshot, ref_of

KINDS: dict[Manner, ServiceKind] = {
    Manner.QUERY: ServiceKind.INTERFACE,
    Manner.SUBSCRIPTION: ServiceKind.SUBSCRIPTION,
    Manner.DOWNLOAD: ServiceKind.FILE,
}


@dataclass(frozen=True, slots=True)
class ContractField:
    name: str
    title: str
    type: str
    level: int
    mask: str


@dataclass(frozen=True, slots=True)
class ServiceObject:
    """One way in which a table is served. ``contract`` names its fields and their form.

    The contract's number changes with its content; ``version`` is the table's snapshot, with
    the sequence that subscribers follow.
    """

    code: str  # SO-<entry or topic>-<kind>
    title: str
    group: ServiceGroup
    kind: ServiceKind
    table: str
    snapshot: Snapshot | None
    fields: tuple[ContractField, ...]
    entry: str = ""
    entry_version: str = ""
    provider: str = ""

    @property
    def version(self) -> str:
        """Return the version of the table as people write it."""
        if self.snapshot is None:
            return ""
        return f"{self.snapshot.summary.get('seq', self.snapshot.sequence)}@{self.snapshot.id}"

    @property
    def contract(self) -> str:
        parts = [self.group.value, self.kind.value, self.table, self.entry_version]
        parts += [f"{f.name}:{f.type}:{f.level}:{f.mask}" for f in self.fields]
        return f"HY-{hashlib.sha256(canonical(parts)).hexdigest()[:12].upper()}"


State = tuple[Snapshot | None, dict[str, str]]  # and types by column


def service_objects(group: str = "") -> list[ServiceObject]:
    """Return the objects of the service library, of one group if asked.

    The same number of statements and look-ups however many they are.
    """
    topics = list(Topic.objects.select_related("organisation"))
    entries = catalog.entries([line.code for line in catalog.lines() if line.table])
    states = _states([*(topic.table for topic in topics), *(entry.table for entry in entries)])
    found = [*_of_entries(entries, states), *_of_topics(topics, states)]
    return [one for one in found if not group or one.group == group]


def _states(tables: Sequence[str]) -> Mapping[str, State]:
    refs = {ref for table in tables if (ref := ref_of(table))}
    found = {
        ref.name: (there.snapshot, {column.name: column.type for column in there.columns})
        for ref, there in store().standing(refs).items()
    }
    return {table: found.get(table, (None, {})) for table in tables}


def _of_entries(
    entries: Sequence[EntryView], states: Mapping[str, State]
) -> Iterator[ServiceObject]:
    for entry in entries:
        snapshot, columns = states[entry.table]
        shared = _fields(entry.shareable_items, columns)
        for manner in entry.manners:
            yield _object(entry, ServiceGroup.SHARING, KINDS.get(manner, ServiceKind.TABLE),
                          snapshot, shared)  # fmt: skip
        if opened := _fields([item for item in entry.items if item.is_openable], columns):
            yield _object(entry, ServiceGroup.OPENING, ServiceKind.INTERFACE, snapshot, opened)


def _object(
    entry: EntryView, group: ServiceGroup, kind: ServiceKind, snapshot: Snapshot | None,
    fields: tuple[ContractField, ...],
) -> ServiceObject:  # fmt: skip
    return ServiceObject(
        code=f"SO-{entry.code}-{group.value}-{kind.value}", title=entry.name, group=group,
        kind=kind, table=entry.table, snapshot=snapshot, fields=fields, entry=entry.code,
        entry_version=entry.version, provider=entry.provider_name,
    )  # fmt: skip


def _of_topics(topics: Sequence[Topic], states: Mapping[str, State]) -> Iterator[ServiceObject]:
    for topic in topics:
        snapshot, columns = states[topic.table]
        yield ServiceObject(
            code=f"SO-{topic.code}-analysis-report", title=topic.title,
            group=ServiceGroup.ANALYSIS, kind=ServiceKind.REPORT, table=topic.table,
            snapshot=snapshot, provider=topic.organisation.name,
            fields=tuple(
                ContractField(name, name, kind, 1, "none")
                for name, kind in columns.items() if not name.startswith("_")
            ),
        )  # fmt: skip


def _fields(items: Sequence[ItemView], columns: dict[str, str]) -> tuple[ContractField, ...]:
    return tuple(
        ContractField(i.name_en, i.name_zh, columns.get(i.name_en, ""), i.level, i.mask)
        for i in items
        if not columns or i.name_en in columns
    )
