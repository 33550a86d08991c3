"""Seal entries: append a link to the chain for each, in one order, by one writer at a time."""

from itertools import count

from django.db import connection, transaction

from tongqu.audit.domain.digest import FIRST, link
from tongqu.audit.models import AuditEntry, Seal

BATCH = 1000
EVERY = 200  # entries of this process between two seals at once; the job seals the rest
# Keys below the last sealed one can still be in flight in another transaction. A usual seal
# looks this far back; a thorough one, before each signed head, looks at everything.
LOOK_BACK = 50_000
LOCK = 0x746F6E67  # "tong": the advisory lock of the chain on PostgreSQL

_recorded = count(1)


def seal_now(*, thorough: bool = False, wait: bool = True) -> int:
    """Seal what is committed and not sealed; return how many entries were.

    Positions are the order of sealing: an entry with a lower key that commits later takes
    a later position. With ``wait=False`` nothing happens while somebody else is sealing.
    """
    sealed = 0
    while new := _seal_batch(thorough=thorough, wait=wait):
        sealed += new
        if new < BATCH:
            break
    return sealed


def seal_soon() -> None:
    """Seal now and then: called after each commit that recorded something, nearly free."""
    if next(_recorded) % EVERY == 0:
        seal_now(wait=False)


@transaction.atomic
def _seal_batch(*, thorough: bool, wait: bool) -> int:
    if not take_lock(wait=wait):
        return 0
    last = Seal.objects.order_by("-position").values_list("position", "entry_id", "chain").first()
    position, newest, chain = last or (0, 0, FIRST)
    waiting = AuditEntry.objects.filter(seal=None).order_by("pk").values_list("pk", "digest")
    if not thorough:
        waiting = waiting.filter(pk__gt=newest - LOOK_BACK)
    seals = []
    for entry_id, digest in waiting[:BATCH]:
        position, chain = position + 1, link(chain, digest)
        seals.append(Seal(position=position, entry_id=entry_id, entry_digest=digest, chain=chain))
    Seal.objects.bulk_create(seals)
    return len(seals)


def take_lock(*, wait: bool = True) -> bool:
    """Take the chain's lock until the transaction ends; tell whether it was to be had.

    SQLite has one writer at a time anyway: its transactions begin IMMEDIATE.
    """
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])
