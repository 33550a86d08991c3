"""A few words on many entries in one statement: for rooms that link to the catalogue."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from tongqu.catalog.models import EntryVersion
from tongqu.catalog.vocabulary import IN_FORCE, EntryState

_IN_FORCE = sorted(state.value for state in IN_FORCE)


@dataclass(frozen=True, slots=True)
class Brief:
    """An entry with a version in force, in a few words."""

    code: str
    name: str
    state: EntryState
    owner_id: int
    owner_name: str
    source_system: str
    accountable: str
    formats: tuple[str, ...]


def briefs(
    *, codes: Collection[str] | None = None, systems: Collection[str] | None = None
) -> dict[str, Brief]:
    """Return entries in force by code: those named, or whose source system is so called.

    Without either, all of them. One statement.
    """
    found = EntryVersion.objects.filter(state__in=_IN_FORCE).select_related("entry__owner")
    if codes is not None or systems is not None:
        found = found.filter(
            Q(entry__code__in=list(codes or ())) | Q(source_system__in=list(systems or ()))
        )
    return {
        version.entry.code: Brief(
            code=version.entry.code,
            name=version.name,
            state=EntryState(version.state),
            owner_id=version.entry.owner_id,
            owner_name=version.entry.owner.name,
            source_system=version.source_system,
            accountable=version.accountable,
            formats=tuple(version.formats),
        )
        for version in found.order_by("entry__code").defer("search_text", "checks")
    }
