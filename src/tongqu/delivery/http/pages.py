"""Pages of delivery: my grants, one grant and how to use it, running services."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from tongqu.audit.public import annotate
from tongqu.catalog.vocabulary import ItemView, Manner
from tongqu.delivery import queries
from tongqu.delivery.actions.deliver import query_page
from tongqu.delivery.actions.download import ask_download, fetch_download, find_download
from tongqu.delivery.actions.handle import choices, grounds, handle_grant
from tongqu.delivery.domain import refusals
from tongqu.delivery.domain.gate import Call, Column, columns_of
from tongqu.delivery.http.calls import call_of, note_download, note_page, stamped
from tongqu.delivery.http.files import file_response
from tongqu.delivery.models import Grant
from tongqu.delivery.vocabulary import (
    OPEN_STATES,
    OPERATOR_LABELS,
    FileFormat,
    GrantCommand,
    GrantState,
)
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.security.vocabulary import MASK_LABELS, Mask

PAGE_ROWS = 20
TRIAL_ROWS = 20
USE_DAYS = 30
FORMAT_NOTES = (
    (FileFormat.PARQUET, "类型完整，适合程序读取"),
    (FileFormat.CSV, "UTF-8（带 BOM）原样文本，用表格软件打开时请按文本导入"),
    (FileFormat.XLSX, "表格软件直接打开，最多 1,048,575 行"),
)


@requires(Permission.SHARING_GRANT_READ)
@require_GET
def my_grants(request: HttpRequest) -> HttpResponse:
    found = queries.held_by(actor_of(request))
    return _listed(request, "delivery/my_grants.html", found, nav="my_grants")


@requires(Permission.SHARING_GRANT_READ)
@require_GET
def services(request: HttpRequest) -> HttpResponse:
    """Running services: the grants that let data leave, and what left in thirty days."""
    found = queries.grants_seen_by(actor_of(request)).filter(
        state__in=OPEN_STATES, valid_until__gte=clock.today()
    )
    return _listed(request, "delivery/services.html", found, nav="services")


def _listed(request: HttpRequest, template: str, found: Any, *, nav: str) -> HttpResponse:
    page = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    today = clock.today()
    lately = queries.use_of(shown, today - timedelta(days=USE_DAYS))
    now = queries.use_of(shown, today)
    rows = [
        (
            grant,
            _manners(grant),
            lately.get(grant.pk, queries.Use()),
            now.get(grant.pk, queries.Use()),
        )
        for grant in shown
    ]
    context = {"nav": nav, "page": page, "rows": rows, "today": today, "use_days": USE_DAYS}
    return render(request, template, context)


def _manners(grant: Grant) -> str:
    return "、".join(Manner(manner).label for manner in grant.manners)


@requires(Permission.SHARING_GRANT_READ)
@require_GET
def my_grant(request: HttpRequest, number: str) -> HttpResponse:
    return render(
        request, "delivery/my_grant.html", _grant_context(request, _seen(request, number))
    )


@require_POST
@requires(Permission.DELIVERY_DATA_USE)
def try_it(request: HttpRequest, number: str) -> HttpResponse:
    """The first rows as a table: a call like any other, counted and on record."""
    grant = _seen(request, number)
    call = call_of(request, number, request.POST.get("purpose", ""), Manner.QUERY)
    item, value = request.POST.get("item", ""), request.POST.get("value", "")
    operator = request.POST.get("operator", "eq")
    pairs = [(f"{item}__{operator}" if operator != "eq" else item, value)] if item else []
    try:
        page = query_page(number, call, by=actor_of(request), filters=pairs, limit=TRIAL_ROWS)
    except Rejected as error:
        typed = {"item": item, "operator": operator, "value": value}
        return _with_problem(request, grant, error.problem, typed=typed)
    note_page(request, page)
    names = [column.name for column in _columns(grant)]
    rows = [[row[name] for name in names] for row in json.loads(page.body)]
    context = _grant_context(request, _seen(request, number))
    context |= {"trial": {"page": page, "rows": rows}}
    context |= {"typed": {"item": item, "operator": operator, "value": value}}
    return stamped(request, render(request, "delivery/my_grant.html", context))


@require_POST
@requires(Permission.DELIVERY_DATA_USE)
def start_download(request: HttpRequest, number: str) -> HttpResponse:
    grant = _seen(request, number)
    call = call_of(request, number, request.POST.get("purpose", ""), Manner.DOWNLOAD)
    wanted = request.POST.get("format", FileFormat.PARQUET)
    file_format = FileFormat(wanted) if wanted in set(FileFormat) else FileFormat.PARQUET
    try:
        download = ask_download(number, call, by=actor_of(request), file_format=file_format)
    except Rejected as error:
        return _with_problem(request, grant, error.problem)
    note_download(request, download)
    return redirect("delivery:download", number=number, key=str(download.key))


@require_POST
@requires(Permission.SHARING_GRANT_REVOKE)
def handle(request: HttpRequest, number: str) -> HttpResponse:
    """Suspend, resume, reconfirm or end a grant, from its page."""
    grant = _seen(request, number)
    post = request.POST
    asked = post.get("command", "")
    typed = {name: post.get(name, "").replace("\x00", "") for name in ("reason", "basis")}
    annotate(request, subject=grant.entry_code, grant=number, details={"command": asked[:20]})
    if asked not in set(GrantCommand):
        return _again(request, grant, NO_CHOICE, handled=typed)
    try:
        done = handle_grant(number, GrantCommand(asked), **typed, by=actor_of(request))
    except Rejected as error:
        return _again(request, grant, error.problem, handled=typed | {"command": asked})
    messages.success(request, f"授权 {number} 当前为“{done.state_label}”。")
    return redirect("delivery:my_grant", number=number)


NO_CHOICE = Problem(
    code="DECISION_REQUIRED",
    title="没有选择处置方式。",
    next_step="请先选择一项再提交。",
    fields={"command": "请选择一项。"},
)


@requires(Permission.DELIVERY_DATA_USE)
@require_GET
def download(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """Progress of a download; the page asks again by itself, or by its own button.

    It hands over no row, so it leaves none in the trail: it is asked every two seconds.
    """
    grant = _seen(request, number)
    call = Call(Manner.DOWNLOAD, grant.purpose_code, request.META.get("REMOTE_ADDR", ""))
    found = find_download(number, key, call, by=actor_of(request))
    context = {
        "nav": "my_grants",
        "grant": grant,
        "download": found,
        "is_waiting": found.state in {"queued", "running"},
        "masks": _mask_words(found.masks, grant),
    }
    return render(request, "delivery/download.html", context)


@requires(Permission.DELIVERY_DATA_USE)
@require_GET
def download_file(request: HttpRequest, number: str, key: str) -> HttpResponseBase:
    grant = _seen(request, number)
    call = call_of(request, number, grant.purpose_code, Manner.DOWNLOAD)
    found = fetch_download(number, key, call, by=actor_of(request))
    response = file_response(request, found)
    note_download(request, found, rows=0 if response.status_code == 206 else found.rows)
    return stamped(request, response)


def _seen(request: HttpRequest, number: str) -> Grant:
    found = queries.grants_seen_by(actor_of(request)).filter(number=number).first()
    if found is None:
        raise Rejected(refusals.NO_GRANT)
    return found


def _with_problem(
    request: HttpRequest, grant: Grant, problem: Problem, **more: Any
) -> HttpResponse:
    """The page again, as the answer to a call for data."""
    return stamped(request, _again(request, grant, problem, **more))


def _again(request: HttpRequest, grant: Grant, problem: Problem, **more: Any) -> HttpResponse:
    """The page again, with what was typed, what stands in the way and what to do."""
    annotate(request, code=problem.code, basis=problem.basis)
    context = _grant_context(request, grant) | {"problem": problem} | more
    return render(request, "delivery/my_grant.html", context, status=422)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item of the grant's page; ``how`` tells how it leaves."""

    item: ItemView
    how: str
    is_masked: bool
    is_hidden: bool


def _columns(grant: Grant) -> tuple[Column, ...]:
    return columns_of(queries.terms_of(grant), queries.items_of(grant))


def _item_rows(grant: Grant) -> list[ItemRow]:
    shown = {column.name: column for column in _columns(grant)}
    rows = []
    for item in queries.items_of(grant):
        column = shown.get(item.name_en)
        if column is None:
            rows.append(ItemRow(item, "不提供", False, True))
        elif column.mask:
            rows.append(ItemRow(item, MASK_LABELS[Mask(column.mask)], True, False))
        else:
            rows.append(ItemRow(item, "降低精度" if column.rounding else "原值", False, False))
    return rows


def _mask_words(masks: dict[str, str], grant: Grant) -> str:
    titles = {item.name_en: item.name_zh for item in queries.items_of(grant)}
    return "、".join(f"{titles.get(n, n)}（{MASK_LABELS[Mask(m)]}）" for n, m in masks.items())


def _scope(grant: Grant) -> list[str]:
    """Return the conditions of the grant in words: the terms of a decision, not rows of data."""
    titles = {item.name_en: item.name_zh for item in queries.items_of(grant)}
    return [
        f"{titles.get(f.item, f.item)}{OPERATOR_LABELS[f.operator]} {'、'.join(f.values)}"
        for f in queries.terms_of(grant).row_filter
    ]


def _grant_context(request: HttpRequest, grant: Grant) -> dict[str, Any]:
    actor = actor_of(request)
    is_mine = grant.consumer_id == actor.organisation_id
    used = queries.used_today(grant)
    days = queries.use_by_day(grant, USE_DAYS)
    columns = _columns(grant)
    return {
        "nav": "my_grants" if is_mine else "services",
        "grant": grant,
        "manners": [Manner(manner) for manner in grant.manners],
        "items": _item_rows(grant),
        "columns": columns,
        "filterable": [column for column in columns if column.may_filter],
        "scope": _scope(grant),
        "days": days,
        "most": max((day.rows for day in days), default=0),
        "used": used,
        "left": None if grant.quota_rows_per_day is None else grant.quota_rows_per_day - used,
        "downloads": queries.downloads_of(grant) if is_mine else [],
        "formats": FORMAT_NOTES,
        "may_use": is_mine
        and actor.may(Permission.DELIVERY_DATA_USE)
        and GrantState(grant.state) in OPEN_STATES
        and grant.valid_from <= clock.today() <= grant.valid_until,
        "base": request.build_absolute_uri("/api/v1/data/"),
        "today": clock.today(),
        "typed": {},
        "may_change_purpose": is_mine
        and bool(grant.source_reference)
        and GrantState(grant.state) in OPEN_STATES
        and actor.may(Permission.SHARING_REQUEST_SUBMIT),
        **_handling(grant, actor),
    }


def _handling(grant: Grant, actor: Actor) -> dict[str, Any]:
    offered = choices(grant, actor)
    return {
        "choices": offered,
        "grounds": grounds() if any(choice.needs_basis for choice in offered) else [],
        "handled": {},
    }
