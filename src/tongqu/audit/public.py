"""Doors of the trail: record a fact, annotate the call under way."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from tongqu.audit.actions.record import record
from tongqu.audit.vocabulary import Kind, Outcome

__all__ = ["Kind", "Outcome", "annotate", "record"]


def annotate(request: HttpRequest, **facts: Any) -> None:
    """Add facts to the audit row of the call under way: subject, grant, purpose, rows, details.

    ``details`` is merged; it must hold no value from a row of data.
    """
    known: dict[str, Any] = getattr(request, "audit_facts", {})
    details: Mapping[str, Any] = facts.pop("details", {})
    known.update(facts)
    known.setdefault("details", {}).update(details)
    request.audit_facts = known  # type: ignore[attr-defined]  # read by audit's middleware
