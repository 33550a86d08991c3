"""Keys to the files of a copy: minutes long, re-checked at every file, summed up in the trail."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from tongqu.audit.public import record
from tongqu.catalog.vocabulary import Manner
from tongqu.delivery.actions.account import open_grant
from tongqu.delivery.domain.gate import Call
from tongqu.delivery.domain.signed import Claim, Read, holds
from tongqu.delivery.models import FileKey, TableCopy
from tongqu.identity.public import acts_still
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected

SECONDS = 900  # no key opens longer; a reader loads the table again and gets another


@dataclass(frozen=True, slots=True)
class HandedKey:
    key: str
    secret: str
    expires_at: datetime


def hand_key(copy: TableCopy, purpose: str, *, by: Actor) -> HandedKey:
    """Return a new key to a copy's files, and nothing else's."""
    found = FileKey.objects.create(
        key="TQ" + secrets.token_hex(12).upper(),
        copy=copy,
        by_kind=by.kind,
        by_key=by.key[:120],
        by_name=by.name[:120],
        organisation_code=by.organisation_code[:40],
        purpose=purpose[:40],
        expires_at=clock.now() + timedelta(seconds=SECONDS),
    )
    return HandedKey(found.key, secret_of(found.key), found.expires_at)


def secret_of(key: str) -> str:
    """Derive a key's secret: the database knows none."""
    said = f"tongqu file key {key}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).hexdigest()[:40]


def opened_by(claim: Claim, read: Read, folder: str, *, address: str) -> FileKey | None:
    """Return the key if this call may read files of this folder now; None says nothing more.

    The right is asked for again at every file: what ended since the load ends here too.
    """
    found = FileKey.objects.select_related("copy__grant").filter(key=claim.key).first()
    is_signed = holds(claim, secret_of(claim.key), read, clock.now())
    if found is None or not is_signed or found.expires_at <= clock.now():
        return None
    if found.copy.folder != folder:
        return None
    by = acts_still(found.by_kind, found.by_key, address)
    return found if by is not None and _may(found, by, address) else None


def _may(key: FileKey, by: Actor, address: str) -> bool:
    if key.copy.grant is None:
        return by.may(P.LAKE_TABLE_READ) and key.copy.holder == f"own:{by.organisation_id}"
    if not by.may(P.DELIVERY_DATA_USE):
        return False
    try:
        call = Call(Manner.DOWNLOAD, key.purpose, address)
        open_grant(key.copy.grant.number, call, by=by, is_counted=False)
    except Rejected:
        return False
    return True


def note_fetch(key: FileKey, size: int) -> None:
    FileKey.objects.filter(pk=key.pk).update(fetches=F("fetches") + 1, bytes=F("bytes") + size)


def close_keys(copy: TableCopy | None = None) -> int:
    """End keys, those that ran out or all of one copy, and put what they fetched on record."""
    which = Q(copy=copy) if copy else Q(expires_at__lte=clock.now())
    ended = FileKey.objects.select_related("copy__grant").filter(which)
    count = 0
    for key in ended:
        with transaction.atomic():
            if not FileKey.objects.filter(pk=key.pk).delete()[0]:
                continue  # another process was first
            count += 1
            if key.fetches:
                _tell(key)
    return count


def _tell(key: FileKey) -> None:
    grant = key.copy.grant
    record(
        "delivery.copy.read",
        by=Actor(key.by_kind, key.by_key, key.by_name, organisation_code=key.organisation_code),
        subject=grant.entry_code if grant else key.copy.table,
        grant=grant.number if grant else "",
        purpose=key.purpose,
        details={
            "key": key.key,
            "copy": key.copy_id,
            "snapshot": str(key.copy.snapshot_id),
            "fetches": key.fetches,
            "bytes": key.bytes,
        },
    )
