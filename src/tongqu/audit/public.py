"""Doors of the trail: record a fact, annotate the call under way, seal, sign, verify."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.http import HttpRequest

from tongqu.audit.actions.anchor import anchor
from tongqu.audit.actions.record import record
from tongqu.audit.actions.seal import seal_now
from tongqu.audit.actions.verify_chain import verify_chain
from tongqu.audit.actions.verify_file import register_verifier, verify_file
from tongqu.audit.domain.signatures import holds, public_key
from tongqu.audit.ports import signer
from tongqu.audit.queries import entries, evidence_lines, heads, proof_of
from tongqu.audit.vocabulary import (
    ChainReport,
    EntryQuery,
    Finding,
    Kind,
    Outcome,
    PublicKey,
    Signature,
)

__all__ = [
    "ChainReport", "EntryQuery", "Finding", "Kind", "Outcome", "PublicKey", "Signature", "anchor",
    "annotate", "entries", "evidence_lines", "export_evidence", "export_proof", "heads", "holds",
    "proof_of", "public_key", "public_keys", "record", "register_verifier", "seal_now", "sign",
    "verify_chain", "verify_file", "verify_signature",
]  # fmt: skip


def annotate(request: HttpRequest, **facts: Any) -> None:
    """Add facts to the audit row of the call under way: subject, grant, purpose, rows, details.

    ``details`` is merged; it must hold no value from a row of data.
    """
    known: dict[str, Any] = getattr(request, "audit_facts", {})
    details: Mapping[str, Any] = facts.pop("details", {})
    known.update(facts)
    known.setdefault("details", {}).update(details)
    request.audit_facts = known  # type: ignore[attr-defined]  # read by audit's middleware


def sign(payload: bytes) -> Signature:
    """Return the hub's signature over these bytes; the algorithm and key are named in it."""
    return signer().sign(payload)


def public_keys() -> tuple[PublicKey, ...]:
    """Return the keys that check the hub's signatures, the active one first."""
    return signer().public_keys()


def verify_signature(payload: bytes, signature: Signature) -> bool:
    """Decide whether this hub signed these bytes, with its active key or a retired one."""
    return any(holds(payload, signature, key) for key in public_keys())


def export_evidence(path: Path) -> int:
    """Write the whole evidence to a file and return its number of lines.

    The file appears complete or not at all.
    """
    part = path.with_name(path.name + ".part")
    count = 0
    with part.open("wb") as file:
        for line in evidence_lines():
            file.write(line)
            count += 1
    part.replace(path)
    return count


def export_proof(entry_id: int, path: Path) -> None:
    """Write the proof of one entry to a file. Raises: as ``proof_of``."""
    path.write_bytes(proof_of(entry_id))
