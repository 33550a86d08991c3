"""Append one row to the trail, in the caller's transaction."""

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes

from tongqu.audit.models import AuditEntry
from tongqu.audit.vocabulary import Kind, Outcome
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.canonical import canonical
from tongqu.kernel.law import Basis


def record(
    action: str,
    *,
    by: Actor,
    subject: str = "",
    outcome: Outcome = Outcome.DONE,
    kind: Kind = Kind.FACT,
    basis: Basis | None = None,
    code: str = "",
    grant: str = "",
    purpose: str = "",
    rows: int | None = None,
    address: str = "",
    details: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Append what happened; it commits or vanishes with the caller's transaction.

    ``details`` is JSON without floats and without any value from a row of data.
    """
    entry = AuditEntry(
        at=clock.now(),
        kind=kind,
        action=action,
        outcome=outcome,
        actor_kind=by.kind,
        actor_key=by.key,
        organisation_code=by.organisation_code,
        subject=subject,
        address=address,
        purpose=purpose,
        grant=grant,
        rows=rows,
        code=code,
        basis=basis.code if basis else "",
        details=dict(details or {}),
    )
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    return entry


def digest_of(entry: AuditEntry) -> str:
    """Return the SM3 of the canonical form of every column but the key and the digest."""
    fields = {
        field.attname: getattr(entry, field.attname)
        for field in AuditEntry._meta.concrete_fields
        if field.attname not in {"id", "digest"}
    }
    sm3 = hashes.Hash(hashes.SM3())
    sm3.update(canonical(fields))
    return sm3.finalize().hex()
