"""Pages of supply: external sources, delivery templates, what goes up from layer to layer."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongqu.audit.public import annotate
from tongqu.catalog.vocabulary import UpdateCycle
from tongqu.identity.public import actor_of, organisation, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.ingest import queries
from tongqu.ingest.actions import agreements, passages, templates
from tongqu.ingest.http.supply_forms import AgreementForm, LinkForm, MemberForm, TemplateForm
from tongqu.ingest.models import Agreement, Batch, Passage, Run, Template
from tongqu.ingest.vocabulary import Authority, BatchState, PassageState, RunState
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected

MOST = 100
TONES = {
    RunState.NEVER: "quiet", RunState.RUNNING: "busy", RunState.SUCCESS: "ok",
    RunState.PARTIAL: "warn", RunState.FAILURE: "bad", RunState.LATE: "warn",
}  # fmt: skip
ROUNDS = 3


def cycle_label(value: str) -> str:
    return UpdateCycle(value).label if value in set(UpdateCycle) else "未登记"


def _tell(form: forms.Form, error: Rejected) -> None:
    problem = error.problem
    named = {name: words for name, words in problem.fields.items() if name in form.fields}
    for name, words in named.items():
        form.add_error(name, words)
    if not named:
        form.add_error(None, f"{problem.title}{problem.next_step}")


def _form(request: HttpRequest, form: forms.Form, nav: str, title: str, crumb: str) -> HttpResponse:
    context = {"nav": nav, "form": form, "title": title, "back": f"ingest:{nav}", "crumb": crumb}
    status = 422 if form.errors else 200
    return render(request, "ingest/supply_form.html", context, status=status)


# -- external sources (ING-09, ING-10) -----------------------------------------------------


@require_safe
@requires(P.INGEST_BATCH_READ)
def external(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    seen = queries.sources_for(actor)
    held = Agreement.objects.select_related("source", "source__provider").filter(source__in=seen)
    rows = list(held)
    sources = [row.source for row in rows]
    newest, runs = queries.last_batches(sources), queries.last_runs(sources)
    context = {
        "nav": "external",
        "rows": [
            _external_row(row, newest.get(row.source_id), runs.get(row.source_id)) for row in rows
        ],
        "missing": [a for a in Authority if a.value not in {row.authority for row in rows}],
        "may_register": actor.may(P.INGEST_SOURCE_REGISTER),
    }
    return render(request, "ingest/external.html", context)


def _external_row(row: Agreement, last: Batch | None, run: Run | None) -> dict[str, Any]:
    state = queries.run_state(row.source, last, run)
    return {
        "agreement": row, "source": row.source, "authority": Authority(row.authority).label,
        "state": state, "tone": TONES[state], "last": last, "cycle": cycle_label(row.source.cycle),
        "is_over": row.expires_on is not None and row.expires_on < clock.today(),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.INGEST_SOURCE_REGISTER)
def external_new(request: HttpRequest) -> HttpResponse:
    form = AgreementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        code = given.pop("source")
        try:
            given |= {"authority": Authority(given["authority"]), "matters": (*given["matters"],)}
            terms = agreements.Terms(**given)
            agreements.agree_on(code, terms, by=actor_of(request))
        except Rejected as error:
            _tell(form, error)
        else:
            annotate(request, subject=code)
            messages.success(request, "协议已登记。")
            return redirect("ingest:external")
    return _form(request, form, "external", "登记外部来源协议", "外部来源")


# -- delivery templates (ING-11) -----------------------------------------------------------


@require_safe
@requires(P.INGEST_BATCH_READ)
def template_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    rows = [(row, templates.rounds(row)[0]) for row in _templates(actor)]
    context = {"nav": "templates", "rows": rows,
               "may_register": actor.may(P.INGEST_SOURCE_REGISTER)}  # fmt: skip
    return render(request, "ingest/templates.html", context)


def _templates(actor: Actor) -> list[Template]:
    """Return the templates that the asker owns, delivers by, or oversees."""
    rows = Template.objects.select_related("owner").prefetch_related("members")
    if queries.sees_all(actor):
        return list(rows)
    own = rows.filter(owner_id=actor.organisation_id)
    return list((own | rows.filter(members__source__provider_id=actor.organisation_id)).distinct())


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.INGEST_SOURCE_REGISTER)
def template_new(request: HttpRequest) -> HttpResponse:
    form = TemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor = actor_of(request)
        try:
            found = templates.register_template(
                **form.facts(), owner_id=actor.organisation_id or 0, by=actor
            )
        except Rejected as error:
            _tell(form, error)
        else:
            messages.success(request, "模板已登记。下一步：加入报送单位。")
            return redirect("ingest:template", found.code)
    return _form(request, form, "templates", "登记报送模板", "报送模板")


@require_safe
@requires(P.INGEST_BATCH_READ)
def template(request: HttpRequest, code: str) -> HttpResponse:
    actor = actor_of(request)
    return _template_page(request, _seen(code, actor), actor, MemberForm())


def _seen(code: str, actor: Actor) -> Template:
    found = templates.template_of(code)
    if found.pk not in {row.pk for row in _templates(actor)}:
        raise Rejected(templates.UNKNOWN)
    return found


def _template_page(
    request: HttpRequest, found: Template, actor: Actor, form: MemberForm
) -> HttpResponse:
    is_owner = actor.organisation_id == found.owner_id
    shown = templates.rounds(found, ROUNDS)
    if not (is_owner or queries.sees_all(actor)):  # a member sees itself, and the rate of all
        own = actor.organisation_id
        members = [[one for one in row.members if one.source.provider_id == own] for row in shown]
    else:
        members = [list(row.members) for row in shown]
    context = {
        "nav": "templates", "template": found, "rounds": list(zip(shown, members, strict=True)),
        "form": form, "may_add": is_owner and actor.may(P.INGEST_SOURCE_REGISTER),
    }  # fmt: skip
    return render(request, "ingest/template.html", context, status=422 if form.errors else 200)


@require_POST
@requires(P.INGEST_SOURCE_REGISTER)
def template_member(request: HttpRequest, code: str) -> HttpResponse:
    actor = actor_of(request)
    found, form = _seen(code, actor), MemberForm(request.POST)
    if form.is_valid():
        provider = organisation(form.cleaned_data["organisation"].strip())
        if provider is None:
            form.add_error("organisation", "没有这个组织代码。")
        else:
            templates.add_member(code, provider.pk, by=actor)
            messages.success(request, f"已加入 {provider.name}。")
            return redirect("ingest:template", code)
    return _template_page(request, found, actor, form)


# -- from layer to layer (ING-07) ----------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.INGEST_BATCH_READ)
def layers(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    may_link = actor.may(P.INGEST_SOURCE_REGISTER)
    form = LinkForm(request.POST or None)
    if request.method == "POST" and may_link and form.is_valid():
        given = form.cleaned_data
        try:
            passages.link(given["source"], given["upstream"], by=actor, gate=given["gate"])
        except Rejected as error:
            _tell(form, error)
        else:
            messages.success(request, "上报关系已登记。")
            return redirect("ingest:layers")
    seen = queries.batches_for(actor).filter(source__link__isnull=False)
    waiting = seen.filter(state=BatchState.CLOSED, stored__gt=0)
    waiting = waiting.exclude(passages__state=PassageState.PASSED.value)
    rows = Passage.objects.select_related("batch", "batch__source", "passed_as")
    context = {
        "nav": "layers", "form": form, "may_link": may_link,
        "may_pass": actor.may(P.INGEST_LOAD_RUN), "own": actor.organisation_id,
        "waiting": [(row, passages.score(row)) for row in waiting[:MOST]],
        "passages": [(row, PassageState(row.state)) for row in rows.filter(batch__in=seen)[:MOST]],
    }  # fmt: skip
    return render(request, "ingest/layers.html", context, status=422 if form.errors else 200)


@require_POST
@requires(P.INGEST_LOAD_RUN)
def pass_up(request: HttpRequest, number: str) -> HttpResponse:
    found = passages.pass_up(number, by=actor_of(request))
    annotate(request, subject=number)
    if found.state == PassageState.PASSED:
        messages.success(request, f"批次 {number} 已上报，质量分 {found.score}。")
    else:
        messages.warning(
            request, f"批次 {number} 质量分 {found.score}，低于门槛 {found.gate}，留在本级。"
        )
    return redirect("ingest:layers")
