"""The edge: a ``Problem`` becomes a page or an RFC 9457 document; statuses are chosen here."""

import json
from collections.abc import Callable
from http import HTTPStatus
from importlib import import_module

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tongqu.audit.public import annotate
from tongqu.kernel.law import Clause
from tongqu.kernel.problems import IllegalStep, Problem, Rejected, Unavailable

ROOMS = ("policy", "audit", "identity", "security", "standards", "catalog", "functions", "lake",
         "ingest", "quality", "delivery", "assets", "masters", "sharing", "opening", "products",
         "onesource", "ledger", "supervision")  # fmt: skip

# Codes not listed are 422: the request was understood and cannot be carried out as it is.
STATUS: dict[str, int] = {
    "UNREADABLE": 400,
    "NOT_LOGGED_IN": 401,
    "NOT_PERMITTED": 403,
    "NOT_FOUND": 404,
    "ILLEGAL_STEP": 409,
    "UNAVAILABLE": 503,
}
for _room in ROOMS:  # each room names the codes that are not 422 in its vocabulary
    STATUS.update(import_module(f"tongqu.{_room}.vocabulary").PROBLEM_STATUS)


def status_of(code: str) -> int:
    return STATUS.get(code, 422)


def document(problem: Problem) -> dict[str, object]:
    """Return the RFC 9457 members, and ours: code, clause, next step, who, fields."""
    status = status_of(problem.code)
    found: dict[str, object] = {
        "type": f"/problems/{problem.code}",
        "title": problem.title,
        "status": status,
        "detail": HTTPStatus(status).phrase,
        "code": problem.code,
        "next_step": problem.next_step,
    }
    if problem.basis is not None:
        found["clause"] = problem.basis.code
        found["clause_gist"] = (
            problem.basis.gist if isinstance(problem.basis, Clause) else problem.basis.says
        )
    if problem.who:
        found["who"] = problem.who
    if problem.fields:
        found["fields"] = dict(problem.fields)
    if problem.facts:
        found["facts"] = dict(problem.facts)
    return found


def respond(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Return the problem in the form the caller reads, and note it for the trail."""
    annotate(request, code=problem.code, basis=problem.basis)
    status = status_of(problem.code)
    if request.path.startswith("/api/"):
        # A caller's own words may stand in it, half a surrogate pair among them.
        text = json.dumps(document(problem), ensure_ascii=False, cls=DjangoJSONEncoder)
        return HttpResponse(
            text.encode(errors="replace"), status=status, content_type="application/problem+json"
        )
    if request.path.startswith("/iceberg/"):
        return HttpResponse(
            json.dumps(_to_reader(problem, status), ensure_ascii=False),
            status=status,
            content_type="application/json",
        )
    context = {"problem": problem, "status": status}
    return render(request, "portal/problem.html", context, status=status)


def _to_reader(problem: Problem, status: int) -> dict[str, object]:
    """Return the document in which Iceberg's readers expect an error."""
    kinds = {401: "NotAuthorizedException", 403: "ForbiddenException", 404: "NoSuchTableException"}
    says = f"{problem.title}{problem.next_step}（{problem.code}）"
    error = {"message": says, "type": kinds.get(status, "BadRequestException"), "code": status}
    return {"error": error}


def problem_for(error: Exception) -> Problem | None:
    """Return what to tell the user about an exception we know; None for a bug."""
    match error:
        case Rejected():
            return error.problem
        case IllegalStep():
            return Problem(
                code="ILLEGAL_STEP",
                title="当前状态不能这样办理，可能已由他人办结。",
                next_step="请刷新页面查看最新状态。",
            )
        case Unavailable():
            return Problem(
                code="UNAVAILABLE",
                title="所需的服务暂时没有响应。",
                next_step="请稍后重试；持续出现请联系技术支持部门。",
                who="技术支持部门",
            )
    return None


NUL = Problem(
    code="UNREADABLE",
    title="请求中含有不能保存的字符（NUL）。",
    next_step="请删去该字符后重新提交。",
)


def _has_nul(request: HttpRequest) -> bool:
    """Tell whether a NUL is anywhere in the request: PostgreSQL keeps none in a text."""
    values = [request.path, *(v for vs in request.GET.lists() for v in (vs[0], *vs[1]))]
    if request.content_type == "application/json":
        return b"\\u0000" in request.body or any("\0" in value for value in values)
    if request.method == "POST":
        values += [v for vs in request.POST.lists() for v in (vs[0], *vs[1])]
    return any("\0" in value for value in values)


NO_SUCH_ADDRESS = Problem(
    code="NOT_FOUND",
    title="没有这个接口地址。",
    next_step="请核对接口文档中的地址和参数。",
)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an unknown address: callers of the API read problem documents there, too."""
    if request.path.startswith("/api/"):
        return respond(request, NO_SUCH_ADDRESS)
    from tongqu.portal.http.pages import not_found as page

    return page(request, exception)


class ProblemPages:
    """Turn the exceptions we know into answers; leave bugs to the 500 page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return respond(request, NUL) if _has_nul(request) else self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        problem = problem_for(error)
        return respond(request, problem) if problem else None
