"""The API of this room, under ``/api/v1/``."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from tongqu.audit.public import annotate, public_keys
from tongqu.identity.public import PROBLEMS, ProblemOut, requires
from tongqu.security.permissions import EVENT_READ, KEY_READ
from tongqu.security.queries import events
from tongqu.security.vocabulary import EventKind

router = Router()
LARGEST_KEY = 2**63 - 1


class SecurityEventOut(Schema):
    id: int
    kind: EventKind
    label: str
    at: datetime
    actor_kind: str
    actor_key: str
    organisation_code: str
    subject: str
    organisations: list[int]
    details: dict[str, Any]


class EventsOut(Schema):
    """A page, newest first; ask again with ``before`` = ``next_before`` until it is null."""

    items: list[SecurityEventOut]
    next_before: int | None


class KeyOut(Schema):
    """``raw`` is base64; ``key_id`` its fingerprint, which signatures name."""

    algorithm: str
    key_id: str
    raw: str


class KeysOut(Schema):
    items: list[KeyOut]


@router.get("/security/events", response={200: EventsOut, PROBLEMS: ProblemOut})
@requires(EVENT_READ)
def list_events(
    request: HttpRequest,
    kind: EventKind | None = None,
    before: Annotated[int | None, Query(ge=1, le=LARGEST_KEY)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, object]:
    """List security events, newest first."""
    found = list(events(kind=kind or "", before=before)[: limit + 1])
    items = found[:limit]
    annotate(request, subject="security.events", rows=len(items))
    return {"items": items, "next_before": items[-1].pk if len(found) > limit else None}


@router.get("/security/keys", response={200: KeysOut, PROBLEMS: ProblemOut})
@requires(KEY_READ)
def list_keys(request: HttpRequest) -> dict[str, object]:
    """Publish the keys that check this hub's signatures, the active one first."""
    return {"items": [asdict(key) for key in public_keys()]}
