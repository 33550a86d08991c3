"""One audit row for every call that reads or writes data, refused ones included."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from tongqu.audit.public import record
from tongqu.audit.vocabulary import PROBLEM_STATUS, Kind, Outcome
from tongqu.kernel import addresses
from tongqu.kernel.actor import PUBLIC
from tongqu.kernel.problems import Problem

QUIET_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
UNRESOLVED = "unknown"  # no such address: the path itself could hold anything
FACTS = frozenset({"subject", "grant", "purpose", "rows", "code", "basis", "details"})
AUDIT_UNAVAILABLE = Problem(
    code="AUDIT_UNAVAILABLE",
    title="审计记录未能写入，本次调用不返回数据。",
    next_step="请稍后重试；如已提交办理事项，请先查看其状态，避免重复提交。",
    who="技术支持部门",
)
log = logging.getLogger(__name__)


class RecordCalls:
    """Record API calls whatever their method, and page requests that change something.

    A page that hands out data asks for its row by ``annotate(request, …)``. Form values,
    query strings and paths are never recorded: only the route. When the row cannot be
    written the caller gets 503 instead of the answer: nothing leaves unrecorded.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        facts: dict[str, Any] | None = getattr(request, "audit_facts", None)
        is_api = request.path.startswith("/api/")
        if not (is_api or facts is not None or request.method not in QUIET_METHODS):
            return response
        try:
            _record(request, response, dict(facts or {}))
        except DatabaseError as error:
            # The name alone: a database error quotes the row.
            log.error("an audit row could not be written: %s", type(error).__name__)
            return _unavailable(request, is_api=is_api)
        return response


def _record(request: HttpRequest, response: HttpResponse, facts: dict[str, Any]) -> None:
    unknown = set(facts) - FACTS
    if unknown:
        raise TypeError(f"annotate() takes no {sorted(unknown)}")
    match = request.resolver_match
    details = {"status": response.status_code} | facts.pop("details", {})
    record(
        f"{request.method} {match.route if match else UNRESOLVED}",
        by=getattr(request, "actor", PUBLIC),
        kind=Kind.CALL,
        outcome=_outcome(response.status_code),
        address=addresses.full(request.META.get("REMOTE_ADDR", "")),
        details=details,
        **facts,
    )


def _unavailable(request: HttpRequest, *, is_api: bool) -> HttpResponse:
    status = PROBLEM_STATUS[AUDIT_UNAVAILABLE.code]
    if not is_api:
        context = {"problem": AUDIT_UNAVAILABLE, "status": status}
        return render(request, "portal/problem.html", context, status=status)
    document = {
        "type": f"/problems/{AUDIT_UNAVAILABLE.code}",
        "title": AUDIT_UNAVAILABLE.title,
        "status": status,
        "detail": "Service Unavailable",
        "code": AUDIT_UNAVAILABLE.code,
        "next_step": AUDIT_UNAVAILABLE.next_step,
        "who": AUDIT_UNAVAILABLE.who,
    }
    return JsonResponse(
        document,
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


def _outcome(status: int) -> Outcome:
    if status < 400:
        return Outcome.DONE
    return Outcome.REFUSED if status < 500 else Outcome.FAILED
