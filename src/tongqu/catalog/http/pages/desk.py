"""Pages of the workbench: compile, check, publish, change, receipts."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tongqu.catalog import public, queries
from tongqu.catalog.domain import problems
from tongqu.catalog.http.forms import (
    MASKS,
    ChangeForm,
    EntryForm,
    ItemFormSet,
    NewEntryForm,
    initial_items,
    items_of,
)
from tongqu.catalog.models import EntryVersion
from tongqu.catalog.queries import lists
from tongqu.catalog.vocabulary import EDITABLE, ChangeReason, EntryKind, EntryState
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Rejected

TONES = {
    EntryState.DRAFT: "quiet", EntryState.CHECKING: "busy", EntryState.RETURNED: "bad",
    EntryState.PRE_PASSED: "ok", EntryState.IN_REVIEW: "info", EntryState.PUBLISHED: "ok",
    EntryState.TO_UPDATE: "warn", EntryState.CHANGE_REGISTERED: "busy",
    EntryState.CHANGE_PENDING: "busy", EntryState.STOPPED: "past", EntryState.ARCHIVED: "past",
}  # fmt: skip


FIELD_LABELS = {name: str(field.label) for name, field in EntryForm.base_fields.items()}
FIELD_LABELS["items"] = "信息项"


@require_safe
@requires(P.CATALOG_ENTRY_CHECK)
def manage(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    found = lists.managed(actor)
    state = request.GET.get("state", "")
    if state in set(EntryState):
        found = found.filter(state=state)
    page = Paginator(found, 30).get_page(request.GET.get("page"))
    rows = [(version, EntryState(version.state)) for version in page]
    context = {
        "nav": "manage", "page": page, "rows": rows, "tones": TONES, "state": state,
        "states": EntryState, "editable": EDITABLE, "may_draft": actor.may(P.CATALOG_ENTRY_DRAFT),
    }  # fmt: skip
    return render(request, "catalog/manage.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.CATALOG_ENTRY_DRAFT)
def new(request: HttpRequest) -> HttpResponse:
    form = NewEntryForm(request.POST or None)
    formset = ItemFormSet(request.POST or None, prefix="items")
    if request.method == "POST" and form.is_valid() and formset.is_valid():
        actor = actor_of(request)
        fields = form.columns() | {"items": items_of(formset)}
        entry = _accepted(
            form,
            lambda: public.new_draft(
                name=fields.pop("name"), owner_id=actor.organisation_id or 0, by=actor,
                fields=fields,
            ),
        )  # fmt: skip
        if entry is not None:
            messages.success(request, f"草稿已保存，目录标识 {entry.code}。")
            return redirect("catalog:edit", code=entry.code)
    context = {"nav": "manage", "form": form, "formset": formset, "entry": None}
    return render(request, "catalog/edit.html", context, status=_status(form, formset))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.CATALOG_ENTRY_DRAFT)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    version = _own_work(request, code)
    initial = EntryForm.initial_of(version)
    form = EntryForm(request.POST or None, initial=initial)
    # Rows are read from what was sent alone: compared with the stored ones, an unchanged
    # row would count as empty and vanish.
    formset = (
        ItemFormSet(request.POST, prefix="items")
        if request.method == "POST"
        else ItemFormSet(initial=initial_items(queries.view_of(version).items), prefix="items")
    )
    if request.method == "POST" and form.is_valid() and formset.is_valid():
        fields = form.columns() | {"items": items_of(formset)}
        edition = form.cleaned_data["edition"]
        entry = _accepted(
            form,
            lambda: public.edit_draft(code, by=actor_of(request), fields=fields, edition=edition),
        )
        if entry is not None:
            if "check" in request.POST:
                return check(request, code)
            messages.success(request, "草稿已保存。")
            return redirect("catalog:edit", code=code)
    context = {
        "nav": "manage", "form": form, "formset": formset, "version": version,
        "entry": queries.view_of(version),
    }  # fmt: skip
    return render(request, "catalog/edit.html", context, status=_status(form, formset))


def _accepted(form: Any, act: Any) -> Any:
    """Return what the action returned; a mistake in a field goes back to that field."""
    try:
        return act()
    except Rejected as rejected:
        fields = rejected.problem.fields
        if not fields:
            raise
        for name, message in fields.items():
            form.add_error(name if name in form.fields else None, message)
        return None


def _status(*forms: Any) -> int:
    return 422 if any(form.is_bound and not form.is_valid() for form in forms) else 200


def _own_work(request: HttpRequest, code: str) -> EntryVersion:
    actor = actor_of(request)
    version = queries.working(code)
    known = version or queries.newest(code)
    if known is None or known.entry.owner_id != actor.organisation_id:
        is_public = known is not None and queries.in_force(code) is not None
        raise Rejected(problems.NOT_YOUR_ENTRY if is_public else problems.NOT_FOUND)
    if version is None:
        raise Rejected(problems.FROZEN)
    if EntryState(version.state) not in EDITABLE:
        raise Rejected(problems.IN_PROCESS)
    return version


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.CATALOG_ENTRY_CHECK)
def check(request: HttpRequest, code: str) -> HttpResponse:
    """The report: rule, field, remedy, clause; and the steps that are open now."""
    actor = actor_of(request)
    if request.method == "POST":
        return _step(request, code)
    version = queries.working(code) or queries.newest(code)
    if version is None or not queries.may_see_drafts(version.entry, actor):
        raise Rejected(problems.NOT_FOUND)
    report = queries.last_report(version)
    state = EntryState(version.state)
    context = {
        "labels": FIELD_LABELS,
        "nav": "manage",
        "entry": queries.view_of(version),
        "report": queries.report_view(report) if report else None,
        "state": state,
        "tone": TONES[state],
        "change": queries.change_of(version),
        "may_edit": state in EDITABLE
        and actor.may(P.CATALOG_ENTRY_DRAFT)
        and actor.organisation_id == version.entry.owner_id,
        "may_submit": state in EDITABLE,
        "may_publish": state is EntryState.IN_REVIEW and actor.may(P.CATALOG_ENTRY_PUBLISH),
        "may_receipt": actor.may(P.CATALOG_RECEIPT_ISSUE)
        and state in {EntryState.PRE_PASSED, EntryState.PUBLISHED, EntryState.TO_UPDATE},
        "mask_labels": dict(MASKS),
        "is_pre": version.entry.kind == EntryKind.PRE,
    }
    return render(request, "catalog/check.html", context)


def _step(request: HttpRequest, code: str) -> HttpResponse:
    actor = actor_of(request)
    match request.POST.get("step", "submit"):
        case "publish":
            entry = public.publish(code, by=actor)
            messages.success(request, f"{entry.version} 版：{entry.state.label}。")
        case "refuse":
            public.refuse_publication(code, reason=request.POST.get("reason", ""), by=actor)
            messages.success(request, "已退回编目员修改。")
        case "receipt":
            receipt = public.issue_receipt(code, by=actor)
            messages.success(request, f"{receipt.kind.label} {receipt.number} 已签发。")
            return redirect("catalog:receipt", number=receipt.number)
        case _:
            report = public.submit_for_check(code, by=actor)
            if report.passed:
                messages.success(request, "合规性检测通过。")
            else:
                messages.error(request, f"合规性检测未通过：{len(report.blocking)} 处须改正。")
    return redirect("catalog:check", code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.CATALOG_CHANGE_REGISTER)
def change(request: HttpRequest, code: str) -> HttpResponse:
    actor = actor_of(request)
    version = queries.in_force(code)
    if version is None or version.entry.owner_id != actor.organisation_id:
        raise Rejected(problems.NOT_YOUR_ENTRY if version else problems.NOT_PUBLISHED)
    form = ChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {"reason": ChangeReason(form.cleaned_data["reason"])}
        done = _accepted(form, lambda: public.register_change(code, by=actor, **given))
        if done is not None:
            messages.success(request, f"变更已登记，请在 {done.version} 版上修改。")
            return redirect("catalog:edit", code=code)
    context = {
        "nav": "manage", "form": form, "entry": queries.view_of(version),
        "notice": queries.notice_for(code),
    }  # fmt: skip
    return render(request, "catalog/change.html", context, status=_status(form))


@require_safe
@requires(P.CATALOG_ENTRY_CHECK)
def receipts(request: HttpRequest) -> HttpResponse:
    found = lists.issued_receipts(actor_of(request))
    page = Paginator(found, 30).get_page(request.GET.get("page"))
    rows = [queries.receipt_view(receipt) for receipt in page]
    context = {"nav": "receipts", "page": page, "rows": rows}
    return render(request, "catalog/receipts.html", context)
