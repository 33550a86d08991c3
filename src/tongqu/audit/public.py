"""Doors of the trail: record a fact, annotate the call under way, seal, sign, verify."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.http import HttpRequest

from tongqu.audit.actions.record import record
from tongqu.audit.vocabulary import ChainReport, Finding, Kind, Outcome, PublicKey, Signature

__all__ = [
    "Kind", "Outcome", "annotate", "export_evidence", "public_keys", "record",
    "register_verifier", "seal_now", "sign", "verify_chain", "verify_file", "verify_signature",
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


def seal_now() -> int:
    """Seal what is not sealed yet; return how many entries were."""
    raise NotImplementedError


def verify_chain() -> ChainReport:
    raise NotImplementedError


def sign(payload: bytes) -> Signature:
    raise NotImplementedError


def verify_signature(payload: bytes, signature: Signature) -> bool:
    raise NotImplementedError


def public_keys() -> tuple[PublicKey, ...]:
    raise NotImplementedError


def export_evidence(path: Path) -> int:
    raise NotImplementedError


def register_verifier(
    kind: str, sniff: Callable[[bytes], bool], verify: Callable[[Path], list[Finding]]
) -> None:
    raise NotImplementedError


def verify_file(path: Path) -> list[Finding]:
    raise NotImplementedError
