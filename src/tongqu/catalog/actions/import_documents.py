"""Import many entries as drafts: all or nothing for each, a few statements for all of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog.actions.draft import IDENTITY, METADATA, next_codes, next_serial, searchable
from tongqu.catalog.domain import problems
from tongqu.catalog.domain.interchange import documents as reader
from tongqu.catalog.domain.interchange.documents import Reading
from tongqu.catalog.domain.interchange.sheets import folded
from tongqu.catalog.models import Entry, EntryVersion, InformationItem, announce
from tongqu.catalog.vocabulary import (
    IN_FORCE,
    WORKING,
    CellError,
    Domain,
    ImportedRow,
    ImportOutcome,
    ItemView,
)
from tongqu.identity.public import organisation_by_id, organisations, require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.standards.public import parse_checks
from tongqu.standards.vocabulary import BadDocument

BATCH = 200  # entries written by one round of statements
_COLUMNS = tuple(name for name in ItemView.__slots__ if name != "position")
_ALIVE = tuple(state.value for state in IN_FORCE | WORKING)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A document as it came: ``cell`` names the cell that a path in it was read from."""

    document: object
    faults: tuple[CellError, ...] = ()
    cell: Callable[[str], str] | None = None
    place: str = ""  # where the document itself stands
    # The texts of its cells, for giving a broken one back: of the entry, of its items.
    written: Callable[[], tuple[dict[str, str], list[dict[str, str]]]] | None = None


def import_documents(
    documents: Sequence[Mapping[str, object]],
    *,
    by: Actor,
    provider_id: int,
    is_example: bool = False,
    dry_run: bool = False,
) -> tuple[ImportedRow, ...]:
    """Make a draft of every document without fault; one result a document, in order.

    Document keys are those of the API's entry schema, ``items`` included; an unknown key is
    an error. A name that the department already has in work or in force makes no second
    entry: the result names the first (EXISTING). All drafts come in one transaction.
    """
    incoming = [Incoming(document) for document in documents]
    return take(incoming, by=by, provider_id=provider_id, is_example=is_example, dry_run=dry_run)


@transaction.atomic
def take(
    incoming: Sequence[Incoming],
    *,
    by: Actor,
    provider_id: int,
    is_example: bool = False,
    dry_run: bool = False,
) -> tuple[ImportedRow, ...]:
    """The import itself, for documents and for what a file was read into."""
    if by.kind != "platform":
        require(by, Permission.CATALOG_ENTRY_DRAFT)
        if by.organisation_id != provider_id:
            raise Rejected(problems.NOT_YOUR_ENTRY)
    if not dry_run:
        next_serial(f"import {provider_id}")  # two uploads of one file go one after the other
    readings = [reader.read(one.document) for one in incoming]
    _known_units(readings, provider_id)
    _understood(readings)
    rows, good = _sorted_out(incoming, readings, provider_id)
    if dry_run:
        return tuple(rows)
    owner_name = organisation_by_id(provider_id).name
    for start in range(0, len(good), BATCH):
        batch = [readings[n] for n in good[start : start + BATCH]]
        codes = _write(batch, by=by, owner=(provider_id, owner_name), is_example=is_example)
        for n, code in zip(good[start : start + BATCH], codes, strict=True):
            rows[n] = replace(rows[n], code=code)
    return tuple(rows)


def _sorted_out(
    incoming: Sequence[Incoming], readings: Sequence[Reading], provider_id: int
) -> tuple[list[ImportedRow], list[int]]:
    """Return one result a document, and the places of those that will be drafted."""
    standing = _standing(provider_id)
    first: dict[str, int] = {}
    rows: list[ImportedRow] = []
    good: list[int] = []
    for n, (one, reading) in enumerate(zip(incoming, readings, strict=True)):
        key = folded(reading.name)
        if key and key in first and key not in standing:
            reading.faults.append(_twice(first[key] + 1, incoming[first[key]].place))
        first.setdefault(key, n)
        errors = tuple(_placed(fault, one) for fault in (*one.faults, *reading.faults))
        row = ImportedRow(n + 1, reading.name, errors=errors)
        if not errors and key in standing:
            row = replace(row, code=standing[key], outcome=ImportOutcome.EXISTING)
        elif not errors:
            row = replace(row, outcome=ImportOutcome.DRAFTED)
            good.append(n)
        rows.append(row)
    return rows, good


def _placed(fault: CellError, one: Incoming) -> CellError:
    """Return the fault with the cell it stands in; of a missing cell, the row."""
    if one.cell is None or "!" in fault.where:
        return fault
    return replace(fault, where=one.cell(fault.where) or one.place)


def _twice(position: int, place: str) -> CellError:
    which = f"（{place}）" if place else ""
    return CellError(
        "name", "名称", f"与第 {position} 个条目{which}同名",
        "请合并为一个条目，或改为不同的名称", path="name",
    )  # fmt: skip


def _standing(provider_id: int) -> dict[str, str]:
    """Return name → identifier of what the department has in work or in force."""
    found = EntryVersion.objects.filter(entry__owner_id=provider_id, state__in=_ALIVE)
    pairs = found.order_by("-entry_id").values_list("name", "entry__code")
    return {folded(name): code for name, code in pairs if name}


def _known_units(readings: Iterable[Reading], provider_id: int) -> None:
    """Replace names of departments by codes; what is no department is a fault."""
    units = list(organisations().values_list("pk", "code", "name"))
    codes = {word: code for _, code, name in units for word in (name, code)}
    own = next(code for pk, code, _ in units if pk == provider_id)
    own_name = next(name for pk, _, name in units if pk == provider_id)
    for reading in readings:
        provider = reading.fields.pop("provider_code", "")
        if provider and codes.get(provider) != own:
            message = "提供部门不是本单位" if provider in codes else "没有这个部门"
            remedy = f"请改为 {own_name}，其他部门的目录由该部门导入"
            reading.faults.append(
                CellError("provider_code", "提供部门", message, remedy, "provider_code")
            )
        listed = reading.fields.get("scope_codes", ())
        if unknown := [word for word in listed if word not in codes]:
            message = f"没有“{unknown[0][:20]}”这个部门"
            remedy = "请填写组织代码或组织全称"
            reading.faults.append(
                CellError("scope_codes", "指定部门", message, remedy, "scope_codes")
            )
        elif listed:
            reading.fields["scope_codes"] = tuple(dict.fromkeys(codes[word] for word in listed))


def _understood(readings: Iterable[Reading]) -> None:
    """Have the row checks of an entry read by standards: what it cannot read is a fault."""
    for reading in readings:
        if checks := reading.fields.get("checks"):
            names = {item.name_en for item in reading.items}
            try:
                parse_checks(checks, where="checks", columns=names)
            except BadDocument as bad:
                remedy = "请按行检查的格式填写，列名用信息项的英文名称"
                reading.faults.append(CellError("checks", "行检查", bad.what, remedy, "checks"))


def _write(
    batch: Sequence[Reading], *, by: Actor, owner: tuple[int, str], is_example: bool
) -> list[str]:
    """Write entries, versions and items; return the identifiers in order."""
    now, author = clock.now(), str(by)
    codes = _codes(batch, owner[0])
    entries = Entry.objects.bulk_create(
        Entry(
            code=code, owner_id=owner[0], created_at=now, created_by=author, is_example=is_example,
            **{name: value for name, value in reading.fields.items() if name in IDENTITY},
        )
        for code, reading in zip(codes, batch, strict=True)
    )  # fmt: skip
    versions = []
    for entry, reading in zip(entries, batch, strict=True):
        version = EntryVersion(
            entry=entry, provider_id=owner[0], author=author, created_at=now, edited_at=now,
            edition=1, **_columns(reading.fields),
        )  # fmt: skip
        names = [(item.name_zh, item.name_en) for item in reading.items]
        version.search_text = searchable(version, code=entry.code, owner_name=owner[1], items=names)
        versions.append(version)
    versions = EntryVersion.objects.bulk_create(versions)
    announce(entry.pk for entry in entries)
    _write_items(zip(versions, batch, strict=True))
    for code in codes:
        record("catalog.entry.drafted", by=by, subject=code, basis=law.COMPILE,
               details={"by": "import"})  # fmt: skip
    return codes


def _codes(batch: Sequence[Reading], owner_id: int) -> list[str]:
    """Return an identifier for each, drawn in one step a domain."""
    domains = [str(reading.fields.get("domain", Domain.GENERAL)) for reading in batch]
    drawn = {d: iter(next_codes(owner_id, d, domains.count(d))) for d in sorted(set(domains))}
    return [next(drawn[domain]) for domain in domains]


def _columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    chosen = {name: value for name, value in fields.items() if name in METADATA}
    return {n: list(v) if isinstance(v, tuple) else v for n, v in chosen.items()}


def _write_items(pairs: Iterable[tuple[EntryVersion, Reading]]) -> None:
    InformationItem.objects.bulk_create(
        InformationItem(
            version=version,
            position=item.position,
            **{name: getattr(item, name) for name in _COLUMNS},
        )
        for version, reading in pairs
        for item in reading.items
    )
