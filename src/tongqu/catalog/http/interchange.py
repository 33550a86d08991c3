"""The API of import and interchange, under ``/api/v1/catalog``."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Query, Router
from ninja.files import UploadedFile

from tongqu.audit.public import annotate
from tongqu.catalog import queries
from tongqu.catalog.actions.import_database import import_database
from tongqu.catalog.actions.import_file import MOST_BYTES, confirm, import_file, too_big
from tongqu.catalog.domain import problems
from tongqu.catalog.http import import_schemas as s
from tongqu.catalog.http.schemas import Code
from tongqu.catalog.models import ImportRun
from tongqu.catalog.queries import exports, imports
from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Rejected

router = Router()
READ = frozenset({400, 401, 403, 404, 422})
ANSWERS = frozenset({*PROBLEMS, 503})
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonld": "application/ld+json",
    "ttl": "text/turtle; charset=utf-8",
    "json": "application/json",
    "yaml": "application/yaml",
}


def result(run: ImportRun) -> dict[str, Any]:
    keys = ("name", "code", "outcome")
    found = {name: getattr(run, name) for name in s.ImportOut.model_fields}
    return found | {
        "entries": [dict(zip(keys, row, strict=True)) for row in run.rows],
        "failures": run.failures,
    }


def taken(file: UploadedFile) -> bytes:
    """Return the content of an upload; a large one is refused before it is read."""
    if (file.size or 0) > MOST_BYTES:
        raise Rejected(too_big())
    return bytes(file.read())


def download(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@router.post("/catalog/imports", response={200: s.ImportResultOut, ANSWERS: ProblemOut})
@requires(P.CATALOG_ENTRY_DRAFT)
def create_import(
    request: HttpRequest, file: File[UploadedFile], dry_run: bool = False
) -> dict[str, Any]:
    """批量著录：好的条目成为草稿，有误的逐格说明；``dry_run`` 只检查，不写入。"""
    run = import_file(taken(file), name=file.name or "", by=actor_of(request), dry_run=dry_run)
    annotate(request, subject=f"import {run.pk}", rows=run.items)
    return result(run)


@router.post("/catalog/imports/scan", response={200: s.ImportResultOut, ANSWERS: ProblemOut})
@requires(P.CATALOG_ENTRY_DRAFT)
def create_scan(request: HttpRequest, body: s.ScanIn) -> dict[str, Any]:
    """扫描一个数据库，每张表或视图成为一份草稿。"""
    run = import_database(
        body.secret_address, schema=body.schema_name, source_system=body.source_system,
        by=actor_of(request), dry_run=body.dry_run,
    )  # fmt: skip
    annotate(request, subject=f"import {run.pk}", rows=run.items)
    return result(run)


@router.get("/catalog/imports", response={200: list[s.ImportOut], READ: ProblemOut})
@requires(P.CATALOG_ENTRY_DRAFT)
def list_imports(request: HttpRequest) -> list[ImportRun]:
    """最近一百次批量著录，新的在前。"""
    return list(imports.recent(actor_of(request))[:100])


@router.get("/catalog/imports/{run_id}", response={200: s.ImportResultOut, READ: ProblemOut})
@requires(P.CATALOG_ENTRY_DRAFT)
def get_import(request: HttpRequest, run_id: s.RunId) -> dict[str, Any]:
    """查看一次批量著录的结果。"""
    return result(_run(request, run_id))


@router.post(
    "/catalog/imports/{run_id}/confirm", response={200: s.ImportResultOut, ANSWERS: ProblemOut}
)
@requires(P.CATALOG_ENTRY_DRAFT)
def confirm_import(request: HttpRequest, run_id: s.RunId) -> dict[str, Any]:
    """确认一次预检过的著录；已确认的答复 409 IMPORT_DONE。"""
    annotate(request, subject=f"import {run_id}")
    return result(confirm(run_id, by=actor_of(request)))


@router.get("/catalog/imports/{run_id}/failures", response={200: None, READ: ProblemOut})
@requires(P.CATALOG_ENTRY_DRAFT)
def get_failures(request: HttpRequest, run_id: s.RunId) -> HttpResponse:
    """下载须改正的条目（xlsx）：原样内容、批注和最后一列的原因；改正后可直接再导入。"""
    run = _run(request, run_id)
    annotate(request, subject=f"import {run_id}")
    return download(exports.failures(run), f"import-{run.pk}-failures.xlsx", "xlsx")


@router.get("/catalog/import-template", response={200: None, READ: ProblemOut})
@requires(P.CATALOG_ENTRY_DRAFT)
def get_template(request: HttpRequest) -> HttpResponse:
    """下载著录模板（xlsx）：目录、信息项两张表和一个示例。"""
    return download(exports.template(actor_of(request)), "catalog-template.xlsx", "xlsx")


def _run(request: HttpRequest, run_id: int) -> ImportRun:
    found = imports.run(run_id, actor_of(request))
    if found is None:
        raise Rejected(problems.IMPORT_UNKNOWN)
    return found


@router.get("/catalog/export", response={200: None, READ: ProblemOut})
@requires(P.CATALOG_ENTRY_READ)
def export(request: HttpRequest, query: Query[s.ExportIn]) -> HttpResponse:
    """导出可见的目录：xlsx 或 json 与导入同一格式；jsonld、ttl 为 DCAT-AP 3，分页。"""
    actor = actor_of(request)
    page = exports.page(actor, number=query.page, size=query.size)
    content = exports.write(page, query.form)
    annotate(request, subject="catalog", details={"form": query.form, "page": query.page})
    response = download(content, f"catalog-{query.page}.{query.form}", query.form)
    if query.page < page.pages:
        after = f"{request.path}?form={query.form}&page={query.page + 1}&size={query.size}"
        response.headers["Link"] = f'<{after}>; rel="next"'
    return response


@router.get("/catalog/entries/{code}/export", response={200: None, READ: ProblemOut})
@requires(P.CATALOG_ENTRY_READ)
def export_entry(request: HttpRequest, code: Code, query: Query[s.EntryExportIn]) -> HttpResponse:
    """导出一个条目：DCAT-AP 3（jsonld、ttl）、xlsx 或 json。"""
    version = _version(request, code)
    annotate(request, subject=code)
    page = exports.alone(queries.view_of(version))
    return download(exports.write(page, query.form), f"{code}.{query.form}", query.form)


@router.get("/catalog/entries/{code}/odcs", response={200: None, READ: ProblemOut})
@requires(P.CATALOG_ENTRY_READ)
def get_contract(request: HttpRequest, code: Code, query: Query[s.ContractIn]) -> HttpResponse:
    """一个条目的数据合约（ODCS 3.1）。"""
    version = _version(request, code)
    annotate(request, subject=code)
    content = exports.contract(queries.view_of(version), query.form)
    return download(content, f"{code}.odcs.{query.form}", query.form)


def _version(request: HttpRequest, code: str) -> Any:
    found = queries.shown_to(code, actor_of(request))
    if found is None:
        raise Rejected(problems.NOT_FOUND)
    return found
