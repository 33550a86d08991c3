"""Pages of the five libraries: overview, topics, service objects, business data models."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tongqu.audit.public import annotate
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake import public
from tongqu.lake.actions import business as business_actions
from tongqu.lake.domain.business import lines_of, parse_lines
from tongqu.lake.http.forms import BusinessModelForm, TopicForm
from tongqu.lake.queries import business, libraries, newest_step, services
from tongqu.lake.vocabulary import ModelLevel, ModelScope, ServiceGroup

SHOWN = 30  # rows a page
NO_TOPIC = Problem(code="TOPIC_UNKNOWN", title="没有这个专题。", next_step="请从专题库重新进入。")
NO_MODEL = Problem(
    code="BUSINESS_MODEL_UNKNOWN", title="没有这个业务数据模型。", next_step="请从列表重新进入。"
)


@require_safe
@requires(P.LAKE_TABLE_READ)
def overview(request: HttpRequest) -> HttpResponse:
    """五库总览."""
    tables = public.tables()
    context = {
        "nav": "libraries", "counts": libraries.counts(tables), "themes": libraries.themes(),
        "objects": libraries.base_objects(), "topics": libraries.topics(),
        "measured_at": tables[0].measured_at if tables else None,
    }  # fmt: skip
    return render(request, "lake/libraries.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.LAKE_TOPIC_ASK)
def topics(request: HttpRequest) -> HttpResponse:
    """专题库：申请专题."""
    chosen = (request.POST or request.GET).get("template", "")
    found = libraries.templates()
    form = TopicForm(request.POST or None, template=chosen) if chosen else None
    if request.method == "POST" and form is not None and form.is_valid():
        made = _accepted(form, lambda: _ask(request, chosen, form))
        if made is not None:
            messages.success(request, "专题已建立，数据将在一分钟内算出。")
            return redirect("lake:topic", made)
    template = next((one for one in found if one.code == chosen), None)
    context = {
        "nav": "topics", "topics": libraries.topics(), "templates": found, "form": form,
        "template": template,
    }  # fmt: skip
    return render(request, "lake/topics.html", context, status=_status(form))


def _ask(request: HttpRequest, template: str, form: forms.Form) -> str:
    from tongqu.lake.actions.topics import TopicOrder, ask  # loads sqlglot

    given = form.cleaned_data
    annotate(request, subject=f"svc_topic_{given['code']}")
    order = TopicOrder(
        code=given["code"], title=given["title"], template=template,
        indicators=tuple(given["indicators"]), owner=given["owner"],
        retention_days=given["retention_days"],
    )  # fmt: skip
    return ask(order, by=actor_of(request)).code


@require_safe
@requires(P.LAKE_TOPIC_ASK)
def topic(request: HttpRequest, code: str) -> HttpResponse:
    """一个专题."""
    found = libraries.topic(code)
    if found is None:
        raise Rejected(NO_TOPIC)
    figures = libraries.figures(found, actor_of(request))
    context = {
        "nav": "topics", "topic": found, "figures": figures, "step": newest_step(found.table),
    }  # fmt: skip
    return render(request, "lake/topic.html", context)


@require_safe
@requires(P.LAKE_TABLE_READ)
def service_objects(request: HttpRequest) -> HttpResponse:
    """服务库：服务对象."""
    group = request.GET.get("group", "")
    found = services.service_objects(group if group in set(ServiceGroup) else "")
    context = {
        "nav": "service_objects", "chosen": group,
        "page": Paginator(found, SHOWN).get_page(request.GET.get("page")),
        "groups": [(word.value, word.label) for word in ServiceGroup],
    }  # fmt: skip
    return render(request, "lake/services.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.LAKE_TABLE_READ)
def business_models(request: HttpRequest) -> HttpResponse:
    """业务数据模型."""
    actor = actor_of(request)
    form = BusinessModelForm(request.POST or None, initial=_draft(request))
    if request.method == "POST" and form.is_valid():
        made = _accepted(form, lambda: _publish(request, form))
        if made is not None:
            messages.success(request, "模型已发布。")
            return redirect("lake:business_model", made)
    context = {
        "nav": "business_models", "rows": business.business_models(actor), "form": form,
        "may_edit": actor.may(P.LAKE_MODEL_EDIT), "actor": actor,
    }  # fmt: skip
    return render(request, "lake/business_models.html", context, status=_status(form))


def _draft(request: HttpRequest) -> dict[str, object]:
    """Return the newest version of the model named in the address, to be edited into the next."""
    shown = business.business_model(request.GET.get("from", "")[:60], actor_of(request))
    if shown is None:
        return {}
    model = shown.line.model
    return {
        "code": model.code, "title": model.title, "level": model.level, "scope": model.scope,
        "refines": model.refines.code if model.refines else "",
        "lines": lines_of(shown.attributes),
    }  # fmt: skip


def _publish(request: HttpRequest, form: forms.Form) -> str:
    given = form.cleaned_data
    head = business_actions.ModelHead(
        given["code"], given["title"], ModelLevel(given["level"]), ModelScope(given["scope"]),
        given["refines"],
    )  # fmt: skip
    annotate(request, subject=head.code)
    attributes = parse_lines(given["lines"])
    made = business_actions.publish(head, attributes, note=given["note"], by=actor_of(request))
    return made.model.code


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.LAKE_TABLE_READ)
def business_model(request: HttpRequest, code: str) -> HttpResponse:
    """一个业务数据模型：版本、差异清单、迁移."""
    actor = actor_of(request)
    shown = business.business_model(code, actor)
    if shown is None:
        raise Rejected(NO_MODEL)
    if request.method == "POST":
        annotate(request, subject=code)
        newest = shown.line.newest
        business_actions.adopt(code, newest.number if newest else 0, by=actor)
        messages.success(request, "已记为采用现行版本。")
        return redirect("lake:business_model", code)
    context = {
        "nav": "business_models", "shown": shown, "may_edit": actor.may(P.LAKE_MODEL_EDIT),
        "is_own": actor.organisation_id == shown.line.model.organisation_id,
    }  # fmt: skip
    return render(request, "lake/business_model.html", context)


def _accepted(form: forms.Form, act: Callable[[], str]) -> str | None:
    """Return what the action gave; a mistake in a field goes back to that field."""
    try:
        return act()
    except Rejected as refused:
        if not refused.problem.fields:
            raise
        for name, message in refused.problem.fields.items():
            form.add_error(name if name in form.fields else None, message)
        return None


def _status(form: forms.Form | None) -> int:
    return 422 if form is not None and form.is_bound and form.errors else 200
