"""Pages of pulls: connections, the wizard of a source, runs, reconciliation, migrations."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongqu.audit.public import annotate
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.ingest import ports, public
from tongqu.ingest.actions import migrate
from tongqu.ingest.actions.connections import own_connection
from tongqu.ingest.actions.pull import REMARK
from tongqu.ingest.domain import schedule
from tongqu.ingest.http import pull_forms as f
from tongqu.ingest.models import LegacySystem, Source
from tongqu.ingest.queries import (
    connections_for,
    migrations_for,
    run_view,
    seen_migration,
    seen_run,
    seen_source,
)
from tongqu.ingest.vocabulary import Migration, Mode, PullState
from tongqu.kernel.problems import Rejected

RUN_TONES = {PullState.OPEN: "busy", PullState.DONE: "ok", PullState.RETRY: "warn",
             PullState.FAILED: "bad"}  # fmt: skip
MIGRATION_TONES = {Migration.WAITING: "quiet", Migration.MOVING: "busy",
                   Migration.PARALLEL: "info", Migration.MOVED: "ok"}  # fmt: skip


def blame(form: forms.Form, error: Rejected) -> None:
    """Put a problem under its field, or above the form."""
    field = next((name for name in error.problem.fields if name in form.fields), None)
    form.add_error(field, f"{error.problem.title}{error.problem.next_step}")


@require_safe
@requires(P.INGEST_SOURCE_REGISTER)
def connections(request: HttpRequest) -> HttpResponse:
    context = {
        "nav": "ingest",
        "rows": connections_for(actor_of(request)).prefetch_related("sources"),
        "pullers": ports.pullers().items(),
    }
    return render(request, "ingest/connections.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.INGEST_SOURCE_REGISTER)
def connection_new(request: HttpRequest, connector: str) -> HttpResponse:
    puller = ports.pullers().get(connector)
    if puller is None:
        raise Http404
    form = f.ConnectionForm(request.POST or None, puller=puller)
    if request.method == "POST" and form.is_valid():
        actor = actor_of(request)
        settings, secrets = form.split()
        facts = {name: form.cleaned_data[name] for name in ("code", "name", "address")}
        try:
            made = public.register_connection(
                **facts, connector=connector, provider_id=actor.organisation_id or 0, by=actor,
                settings=settings, secrets=secrets,
            )  # fmt: skip
        except (Rejected, ports.PullFailed) as error:
            _blame_any(form, error)
        else:
            messages.success(request, "连接已登记。下一步：测试连接，选择要接入的内容。")
            return redirect("ingest:connection", made.code)
    context = {"nav": "ingest", "form": form, "puller": puller}
    status = 422 if form.errors else 200
    return render(request, "ingest/connection_new.html", context, status=status)


def _blame_any(form: forms.Form, error: Rejected | ports.PullFailed) -> None:
    if isinstance(error, Rejected):
        blame(form, error)
    else:
        form.add_error(None, f"{error.title}{error.next_step}")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.INGEST_SOURCE_REGISTER)
def connection(request: HttpRequest, code: str) -> HttpResponse:
    """Test the connection, see what there is, probe one table, register it as a source."""
    actor = actor_of(request)
    try:
        found = own_connection(code, actor)
    except Rejected:
        raise Http404 from None
    puller = ports.puller(found.connector)
    form = f.NewSourceForm(request.POST or None, puller=puller, initial={"what": ""})
    do, seen = request.POST.get("do", ""), None
    if do == "test":
        form = f.NewSourceForm(None, puller=puller, initial={"what": ""})
        try:
            seen = public.probe(code, by=actor)
        except Rejected as error:
            messages.error(request, f"{error.problem.title}{error.problem.next_step}")
        else:
            messages.success(request, "连接成功。")
    elif request.method == "POST" and form.is_valid():
        try:
            seen = public.probe(code, by=actor, plan=form.plan(code))
            if do == "register":
                return _registered(request, form, code, seen)
        except Rejected as error:
            blame(form, error)
    context = {"nav": "ingest", "connection": found, "puller": puller, "form": form, "seen": seen}
    return render(request, "ingest/connection.html", context, status=422 if form.errors else 200)


def _registered(request: HttpRequest, form: f.NewSourceForm, connection_code: str,
                seen: ports.Probe) -> HttpResponse:  # fmt: skip
    actor, given = actor_of(request), form.cleaned_data
    with transaction.atomic():  # a source whose plan is refused is none
        public.register_source(
            code=given["code"], name=given["name"], provider_id=actor.organisation_id or 0,
            by=actor, columns=seen.columns,
        )  # fmt: skip
        public.plan_pull(given["code"], form.plan(connection_code), by=actor)
        if given["entry_code"]:
            public.connect(given["code"], given["entry_code"], by=actor)
    annotate(request, subject=given["code"])
    messages.success(request, "来源已登记。可以立即抽取，或等待计划时间。")
    return redirect("ingest:task", given["code"])


@require_POST
@requires(P.INGEST_LOAD_RUN)
def act(request: HttpRequest, code: str) -> HttpResponse:
    """Pull now, reconcile, pause or continue."""
    actor = actor_of(request)
    seen_source(code, actor)
    try:
        match request.POST.get("do"):
            case "pull":
                run = public.pull(code, by=actor)
                annotate(request, subject=run.number, rows=run.stored)
                return redirect("ingest:run", run.number)
            case "reconcile":
                made = public.reconcile(code, by=actor)
                words = "一致" if made.is_equal else f"不一致，差异 {made.difference:.2%}"
                messages.info(
                    request, f"对账{words}：来源 {made.source_rows} 行，平台 {made.hub_rows} 行。"
                )
            case "pause" | "continue" as word:
                public.pause(code, paused=word == "pause", by=actor)
            case _:
                raise Http404
    except Rejected as error:
        messages.error(request, f"{error.problem.title}{error.problem.next_step}")
    return redirect("ingest:task", code)


def pull_context(source: Source) -> dict[str, Any]:
    """Return what a source's page shows of its pulls; empty where files are handed in."""
    if source.connection_id is None:
        return {}
    runs = [(run, PullState(run.state)) for run in source.runs.all()[:10]]
    return {
        "pull": source,
        "pull_mode": Mode(source.mode).label,
        "pull_schedule": schedule.told(source.schedule),
        "runs": [(run, state, RUN_TONES[state]) for run, state in runs],
        "remarks": [line["text"] for line in runs[0][0].log if line["step"] == REMARK]
        if runs
        else [],
        "reconciliations": source.reconciliations.all()[:5],
    }


@require_safe
@requires(P.INGEST_BATCH_READ)
def run(request: HttpRequest, number: str) -> HttpResponse:
    found = seen_run(number, actor_of(request))
    view = run_view(found)
    context = {
        "nav": "ingest", "run": view, "source": found.source, "tone": RUN_TONES[view.state],
        "batches": found.batches.all()[:200], "is_open": view.state is PullState.OPEN,
    }  # fmt: skip
    return render(request, "ingest/run.html", context)


@require_safe
@requires(P.INGEST_BATCH_READ)
def migrations(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "nav": "migrations",
        "rows": [_migration_row(row) for row in migrations_for(actor)],
        "may_register": actor.may(P.INGEST_SOURCE_REGISTER),
    }
    return render(request, "ingest/migrations.html", context)


def _migration_row(system: LegacySystem) -> dict[str, Any]:
    state = Migration(system.state)
    interfaces = list(system.interfaces.select_related("old", "new"))
    return {
        "system": system, "state": state, "tone": MIGRATION_TONES[state],
        "interfaces": interfaces, "mapped": sum(row.new_id is not None for row in interfaces),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.INGEST_SOURCE_REGISTER)
def migration_new(request: HttpRequest) -> HttpResponse:
    form = f.MigrationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor = actor_of(request)
        facts = {name: form.cleaned_data[name] for name in ("code", "name", "parallel_days")}
        try:
            made = migrate.register_system(
                **facts, provider_id=actor.organisation_id or 0, interfaces=form.rows(), by=actor
            )
        except Rejected as error:
            blame(form, error)
        else:
            return redirect("ingest:migration", made.code)
    context = {"nav": "migrations", "form": form, "title": "登记原有交换系统",
               "back": "ingest:migrations", "crumb": "原有系统迁移"}  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "ingest/supply_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.INGEST_BATCH_READ)
def migration(request: HttpRequest, code: str) -> HttpResponse:
    actor = actor_of(request)
    system = seen_migration(code, actor)
    form = f.MappingForm(request.POST if request.POST.get("do") == "map" else None)
    if request.method == "POST":
        answer = _migrate(request, code, form)
        if answer is not None:
            return answer
    context = {
        "nav": "migrations", **_migration_row(system), "points": migrate.points_of(system),
        "form": form, "comparisons": _comparisons(system),
        "may_register": actor.may(P.INGEST_SOURCE_REGISTER)
        and actor.organisation_id == system.provider_id,
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "ingest/migration.html", context, status=status)


def _comparisons(system: LegacySystem) -> list[Any]:
    from tongqu.ingest.models import LegacyComparison

    rows = LegacyComparison.objects.filter(interface__system=system)
    return list(rows.select_related("interface")[:60])


def _migrate(request: HttpRequest, code: str, form: f.MappingForm) -> HttpResponse | None:
    by = actor_of(request)
    steps: dict[str, Callable[[], object]] = {
        "parallel": lambda: migrate.run_parallel(code, by=by),
        "compare": lambda: migrate.compare(code, by=by),
        "cut_over": lambda: migrate.cut_over(code, by=by),
    }
    do = request.POST.get("do", "")
    try:
        if do == "map":
            if not form.is_valid():
                return None
            given = {name: form.cleaned_data[name] for name in ("number", "old", "new")}
            migrate.map_interface(code, given.pop("number"), **given, mapping=form.pairs(), by=by)
        elif do in steps:
            steps[do]()
    except Rejected as error:
        if do == "map":
            blame(form, error)
            return None
        messages.error(request, f"{error.problem.title}{error.problem.next_step}")
    return redirect("ingest:migration", code)
