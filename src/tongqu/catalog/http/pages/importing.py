"""Pages of the bulk import: hand in, look, confirm; correct what came back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongqu.audit.public import annotate
from tongqu.catalog.actions.import_database import import_database
from tongqu.catalog.actions.import_file import confirm, import_file
from tongqu.catalog.domain import problems
from tongqu.catalog.http.import_forms import FileForm, ScanForm
from tongqu.catalog.http.interchange import download, taken
from tongqu.catalog.models import ImportRun
from tongqu.catalog.queries import exports, imports
from tongqu.catalog.vocabulary import ImportOutcome, ImportState
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Rejected

TONES = {ImportOutcome.DRAFTED: "ok", ImportOutcome.EXISTING: "info", ImportOutcome.FAILED: "bad"}
SHOWN = 200  # of each list on the page; the sheet holds all


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.CATALOG_ENTRY_DRAFT)
def start(request: HttpRequest) -> HttpResponse:
    """Hand a file in; it is looked at, and nothing is written before it is confirmed."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        run = _tried(
            form,
            lambda: import_file(
                taken(file), name=file.name or "", by=actor_of(request), dry_run=True
            ),
        )
        if run is not None:
            annotate(request, subject=f"import {run.pk}", rows=run.items)
            return redirect("catalog:import_run", run.pk)
    return _page(request, form, ScanForm())


@sensitive_post_parameters("secret_address")
@require_POST
@requires(P.CATALOG_ENTRY_DRAFT)
def scan(request: HttpRequest) -> HttpResponse:
    """Look at a live database; its address is used now and kept nowhere."""
    form = ScanForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        run = _tried(
            form,
            lambda: import_database(
                given["secret_address"], schema=given["schema"], by=actor_of(request),
                source_system=given["source_system"], dry_run=True,
            ),
        )  # fmt: skip
        if run is not None:
            annotate(request, subject=f"import {run.pk}", rows=run.items)
            return redirect("catalog:import_run", run.pk)
    return _page(request, FileForm(), form)


def _tried(form: Any, act: Any) -> ImportRun | None:
    """Return the import; a file or an address that is refused says so under its field."""
    try:
        run: ImportRun = act()
    except Rejected as rejected:
        problem = rejected.problem
        if not problem.fields:
            raise
        field = next((n for n in problem.fields if n in form.fields), None)
        first = next(iter(form.fields))
        form.add_error(field or first, f"{problem.title}{problem.next_step}")
        return None
    return run


def _page(request: HttpRequest, form: FileForm, scan_form: ScanForm) -> HttpResponse:
    page = Paginator(imports.recent(actor_of(request)), 20).get_page(request.GET.get("page"))
    context = {"nav": "import", "form": form, "scan_form": scan_form, "page": page}
    is_wrong = form.errors or scan_form.errors
    return render(request, "catalog/import.html", context, status=422 if is_wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.CATALOG_ENTRY_DRAFT)
def import_run(request: HttpRequest, number: int) -> HttpResponse:
    """The result of a look or of an import; the button confirms the former."""
    actor = actor_of(request)
    if request.method == "POST":
        run = confirm(number, by=actor)
        annotate(request, subject=f"import {number}", rows=run.items)
        messages.success(request, f"已建 {run.drafted} 份草稿，{run.failed} 个条目须改正。")
        return redirect("catalog:import_run", number)
    run = _run(request, number)
    rows = [(name, code, ImportOutcome(word)) for name, code, word in run.rows[:SHOWN]]
    context = {
        "nav": "import", "run": run, "rows": rows, "tones": TONES, "shown": SHOWN,
        "failures": run.failures[:SHOWN], "is_preview": run.state == ImportState.PREVIEW,
        "may_confirm": run.state == ImportState.PREVIEW and run.drafted
        and run.provider_id == actor.organisation_id,
    }  # fmt: skip
    return render(request, "catalog/import_run.html", context)


@require_safe
@requires(P.CATALOG_ENTRY_DRAFT)
def failures(request: HttpRequest, number: int) -> HttpResponse:
    run = _run(request, number)
    annotate(request, subject=f"import {number}")
    return download(exports.failures(run), f"import-{number}-failures.xlsx", "xlsx")


@require_safe
@requires(P.CATALOG_ENTRY_DRAFT)
def template(request: HttpRequest) -> HttpResponse:
    return download(exports.template(actor_of(request)), "catalog-template.xlsx", "xlsx")


def _run(request: HttpRequest, number: int) -> ImportRun:
    found = imports.run(number, actor_of(request))
    if found is None:
        raise Rejected(problems.IMPORT_UNKNOWN)
    return found
