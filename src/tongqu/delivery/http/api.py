"""The API of delivery, under ``/api/v1/``: three manners behind one gate, and no bill."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Path, Query, Router, Status

from tongqu.audit.public import annotate
from tongqu.catalog.ports import notes_of
from tongqu.catalog.vocabulary import Manner
from tongqu.delivery import queries
from tongqu.delivery.actions import adhoc
from tongqu.delivery.actions.deliver import MAX_ROWS, Page, changes_page, query_page
from tongqu.delivery.actions.download import ask_download, fetch_download, find_download
from tongqu.delivery.actions.handle import handle_grant
from tongqu.delivery.domain import refusals
from tongqu.delivery.http.adhoc import address_of, cells
from tongqu.delivery.http.calls import call_of, note_download, note_page, stamped
from tongqu.delivery.http.files import file_response
from tongqu.delivery.http.schemas import (
    AskIn,
    AskOut,
    ChangesOut,
    DownloadIn,
    DownloadOut,
    FeaturesIn,
    FeaturesOut,
    GrantStateOut,
    GrantStepIn,
    RowsOut,
    download_out,
)
from tongqu.delivery.vocabulary import FeeThing, GrantCommand
from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.problems import Rejected

router = Router()
GATE = PROBLEMS | {410, 416, 429, 503}
OWN_PARAMETERS = frozenset({"purpose", "limit", "cursor"})
GEOJSON = "application/geo+json"
POINT_PARAMETERS = OWN_PARAMETERS | {"x", "y"}
Limit = Annotated[int, Query(ge=1, le=MAX_ROWS, description="每页行数")]
Cursor = Annotated[str, Query(max_length=600, description="上一页响应中的 next_cursor")]
Purpose = Annotated[str, Query(max_length=80, description="授权上的用途代码")]


@router.get("/data/{grant}/rows", response={200: RowsOut, GATE: ProblemOut}, summary="联机查询")
@requires(Permission.DELIVERY_DATA_USE)
def rows(
    request: HttpRequest,
    grant: str,
    purpose: Purpose = "",
    limit: Limit = 1000,
    cursor: Cursor = "",
) -> HttpResponse:
    """Current rows of a grant; further parameters are conditions on its items.

    ``item=value``, ``item__in=a,b``, ``item__between=a,b``, ``item__prefix=a``,
    ``item__has=a`` (one of values set apart by commas).
    """
    call = call_of(request, grant, purpose, Manner.QUERY)
    pairs = _conditions(request, OWN_PARAMETERS)
    page = query_page(grant, call, by=actor_of(request), filters=pairs, limit=limit, cursor=cursor)
    note_page(request, page)
    return stamped(request, _answer(page, "rows", {"next_cursor": page.cursor or None}))


def _conditions(request: HttpRequest, own: frozenset[str]) -> list[tuple[str, str]]:
    return [
        (name, value) for name, values in request.GET.lists() if name not in own for value in values
    ]


@router.get(
    "/data/{grant}/features",
    response={200: FeaturesOut, GATE: ProblemOut},
    summary="联机查询：GeoJSON",
    openapi_extra={"responses": {200: {"content": {GEOJSON: {"schema": {"type": "object"}}}}}},
)
@requires(Permission.DELIVERY_DATA_USE)
def features(request: HttpRequest, grant: str, asked: Query[FeaturesIn]) -> HttpResponse:
    """Current rows as points of a map (RFC 7946), coordinates as they are kept: conditions as
    for rows. What else is granted stands in the properties, the coordinates' system too.
    """
    call = call_of(request, grant, asked.purpose, Manner.QUERY)
    page = query_page(
        grant,
        call,
        by=actor_of(request),
        filters=_conditions(request, POINT_PARAMETERS),
        limit=asked.limit,
        cursor=asked.cursor,
        point=(asked.x, asked.y),
    )
    note_page(request, page)
    more = {"type": "FeatureCollection", "next_cursor": page.cursor or None}
    answer = _answer(page, "features", more)
    answer["Content-Type"] = GEOJSON
    return stamped(request, answer)


@router.get(
    "/data/{grant}/changes", response={200: ChangesOut, GATE: ProblemOut}, summary="数据订阅"
)
@requires(Permission.DELIVERY_DATA_USE)
def changes(
    request: HttpRequest,
    grant: str,
    purpose: Purpose = "",
    limit: Limit = 1000,
    cursor: Cursor = "",
) -> HttpResponse:
    """Changes behind a cursor, from the beginning without one; deletions are told too."""
    call = call_of(request, grant, purpose, Manner.SUBSCRIPTION)
    page = changes_page(grant, call, by=actor_of(request), limit=limit, cursor=cursor)
    note_page(request, page)
    on = {"has_more": page.has_more, "next_cursor": page.cursor or None}
    return stamped(request, _answer(page, "changes", on))


@router.post(
    "/data/{grant}/downloads",
    response={202: DownloadOut, GATE: ProblemOut},
    summary="数据下载：发起",
)
@requires(Permission.DELIVERY_DATA_USE)
def start_download(
    request: HttpRequest, response: HttpResponse, grant: str, body: DownloadIn
) -> Status[DownloadOut]:
    """Ask for a file; it is prepared by a job, kept 7 days and may be fetched in parts."""
    call = call_of(request, grant, body.purpose, Manner.DOWNLOAD)
    download = ask_download(
        grant,
        call,
        by=actor_of(request),
        file_format=body.format,
        filters=body.filters.items(),
    )
    note_download(request, download)
    stamped(request, response)
    return Status(202, download_out(download))


@router.get(
    "/data/{grant}/downloads/{id}",
    response={200: DownloadOut, GATE: ProblemOut},
    summary="数据下载：状态",
)
@requires(Permission.DELIVERY_DATA_USE)
def download_state(
    request: HttpRequest, response: HttpResponse, grant: str, id: str
) -> DownloadOut:
    call = call_of(request, grant, _purpose(request, grant), Manner.DOWNLOAD)
    download = find_download(grant, id, call, by=actor_of(request))
    note_download(request, download)
    stamped(request, response)
    return download_out(download)


@router.get(
    "/data/{grant}/downloads/{id}/file",
    response={200: None, 206: None, GATE: ProblemOut},
    summary="数据下载：文件（支持断点续传）",
)
@requires(Permission.DELIVERY_DATA_USE)
def download_file(request: HttpRequest, grant: str, id: str) -> HttpResponseBase:
    call = call_of(request, grant, _purpose(request, grant), Manner.DOWNLOAD)
    download = fetch_download(grant, id, call, by=actor_of(request))
    response = file_response(request, download)
    note_download(request, download, rows=0 if response.status_code == 206 else download.rows)
    return stamped(request, response)


class GrantStep(StrEnum):
    """处置授权, as the last part of the address."""

    SUSPEND = "suspend"  # 暂停
    RESUME = "resume"  # 恢复
    RECONFIRM = "reconfirm"  # 重新确认
    REVOKE = "revoke"  # 撤销


@router.post(
    "/grants/{number}/steps/{step}",
    response={200: GrantStateOut, PROBLEMS: ProblemOut},
    summary="处置授权：暂停、恢复、重新确认、撤销",
)
@requires(Permission.SHARING_GRANT_REVOKE)
def take_grant_step(
    request: HttpRequest, number: str, step: GrantStep, body: GrantStepIn
) -> GrantStateOut:
    """由授权部门或主管部门办理；即时生效，并告知使用部门。"""
    annotate(request, grant=number, details={"command": step.value})
    done = handle_grant(
        number, GrantCommand(step.value), reason=body.reason, basis=body.basis,
        by=actor_of(request),
    )  # fmt: skip
    return GrantStateOut(
        grant=done.number, state=done.state, state_label=done.state_label,
        basis=done.end_basis, reason=done.end_reason,
    )  # fmt: skip


MoneyPath = Annotated[FeeThing, Path(description="任何收费事项")]


@router.api_operation(
    ["GET", "POST", "PUT", "PATCH", "DELETE"],
    "/grants/{number}/{thing}",
    response={GATE: ProblemOut},
    summary="无偿使用：授权没有价格和账单",
)
@requires(Permission.SHARING_GRANT_READ)
def money(request: HttpRequest, number: str, thing: MoneyPath) -> HttpResponse:
    """Sharing is free (article 5): whatever is asked about money is answered with 409."""
    if not queries.grants_seen_by(actor_of(request)).filter(number=number).exists():
        raise Rejected(refusals.NO_GRANT)
    annotate(request, grant=number, details={"asked": thing.value})
    raise Rejected(refusals.FREE)


def _purpose(request: HttpRequest, number: str) -> str:
    """A file was asked for under a declared purpose, which its later calls carry on."""
    declared = request.GET.get("purpose")
    if declared is not None:
        return declared
    found = queries.held_by(actor_of(request)).filter(number=number)
    return found.values_list("purpose_code", flat=True).first() or ""


def _answer(page: Page, name: str, more: Mapping[str, object]) -> HttpResponse:
    """Put the envelope around the engine's JSON without reading it."""
    head = {
        "grant": page.grant,
        "entry": page.entry_code,
        "version": page.version,
        "snapshot": str(page.snapshot_id),
        "count": page.rows,
        "masked": page.masks,
        "notes": list(notes_of(page.entry_code)),
        **more,
    }
    opening = json.dumps(head, ensure_ascii=False)[:-1]
    body = b"".join((opening.encode(), f', "{name}": '.encode(), page.body, b"}"))
    response = HttpResponse(body, content_type="application/json")
    response["Cache-Control"] = "private, no-store"
    return response


@router.post("/query", response={200: AskOut, GATE: ProblemOut}, summary="即席查询")
@requires(Permission.DELIVERY_QUERY_RUN)
def query(request: HttpRequest, body: AskIn) -> AskOut:
    """一条 SELECT：只能查本部门的表和已授权的表，超出可见级别的列脱敏，行数、时间、字节有上限。"""
    answer = adhoc.ask(
        body.sql, by=actor_of(request), purpose=body.purpose, address=address_of(request)
    )
    annotate(request, rows=answer.rows.num_rows, purpose=body.purpose,
             details={"policies": list(answer.policies), "masks": answer.masks})  # fmt: skip
    return AskOut(
        columns=answer.rows.column_names,
        rows=cells(answer.rows),
        has_more=answer.has_more,
        policies=list(answer.policies),
        masks=answer.masks,
        notes=list(answer.notes),
    )
