"""A prepared file over HTTP: whole, or from where a broken download stopped."""

import base64
import re
from urllib.parse import quote

from django.http import HttpRequest, StreamingHttpResponse

from tongqu.catalog.ports import notes_of
from tongqu.delivery.actions.download import chunks
from tongqu.delivery.domain import refusals
from tongqu.delivery.models import Download
from tongqu.delivery.vocabulary import FileFormat
from tongqu.kernel.problems import Rejected

TYPES = {
    FileFormat.PARQUET: "application/vnd.apache.parquet",
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def file_response(request: HttpRequest, download: Download) -> StreamingHttpResponse:
    """Return the file, or the one range asked for, with its checksum in the headers."""
    size = download.size or 0
    tag = f'"{download.sha256}"'
    asked = request.headers.get("Range", "")
    if request.headers.get("If-Range", tag) != tag:
        asked = ""  # the caller holds a part of another file
    start, end = _range(asked, size)
    is_part = (start, end) != (0, size)
    response = StreamingHttpResponse(
        chunks(download, start, end),
        status=206 if is_part else 200,
        content_type=TYPES[FileFormat(download.format)],
    )
    response["Content-Length"] = str(end - start)
    if is_part:
        response["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = tag
    digest = base64.b64encode(bytes.fromhex(download.sha256)).decode()
    response["Repr-Digest"] = f"sha-256=:{digest}:"
    response["X-Tongqu-SHA256"] = download.sha256
    if notes := notes_of(download.grant.entry_code):
        response["X-Tongqu-Notes"] = quote("；".join(notes))
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(download.file_name)}"
    response["Cache-Control"] = "private, no-store"
    return response


def _range(asked: str, size: int) -> tuple[int, int]:
    """Return [start, end); anything but one plain range is answered with the whole file."""
    found = _RANGE.fullmatch(asked.strip())
    if found is None or found.groups() == ("", ""):
        return 0, size
    first, last = found.groups()
    if not first:  # the last n bytes
        return max(0, size - int(last)), size
    start = int(first)
    end = min(size, int(last) + 1) if last else size
    if start >= end:
        raise Rejected(refusals.RANGE_NOT_SATISFIABLE)
    return start, end
