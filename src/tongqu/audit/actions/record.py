"""Append one row to the trail, in the caller's transaction."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from tongqu.audit.actions.seal import seal_soon
from tongqu.audit.models import AuditEntry
from tongqu.audit.vocabulary import Kind, Outcome
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.law import Basis

# PostgreSQL stores no NUL and UTF-8 no lone surrogate: a caller who sends one must not be
# able to make the trail fail.
UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
LENGTHS = {
    field.attname: field.max_length
    for field in AuditEntry._meta.concrete_fields
    if field.max_length
}


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

    ``details`` is JSON without floats and without any value from a row of data. Texts that
    are too long for their column are cut and end with "…".
    """
    texts = {
        "action": action,
        "actor_kind": by.kind,
        "actor_key": by.key,
        "organisation_code": by.organisation_code,
        "subject": subject,
        "address": address,
        "purpose": purpose,
        "grant": grant,
        "code": code,
        "basis": basis.code if basis else "",
    }
    entry = AuditEntry(
        at=clock.now(),
        kind=kind.value,
        outcome=outcome.value,
        rows=rows,
        details=_storable(dict(details or {})),
        **{name: _fitting(text, LENGTHS[name]) for name, text in texts.items()},
    )
    entry.digest = entry.computed_digest()
    entry.save(force_insert=True)
    transaction.on_commit(seal_soon, robust=True)
    return entry


def _fitting(text: str, length: int) -> str:
    clean = UNSTORABLE.sub("�", str(text))
    return clean if len(clean) <= length else clean[: length - 1] + "…"


def _storable(value: Any) -> Any:
    match value:
        case str():
            return UNSTORABLE.sub("�", value)
        case Mapping():
            return {_storable(str(key)): _storable(item) for key, item in value.items()}
        case list() | tuple():
            return [_storable(item) for item in value]
        case set() | frozenset():
            return sorted((_storable(item) for item in value), key=repr)
        case None | bool() | int():
            return value
        case float():
            raise TypeError("evidence does not rest on binary fractions")
        case _:
            return str(value)  # decimals, dates, ids
