"""Reads: authorities, declared items with their profiles, pairs, how standards are followed."""

from collections.abc import Iterable, Mapping, Set
from itertools import groupby

from django.db.models import QuerySet

from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import ColumnProfile, DeclaredItem, SourceOfDatum
from tongqu.identity.vocabulary import Permission
from tongqu.ingest import public as ingest
from tongqu.kernel.actor import Actor
from tongqu.kernel.work import TodoItem
from tongqu.onesource.models import Authority, Pair
from tongqu.onesource.vocabulary import (
    AuthorityView,
    Following,
    ItemFacts,
    PairState,
    ValueProfile,
)
from tongqu.standards import public as standards

MOST_TODOS = 20


def authorities(*, datum: str = "", ended: bool = False) -> tuple[AuthorityView, ...]:
    """Return the authorities in force, or with ``ended`` all there ever were."""
    found = Authority.objects.select_related("department")
    if not ended:
        found = found.filter(until=None)
    if datum:
        found = found.filter(datum=datum)
    return tuple(authority_view(row) for row in found)


def authority_view(row: Authority) -> AuthorityView:
    return AuthorityView(
        id=row.pk,
        datum=row.datum,
        name=row.name,
        system=row.system,
        department_id=row.department_id,
        department_name=row.department.name,
        standard=row.standard,
        since=row.since,
        until=row.until,
    )


def sources_of(elements: Iterable[str]) -> Mapping[str, SourceOfDatum]:
    """Return the source in force of each element that has one."""
    found = Authority.objects.select_related("department").filter(
        datum__in=list(elements), until=None
    )
    return {
        row.datum: SourceOfDatum(row.department.code, row.department.name, row.system)
        for row in found
    }


def item_facts() -> list[ItemFacts]:
    """Return every declared item with what the last scan of its source saw. Four statements."""
    profiles = ingest.profiles()
    columns = {
        code: {column.name: (profile.rows, column) for column in profile.columns}
        for code, profile in profiles.items()
    }
    return [_facts(item, columns.get(item.entry_code, {})) for item in catalog.declared_items()]


def _facts(item: DeclaredItem, columns: Mapping[str, tuple[int, ColumnProfile]]) -> ItemFacts:
    seen = columns.get(item.source_column) or columns.get(item.name_en)
    return ItemFacts(
        entry_code=item.entry_code,
        entry_name=item.entry_name,
        provider_id=item.provider_id,
        provider_name=item.provider_name,
        system=item.source_system,
        name_zh=item.name_zh,
        name_en=item.name_en,
        data_type=item.data_type,
        length=item.length,
        element=item.element,
        code_table=item.code_table,
        profile=_profile(*seen) if seen else None,
    )


def _profile(rows: int, column: ColumnProfile) -> ValueProfile:
    return ValueProfile(
        rows=rows,
        null_share=float(column.null_share),
        distinct=column.distinct,
        max_length=column.max_length,
        shapes=column.shapes,
        detector=column.detector,
        sketch=column.sketch,
    )


def pairs(state: str = "", *, actor: Actor) -> QuerySet[Pair]:
    """Return the pairs both of whose entries the asker may see: a pair names them."""
    found = Pair.objects.filter(state=state) if state else Pair.objects.all()
    codes = catalog.visible_codes(actor)
    if codes is None:
        return found
    return found.filter(first_entry__in=codes, second_entry__in=codes)


def following(actor: Actor | None = None) -> tuple[Following, ...]:
    """Return, entry by entry, how many items are bound to a data element, and which are not.

    With ``actor`` only of entries that it may see.
    """
    declared = sorted(catalog.declared_items(actor), key=lambda item: item.entry_code)
    known = _element_codes()
    return tuple(
        _followed(code, held[0].entry_name, held, known)
        for code, items in groupby(declared, key=lambda item: item.entry_code)
        if (held := list(items))
    )


def following_by_provider(actor: Actor | None = None) -> tuple[Following, ...]:
    """Return the same department by department, the lowest rate first."""
    declared = sorted(catalog.declared_items(actor), key=lambda item: item.provider_id)
    known = _element_codes()
    found = [
        _followed(str(provider), held[0].provider_name, held, known)
        for provider, items in groupby(declared, key=lambda item: item.provider_id)
        if (held := list(items))
    ]
    return tuple(sorted(found, key=lambda row: (row.rate or 0, row.name)))


def _element_codes() -> Set[str]:
    return {element.code for element in standards.elements()}


def _followed(code: str, name: str, items: Iterable[DeclaredItem], known: Set[str]) -> Following:
    """``known``: codes of data elements; a code that stands for none binds nothing."""
    held = list(items)
    unbound = tuple(item.name_zh or item.name_en for item in held if item.element not in known)
    return Following(code, name, len(held), len(held) - len(unbound), unbound)


def todos(actor: Actor) -> list[TodoItem]:
    """Return the likeliest pairs that wait for the managing office."""
    if not actor.may(Permission.ONESOURCE_PAIR_DECIDE):
        return []
    return [
        TodoItem(
            kind="一数一源",
            reference=f"TY-{pair.pk:06}",
            title=f"认定是否同一数据：{pair.told['first']} 与 {pair.told['second']}",
            url=f"/manage/onesource/pairs/#p{pair.pk}",
            received_at=pair.found_at,
        )
        for pair in pairs(PairState.OPEN, actor=actor)[:MOST_TODOS]
    ]
