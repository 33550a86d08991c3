"""Answers that anybody may keep: a tag by snapshot and terms, 304 for who has them."""

import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import parse_etags, quote_etag

KEPT = "public, max-age=60, must-revalidate"


def tag_of(request: HttpRequest, edition: str) -> str:
    """Return the tag of this address at this edition of the set."""
    asked = f"{edition}|{request.get_full_path()}"
    return quote_etag(hashlib.sha256(asked.encode(errors="replace")).hexdigest()[:32])


def has_it(request: HttpRequest, tag: str) -> bool:
    given = parse_etags(request.headers.get("If-None-Match", ""))
    return tag in given or given == ["*"]


def kept(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    response["ETag"] = tag
    response["Cache-Control"] = KEPT
    response["Access-Control-Allow-Origin"] = "*"  # open data, for programs in browsers too
    response["X-Content-Type-Options"] = "nosniff"
    return response


def unchanged(tag: str) -> HttpResponse:
    response = HttpResponse(status=304)
    kept(response, tag)
    return response
