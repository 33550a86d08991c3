"""The door to the files of copies: reads of single objects, as readers of S3 ask for them.

Nothing is listed and nothing is written here. Whoever asks without a key that opens just
this file now learns nothing, not even whether it is there.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from tongqu.audit.public import annotate
from tongqu.delivery.actions.copies import folder_of
from tongqu.delivery.actions.file_keys import note_fetch, opened_by
from tongqu.delivery.domain.signed import Read, claim_of
from tongqu.delivery.models import FileKey
from tongqu.identity.public import requires
from tongqu.identity.vocabulary import Permission as P

CHUNK = 1 << 20
_NAME = re.compile(
    r"(?P<folder>[0-9a-f]{32})/(?P<file>(data|metadata)/[A-Za-z0-9][A-Za-z0-9._-]{0,150})"
)
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@csrf_exempt  # a writing reader is told 405 like any other
@require_safe
@requires(P.PORTAL_PAGE_READ)
def fetch(request: HttpRequest, name: str) -> HttpResponseBase:
    """Hand out one file, or one range of it, to whoever holds a key to it.

    The signature decides, not the permission: a reader of files has no account.
    """
    found = _NAME.fullmatch(name)
    if found is None:
        return _no(404, "NoSuchKey")
    key = _opened(request, found["folder"])
    if key is None:
        annotate(request, subject="文件", code="FILE_REFUSED")
        return _no(403, "AccessDenied")
    path = folder_of(key.copy) / found["file"]
    try:
        return _given(request, key, path)
    except FileNotFoundError:
        return _no(404, "NoSuchKey")


def _opened(request: HttpRequest, folder: str) -> FileKey | None:
    claim = claim_of(request.headers.get("Authorization", ""))
    if claim is None:
        return None
    read = Read(
        request.method or "",
        request.path,
        tuple((k, v) for k, values in request.GET.lists() for v in values),
        {name.lower(): value for name, value in request.headers.items()},
    )
    return opened_by(claim, read, folder, address=request.META.get("REMOTE_ADDR", ""))


def _given(request: HttpRequest, key: FileKey, path: Path) -> HttpResponseBase:
    facts = path.stat()
    size = facts.st_size
    part = _part(request.headers.get("Range", ""), size)
    if part is None:
        refusal = _no(416, "InvalidRange")
        refusal["Content-Range"] = f"bytes */{size}"
        return refusal
    start, end = part
    is_head = request.method == "HEAD"
    answer: HttpResponseBase = (
        HttpResponse() if is_head else StreamingHttpResponse(_chunks(path, start, end))
    )
    if part != (0, size):
        answer.status_code = 206
        answer["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    answer["Content-Type"] = "application/octet-stream"
    answer["Content-Length"] = str(end - start)
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = f'"{key.copy.folder}-{path.name}"'  # a file never changes
    answer["Last-Modified"] = http_date(facts.st_mtime)
    answer["Cache-Control"] = "private, no-store"
    note_fetch(key, 0 if is_head else end - start)
    return answer


def _part(asked: str, size: int) -> tuple[int, int] | None:
    """Return [start, end), the whole for anything but one plain range; None: outside."""
    found = _RANGE.fullmatch(asked.strip())
    if found is None or found.groups() == ("", ""):
        return 0, size
    first, last = found.groups()
    if not first:
        return (max(0, size - int(last)), size) if int(last) else None
    start = int(first)
    if last and int(last) < start:
        return 0, size  # not a range at all (RFC 9110)
    end = min(size, int(last) + 1) if last else size
    return (start, end) if start < end else None


def _chunks(path: Path, start: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        left = end - start
        while left > 0 and (piece := file.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece


def _no(status: int, code: str) -> HttpResponse:
    body = f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{escape(code)}</Code></Error>'
    return HttpResponse(body, status=status, content_type="application/xml")
