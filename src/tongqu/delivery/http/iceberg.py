"""An Iceberg REST catalogue, read only: what is granted is there, and nothing else is.

The warehouse that a reader names is a grant with the declared purpose; behind it stands one
namespace with the granted tables. ``own`` holds the tables of the asker's own department.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from tongqu.audit.public import annotate
from tongqu.catalog.vocabulary import Manner
from tongqu.delivery.actions import copies
from tongqu.delivery.actions.copies import Loaded, Place, Right
from tongqu.delivery.domain import refusals
from tongqu.delivery.http.calls import call_of, stamped
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Rejected

View = TypeVar("View", bound=Callable[..., HttpResponse])
NAMESPACE = "shared"
OWN = "own"
REGION = "us-east-1"  # a signature names one; all readers know this
ENDPOINTS = [
    "GET /v1/{prefix}/namespaces",
    "GET /v1/{prefix}/namespaces/{namespace}",
    "HEAD /v1/{prefix}/namespaces/{namespace}",
    "GET /v1/{prefix}/namespaces/{namespace}/tables",
    "GET /v1/{prefix}/namespaces/{namespace}/tables/{table}",
    "HEAD /v1/{prefix}/namespaces/{namespace}/tables/{table}",
    "GET /v1/{prefix}/namespaces/{namespace}/tables/{table}/credentials",
]
_NUMBER = re.compile(r"[A-Z]{2}-\d{4}-\d{4}-\d{3,6}")
_PREFIX = re.compile(r"(?P<number>[A-Z]{2}-\d{4}-\d{4}-\d{3,6})\.(?P<purpose>([0-9a-f]{2}){0,120})")


def absent(view: View) -> View:
    """Answer for what is somebody else's as for what is not there."""

    @wraps(view)
    def answered(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Rejected as error:
            if error.problem is refusals.NO_GRANT:
                raise Rejected(refusals.COPY_NOT_FOUND) from None
            raise

    return answered  # type: ignore[return-value]  # wraps keeps the signature


@require_safe
@requires(P.PORTAL_DESK_READ)
@absent
def config(request: HttpRequest) -> HttpResponse:
    """Tell a reader under which prefix its warehouse stands, if it may attach it now."""
    number, _, purpose = request.GET.get("warehouse", "").partition("/")
    if number != OWN and not _NUMBER.fullmatch(number):
        raise Rejected(refusals.COPY_NOT_FOUND)
    place = Place() if number == OWN else Place(number, purpose)
    _rights(request, place)
    prefix = OWN if number == OWN else f"{number}.{purpose.encode().hex()}"
    return JsonResponse({"defaults": {}, "overrides": {"prefix": prefix}, "endpoints": ENDPOINTS})


@require_safe
@requires(P.PORTAL_DESK_READ)
@absent
def namespaces(request: HttpRequest, prefix: str) -> HttpResponse:
    _rights(request, _place(prefix))
    is_below = bool(request.GET.get("parent"))
    return JsonResponse({"namespaces": [] if is_below else [[NAMESPACE]]})


@require_safe
@requires(P.PORTAL_DESK_READ)
@absent
def namespace(request: HttpRequest, prefix: str, namespace: str) -> HttpResponse:
    _rights(request, _place(prefix), namespace)
    return JsonResponse({"namespace": [NAMESPACE], "properties": {}})


@require_safe
@requires(P.PORTAL_DESK_READ)
@absent
def tables(request: HttpRequest, prefix: str, namespace: str) -> HttpResponse:
    found = _rights(request, _place(prefix), namespace)
    names = [{"namespace": [NAMESPACE], "name": name} for name in sorted(found)]
    return JsonResponse({"identifiers": names})


@require_safe
@requires(P.PORTAL_DESK_READ)
@absent
def table(request: HttpRequest, prefix: str, namespace: str, table: str) -> HttpResponse:
    """Hand out a table: its metadata, and a key to its files that lasts minutes."""
    if request.method == "HEAD":
        if table not in _rights(request, _place(prefix), namespace):
            raise Rejected(refusals.COPY_NOT_FOUND)
        return HttpResponse(status=204)
    found = _loaded(request, prefix, namespace, table)
    access = _access(request, found)
    document = {
        "metadata-location": f"{copies.address_of(found.copy)}/{found.copy.metadata}",
        "metadata": found.metadata,
        "config": access,
        "storage-credentials": _credentials(found, access),
    }
    return _private(stamped(request, JsonResponse(document)))


@require_safe
@requires(P.PORTAL_DESK_READ)
@absent
def credentials(request: HttpRequest, prefix: str, namespace: str, table: str) -> HttpResponse:
    """Hand out a new key to a table that the reader has loaded; the gate is asked again."""
    found = _loaded(request, prefix, namespace, table)
    document = {"storage-credentials": _credentials(found, _access(request, found))}
    return _private(stamped(request, JsonResponse(document)))


def _place(prefix: str) -> Place:
    if prefix == OWN:
        return Place()
    found = _PREFIX.fullmatch(prefix)
    if found is None:
        raise Rejected(refusals.COPY_NOT_FOUND)
    try:
        return Place(found["number"], bytes.fromhex(found["purpose"]).decode())
    except UnicodeDecodeError:
        raise Rejected(refusals.COPY_NOT_FOUND) from None


def _rights(request: HttpRequest, place: Place, namespace: str = NAMESPACE) -> dict[str, Right]:
    if namespace != NAMESPACE:
        raise Rejected(refusals.COPY_NOT_FOUND)
    call = call_of(request, place.number, place.purpose, Manner.DOWNLOAD)
    return copies.rights(place, by=actor_of(request), address=call.address)


def _loaded(request: HttpRequest, prefix: str, namespace: str, table: str) -> Loaded:
    place = _place(prefix)
    if namespace != NAMESPACE:
        raise Rejected(refusals.COPY_NOT_FOUND)
    call = call_of(request, place.number, place.purpose, Manner.DOWNLOAD)
    found = copies.load(place, table, by=actor_of(request), address=call.address)
    annotate(
        request,
        subject=found.right.entry_code,
        rows=found.copy.rows,
        details={
            **copies.described(found.copy),
            "version": found.right.version,
            "masks": dict(found.right.compiled.masks),
            "key": found.key.key,
        },
    )
    return found


def _access(request: HttpRequest, found: Loaded) -> dict[str, str]:
    """Return how the files are reached: through our own door, wherever they lie."""
    return {
        "s3.endpoint": request.build_absolute_uri("/").rstrip("/"),
        "s3.region": REGION,
        "client.region": REGION,
        "s3.path-style-access": "true",
        "s3.access-key-id": found.key.key,
        "s3.secret-access-key": found.key.secret,
    }


def _credentials(found: Loaded, access: dict[str, str]) -> list[dict[str, object]]:
    return [{"prefix": f"{copies.address_of(found.copy)}/", "config": access}]


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
