"""Pages of the workbench: compile, check, publish, change, receipts."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tongqu.catalog import public, queries
from tongqu.catalog.actions.change import propose_view
from tongqu.catalog.domain import problems
from tongqu.catalog.http.forms import MASKS, ChangeForm, StopForm
from tongqu.catalog.http.pages.editing import accepted, say_report, status_of, where
from tongqu.catalog.http.pages.shown import FIELD_LABELS
from tongqu.catalog.models import EntryVersion
from tongqu.catalog.queries import lists
from tongqu.catalog.queries.tree import AXES, narrowed, tree_of
from tongqu.catalog.vocabulary import EDITABLE, ChangeReason, EntryKind, EntryState, Strategy
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected

TONES = {
    EntryState.DRAFT: "quiet", EntryState.CHECKING: "busy", EntryState.RETURNED: "bad",
    EntryState.PRE_PASSED: "ok", EntryState.IN_REVIEW: "info", EntryState.PUBLISHED: "ok",
    EntryState.TO_UPDATE: "warn", EntryState.CHANGE_REGISTERED: "busy",
    EntryState.CHANGE_PENDING: "busy", EntryState.STOPPED: "past", EntryState.ARCHIVED: "past",
}  # fmt: skip


@require_safe
@requires(P.CATALOG_ENTRY_CHECK)
def manage(request: HttpRequest) -> HttpResponse:
    """What the asker's duty covers, as a tree of level, mode and business, and as a list."""
    actor = actor_of(request)
    chosen = {
        name: [value for value in request.GET.getlist(name)[:20] if value]
        for name in (*(axis for axis, _, _ in AXES), "strategy")
    }
    found = lists.managed(actor)
    branches = tree_of(found).branches
    found = narrowed(found, chosen)
    state = request.GET.get("state", "")
    if state in set(EntryState):
        found = found.filter(state=state)
    page = Paginator(found, 30).get_page(request.GET.get("page"))
    rows = [(version, EntryState(version.state)) for version in page]
    context = {
        "nav": "manage", "page": page, "rows": rows, "tones": TONES, "state": state,
        "states": EntryState, "editable": EDITABLE, "may_draft": actor.may(P.CATALOG_ENTRY_DRAFT),
        "branches": branches, "chosen": chosen, "axes": AXES, "strategies": Strategy,
    }  # fmt: skip
    return render(request, "catalog/manage.html", context)


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
    entry, state = queries.view_of(version), EntryState(version.state)
    shown = queries.report_view(report) if report else None
    context = _may(version, state, actor) | {
        "labels": FIELD_LABELS,
        "nav": "manage",
        "entry": entry,
        "report": shown,
        "places": {f: where(entry, f.field, f.item) for f in shown.findings} if shown else {},
        "state": state,
        "tone": TONES[state],
        "change": queries.change_of(version),
        "proposal": propose_view(version),
        "linked": queries.linked_changes(version),
        "stop": queries.stop_of(version),
        "stop_form": StopForm(),
        "mask_labels": dict(MASKS),
        "is_pre": version.entry.kind == EntryKind.PRE,
    }
    return render(request, "catalog/check.html", context)


def _may(version: EntryVersion, state: EntryState, actor: Actor) -> dict[str, bool]:
    """Return which steps of the page are open to the asker now."""
    is_own = actor.organisation_id == version.entry.owner_id
    in_force = state in {EntryState.PUBLISHED, EntryState.TO_UPDATE}
    return {
        "may_edit": state in EDITABLE and actor.may(P.CATALOG_ENTRY_DRAFT) and is_own,
        "may_submit": state in EDITABLE,
        "may_publish": state is EntryState.IN_REVIEW and actor.may(P.CATALOG_ENTRY_PUBLISH),
        "may_receipt": actor.may(P.CATALOG_RECEIPT_ISSUE)
        and (in_force or state is EntryState.PRE_PASSED),
        "may_formalise": state is EntryState.PRE_PASSED
        and actor.may(P.CATALOG_ENTRY_DRAFT)
        and is_own,
        "may_stop": in_force and is_own and actor.may(P.CATALOG_ENTRY_PUBLISH),
        "may_approve_stop": in_force and actor.may(P.CATALOG_EXCEPTION_APPROVE),
    }


def _step(request: HttpRequest, code: str) -> HttpResponse:
    actor = actor_of(request)
    match request.POST.get("step", ""):
        case "publish":
            entry = public.publish(code, by=actor)
            messages.success(request, f"{entry.version} 版：{entry.state.label}。")
        case "refuse":
            public.refuse_publication(code, reason=request.POST.get("reason", ""), by=actor)
            messages.success(request, "已退回编目员修改。")
        case "formal":
            entry = public.make_formal(code, by=actor)
            messages.success(request, f"已转为正式目录，请在 {entry.version} 版上补充。")
            return redirect("catalog:edit", code=code)
        case "stop":
            return _stop(request, code)
        case "approve_stop":
            stop = public.approve_stop(code, by=actor)
            messages.success(request, f"已批准停用，{stop.effective_on} 起。")
        case "receipt":
            receipt = public.issue_receipt(code, by=actor)
            messages.success(request, f"{receipt.kind.label} {receipt.number} 已签发。")
            return redirect("catalog:receipt", number=receipt.number)
        case "submit":
            report = public.submit_for_check(code, by=actor)
            say_report(request, report.passed, len(report.blocking))
        case _:
            raise Rejected(problems.invalid("step", "没有这项操作"))
    return redirect("catalog:check", code=code)


def _stop(request: HttpRequest, code: str) -> HttpResponse:
    form = StopForm(request.POST)
    if not form.is_valid():
        raise Rejected(problems.invalid("effective_on", "请填写停用原因和停用日期"))
    public.request_stop(code, by=actor_of(request), **form.cleaned_data)
    messages.success(request, "停用申请已提交，待主管部门批准。")
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
        done = accepted(form, lambda: public.register_change(code, by=actor, **given))
        if done is not None:
            messages.success(request, f"变更已登记，请在 {done.version} 版上修改。")
            return redirect("catalog:edit", code=code)
    context = {
        "nav": "manage", "form": form, "entry": queries.view_of(version),
        "notice": queries.notice_for(code), "linked": queries.linked_changes(version),
    }  # fmt: skip
    return render(request, "catalog/change.html", context, status=status_of(form))


@require_safe
@requires(P.CATALOG_ENTRY_CHECK)
def receipts(request: HttpRequest) -> HttpResponse:
    found = lists.issued_receipts(actor_of(request))
    page = Paginator(found, 30).get_page(request.GET.get("page"))
    rows = [queries.receipt_view(receipt) for receipt in page]
    context = {"nav": "receipts", "page": page, "rows": rows}
    return render(request, "catalog/receipts.html", context)
