"""Entries as lines of a list: one statement for all of them, without items or wording.

The ledger goes through the whole catalogue with these; a page that shows one entry reads
its ``EntryView`` instead.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from tongqu.catalog.models import Entry, EntryVersion, InformationItem
from tongqu.catalog.vocabulary import IN_FORCE


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A version in force. ``openable`` counts its items that may be opened to the public."""

    code: str
    name: str
    version: str
    version_id: int
    state: str
    provider_id: int
    provider_code: str
    provider_name: str
    provider_level: str
    sharing_type: str
    level: int
    basic_class: str
    business: str
    source_system: str
    update_cycle: str
    manners: tuple[str, ...]
    formats: tuple[str, ...]
    is_external: bool
    is_example: bool
    connected_at: datetime | None
    connected_rows: int
    table: str
    items: int
    openable: int


_FIELDS = (
    "entry__code", "name", "major", "minor", "pk", "state", "provider_id", "provider__code",
    "provider__name", "provider__level", "sharing_type", "level", "basic_class", "business",
    "source_system", "update_cycle", "manners", "formats", "entry__is_external",
    "entry__is_example", "entry__connected_at", "entry__connected_rows", "entry__table",
    "item_count", "openable_count",
)  # fmt: skip


def lines(
    *, codes: Collection[str] | None = None, provider_id: int | None = None
) -> list[EntryLine]:
    """Return the versions in force, by code; of some codes or of one provider only."""
    found = EntryVersion.objects.filter(state__in=sorted(s.value for s in IN_FORCE))
    if codes is not None:
        found = found.filter(entry__code__in=list(codes))
    if provider_id is not None:
        found = found.filter(provider_id=provider_id)
    counted = found.annotate(
        item_count=Count("items"),
        openable_count=Count("items", filter=Q(items__is_openable=True)),
    )
    rows = counted.order_by("entry__code").values_list(*_FIELDS)
    return [
        EntryLine(
            code=code, name=name, version=f"{major}.{minor}", version_id=pk, state=state,
            provider_id=provider_id_, provider_code=provider_code, provider_name=provider_name,
            provider_level=provider_level, sharing_type=sharing_type, level=level or 4,
            basic_class=basic_class, business=business or "", source_system=source_system,
            update_cycle=cycle, manners=tuple(manners), formats=tuple(formats),
            is_external=is_external, is_example=is_example, connected_at=connected_at,
            connected_rows=connected_rows, table=table, items=items, openable=openable,
        )
        for (
            code, name, major, minor, pk, state, provider_id_, provider_code, provider_name,
            provider_level, sharing_type, level, basic_class, business, source_system, cycle,
            manners, formats, is_external, is_example, connected_at, connected_rows, table,
            items, openable,
        ) in rows.iterator(chunk_size=5_000)
    ]  # fmt: skip


def item_names(version_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Return the Chinese names of the items of some versions, in one statement."""
    found: dict[int, set[str]] = {}
    rows = InformationItem.objects.filter(version_id__in=list(version_ids))
    for version_id, name in rows.values_list("version_id", "name_zh"):
        found.setdefault(version_id, set()).add(name)
    return {version_id: frozenset(names) for version_id, names in found.items()}


def connected(codes: Collection[str]) -> frozenset[str]:
    """Return those of the entries whose data came in, whatever their versions' states."""
    found = Entry.objects.filter(code__in=list(codes), connected_at__isnull=False)
    return frozenset(found.values_list("code", flat=True))


def codes_in_projects(projects: Collection[str]) -> dict[tuple[str, int], set[str]]:
    """Return (project, department) → the entries compiled for it, in whatever state."""
    rows = EntryVersion.objects.filter(project__in=list(projects))
    found: dict[tuple[str, int], set[str]] = {}
    for project, owner_id, code in rows.values_list("project", "entry__owner_id", "entry__code"):
        found.setdefault((project, owner_id), set()).add(code)
    return found
