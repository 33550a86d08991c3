"""What every call that takes data leaves behind: a response id and the facts of its audit row."""

import uuid
from collections.abc import Mapping
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponseBase

from tongqu.audit.public import annotate
from tongqu.catalog.vocabulary import Manner
from tongqu.delivery.actions.deliver import Page
from tongqu.delivery.domain.gate import Call
from tongqu.delivery.models import Download

R = TypeVar("R", bound=HttpResponseBase)
RESPONSE_HEADER = "X-Tongqu-Response"


def call_of(request: HttpRequest, number: str, purpose: str, manner: Manner) -> Call:
    """Return the call as declared, and note it at once: a refused call is on record too."""
    response_id = uuid.uuid4().hex
    request.response_id = response_id  # type: ignore[attr-defined]  # read by stamped
    annotate(
        request,
        grant=_plain(number, 60),
        purpose=_plain(purpose, 80),
        details={"manner": manner.value, "response": response_id},
    )
    return Call(manner, purpose, request.META.get("REMOTE_ADDR", ""))


def _plain(text: str, length: int) -> str:
    """What a caller wrote, as it may stand in the trail."""
    return "".join(letter for letter in text if letter.isprintable())[:length]


def note_page(request: HttpRequest, page: Page) -> None:
    annotate(
        request,
        subject=page.entry_code,
        rows=page.rows,
        details={
            "snapshot": str(page.snapshot_id),
            "version": page.version,
            "masks": page.masks,
        },
    )


def note_download(request: HttpRequest, download: Download, rows: int | None = None) -> None:
    details: dict[str, Any] = {"download": str(download.key), "format": download.format}
    if download.snapshot_id:
        details |= {"snapshot": str(download.snapshot_id), "masks": download.masks}
    facts: Mapping[str, Any] = {} if rows is None else {"rows": rows}
    annotate(request, subject=download.grant.entry_code, details=details, **facts)


def stamped(request: HttpRequest, response: R) -> R:
    response[RESPONSE_HEADER] = request.response_id  # type: ignore[attr-defined]  # set by call_of
    return response
