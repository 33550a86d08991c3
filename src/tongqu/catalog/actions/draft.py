"""Compile an entry: a new draft, from a scan or by hand, and changes to it."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import queries
from tongqu.catalog.actions import guards
from tongqu.catalog.domain import identifiers, problems, words
from tongqu.catalog.models import Entry, EntryVersion, InformationItem, Serial
from tongqu.catalog.queries.identifiers import code_rule
from tongqu.catalog.vocabulary import (
    ColumnProfile,
    DataFormat,
    Domain,
    EntryView,
    ItemView,
    Manner,
    SourceProfile,
)
from tongqu.identity.public import organisation_by_id, require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.standards.public import parse_checks
from tongqu.standards.vocabulary import BadDocument

METADATA = frozenset(
    {"name", "category", "provider_id", "formats", "update_cycle", "sharing_type", "conditions",
     "scope", "scope_codes", "manners", "source_system", "level", "summary", "materials",
     "withheld_basis", "withheld_note", "basic_class", "admin_level", "mode", "business",
     "strategies", "accountable", "legal_basis", "standards", "tools", "checks", "project"}
)  # fmt: skip
IDENTITY = frozenset({"domain", "kind", "is_external", "is_example", "source_code", "home"})
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@transaction.atomic
def new_draft(*, name: str, owner_id: int, by: Actor, fields: Mapping[str, Any]) -> EntryView:
    """Return a new draft, version 1.0, with a fresh identifier.

    ``fields``: metadata columns, ``items``, and domain, kind, is_external, is_example.
    Without a sharing type the entry is unconditional: sharing is the rule (article 5).
    """
    if by.kind != "platform":
        require(by, Permission.CATALOG_ENTRY_DRAFT)
        if by.organisation_id != owner_id:
            raise Rejected(problems.NOT_YOUR_ENTRY)
    now = clock.now()
    identity = {key: value for key, value in fields.items() if key in IDENTITY}
    entry = Entry.objects.create(
        code=next_codes(owner_id, str(identity.get("domain", Domain.GENERAL)))[0],
        owner_id=owner_id,
        created_at=now,
        created_by=str(by),
        **identity,
    )
    version = EntryVersion(
        entry=entry, provider_id=owner_id, author=str(by), created_at=now, edited_at=now
    )
    rest = {key: value for key, value in fields.items() if key not in IDENTITY}
    rest.setdefault("accountable", f"{entry.owner.name[:100]}编目岗")  # a post, never a person
    _apply(version, rest | {"name": name})
    record("catalog.entry.drafted", by=by, subject=entry.code, basis=law.COMPILE)
    return _view(version)


@transaction.atomic
def draft_from_profile(
    *,
    profile: SourceProfile,
    name: str,
    provider_id: int,
    by: Actor,
    defaults: Mapping[str, Any] | None = None,
) -> EntryView:
    """Return a draft made from a scanned source: one item a column, levels as proposed.

    ``defaults`` overrides metadata, as in ``new_draft``. A column named in English gets no
    Chinese name: the check then asks a person for it.
    """
    items = tuple(_item_of(n, column) for n, column in enumerate(profile.columns, start=1))
    proposed: dict[str, Any] = {
        "source_system": profile.title,
        "source_code": profile.source_code,
        "formats": (DataFormat.TABLE, DataFormat.INTERFACE),
        "manners": tuple(Manner),
        "level": max((item.level for item in items), default=1),
        "items": items,
    }
    fields = proposed | dict(defaults or {})
    entry = new_draft(name=name, owner_id=provider_id, by=by, fields=fields)
    _observe(entry.code, profile)
    return entry


def _observe(code: str, profile: SourceProfile) -> None:
    from tongqu.catalog.actions.connect import record_observation

    record_observation(code, {column.name: column.data_type for column in profile.columns})


@transaction.atomic
def edit_draft(
    code: str, *, by: Actor, fields: Mapping[str, Any], edition: int | None = None
) -> EntryView:
    """Return the draft with some metadata, or ``items``, replaced.

    Raises: ``Rejected`` FROZEN where only a published version stands, ENTRY_CHANGED when
    ``edition`` is not the one the writer had read.
    """
    guards.own(code, by=by, permission=Permission.CATALOG_ENTRY_DRAFT)
    version = guards.editable(code)
    if edition is not None and edition != version.edition:
        raise Rejected(problems.ENTRY_CHANGED)
    _apply(version, fields)
    record("catalog.entry.edited", by=by, subject=code, details={"fields": sorted(fields)})
    return _view(version)


def _apply(version: EntryVersion, fields: Mapping[str, Any]) -> None:
    if unknown := set(fields) - METADATA - {"items"}:
        raise TypeError(f"not columns of a version: {sorted(unknown)}")
    if fields.get("provider_id") not in {None, version.entry.owner_id, version.provider_id}:
        raise Rejected(problems.invalid("provider_code", "提供部门只能是编制本目录的部门"))
    for name in METADATA & set(fields):
        value = fields[name]
        if name == "checks":  # documents, not words
            value = _understood(list(value or ()))
        elif isinstance(value, (tuple, set, frozenset)):
            value = list(dict.fromkeys(str(part) for part in value))
        blank = None if name in {"level", "provider_id"} else ""
        setattr(version, name, blank if value is None else value)
    version.edited_at = clock.now()
    version.edition += 1
    version.save()
    if "items" in fields:
        _replace_items(version, fields["items"])
    refresh_search(version)


def _understood(checks: list[object]) -> list[object]:
    """Return row checks that standards can read; what is kept here is carried out at loads.

    Raises: ``Rejected`` INVALID.
    """
    try:
        parse_checks(checks, where="行检查")
        json.dumps(checks, ensure_ascii=False).encode()
    except BadDocument as bad:
        raise Rejected(problems.invalid("checks", str(bad))) from None
    except ValueError:
        raise Rejected(problems.invalid("checks", "含有不成字的编码")) from None
    return checks


def _replace_items(version: EntryVersion, items: Sequence[ItemView]) -> None:
    version.items.all().delete()
    names = [name for name in ItemView.__slots__ if name != "position"]
    InformationItem.objects.bulk_create(
        InformationItem(
            version=version, position=n, **{name: getattr(item, name) for name in names}
        )
        for n, item in enumerate(items, start=1)
    )


def refresh_search(version: EntryVersion) -> None:
    """Write the words that search looks in, in the transaction that changed them."""
    items = version.items.values_list("name_zh", "name_en")
    owner = version.provider or version.entry.owner
    version.search_text = searchable(
        version, code=version.entry.code, owner_name=owner.name, items=items
    )
    version.save(update_fields=["search_text"])


def searchable(
    version: EntryVersion, *, code: str, owner_name: str, items: Iterable[tuple[str, str]]
) -> str:
    """Return what search looks in for a version; ``items``: Chinese and English names."""
    return words.search_text(
        name=version.name,
        others=(
            code, version.category, version.summary, owner_name, version.source_system,
            *(f"{zh} {en}" for zh, en in items),
        ),
    )  # fmt: skip


def next_codes(owner_id: int, domain: str, count: int = 1) -> list[str]:
    """Return fresh identifiers of a department, drawn in one step."""
    owner = organisation_by_id(owner_id)
    division = identifiers.division_of(owner.division_code)
    department = identifiers.department_of(owner.code, division)
    parts = {"division": division, "department": department, "domain": domain}
    under = code_rule()
    last = next_serial(identifiers.series(**parts, under=under), count)
    return [
        identifiers.identifier(**parts, serial=serial, under=under)
        for serial in range(last - count + 1, last + 1)
    ]


def next_serial(name: str, count: int = 1) -> int:
    """Return the last of ``count`` new numbers, locked: two writers never get the same one."""
    serial, _ = Serial.objects.select_for_update().get_or_create(name=name)
    serial.last += count
    serial.save()
    return serial.last


def _item_of(position: int, column: ColumnProfile) -> ItemView:
    return ItemView(
        position=position,
        name_zh=column.name if _CHINESE.search(column.name) else "",
        name_en=_column_name(column.name, position),
        data_type=column.data_type,
        length=column.max_length or None,
        nullable=column.nullable,
        is_key=column.is_key_candidate,
        level=column.level,
        source_column=column.name,
        mask=column.mask,
    )


def _column_name(name: str, position: int) -> str:
    plain = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")
    if not plain or not plain[0].isalpha():
        return f"item_{position}"
    return plain[:63]


def _view(version: EntryVersion) -> EntryView:
    return queries.view_of(queries.versions().get(pk=version.pk))
