"""One page of a search as views: two statements, whatever the number of rows.

Read as plain columns. Of a page of twenty versions with their items, most of the time went into
making instances that a view takes apart again.
"""

from collections.abc import Collection, Iterable
from dataclasses import fields
from functools import cache
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet

from tongqu.catalog.models import EntryVersion, InformationItem
from tongqu.catalog.queries import visible
from tongqu.catalog.vocabulary import (
    IN_FORCE,
    AdminLevel,
    BasicClass,
    BusinessDomain,
    DataFormat,
    DataType,
    Domain,
    EntryKind,
    EntryState,
    EntryView,
    ItemView,
    Manner,
    Scope,
    SharingType,
    Strategy,
    TransportMode,
    UpdateCycle,
)
from tongqu.kernel.actor import Actor

_IN_FORCE = frozenset(state.value for state in IN_FORCE)
# Fields of a view that stand in a column as they are, and those of lists of plain words.
_PLAIN = ("name", "conditions", "category", "source_system", "summary", "valid_from", "valid_to",
          "accountable", "project")  # fmt: skip
_LISTS = ("scope_codes", "materials", "withheld_basis", "legal_basis", "standards", "tools",
          "checks")  # fmt: skip
_OF_ENTRY = ("code", "is_external", "is_example", "connected_at", "connected_rows", "table", "home")
_READ = (
    "pk", "state", "major", "minor", "sharing_type", "scope", "manners", "update_cycle", "level",
    "formats", "basic_class", "admin_level", "mode", "business", "strategies", "entry_id",
    "entry__kind", "entry__domain", "provider_id", "provider__code", "provider__name",
    "entry__owner_id", "entry__owner__code", "entry__owner__name",
)  # fmt: skip
_ITEM = tuple(field.name for field in fields(ItemView))  # each is a column of that name
_TYPE = _ITEM.index("data_type")
_COLUMNS = (*_READ, *_PLAIN, *_LISTS, *(f"entry__{name}" for name in _OF_ENTRY))
_FIELDS = (*_READ, *_PLAIN, *_LISTS, *_OF_ENTRY)
_DATA_TYPES = {value.value: value for value in DataType}

Row = dict[str, Any]


def page(version_ids: Collection[int], actor: Actor) -> tuple[EntryView, ...]:
    """Return those of the versions that the asker may see, in the order given.

    What is in force everybody may see. Whether a draft may be seen is asked of ``visible``, in
    one statement more, only where there is one.
    """
    found = _rows().filter(pk__in=version_ids)
    rows = {row[0]: dict(zip(_FIELDS, row, strict=True)) for row in found}
    drafts = [pk for pk, row in rows.items() if row["state"] not in _IN_FORCE]
    if drafts:
        seen = visible(actor).filter(pk__in=drafts).values_list("pk", flat=True)
        for pk in set(drafts).difference(seen):
            del rows[pk]
    items = _items(rows)
    return tuple(_view(rows[pk], tuple(items.get(pk, ()))) for pk in version_ids if pk in rows)


@cache
def _rows() -> QuerySet[EntryVersion, tuple[Any, ...]]:
    """Return the query without its condition: putting it together costs as much as asking it."""
    return EntryVersion.objects.order_by().values_list(*_COLUMNS)


@cache
def _item_rows() -> QuerySet[InformationItem, tuple[Any, ...]]:
    ordered = InformationItem.objects.order_by("version_id", "position")
    return ordered.values_list("version_id", *_ITEM)


def _items(version_ids: Iterable[int]) -> dict[int, list[ItemView]]:
    found: dict[int, list[ItemView]] = {}
    for version_id, *row in _item_rows().filter(version__in=list(version_ids)):
        row[_TYPE] = _DATA_TYPES[row[_TYPE]]
        found.setdefault(version_id, []).append(ItemView(*row))
    return found


def _view(row: Row, items: tuple[ItemView, ...]) -> EntryView:
    """Return what ``queries.view_of`` returns for the same version."""
    unit = "provider" if row["provider_id"] else "entry__owner"
    return EntryView(
        id=row["entry_id"],
        kind=EntryKind(row["entry__kind"]),
        state=EntryState(row["state"]),
        version=f"{row['major']}.{row['minor']}",
        version_id=row["pk"],
        provider_id=row[f"{unit}_id"],
        provider_code=row[f"{unit}__code"],
        provider_name=row[f"{unit}__name"],
        sharing_type=SharingType(row["sharing_type"] or SharingType.WITHHELD),
        scope=Scope(row["scope"] or Scope.NOBODY),
        manners=tuple(map(Manner, row["manners"])),
        update_cycle=UpdateCycle(row["update_cycle"] or UpdateCycle.IRREGULAR),
        level=row["level"] or 4,
        domain=Domain(row["entry__domain"]),
        formats=tuple(map(DataFormat, row["formats"])),
        items=items,
        basic_class=BasicClass(row["basic_class"]) if row["basic_class"] else None,
        admin_level=AdminLevel(row["admin_level"]) if row["admin_level"] else None,
        mode=TransportMode(row["mode"]) if row["mode"] else None,
        business=BusinessDomain(row["business"]) if row["business"] else None,
        strategies=tuple(map(Strategy, row["strategies"])),
        **_as_they_are(row),
    )


_plain = itemgetter(*_PLAIN, *_OF_ENTRY)
_lists = itemgetter(*_LISTS)


def _as_they_are(row: Row) -> Row:
    found: Row = dict(zip((*_PLAIN, *_OF_ENTRY), _plain(row), strict=True))
    found.update(zip(_LISTS, map(tuple, _lists(row)), strict=True))
    return found
