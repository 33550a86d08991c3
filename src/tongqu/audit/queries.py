"""Reading the trail: search, proofs, the full export."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from cryptography.hazmat.primitives import hashes
from django.db.models import Model, QuerySet

from tongqu.audit.domain.digest import FIRST
from tongqu.audit.domain.documents import Document, proof_document, write_head, write_key
from tongqu.audit.domain.merkle import inclusion_path, leaf
from tongqu.audit.domain.verify_evidence import header_digest
from tongqu.audit.models import AuditEntry, Head, Seal
from tongqu.audit.ports import signer
from tongqu.audit.vocabulary import EntryQuery, HeadView
from tongqu.kernel import clock
from tongqu.kernel.canonical import canonical
from tongqu.kernel.problems import Problem, Rejected

CHUNK = 2000
M = TypeVar("M", bound=Model)

NOT_FOUND = Problem(
    code="NOT_FOUND",
    title="没有这件审计事项。",
    next_step="请在“审计日志”中核对事项编号。",
)
NOT_SEALED_YET = Problem(
    code="NOT_SEALED_YET",
    title="这件审计事项尚未封存签名，暂不能出具证明。",
    next_step="请等待每日签名，或请审计员在“存证核验”中立即封存签名后再导出。",
    who="审计员",
)
CHAIN_BROKEN = Problem(
    code="CHAIN_BROKEN",
    title="存证链与签名树根不一致，不能出具证明。",
    next_step="请保全现场，并在“存证核验”中核验全链。",
    who="审计员",
)


def entries(query: EntryQuery | None = None, *, before: int | None = None) -> QuerySet[AuditEntry]:
    """Return the entries that match, newest first, older than ``before``.

    The reader must hold audit.trail.read: the trail has no narrower view. Raises:
    ``Rejected`` with INVALID_DATE for a date that is none.
    """
    query = query or EntryQuery()
    found = AuditEntry.objects.order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    exact = {
        "actor_key": query.actor, "organisation_code": query.organisation,
        "outcome": query.outcome, "kind": query.kind, "grant": query.grant,
    }  # fmt: skip
    exact["subject__contains"] = query.subject
    # PostgreSQL takes no NUL in a text; the trail holds none.
    found = found.filter(**{k: v.replace("\x00", "�") for k, v in exact.items() if v})
    if query.since:
        found = found.filter(at__gte=_midnight(query.since, "since"))
    if query.until:
        found = found.filter(at__lt=_midnight(query.until, "until") + timedelta(days=1))
    return found


def _midnight(text: str, name: str) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Rejected(
            Problem(
                code="INVALID_DATE",
                title="日期不符合格式。",
                next_step="请按 2026-09-24 的格式填写日期。",
                fields={name: "请按 2026-09-24 的格式填写"},
            )
        ) from error
    # Nothing was recorded outside these days, and their neighbours are dates, too.
    day = min(max(day, date(1970, 1, 1)), date(9000, 1, 1))
    return datetime.combine(day, time(), tzinfo=clock.SHANGHAI)


def heads(limit: int = 30) -> list[HeadView]:
    """Return the newest signed heads, newest first."""
    return [head.view() for head in Head.objects.order_by("-size")[:limit]]


def proof_of(entry_id: int) -> bytes:
    """Return the proof of one entry: a file that is checked without us.

    Raises: ``Rejected`` with NOT_FOUND, NOT_SEALED_YET or CHAIN_BROKEN.
    """
    entry = AuditEntry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise Rejected(NOT_FOUND)
    seal = Seal.objects.filter(entry_id=entry_id).first()
    # The first head over the entry has the shortest tree to walk.
    head = Head.objects.filter(size__gte=seal.position).order_by("size").first() if seal else None
    if seal is None or head is None:
        raise Rejected(NOT_SEALED_YET)
    keys = {key.key_id: key for key in signer().public_keys()}
    digests = Seal.objects.filter(position__lte=head.size).only("position", "entry_digest")
    leaves = (leaf(seal.entry_digest) for seal in in_chunks(digests, "position"))
    try:
        path, root = inclusion_path(leaves, seal.position - 1, head.size)
    except ValueError as error:
        raise Rejected(CHAIN_BROKEN) from error
    if (
        root.hex() != head.root
        or head.key_id not in keys
        or entry.computed_digest() != seal.entry_digest
    ):
        raise Rejected(CHAIN_BROKEN)
    return proof_document(
        plain(entry),
        digest=seal.entry_digest,
        position=seal.position,
        path=[each.hex() for each in path],
        head=head.view(),
        key=keys[head.key_id],
    )


def plain(entry: AuditEntry) -> Document:
    """Return the entry as the canonical form spells it."""
    found: Document = json.loads(canonical(entry.facts()))
    return found


def evidence_lines() -> Iterator[bytes]:
    """Yield the full export, line by line: header, keys, entries, heads, end.

    Shape: canonical JSON, one object a line. Only sealed entries are in it; memory is flat.
    """
    header: Document = {"t": "evidence", "version": 1, "exported_at": clock.now()}
    header = json.loads(canonical(header))
    header["sm3"] = header_digest(header)
    running = hashes.Hash(hashes.SM3())
    total, signed, chain = 0, 0, FIRST
    for document in _body(header):
        line = canonical(document) + b"\n"
        running.update(line)
        yield line
        if document["t"] == "entry":
            total, chain = total + 1, document["chain"]
        signed += document["t"] == "head"
    end = {"t": "end", "entries": total, "heads": signed, "chain": chain}
    yield canonical(end | {"sm3": running.finalize().hex()}) + b"\n"


def _body(header: Document) -> Iterator[Document]:
    yield header
    for key in signer().public_keys():
        yield {"t": "key"} | write_key(key)
    waiting = in_chunks(Head.objects.all(), "size")
    head = next(waiting, None)
    for seal in _sealed():
        yield {
            "t": "entry", "position": seal.position, "entry": plain(seal.entry),
            "digest": seal.entry_digest, "chain": seal.chain,
        }  # fmt: skip
        while head is not None and head.size <= seal.position:
            yield {"t": "head"} | write_head(head.view())
            head = next(waiting, None)


def _sealed() -> Iterator[Seal]:
    return in_chunks(Seal.objects.select_related("entry").filter(position__gt=0), "position")


def in_chunks(rows: QuerySet[M], key: str) -> Iterator[M]:
    """Yield rows by a unique key, a chunk a statement.

    A walk may be left half-way without harm: a server-side cursor left open would be closed
    whenever memory is collected, in the midst of somebody else's transaction.
    """
    rows = rows.order_by(key)
    while chunk := list(rows[:CHUNK]):
        yield from chunk
        rows = rows.filter(**{f"{key}__gt": getattr(chunk[-1], key)})
