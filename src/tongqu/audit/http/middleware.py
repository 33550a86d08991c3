"""One audit row for every call that reads or writes data, refused ones included."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from tongqu.audit.actions.record import record
from tongqu.audit.vocabulary import Kind, Outcome
from tongqu.kernel.actor import PUBLIC

QUIET_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class RecordCalls:
    """Record API calls whatever their method, and page requests that change something.

    A page that hands out data asks for its row by ``annotate(request, …)``.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        facts: dict[str, Any] | None = getattr(request, "audit_facts", None)
        is_api = request.path.startswith("/api/")
        if is_api or facts is not None or request.method not in QUIET_METHODS:
            self._record(request, response, dict(facts or {}))
        return response

    def _record(self, request: HttpRequest, response: HttpResponse, facts: dict[str, Any]) -> None:
        match = request.resolver_match
        details = {"status": response.status_code} | facts.pop("details", {})
        record(
            f"{request.method} {match.route if match else 'unknown'}"[:80],
            by=getattr(request, "actor", PUBLIC),
            kind=Kind.CALL,
            outcome=_outcome(response.status_code),
            address=request.META.get("REMOTE_ADDR", ""),
            details=details,
            **facts,
        )


def _outcome(status: int) -> Outcome:
    if status < 400:
        return Outcome.DONE
    return Outcome.REFUSED if status < 500 else Outcome.FAILED
