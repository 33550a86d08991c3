"""Collect metadata into one ledger: scans fill the technical part, people the business part.

What an object means is written by a person: the catalogue's name of it is only its title.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Max, Q

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import ScannedColumn, ScannedTable
from tongqu.identity.public import organisation_by_id, require
from tongqu.identity.vocabulary import Permission, Role
from tongqu.ingest import public as ingest
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Rejected
from tongqu.lake import public as lake
from tongqu.lake.vocabulary import ODS_TECHNICAL, SVC_TECHNICAL, TableView
from tongqu.ledger.domain import problems
from tongqu.ledger.domain.metadata import FIELDS, filled
from tongqu.ledger.models import MetadataObject
from tongqu.ledger.vocabulary import Filled, MetadataKind, ObjectKind
from tongqu.policy.clauses import gd_2024

LAW = gd_2024.ONE_LEDGER
LAKE, FILES = "lake", "file"
_TECHNICAL = frozenset({*ODS_TECHNICAL, *SVC_TECHNICAL})
_SCANNED = ["kind", "parent", "owner", "name", "title", "entry_code", "basic", "technical",
            "business_state", "seen_at", "gone_at"]  # fmt: skip
_OVERLAP = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Found:
    """One object as a scan found it. ``parent`` is the identifier of what holds it."""

    identifier: str
    kind: ObjectKind
    name: str
    parent: str = ""
    title: str = ""
    entry_code: str = ""
    technical: Mapping[str, object] = field(default_factory=dict)
    basic: Mapping[str, object] = field(default_factory=dict)
    owner_id: int | None = None


def keep_scan(
    database: str,
    tables: Sequence[ScannedTable],
    *,
    owner_id: int | None,
    by: Actor,
    origin: str = "数据库扫描",
) -> int:
    """Keep what a scan of a database saw; return how many objects are new.

    What a person wrote stays. What the scan did not find any more is marked, not deleted.
    A name that another department's database bears already gets the department's code.
    """
    database = _named(database, owner_id)
    root = Found(database, ObjectKind.DATABASE, database, owner_id=owner_id,
                 technical={"columns": sum(len(t.columns) for t in tables)})  # fmt: skip
    objects = [root]
    for table in tables:
        objects += _scanned(database, table, owner_id)
    # Only what this scan looked at can be gone: another schema was not asked for.
    schemas = {table.schema for table in tables}
    under = {f"{database}/{schema}." for schema in schemas if schema} or {f"{database}/"}
    return _keep(objects, under=under, origin=origin, by=by)


def _named(database: str, owner_id: int | None) -> str:
    """Return the name under which this department's objects stand, and nobody else's.

    Whoever scans chooses the name: it must not lead into what others have in the ledger.
    """
    name = database.replace("/", "／").strip()
    taken = MetadataObject.objects.filter(Q(identifier=name) | Q(identifier__startswith=f"{name}/"))
    is_free = name not in (LAKE, FILES) and not taken.exclude(owner_id=owner_id).exists()
    if is_free or owner_id is None:
        return name
    return f"{name}（{organisation_by_id(owner_id).code}）"


def _scanned(database: str, table: ScannedTable, owner_id: int | None) -> Iterable[Found]:
    identifier = f"{database}/{table.title}"
    yield Found(
        identifier, ObjectKind.TABLE, table.title, database, table.comment[:200],
        technical={"rows": table.rows, "columns": len(table.columns), "view": table.is_view,
                   "comment": table.comment},
        owner_id=owner_id,
    )  # fmt: skip
    for column in table.columns:
        yield Found(
            f"{identifier}/{column.name}", ObjectKind.ITEM, column.name, identifier,
            column.comment[:200], technical=_column(column), owner_id=owner_id,
        )  # fmt: skip


def _column(column: ScannedColumn) -> dict[str, object]:
    return {
        "type": column.source_type, "length": column.length, "nullable": column.nullable,
        "key": column.is_key, "refers_to": column.refers_to, "comment": column.comment,
    }  # fmt: skip


def collect_lake(*, by: Actor = PLATFORM) -> int:
    """Keep what lies in the lake: its tables, items and the models that make them."""
    lines = {line.table: line for line in catalog.lines() if line.table}
    made_by = defaultdict(set)
    for step in lake.table_steps():
        made_by[step.target].add(step.job)
    objects = [Found(LAKE, ObjectKind.DATABASE, "数据湖", title="数据湖")]
    for table in lake.tables():
        if table.layer is not lake.Layer.QUARANTINE:
            objects += _of_lake(table, lines.get(table.name), made_by[table.name])
    return _keep(objects, under={f"{LAKE}/"}, origin="湖内采集", by=by)


def _of_lake(
    table: TableView, line: catalog.EntryLine | None, jobs: Collection[str]
) -> Iterable[Found]:
    identifier = f"{LAKE}/{table.name}"
    columns = [column for column in table.columns if column.name not in _TECHNICAL]
    owner_id = line.provider_id if line else None
    yield Found(
        identifier, ObjectKind.TABLE, table.name, LAKE,
        table.title or (line.name if line else ""), line.code if line else "",
        technical={"rows": table.rows, "columns": len(columns), "layer": table.layer_label,
                   "snapshot": table.snapshot.id if table.snapshot else ""},
        basic={"source": "数据湖", "system": line.source_system if line else ""},
        owner_id=owner_id,
    )  # fmt: skip
    for column in columns:
        yield Found(
            f"{identifier}/{column.name}", ObjectKind.ITEM, column.name, identifier,
            technical={"type": column.type}, owner_id=owner_id,
        )  # fmt: skip
    if table.layer is not lake.Layer.ODS:
        for job in sorted(jobs):
            yield Found(f"{LAKE}/model:{job}", ObjectKind.MODEL, job, LAKE,
                        technical={"layer": table.layer_label}, owner_id=owner_id)  # fmt: skip


def collect_files(*, by: Actor = PLATFORM) -> int:
    """Keep the data files (数据文件) that were loaded since the last time this ran.

    A file that comes again under its name is the same object with a newer load.
    """
    last = MetadataObject.objects.filter(kind=ObjectKind.FILE).aggregate(at=Max("seen_at"))["at"]
    # What was closed while the last collection ran is read again: keeping twice does no harm.
    files = ingest.loaded_files(since=last - _OVERLAP if last else None)
    objects = [Found(FILES, ObjectKind.DATABASE, "数据文件", title="数据文件")]
    objects += [
        Found(
            f"{FILES}/{file.source_code}/{file.name}", ObjectKind.FILE, file.name, FILES,
            file.source_name, file.entry_code,
            technical={"size": file.size, "rows": file.rows,
                       "format": Path(file.name).suffix.lstrip(".").lower()},
            basic={"source": f"批次 {file.batch}"}, owner_id=file.provider_id,
        )
        for file in files
    ]  # fmt: skip
    return _keep(objects, under=(), origin="文件接入", by=by) if files else 0


@transaction.atomic
def _keep(objects: Sequence[Found], *, under: Collection[str], origin: str, by: Actor) -> int:
    """Write what was found in a few statements, whatever the number of objects.

    ``under``: beginnings of the identifiers that the scan looked at.
    """
    now = clock.now()
    cut = (replace(f, identifier=f.identifier[:300], parent=f.parent[:300]) for f in objects)
    unique = list({found.identifier: found for found in cut}.values())
    scanned = Q(pk=None)
    for prefix in under:
        scanned |= Q(identifier__startswith=prefix)
    names = [] if under else [found.identifier for found in unique]
    known = _known(scanned | Q(identifier__in=[unique[0].identifier, *names]))
    fresh = [_fresh(found, origin) for found in unique if found.identifier not in known]
    MetadataObject.objects.bulk_create(fresh, batch_size=2_000)
    rows = known | {row.identifier: row for row in fresh}
    for found in unique:
        row = rows[found.identifier]
        row.parent = rows.get(found.parent)
        _refresh(row, found)
    MetadataObject.objects.bulk_update(
        [rows[found.identifier] for found in unique], _SCANNED, batch_size=500
    )
    gone = MetadataObject.objects.filter(scanned, seen_at__lt=now, gone_at=None)
    gone.update(gone_at=now)
    record("ledger.metadata.collected", by=by, subject=unique[0].identifier[:200],
           basis=LAW, details={"objects": len(unique), "new": len(fresh)})  # fmt: skip
    return len(fresh)


def _known(wanted: Q) -> dict[str, MetadataObject]:
    return {row.identifier: row for row in MetadataObject.objects.filter(wanted)}


def _fresh(found: Found, origin: str) -> MetadataObject:
    now = clock.now()
    basic = {"source": origin, "first_seen": clock.today().isoformat()} | dict(found.basic)
    return MetadataObject(
        identifier=found.identifier, kind=found.kind, name=found.name[:200], basic=basic,
        owner_id=found.owner_id, origin=origin, seen_at=now,
    )  # fmt: skip


def _refresh(row: MetadataObject, found: Found) -> None:
    row.kind, row.name, row.seen_at, row.gone_at = found.kind, found.name[:200], clock.now(), None
    row.title = row.title or found.title
    row.entry_code = found.entry_code or row.entry_code
    row.technical = {key: value for key, value in found.technical.items() if value != ""}
    row.basic = dict(row.basic) | dict(found.basic)
    # The catalogue may have learnt since whose data these are, or they went to another office.
    row.owner_id = found.owner_id or row.owner_id
    row.business_state = filled(row.business)


@transaction.atomic
def describe(
    object_id: int, *, title: str, business: Mapping[str, str], management: Mapping[str, str],
    by: Actor,
) -> MetadataObject:  # fmt: skip
    """Write the business and management metadata of an object of one's own department."""
    require(by, Permission.LEDGER_METADATA_EDIT)
    row = MetadataObject.objects.select_for_update().filter(pk=object_id).first()
    if row is None:
        raise Rejected(problems.NOT_FOUND)
    is_support = Role.SUPPORT.value in by.roles and row.owner_id is None
    if row.owner_id != by.organisation_id and not is_support:
        raise Rejected(problems.NOT_YOUR_OBJECT)
    row.title = title.strip()[:200]
    row.business = _written(MetadataKind.BUSINESS, business)
    row.management = _written(MetadataKind.MANAGEMENT, management)
    row.business_state, row.edited_by = filled(row.business), str(by)
    row.save()
    record("ledger.metadata.described", by=by, subject=row.identifier[:200], basis=LAW,
           details={"complete": row.business_state == Filled.FILLED})  # fmt: skip
    return row


def _written(kind: MetadataKind, values: Mapping[str, str]) -> dict[str, str]:
    if unknown := set(values) - set(FIELDS[kind]):
        raise Rejected(problems.invalid(LAW, **dict.fromkeys(unknown, "没有这个字段。")))
    if long := {name: "不超过 500 个字。" for name, text in values.items() if len(text) > 500}:
        raise Rejected(problems.invalid(LAW, **long))
    return {name: text.strip() for name, text in values.items() if text.strip()}
