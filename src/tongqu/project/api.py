"""The API: every room's router under one roof, one form of error."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from tongqu.assets.http.api import router as assets
from tongqu.audit.http.api import router as audit
from tongqu.catalog.http.api import router as catalog
from tongqu.catalog.http.interchange import router as interchange
from tongqu.delivery.http.api import router as delivery
from tongqu.functions.http.api import router as functions
from tongqu.identity.http.api import router as identity
from tongqu.identity.http.gate import gate
from tongqu.ingest.http.api import router as ingest
from tongqu.ingest.http.pull_api import router as pulls
from tongqu.kernel.problems import IllegalStep, Problem, Rejected, Unavailable
from tongqu.lake.http.api import router as lake
from tongqu.ledger.http.api import router as ledger
from tongqu.masters.http.api import router as masters
from tongqu.onesource.http.api import router as onesource
from tongqu.opening.http.api import router as opening
from tongqu.policy.http.api import router as policy
from tongqu.products.http.api import router as products
from tongqu.project.problems import problem_for, respond
from tongqu.quality.http.api import router as quality
from tongqu.quality.http.loop_api import router as loop
from tongqu.quality.http.score_api import router as scores
from tongqu.security.http.api import router as security
from tongqu.sharing.http.api import router as sharing
from tongqu.standards.http.api import router as standards
from tongqu.supervision.http.api import router as supervision


class Api(NinjaAPI):
    """Ninja, with a document that tells the truth about refusals: they are problem documents."""

    _document: Any = None

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        """Return the document, made once a process: it takes seconds. It is only to be read."""
        if self._document is None:
            self._document = self._made(**kwargs)
        return self._document

    def _made(self, **kwargs: Any) -> Any:
        schema = super().get_openapi_schema(**kwargs)
        for operations in schema["paths"].values():
            for operation in operations.values():
                _as_problems(operation["responses"])
                for parameter in operation.get("parameters", ()):
                    _without_nul(parameter["schema"])
        for component in schema["components"]["schemas"].values():
            _without_nul(component)
        return schema


def _without_nul(schema: Any) -> None:
    """Say of every text that has no form of its own that it holds no NUL: the edge refuses it."""
    if isinstance(schema, list):
        for part in schema:
            _without_nul(part)
    elif isinstance(schema, dict):
        is_free = schema.get("type") == "string" and not {"pattern", "format", "enum"} & set(schema)
        if is_free and "const" not in schema:
            schema["pattern"] = r"^[^\u0000]*$"
        for part in schema.values():
            _without_nul(part)


def _as_problems(responses: dict[int, dict[str, Any]]) -> None:
    for status, response in responses.items():
        content = response.get("content", {})
        if int(status) >= HTTPStatus.BAD_REQUEST and "application/json" in content:
            content["application/problem+json"] = content.pop("application/json")


api = Api(title="通衢 Tongqu", version="1", docs_url=None, urls_namespace="api")
for room, router in {
    "assets": assets, "audit": audit, "catalog": catalog, "delivery": delivery,
    "functions": functions,
    "identity": identity, "ingest": ingest, "pulls": pulls, "interchange": interchange,
    "lake": lake,
    "ledger": ledger,
    "masters": masters,
    "onesource": onesource, "opening": opening, "policy": policy, "products": products,
    "quality": quality, "loop": loop, "scores": scores, "security": security, "sharing": sharing,
    "standards": standards,
    "supervision": supervision,
}.items():  # fmt: skip
    for path in router.path_operations.values():
        for operation in path.operations:
            # What declares no permission is open to nobody; a test names it.
            operation.auth_callbacks = [gate(getattr(operation.view_func, "permission", ""))]
    api.add_router("", router, tags=[room])


@api.exception_handler(Rejected)
@api.exception_handler(IllegalStep)
@api.exception_handler(Unavailable)
def known(request: HttpRequest, error: Exception) -> HttpResponse:
    problem = problem_for(error)
    if problem is None:  # the handlers above and problem_for name the same exceptions
        raise error
    return respond(request, problem)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return respond(
        request,
        Problem(
            code="INVALID",
            title="请求内容不符合接口约定。",
            next_step="请按接口文档改正所列字段后重试。",
            fields={_where(item): str(item.get("msg", "")) for item in error.errors},
        ),
    )


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja's own refusals: a body that is not JSON."""
    return respond(
        request,
        Problem(
            code="UNREADABLE",
            title="请求体无法读取。",
            next_step="请以 UTF-8 编码的 JSON 发送，并按接口文档核对。",
            facts={"status": error.status_code},
        ),
    )


def _where(item: dict[str, Any]) -> str:
    return ".".join(str(part) for part in item.get("loc", ()))
