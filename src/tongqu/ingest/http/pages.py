"""Pages of ingest: tasks, a source, a batch, the rejected rows."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongqu.audit.public import annotate
from tongqu.catalog.vocabulary import DataType, UpdateCycle
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.ingest import public
from tongqu.ingest.actions.fixes import fixed_values
from tongqu.ingest.actions.receive import received
from tongqu.ingest.actions.withdrawals import HELD, is_held, is_newest
from tongqu.ingest.http.forms import OptionsForm, SourceForm, UploadForm
from tongqu.ingest.http.pulls import pull_context
from tongqu.ingest.models import Batch, Run, Source
from tongqu.ingest.queries import (
    batch_view,
    contract_of,
    lag,
    last_batches,
    last_runs,
    run_state,
    seen_batch,
    seen_source,
    source_view,
    sources_for,
)
from tongqu.ingest.vocabulary import (
    BatchState,
    FileOptions,
    Fix,
    Freshness,
    RunState,
    SourceView,
)
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.standards.vocabulary import Effect

TONES = {
    RunState.NEVER: "quiet", RunState.RUNNING: "busy", RunState.SUCCESS: "ok",
    RunState.PARTIAL: "warn", RunState.FAILURE: "bad", RunState.LATE: "warn",
}  # fmt: skip
BATCH_TONES = {
    BatchState.OPEN: "busy", BatchState.CLOSED: "ok",
    BatchState.QUARANTINED: "bad", BatchState.FAILED: "bad",
}  # fmt: skip


def _cycle(value: str) -> str:
    return UpdateCycle(value).label if value in set(UpdateCycle) else "未登记"


def _row(source: Source, last: Batch | None, run: Run | None) -> dict[str, Any]:
    state = run_state(source, last, run)
    behind = lag(source, clock.now())
    return {
        "source": source,
        "last": last,
        "state": state,
        "tone": TONES[state],
        "cycle": _cycle(source.cycle),
        "is_late": source.freshness == Freshness.LATE,
        "lag_hours": int(behind.total_seconds() // 3600) if behind is not None else None,
    }


@require_safe
@requires(P.INGEST_BATCH_READ)
def tasks(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    sources = list(sources_for(actor))
    newest, runs = last_batches(sources), last_runs(sources)
    context = {
        "nav": "ingest",
        "rows": [_row(row, newest.get(row.pk), runs.get(row.pk)) for row in sources],
        "may_register": actor.may(P.INGEST_SOURCE_REGISTER),
    }
    return render(request, "ingest/tasks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.INGEST_SOURCE_REGISTER)
def new(request: HttpRequest) -> HttpResponse:
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor = actor_of(request)
        try:
            view = _registered(form, actor)
        except Rejected as error:
            field = next((f for f in error.problem.fields if f in form.fields), None)
            form.add_error(field, f"{error.problem.title}{error.problem.next_step}")
        else:
            then = "接入文件" if view.columns else "用一份真实文件探查"
            messages.success(request, f"来源已登记。下一步：{then}。")
            return redirect("ingest:task", view.code)
    return render(request, "ingest/new.html", {"nav": "ingest", "form": form})


def _registered(form: SourceForm, actor: Actor) -> SourceView:
    facts: dict[str, Any] = {name: form.cleaned_data[name] for name in ("code", "name", "cycle")}
    facts |= {
        "provider_id": actor.organisation_id or 0, "by": actor, "options": form.options(),
    }  # fmt: skip
    entry_code = form.cleaned_data["entry_code"]
    if entry_code:
        if facts["options"] == FileOptions():  # nothing chosen: as the entry says
            facts["options"] = None
        return public.register_source_for_entry(entry_code, **facts)
    return public.register_source(**facts)


def _task_context(
    source: Source, actor: Actor, form: UploadForm, number: str | None = None
) -> dict[str, Any]:
    page = Paginator(source.batches.all(), 30).get_page(number)
    states = [(row, BatchState(row.state)) for row in page]
    own = actor.organisation_id == source.provider_id
    return {
        **pull_context(source),
        "nav": "ingest",
        "view": source_view(source),
        "row": _row(source, source.batches.first(), source.runs.first()),
        "page": page,
        "profile": source.profile,
        "types": {word.value: word.label for word in DataType},
        "batches": [(row, state, BATCH_TONES[state]) for row, state in states],
        "form": form,
        "may_register": own and actor.may(P.INGEST_SOURCE_REGISTER),
        "may_load": own and actor.may(P.INGEST_LOAD_RUN),
        "may_draft": own and actor.may(P.CATALOG_ENTRY_DRAFT),
    }  # fmt: skip


@require_safe
@requires(P.INGEST_BATCH_READ)
def task(request: HttpRequest, code: str) -> HttpResponse:
    actor = actor_of(request)
    number = request.GET.get("page")
    context = _task_context(seen_source(code, actor), actor, UploadForm(), number)
    return render(request, "ingest/task.html", context)


@require_POST
@requires(P.INGEST_LOAD_RUN)
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """Scan or load the file handed in; a refused one comes back with its reason."""
    actor = actor_of(request)
    source = seen_source(code, actor)
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            with received(form.cleaned_data["file"]) as path:
                if request.POST.get("do") == "scan":
                    profile = public.scan(code, path, by=actor)
                    messages.success(
                        request, f"探查完成：{profile.rows} 行，{len(profile.columns)} 列。"
                    )
                    return redirect("ingest:task", code)
                view = public.load(code, path, by=actor, is_upload=True)
            annotate(request, subject=view.number, rows=view.stored)
            return redirect("ingest:batch", view.number)
        except Rejected as error:
            if error.problem.code == "NOT_YOUR_SOURCE":
                raise
            annotate(request, code=error.problem.code)
            form.add_error("file", f"{error.problem.title}{error.problem.next_step}")
    context = _task_context(source, actor, form)
    return render(request, "ingest/task.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.INGEST_SOURCE_REGISTER)
def options(request: HttpRequest, code: str) -> HttpResponse:
    """Change how the files of a source are read, from the next file on."""
    actor = actor_of(request)
    source = seen_source(code, actor)
    now = contract_of(source).options
    form = OptionsForm(request.POST) if request.method == "POST" else OptionsForm.of(now)
    if request.method == "POST" and form.is_valid():
        public.change_options(code, form.options(now), by=actor)
        annotate(request, subject=code)
        messages.success(request, "读取选项已保存，自下一份文件起生效。")
        return redirect("ingest:task", code)
    context = {"nav": "ingest", "source": source, "form": form}
    return render(request, "ingest/options.html", context, status=422 if form.errors else 200)


@require_POST
@requires(P.CATALOG_ENTRY_DRAFT)
def draft(request: HttpRequest, code: str) -> HttpResponse:
    actor = actor_of(request)
    seen_source(code, actor)
    entry = public.draft(code, by=actor)
    messages.success(request, f"目录草稿 {entry.code} 已生成，请补齐中文名称与共享属性。")
    return redirect("catalog:edit", entry.code)


@require_safe
@requires(P.INGEST_BATCH_READ)
def batch(request: HttpRequest, number: str) -> HttpResponse:
    actor = actor_of(request)
    found = seen_batch(number, actor)
    view = batch_view(found)
    context = {
        "nav": "ingest",
        "batch": view,
        "source": found.source,
        "tone": BATCH_TONES[view.state],
        "rejects": [f for f in view.findings if f.effect is Effect.REJECT],
        "warns": [f for f in view.findings if f.effect is Effect.WARN],
        "fixes": [(Fix(fix), cells) for fix, cells in view.fixes.items()],
        "changes": _changes(found, actor),
        "log": found.log,
        "held": found.facts[HELD] if is_held(found) and is_newest(found) else None,
        "may_confirm": actor.organisation_id == found.source.provider_id
        and actor.may(P.INGEST_LOAD_RUN),
        "may_download": view.rejected and actor.organisation_id == found.source.provider_id,
    }
    return render(request, "ingest/batch.html", context)


def _changes(found: Batch, actor: Actor) -> list[dict[str, object]]:
    """Return what auto-fix changed, for the department whose rows they are."""
    if not found.fixed or actor.organisation_id != found.source.provider_id:
        return []
    names = {fix.value: fix.label for fix in Fix}
    return [row | {"rule": names.get(row["rule"], row["rule"])} for row in fixed_values(found)]


@require_POST
@requires(P.INGEST_LOAD_RUN)
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm that so many keys are gone."""
    view = public.confirm_withdrawal(number, by=actor_of(request))
    annotate(request, subject=number, rows=view.facts.get("withdrawn", 0))
    messages.success(request, f"已撤下 {view.facts.get('withdrawn', 0)} 条。")
    return redirect("ingest:batch", number)


@require_safe
@requires(P.INGEST_BATCH_READ)
def rejected(request: HttpRequest, number: str) -> FileResponse:
    path = public.rejected(number, by=actor_of(request))
    annotate(request, subject=number)
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)
