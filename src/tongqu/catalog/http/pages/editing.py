"""Pages that write a draft: a new one, and the edit page in four steps."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tongqu.catalog import public, queries
from tongqu.catalog.actions.change import propose_view
from tongqu.catalog.domain import problems, versions
from tongqu.catalog.domain.pasting import COLUMNS, pasted
from tongqu.catalog.http.forms import (
    STEPS,
    EntryForm,
    ItemFormSet,
    ItemPageSet,
    NewEntryForm,
    initial_items,
    items_of,
)
from tongqu.catalog.http.pages.shown import FIELD_LABELS, FIELD_STEPS, core_metadata
from tongqu.catalog.models import EntryVersion
from tongqu.catalog.vocabulary import EDITABLE, EntryState, EntryView, ItemView
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel import clock
from tongqu.kernel.problems import Rejected

PER_PAGE = 40  # items on one page of the items step


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.CATALOG_ENTRY_DRAFT)
def new(request: HttpRequest) -> HttpResponse:
    """The first step of a new entry; a post may also bring the other steps along."""
    actor = actor_of(request)
    is_whole = request.method == "POST" and "sharing_type" in request.POST
    initial = {"accountable": f"{actor.organisation_name[:100]}编目岗"}
    form = NewEntryForm(request.POST or None, initial=initial, step="" if is_whole else "basic")
    formset = ItemFormSet(request.POST, prefix="items") if _has_items(request) else None
    if request.method == "POST" and form.is_valid() and (formset is None or formset.is_valid()):
        fields = form.columns() | ({"items": items_of(formset)} if formset is not None else {})
        entry = accepted(
            form,
            lambda: public.new_draft(
                name=fields.pop("name"), owner_id=actor.organisation_id or 0, by=actor,
                fields=fields,
            ),
        )  # fmt: skip
        if entry is not None:
            messages.success(request, f"草稿已保存，目录标识 {entry.code}。")
            return redirect(step_url(entry.code, "items"))
    context = {"nav": "manage", "form": form, "steps": STEPS, "step": "basic", "entry": None}
    return render(request, "catalog/edit.html", context, status=status_of(form, formset))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.CATALOG_ENTRY_DRAFT)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The edit page: one step at a time; a post without ``step`` holds the whole entry."""
    version = own_work(request, code)
    if request.method == "POST":
        return _save(request, version)
    step = request.GET.get("step", "basic")
    return _show(request, version, step if step in dict(STEPS) else "basic")


@dataclass(frozen=True, slots=True)
class _Slice:
    """The part of the items that a page of the items step stands for."""

    start: int
    count: int
    page: int
    pages: int

    def put(self, items: tuple[ItemView, ...], rows: tuple[ItemView, ...]) -> tuple[ItemView, ...]:
        return (*items[: self.start], *rows, *items[self.start + self.count :])


def _slice_of(request: HttpRequest, total: int) -> _Slice:
    pages = max(1, -(-total // PER_PAGE))
    given = request.POST if request.method == "POST" else request.GET
    page = min(max(_number(given.get("page"), 1), 1), pages)
    start = (page - 1) * PER_PAGE
    count = min(PER_PAGE, total - start)
    if request.method == "POST":  # what the form was made from, not what stands there now
        start = min(_number(request.POST.get("start"), start), total)
        count = min(_number(request.POST.get("count"), count), total - start)
    return _Slice(start, count, page, pages)


def _number(text: str | None, default: int) -> int:
    ok = text and text.isascii() and text.isdecimal() and len(text) < 7
    return int(text) if ok and text else default


def _show(request: HttpRequest, version: EntryVersion, step: str, **given: Any) -> HttpResponse:
    entry = queries.view_of(version)
    context: dict[str, Any] = {
        "nav": "manage", "entry": entry, "version": version, "steps": STEPS, "step": step,
        "form": EntryForm(initial=EntryForm.initial_of(version), step=step),
        "status": 200,
    }  # fmt: skip
    if step == "items":
        part = _slice_of(request, len(entry.items))
        rows = initial_items(entry.items[part.start : part.start + part.count])
        kind = ItemFormSet if part.page == part.pages else ItemPageSet
        context |= {
            "part": part, "formset": kind(initial=rows, prefix="items"), "columns": COLUMNS,
            "numbers": range(1, part.pages + 1), "total": len(entry.items),
        }  # fmt: skip
    if step == "submit":
        report = public.dry_run(entry.code, by=actor_of(request))
        context |= {
            "report": report, "labels": FIELD_LABELS, "metadata": core_metadata(entry),
            "places": {f: where(entry, f.field, f.item) for f in report.findings},
            "proposal": propose_view(version),
        }  # fmt: skip
    context |= given
    return render(request, "catalog/edit.html", context, status=context["status"])


def where(entry: EntryView, field: str, item: str) -> str:
    """Return the address of the form field that a finding names."""
    step = FIELD_STEPS.get(field, "basic")
    base = step_url(entry.code, step)
    if step != "items":
        return f"{base}#id_{field}"
    place = next((n for n, i in enumerate(entry.items) if item in {i.name_en, i.name_zh}), 0)
    page, row = divmod(place, PER_PAGE)
    return f"{base}&page={page + 1}#id_items-{row}-name_zh"


def step_url(code: str, step: str) -> str:
    return f"{reverse('catalog:edit', args=[code])}?step={step}"


def _has_items(request: HttpRequest) -> bool:
    return "items-TOTAL_FORMS" in request.POST


def _save(request: HttpRequest, version: EntryVersion) -> HttpResponse:
    code, step = version.entry.code, request.POST.get("step", "")
    if step == "items" and "paste" in request.POST:
        return _paste(request, version)
    initial = EntryForm.initial_of(version)
    form = EntryForm(request.POST, initial=initial, step=step)
    # Rows are read from what was sent alone: compared with the stored ones, an unchanged
    # row would count as empty and vanish.
    formset = ItemFormSet(request.POST, prefix="items") if _has_items(request) else None
    if not form.is_valid() or (formset is not None and not formset.is_valid()):
        return _invalid(request, version, form, formset)
    fields = form.columns()
    if formset is not None:
        fields["items"] = _rows(request, version, formset, step)
    return _stored(request, version, form, fields, step) or redirect(step_url(code, step))


def _rows(
    request: HttpRequest, version: EntryVersion, formset: Any, step: str
) -> tuple[ItemView, ...]:
    rows = items_of(formset)
    if step != "items":
        return rows
    known = queries.view_of(version).items
    return _slice_of(request, len(known)).put(known, rows)


def _stored(
    request: HttpRequest, version: EntryVersion, form: EntryForm, fields: dict[str, Any], step: str
) -> HttpResponse | None:
    """Write the draft and answer; a draft that somebody else changed is shown beside ours."""
    code, edition = version.entry.code, form.cleaned_data.get("edition")
    try:
        entry = accepted(
            form,
            lambda: public.edit_draft(code, by=actor_of(request), fields=fields, edition=edition),
        )
    except Rejected as rejected:
        if rejected.problem.code != "ENTRY_CHANGED":
            raise
        return _conflict(request, version, fields)
    if entry is None:
        return _invalid(request, version, form, None)
    if request.headers.get("X-Autosave"):
        edition = EntryVersion.objects.values_list("edition", flat=True).get(pk=version.pk)
        before = len(queries.view_of(version).items)  # as it stood when the form came
        grown = len(fields["items"]) - before if "items" in fields else 0
        count = _slice_of(request, before).count + grown
        return JsonResponse({"edition": edition, "count": count, "at": f"{_now():%H:%M}"})
    if "check" in request.POST:
        report = public.submit_for_check(code, by=actor_of(request))
        say_report(request, report.passed, len(report.blocking))
        return redirect("catalog:check", code=code)
    messages.success(request, "草稿已保存。")
    return redirect(_after(request, code, step))


def _after(request: HttpRequest, code: str, step: str) -> str:
    """Return where one goes on: the next step, or the same page of the same one."""
    names = [name for name, _ in STEPS]
    if "next" in request.POST and step in names:
        return step_url(code, names[min(names.index(step) + 1, len(names) - 1)])
    if step == "items":
        return f"{step_url(code, step)}&page={_number(request.POST.get('page'), 1)}"
    return step_url(code, step or "basic")


def _now() -> Any:
    return clock.now().astimezone(clock.SHANGHAI)


def say_report(request: HttpRequest, passed: bool, blocking: int) -> None:
    if passed:
        messages.success(request, "合规性检测通过。")
    else:
        messages.error(request, f"合规性检测未通过：{blocking} 处须改正。")


def _paste(request: HttpRequest, version: EntryVersion) -> HttpResponse:
    known = queries.view_of(version).items
    kept = () if request.POST.get("replace") else known
    text = request.POST.get("text", "")[:400_000]
    items, faults = pasted(text, first=len(kept) + 1)
    if faults or not items or len(kept) + len(items) > 2000:
        wrong = [str(fault) for fault in faults] or ["没有可用的行，或信息项超过 2000 个"]
        return _show(request, version, "items", paste_faults=wrong[:20], text=text, status=422)
    edition = _number(request.POST.get("edition"), version.edition)
    fields = {"items": (*kept, *items)}
    code = version.entry.code
    try:
        public.edit_draft(code, by=actor_of(request), fields=fields, edition=edition)
    except Rejected as rejected:
        if rejected.problem.code != "ENTRY_CHANGED":
            raise
        return _conflict(request, version, fields)
    messages.success(request, f"已粘贴 {len(items)} 个信息项。")
    return redirect(step_url(code, "items"))


def _invalid(
    request: HttpRequest, version: EntryVersion, form: EntryForm, formset: Any
) -> HttpResponse:
    if request.headers.get("X-Autosave"):
        return JsonResponse({"problem": "有内容填写不正确，未自动保存"}, status=422)
    step = request.POST.get("step", "")
    given: dict[str, Any] = {"form": form, "status": 422}
    if formset is not None:
        given["formset"] = formset
    return _show(request, version, step, **given)


def _conflict(request: HttpRequest, version: EntryVersion, fields: dict[str, Any]) -> HttpResponse:
    """Show what stands now beside what was sent (409); nothing of either is lost."""
    if request.headers.get("X-Autosave"):
        words = {"problem": "他人已修改这份草稿，自动保存已停止；保存时可比较两份内容"}
        return JsonResponse(words, status=409)
    stored = queries.view_of(version)
    rows = [
        (FIELD_LABELS[name], versions.show(old), versions.show(fields[name]))
        for name in FIELD_LABELS
        if name in fields
        and name != "items"
        and (old := _plain(getattr(version, name))) != _plain(fields[name])
    ]
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", "edition"}
        for value in values
    ]
    differences = versions.of_items(stored.items, fields.get("items", stored.items))
    context = {
        "nav": "manage", "entry": stored, "version": version, "rows": rows, "sent": sent,
        "differences": differences, "step": request.POST.get("step", "basic"),
    }  # fmt: skip
    return render(request, "catalog/conflict.html", context, status=409)


def _plain(value: Any) -> Any:
    """Return a value so that a list and a tuple, a blank and nothing, compare equal."""
    return tuple(value) if isinstance(value, (list, tuple)) else (value or "")


def accepted(form: Any, act: Callable[[], Any]) -> Any:
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


def status_of(*forms: Any) -> int:
    bound = [form for form in forms if form is not None and form.is_bound]
    return 422 if any(not form.is_valid() for form in bound) else 200


def own_work(request: HttpRequest, code: str) -> EntryVersion:
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
