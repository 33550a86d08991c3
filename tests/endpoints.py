"""Every page and every API operation, read from the resolver and from the API itself.

The architecture test and the permission matrix iterate these, so that they grow with the
platform and nobody has to remember to add a line.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

# Third parties' pages: log-in, second factor and the token endpoint decide for themselves.
FOREIGN = ("allauth.", "django.", "ninja.")
SAMPLES = {"int": "1", "uuid": "00000000-0000-0000-0000-000000000000", "slug": "none"}
BY_NAME = {
    "year": "2027", "regulation": "mot-2021-sharing", "place": "第十二条", "row_id": "1",
    "snapshot": "1", "batch_id": "1", "position": "1", "download": "1",
}  # fmt: skip
PARAMETER = re.compile(r"[<{](?:(?P<kind>\w+):)?(?P<name>\w+)[>}]")


@dataclass(frozen=True, slots=True)
class Endpoint:
    route: str  # with its parameters, e.g. "/catalog/<str:code>/"
    method: str
    view: Callable[..., Any]

    @property
    def permission(self) -> str | None:
        return permission_of(self.view)

    def filled(self) -> str:
        """Return the path with plausible values: well formed, and naming nothing that exists."""

        def value(match: re.Match[str]) -> str:
            return BY_NAME.get(match["name"]) or SAMPLES.get(match["kind"] or "str", "NONE-0000")

        return PARAMETER.sub(value, self.route)

    def __str__(self) -> str:
        return f"{self.method} {self.route}"


def permission_of(view: Any) -> str | None:
    """Return the permission a view declares, through any decorators round it."""
    while view is not None:
        if (found := getattr(view, "permission", None)) is not None:
            return str(found)
        view = getattr(view, "__wrapped__", None)
    return None


@cache
def pages() -> list[Endpoint]:
    """Return every page of ours; one that takes only POST is listed as POST."""
    found = []
    for route, view in _walk(get_resolver().url_patterns, "/"):
        if getattr(view, "__module__", "").startswith(FOREIGN) or "api/v1/" in route:
            continue
        found.append(Endpoint(route, "POST" if _only_posts(view) else "GET", view))
    return sorted(found, key=str)


@cache
def operations() -> list[Endpoint]:
    """Return every operation of the API."""
    from tongqu.project.api import api

    api.urls  # noqa: B018  (binds the routers)
    found = []
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            route = "/api/v1/" + f"{prefix}{path}".strip("/")
            for operation in view.operations:
                found += [Endpoint(route, method, operation.view_func)
                          for method in operation.methods]  # fmt: skip
    return sorted(found, key=str)


def _walk(
    patterns: list[URLPattern | URLResolver], prefix: str
) -> Iterator[tuple[str, Callable[..., Any]]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern).lstrip("^").rstrip("$\\Z")
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield route, pattern.callback


def _only_posts(view: Any) -> bool:
    """Ask the view itself: a GET that is not allowed is answered 405 before anything else."""
    import logging

    from django.http import HttpResponseNotAllowed
    from django.test import RequestFactory

    log = logging.getLogger("django.request")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        answer = view(RequestFactory().get("/"))
    except Exception:  # it went on to its own work: it takes GET
        return False
    finally:
        log.setLevel(before)
    return isinstance(answer, HttpResponseNotAllowed)
