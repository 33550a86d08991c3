"""挂接: what a right shows, kept as an Iceberg table of its own that a reader may attach.

Raw files hold everything, so no reader ever gets those of the lake: it gets a copy through
the compiler, made when the table is first loaded and again when the source has moved on.
"""

import hashlib
import json
import shutil
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from tongqu.catalog.vocabulary import Manner
from tongqu.delivery.actions.account import OpenGrant, count_use, open_grant
from tongqu.delivery.actions.deliver import bound, compiled_for
from tongqu.delivery.actions.download import is_alive
from tongqu.delivery.actions.file_keys import SECONDS, HandedKey, close_keys, hand_key
from tongqu.delivery.actions.seen import own
from tongqu.delivery.domain import refusals
from tongqu.delivery.domain.compiler import CompiledQuery, Query, Shape
from tongqu.delivery.domain.gate import Call
from tongqu.delivery.models import TableCopy
from tongqu.delivery.ports import copy_writer
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected

BUCKET = "iceberg"
ADDRESS = f"s3://{BUCKET}/files"
UNUSED_DAYS = 7
LOST_SECONDS = 3600  # a folder without a row and older than this is of a killed process


@dataclass(frozen=True, slots=True)
class Place:
    """The warehouse a reader named: a grant and the declared purpose; none: its own tables."""

    number: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Right:
    """One table as somebody may attach it, and why."""

    holder: str
    table: str
    entry_code: str
    version: str
    compiled: CompiledQuery
    opened: OpenGrant | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """A copy that may be read now, its metadata, and the key to its files."""

    copy: TableCopy
    metadata: dict[str, object]
    key: HandedKey
    right: Right


def rights(
    place: Place, *, by: Actor, address: str, wanted: Collection[str] | None = None
) -> dict[str, Right]:
    """Return the tables of a warehouse by name, after the gate. Hands out no row.

    ``wanted``: of the own tables these alone; None: all.
    Raises: ``Rejected`` as ``open_grant``; NOT_PERMITTED for own tables.
    """
    if not place.number:
        require(by, P.LAKE_TABLE_READ)
        holder = f"own:{by.organisation_id}"
        return {
            seen.table: Right(holder, seen.table, seen.table, "", seen.compiled)
            for seen in own(by, wanted)
        }
    require(by, P.DELIVERY_DATA_USE)
    call = Call(Manner.DOWNLOAD, place.purpose, address)
    opened = open_grant(place.number, call, by=by, is_counted=False)
    compiled = compiled_for(opened, Query(Shape.TABLE))
    grant = opened.grant
    found = Right(
        grant.number, opened.table, grant.entry_code, grant.version_number, compiled, opened
    )
    return {found.table: found}


def load(place: Place, table: str, *, by: Actor, address: str) -> Loaded:
    """Return the table as it is granted now, made if need be; its rows count once a day.

    Raises: ``Rejected`` as ``rights``; COPY_NOT_FOUND, QUOTA_EXCEEDED.
    """
    right = rights(place, by=by, address=address, wanted=(table,)).get(table)
    if right is None:
        raise Rejected(refusals.COPY_NOT_FOUND)
    copy = _current(right) or _made(right)
    _count(right, copy, Call(Manner.DOWNLOAD, place.purpose, address), by=by)
    metadata = json.loads((folder_of(copy) / copy.metadata).read_bytes())
    return Loaded(copy, metadata, hand_key(copy, place.purpose, by=by), right)


def folder_of(copy: TableCopy) -> Path:
    return _home() / copy.folder


def address_of(copy: TableCopy) -> str:
    return f"{ADDRESS}/{copy.folder}"


def _home() -> Path:
    return Path(settings.EXPORTS) / "copies"


def _digest(right: Right, snapshot_id: int) -> str:
    """Tell copies apart by all that decides their content, without keeping any of it."""
    said = [right.compiled.sql, [str(value) for value in right.compiled.parameters], snapshot_id]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _newest(table: str) -> int:
    from tongqu.lake.public import store, svc_ref

    current = store().current(svc_ref(table))
    if current is None:
        raise Rejected(refusals.NO_SERVICE_TABLE)
    return current.id


def _current(right: Right) -> TableCopy | None:
    """Return the copy that stands, if it shows what the right gives of the newest snapshot."""
    found = TableCopy.objects.filter(
        holder=right.holder, table=right.table, superseded_at=None,
        digest=_digest(right, _newest(right.table)),
    ).first()  # fmt: skip
    return found if found and (folder_of(found) / found.metadata).exists() else None


def _made(right: Right) -> TableCopy:
    """Write a copy and let it take the former one's place; of two at once the first stays."""
    folder = uuid.uuid4().hex
    place = _home() / folder
    try:
        copy = _written(right, folder, place)
        with transaction.atomic():
            older = TableCopy.objects.filter(
                holder=right.holder, table=right.table, superseded_at=None
            )
            older.update(superseded_at=copy.made_at)
            copy.save(force_insert=True)
    except IntegrityError:
        shutil.rmtree(place, ignore_errors=True)
        found = _current(right)
        if found is None:
            raise
        return found
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return copy


def _written(right: Right, folder: str, place: Path) -> TableCopy:
    result, snapshot_id = bound(right.table, right.compiled)
    with result:
        done = copy_writer().write(
            result,
            place,
            address=f"{ADDRESS}/{folder}",
            identity=uuid.uuid5(uuid.NAMESPACE_URL, f"tongqu:{right.holder}:{right.table}"),
            facts={"source": str(snapshot_id), "holder": right.holder, "version": right.version},
        )
    now = clock.now()
    return TableCopy(
        holder=right.holder,
        grant=right.opened.grant if right.opened else None,
        table=right.table,
        snapshot_id=snapshot_id,
        digest=_digest(right, snapshot_id),
        folder=folder,
        metadata=done.metadata,
        rows=done.rows,
        size=done.size,
        made_at=now,
        used_at=now,
    )


def _count(right: Right, copy: TableCopy, call: Call, *, by: Actor) -> None:
    """Count the rows of a copy once a legal day: a reader loads a table for every query.

    Raises: ``Rejected`` QUOTA_EXCEEDED, or what ended the grant meanwhile.
    """
    today = clock.today()
    with transaction.atomic():
        TableCopy.objects.filter(pk=copy.pk).update(used_at=clock.now())
        is_new = TableCopy.objects.filter(
            Q(counted_on=None) | ~Q(counted_on=today), pk=copy.pk
        ).update(counted_on=today)
        if right.opened is not None:
            if is_new:  # also when it has no row: no quota is left is no quota
                open_grant(right.opened.grant.number, call, by=by)
            count_use(right.opened, Manner.DOWNLOAD, copy.rows if is_new else 0, by=by)


def clear_copies() -> int:
    """Remove copies whose right ended, which were replaced, or which nobody uses any more.

    Return how many. Replaced ones stay until every key to them has run out.
    """
    close_keys()
    gone = [copy for copy in TableCopy.objects.select_related("grant") if _is_over(copy)]
    for copy in gone:
        close_keys(copy)
        shutil.rmtree(folder_of(copy), ignore_errors=True)
        copy.delete()
    for place in _lost():
        shutil.rmtree(place, ignore_errors=True)
    return len(gone)


def _is_over(copy: TableCopy) -> bool:
    now = clock.now()
    if copy.grant_id is not None and not is_alive(copy.grant_id):
        return True
    if copy.superseded_at is not None:
        return copy.superseded_at < now - timedelta(seconds=SECONDS + 60)
    return copy.used_at < now - timedelta(days=UNUSED_DAYS)


def _lost() -> Iterator[Path]:
    """Yield folders that no row names: left by a kill between writing and noting."""
    if not _home().exists():
        return
    before = clock.now().timestamp() - LOST_SECONDS
    known = set(TableCopy.objects.values_list("folder", flat=True))
    for place in _home().iterdir():
        if place.name not in known and place.stat().st_mtime < before:
            yield place


def described(copy: TableCopy) -> Mapping[str, str]:
    """Return the facts of a copy for the trail."""
    return {"snapshot": str(copy.snapshot_id), "copy": str(copy.pk), "bytes": str(copy.size)}
