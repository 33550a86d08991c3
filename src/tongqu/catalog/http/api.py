"""The API of the catalogue, under ``/api/v1/``."""

from typing import Any

from django.http import HttpRequest
from ninja import Status

from tongqu.audit.public import annotate
from tongqu.catalog import public, queries
from tongqu.catalog.domain import problems, versions
from tongqu.catalog.domain.compatibility import classify, impacts
from tongqu.catalog.http import api_search as api_search  # noqa: PLC0414  (registers itself)
from tongqu.catalog.http import schemas as s
from tongqu.catalog.http.api_life import ENTRY, READ, columns, router
from tongqu.catalog.http.schemas_life import VoidIn
from tongqu.catalog.models import EntryVersion
from tongqu.catalog.vocabulary import (
    EntryView,
    ReceiptView,
    ReportView,
)
from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Rejected

__all__ = ["router"]  # every part of this room's API is on it


@router.post("/catalog/entries", response={201: s.CatalogEntryOut, PROBLEMS: ProblemOut})
@requires(P.CATALOG_ENTRY_DRAFT)
def create_entry(request: HttpRequest, body: s.NewEntryIn) -> Status[EntryView]:
    """新建目录草稿；不写共享类型的，默认无条件共享。"""
    actor = actor_of(request)
    fields = columns(body.fields(only_given=True))
    entry = public.new_draft(
        name=fields.pop("name"), owner_id=actor.organisation_id or 0, by=actor, fields=fields
    )
    annotate(request, subject=entry.code)
    return Status(201, entry)


@router.get(ENTRY, response={200: s.CatalogEntryOut, READ: ProblemOut})
@requires(P.CATALOG_ENTRY_READ)
def get_entry(request: HttpRequest, code: s.Code) -> EntryView:
    """查看目录条目：现行版本；本部门可看未发布的草稿。"""
    return queries.view_of(_visible(request, code))


@router.put(ENTRY, response={200: s.CatalogEntryOut, PROBLEMS: ProblemOut})
@requires(P.CATALOG_ENTRY_DRAFT)
def put_entry(request: HttpRequest, code: s.Code, body: s.EntryIn) -> EntryView:
    """整体替换草稿；已发布且没有变更登记的，答复 409 FROZEN。"""
    annotate(request, subject=code)
    return public.edit_draft(code, by=actor_of(request), fields=columns(body.fields()))


@router.patch(ENTRY, response={200: s.CatalogEntryOut, PROBLEMS: ProblemOut})
@requires(P.CATALOG_ENTRY_DRAFT)
def patch_entry(request: HttpRequest, code: s.Code, body: s.EntryIn) -> EntryView:
    """只修改所给的字段。"""
    annotate(request, subject=code)
    fields = columns(body.fields(only_given=True))
    return public.edit_draft(code, by=actor_of(request), fields=fields)


@router.post(f"{ENTRY}/check", response={200: s.ReportOut, PROBLEMS: ProblemOut})
@requires(P.CATALOG_ENTRY_CHECK)
def check_entry(request: HttpRequest, code: s.Code) -> ReportView:
    """提交合规性检测，返回检测报告。"""
    annotate(request, subject=code)
    return public.submit_for_check(code, by=actor_of(request))


@router.post(f"{ENTRY}/publish", response={200: s.CatalogEntryOut, PROBLEMS: ProblemOut})
@requires(P.CATALOG_ENTRY_PUBLISH)
def publish_entry(request: HttpRequest, code: s.Code) -> EntryView:
    """发布；有一条须改正的问题即不予发布，任何岗位都不例外。"""
    annotate(request, subject=code)
    return public.publish(code, by=actor_of(request))


@router.post(f"{ENTRY}/changes", response={201: s.EntryChangeOut, PROBLEMS: ProblemOut})
@requires(P.CATALOG_CHANGE_REGISTER)
def change_entry(
    request: HttpRequest, code: s.Code, body: s.EntryChangeIn
) -> Status[public.ChangeView]:
    """登记变更；数据正被使用的须提前三个月。"""
    annotate(request, subject=code)
    return Status(201, public.register_change(code, by=actor_of(request), **body.model_dump()))


@router.post(f"{ENTRY}/changes/override", response={201: s.EntryChangeOut, PROBLEMS: ProblemOut})
@requires(P.CATALOG_EXCEPTION_APPROVE)
def override_change(
    request: HttpRequest, code: s.Code, body: s.OverrideIn
) -> Status[public.ChangeView]:
    """主管部门附依据特批未满三个月的变更。"""
    annotate(request, subject=code)
    return Status(201, public.register_change(code, by=actor_of(request), **body.model_dump()))


@router.post(f"{ENTRY}/exceptions", response={201: s.ExceptionOut, PROBLEMS: ProblemOut})
@requires(P.CATALOG_EXCEPTION_APPROVE)
def except_entry(request: HttpRequest, code: s.Code, body: s.ExceptionIn) -> Status[Any]:
    """主管部门批准附依据的例外（七类基础数据）。"""
    annotate(request, subject=code)
    public.approve_exception(code, by=actor_of(request), **body.model_dump())
    return Status(201, {"code": code, **body.model_dump()})


@router.put(f"{ENTRY}/grade", response={200: s.GradeIn, PROBLEMS: ProblemOut})
@requires(P.CATALOG_ENTRY_PUBLISH)
def grade_entry(request: HttpRequest, code: s.Code, body: s.GradeIn) -> Any:
    """确定数据分级：一般、重要、核心；重要、核心的须先有质量规则包才能发布。"""
    annotate(request, subject=code)
    public.grade_entry(code, body.grade, reason=body.reason, by=actor_of(request))
    return body.model_dump()


@router.get(f"{ENTRY}/versions/{{number}}", response={200: s.CatalogEntryOut, READ: ProblemOut})
@requires(P.CATALOG_ENTRY_READ)
def get_version(request: HttpRequest, code: s.Code, number: s.Code) -> EntryView:
    """查看某一版本；旧版本一直可查。"""
    return queries.view_of(_version(request, code, number))


@router.get(f"{ENTRY}/versions/{{a}}/diff/{{b}}", response={200: s.DiffOut, READ: ProblemOut})
@requires(P.CATALOG_ENTRY_READ)
def diff_versions(request: HttpRequest, code: s.Code, a: s.Code, b: s.Code) -> dict[str, Any]:
    """比较两个版本。"""
    before = queries.view_of(_version(request, code, a))
    after = queries.view_of(_version(request, code, b))
    return {
        "code": code,
        "before": a,
        "after": b,
        "compatibility": classify(impacts(before, after)),
        "differences": versions.differences(before, after),
    }


@router.post(f"{ENTRY}/receipts", response={201: s.ReceiptOut, PROBLEMS: ProblemOut})
@requires(P.CATALOG_RECEIPT_ISSUE)
def create_receipt(request: HttpRequest, code: s.Code) -> Status[ReceiptView]:
    """签发编目回执；没有数据的正式目录，答复 409 NO_DATA。"""
    annotate(request, subject=code)
    return Status(201, public.issue_receipt(code, by=actor_of(request)))


@router.get(f"{ENTRY}/receipts", response={200: list[s.ReceiptOut], READ: ProblemOut})
@requires(P.CATALOG_ENTRY_READ)
def list_receipts(request: HttpRequest, code: s.Code) -> list[ReceiptView]:
    """列出条目的编目回执，新的在前。"""
    version = _visible(request, code)
    found = queries.receipts().filter(version__entry_id=version.entry_id)
    return [queries.receipt_view(receipt) for receipt in found]


@router.get("/receipts/{number}", response={200: s.ReceiptOut, READ: ProblemOut})
@requires(P.CATALOG_RECEIPT_CHECK)
def get_receipt(request: HttpRequest, number: s.Code) -> ReceiptView:
    """核验编目回执：有效、已更新或已作废。"""
    found = public.receipt(number)
    if found is None:
        raise Rejected(problems.RECEIPT_UNKNOWN)
    return found


@router.post("/receipts/{number}/void", response={200: s.ReceiptOut, PROBLEMS: ProblemOut})
@requires(P.CATALOG_EXCEPTION_APPROVE)
def void_receipt(request: HttpRequest, number: s.Code, body: VoidIn) -> ReceiptView:
    """作废误签发的编目回执；原因向公众显示，不能恢复。"""
    annotate(request, subject=number)
    return public.void_receipt(number, reason=body.reason, by=actor_of(request))


@router.get("/catalog/must-share", response={200: list[s.MustShareOut], READ: ProblemOut})
@requires(P.CATALOG_ENTRY_READ)
def must_share(request: HttpRequest) -> tuple[public.MustShare, ...]:
    """七类基础数据的接入与更新情况。"""
    return public.must_share()


@router.get("/catalog/stock", response={200: s.StockOut, READ: ProblemOut})
@requires(P.CATALOG_ENTRY_READ)
def stock(request: HttpRequest) -> public.Stock:
    """目录的数量：条目、已接入、信息项、提供部门。"""
    return public.stock()


def _visible(request: HttpRequest, code: s.Code) -> EntryVersion:
    found = queries.shown_to(code, actor_of(request))
    if found is None:
        raise Rejected(problems.NOT_FOUND)
    return found


def _version(request: HttpRequest, code: s.Code, number: s.Code) -> EntryVersion:
    found = queries.version_shown_to(code, number, actor_of(request))
    if found is None:
        raise Rejected(problems.NOT_FOUND)
    return found
