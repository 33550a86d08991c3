"""Code tables with versions and cross-walks: read, compare, import, export."""

import json
from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from tongqu.audit.public import annotate
from tongqu.identity.public import actor_of, require, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.standards import ports
from tongqu.standards.actions.codes import save_code_table, save_crosswalk
from tongqu.standards.actions.guards import understood
from tongqu.standards.domain import code_files
from tongqu.standards.domain.code_tables import difference, document_of
from tongqu.standards.http import forms
from tongqu.standards.models import CodeTableVersion, Crosswalk
from tongqu.standards.queries import codes as reading
from tongqu.standards.queries.library import standard
from tongqu.standards.vocabulary import Code, CodeTable

NAV = "code_tables"
PER_PAGE = 200


@require_safe
@requires(P.STANDARDS_LIBRARY_READ)
def code_tables(request: HttpRequest) -> HttpResponse:
    context = {
        "nav": NAV,
        "tables": reading.code_tables(),
        "crosswalks": Crosswalk.objects.all(),
        "may_edit": actor_of(request).may(P.STANDARDS_LIBRARY_EDIT),
    }
    return render(request, "standards/code_tables.html", context)


@require_safe
@requires(P.STANDARDS_LIBRARY_READ)
def code_table(request: HttpRequest, name: str) -> HttpResponse:
    """One table: a version, the codes valid on a day, what changed between two versions."""
    on, says = _day(request.GET.get("on", ""))
    row = reading.get_version(name, request.GET.get("version", ""), on)
    table = reading.table_of(row)
    codes: tuple[Code, ...] = table.on(on) if on else table.codes
    page = Paginator(codes, PER_PAGE).get_page(request.GET.get("page"))
    versions = list(CodeTableVersion.objects.filter(name=name).defer("codes"))
    other = request.GET.get("with", "")
    context = {
        "nav": NAV,
        "table": table,
        "row": row,
        "has_standard": bool(table.standard and standard(table.standard)),
        "page": page,
        "on": on,
        "says": says,
        "typed_on": request.GET.get("on", ""),
        "versions": versions,
        "others": [one for one in versions if one.pk != row.pk],
        "other": other,
        "change": _change(name, other, table) if other else None,
        "crosswalks": reading.crosswalks_of(name),
        "may_edit": actor_of(request).may(P.STANDARDS_LIBRARY_EDIT),
    }
    return render(request, "standards/code_table.html", context, status=422 if says else 200)


def _day(text: str) -> tuple[date | None, str]:
    if not text:
        return None, ""
    try:
        return date.fromisoformat(text), ""
    except ValueError:
        return None, "请填写 2026-09-24 样式的日期。"


def _change(name: str, other: str, table: CodeTable) -> object:
    old = reading.table_of(reading.get_version(name, other))
    return difference(old.codes, table.codes)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.STANDARDS_LIBRARY_EDIT)
def edit(request: HttpRequest, name: str = "") -> HttpResponse:
    """Keep a new version of a code table, or correct one, from a file or typed lines."""
    initial: dict[str, object] = {"valid_from": clock.today()}
    if name:
        initial = _initial(reading.get_version(name, request.GET.get("version", "")))
    form = forms.CodeTableForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            table = _keep(request, form)
        except Rejected as refused:
            form.add_problem(refused.problem)
        else:
            messages.success(
                request, f"{table.name} {table.version} 已保存，共 {len(table.codes)} 个代码。"
            )
            return redirect("standards:code_table", name=table.name)
    context = {"nav": NAV, "form": form, "title": f"维护代码集 {name}" if name else "登记代码集",
               "action": "保存代码集", "back": "standards:code_tables"}  # fmt: skip
    return render(request, "standards/form.html", context, status=422 if form.errors else 200)


def _initial(row: CodeTableVersion) -> dict[str, object]:
    names = ("name", "title", "version", "standard", "valid_from", "note", "is_example", "edition")
    table = reading.table_of(row)
    typed = [",".join(line).rstrip(",") for line in code_files.lines_of(table.codes)]
    return {name: getattr(row, name) for name in names} | {"lines": "\n".join(typed)}


def _keep(request: HttpRequest, form: forms.CodeTableForm) -> CodeTable:
    given = form.cleaned_data
    with understood():
        rows, notices = code_files.documents(_rows(form))
    names = ("name", "title", "version", "standard", "valid_from", "note", "is_example")
    document = {name: given[name] for name in names} | {"codes": rows}
    table = save_code_table(document, by=actor_of(request), edition=given["edition"])
    annotate(request, subject=f"{table.name} {table.version}")
    for notice in notices:
        messages.warning(request, notice)
    return table


def _rows(form: forms.CodeTableForm) -> list[list[object]]:
    file = form.cleaned_data["file"]
    if file is None:
        return code_files.typed_rows(form.cleaned_data["lines"])
    if file.size > forms.MOST_FILE:
        raise Rejected(_bad_file("文件超过 5 MB。", "请拆成几个代码集。"))
    try:
        return ports.files().read(file.read(), name=file.name)
    except ports.BadFile as bad:
        raise Rejected(_bad_file(bad.title, bad.next_step)) from None


def _bad_file(title: str, next_step: str) -> Problem:
    return Problem("BAD_FILE", title, next_step, fields={"file": f"{title}{next_step}"})


@require_safe
@requires(P.STANDARDS_LIBRARY_READ)
def file(request: HttpRequest, name: str) -> HttpResponse:
    """Give a version as xlsx, csv or JSON; each is read back by the import."""
    table = reading.table_of(reading.get_version(name, request.GET.get("version", "")))
    form = request.GET.get("form", "xlsx")
    title = f"{table.name}-{table.version}"
    if form == "csv":  # with a mark, so that spreadsheets read it as UTF-8
        content = ("\ufeff" + code_files.csv_of(table.codes)).encode()
        kind = "text/csv; charset=utf-8"
    elif form == "json":
        content = json.dumps(document_of(table), ensure_ascii=False, default=str, indent=1).encode()
        kind = "application/json"
    else:
        form, kind = "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        content = ports.files().write(
            table.name, code_files.HEADERS, code_files.lines_of(table.codes)
        )
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, f"{title}.{form}")
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.STANDARDS_LIBRARY_EDIT)
def crosswalk_new(request: HttpRequest) -> HttpResponse:
    return _crosswalk(request, "", "")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.STANDARDS_LIBRARY_READ)
def crosswalk(request: HttpRequest, source: str, target: str) -> HttpResponse:
    """One cross-walk with the words of both sides; editors keep it here."""
    return _crosswalk(request, source, target)


def _crosswalk(request: HttpRequest, source: str, target: str) -> HttpResponse:
    actor = actor_of(request)
    row = Crosswalk.objects.filter(source=source, target=target).first()
    pairs = reading.crosswalk(source, target) if source else ()
    form = forms.CrosswalkForm(request.POST or None, initial=_pairs_initial(row))
    if request.method == "POST":
        require(actor, P.STANDARDS_LIBRARY_EDIT)
        if kept := _keep_pairs(form, actor):
            messages.success(request, "对照已保存。")
            return redirect("standards:crosswalk", source=kept[0], target=kept[1])
    may_edit = actor.may(P.STANDARDS_LIBRARY_EDIT)
    context = {
        "nav": NAV, "source": source, "target": target, "row": row,
        "pairs": reading.labelled(source, target, pairs) if source else (),
        "form": form if may_edit and (row or not source) else None,
    }  # fmt: skip
    return render(request, "standards/crosswalk.html", context, status=422 if form.errors else 200)


def _keep_pairs(form: forms.CrosswalkForm, by: Actor) -> tuple[str, str] | None:
    if not form.is_valid():
        return None
    try:
        save_crosswalk(form.document(), by=by, edition=form.cleaned_data["edition"])
    except Rejected as refused:
        form.add_problem(refused.problem)
        return None
    return form.cleaned_data["source"], form.cleaned_data["target"]


def _pairs_initial(row: Crosswalk | None) -> dict[str, object]:
    if row is None:
        return {}
    typed = [",".join(pair).rstrip(",") for pair in row.pairs]
    names = ("source", "target", "title", "is_example", "edition")
    return {name: getattr(row, name) for name in names} | {"lines": "\n".join(typed)}
