"""Pages of scores: index with its reasons, weights, stars of users, monthly reports."""

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from tongqu.audit.public import annotate
from tongqu.catalog.public import published
from tongqu.identity.public import actor_of, require, requires
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.problems import Rejected
from tongqu.quality.actions import opinions, weights
from tongqu.quality.actions.index import weights_of
from tongqu.quality.domain.scores import dimensions_of
from tongqu.quality.http.radar import line, radar, rim
from tongqu.quality.http.score_forms import StarsForm, WeightsForm, tell
from tongqu.quality.models import WeightSet
from tongqu.quality.queries import index as indices
from tongqu.quality.queries import opinions as said
from tongqu.quality.queries import reports as reporting
from tongqu.quality.vocabulary import DIMENSION_LABELS, Dimension, IndexScope

ROWS = 30
PDF, SHEET = "application/pdf", (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)  # fmt: skip
FORMS = {"pdf": PDF, "xlsx": SHEET}
LABELS = [DIMENSION_LABELS[d] for d in Dimension]


def chosen_month(request: HttpRequest, months: list[date]) -> date | None:
    """Return the asked month where there is an index of it, else the newest."""
    told = request.GET.get("month", "")
    return next((m for m in months if f"{m:%Y-%m}" == told), months[0] if months else None)


@require_GET
@requires(Permission.QUALITY_RESULT_READ)
def index(request: HttpRequest) -> HttpResponse:
    """质量指数：一个月、一个范围."""
    months = indices.months()
    month = chosen_month(request, months)
    told = request.GET.get("scope", "")
    scope = IndexScope(told) if told in set(IndexScope) else IndexScope.DEPARTMENT
    page = None
    if month is not None:
        found = indices.values(month, scope).select_related("weights")
        page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {
        "nav": "quality_index", "months": months[:24], "month": month, "scope": scope,
        "scopes": list(IndexScope), "page": page,
        "rows": [(v, [v.dimensions.get(d.value) for d in Dimension]) for v in page or ()],
        "dimensions": LABELS,
        "weights": indices.weight_rows(weights_of(month)) if month else [],
        "may_edit": actor_of(request).may(Permission.QUALITY_ASSESSMENT_EDIT),
    }  # fmt: skip
    return render(request, "quality/index.html", context)


@require_GET
@requires(Permission.QUALITY_RESULT_READ)
def index_value(request: HttpRequest, pk: int) -> HttpResponse:
    """一项指数：雷达、趋势、下属数据集、失分原因."""
    found = indices.value(pk)
    trend = indices.trend(found)
    dimensions = dimensions_of(found.dimensions)
    page = None
    if found.scope != IndexScope.DATASET:
        page = Paginator(indices.members(found), ROWS).get_page(request.GET.get("page"))
    context = {
        "nav": "quality_index", "value": found, "members": page,
        "reasons": indices.reasons(found), "trend": trend,
        "raw_line": line([v.score for v in trend]),
        "trend_line": line([v.trend for v in trend]),
        "radar": radar([dimensions[d] for d in Dimension]), "radar_labels": rim(LABELS),
        "dimensions": [(DIMENSION_LABELS[d], dimensions[d]) for d in Dimension],
        "weights": indices.weight_rows(found.weights),
    }  # fmt: skip
    return render(request, "quality/index_value.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.QUALITY_RESULT_READ)
def weighing(request: HttpRequest) -> HttpResponse:
    """维度权重：各版本，主管部门设定新版本."""
    actor = actor_of(request)
    history = list(WeightSet.objects.all()[:ROWS])
    initial = {d.value: int(w) for d, w in history[0].weights.items()} if history else {}
    form = WeightsForm(request.POST or None, initial=initial)
    if request.method == "POST":
        require(actor, Permission.QUALITY_ASSESSMENT_EDIT)
        if form.is_valid():
            try:
                note = form.cleaned_data["note"]
                made = weights.set_weights(form.weights(), by=actor, note=note)
            except Rejected as error:
                tell(form, error)
            else:
                messages.success(request, f"权重第 {made.version} 版自本月起用，过去的月份不变。")
                return redirect("quality:weights")
    context = {
        "nav": "quality_index", "form": form, "dimensions": LABELS,
        "history": [(w, [w.weights[d] for d in Dimension]) for w in history],
        "may_edit": actor.may(Permission.QUALITY_ASSESSMENT_EDIT),
    }  # fmt: skip
    return render(request, "quality/weights.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.QUALITY_STARS_GIVE)
def rate(request: HttpRequest, code: str) -> HttpResponse:
    """用户评分：正在使用数据的人员，一个授权一票，可以改."""
    actor = actor_of(request)
    entry = published(code)
    vote = said.own_vote(code, actor.key)
    given = ("stars", "needs_met", "data_quality", "effect", "comment")
    initial = {name: getattr(vote, name) for name in given} if vote else {}
    form = StarsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        annotate(request, subject=code)
        data = form.cleaned_data
        answers = opinions.Vote(*(int(data[name]) for name in given[:4]))
        try:
            opinions.rate(code, answers, by=actor, comment=data["comment"])
        except Rejected as error:
            tell(form, error)
        else:
            messages.success(request, "评分已记录，可随时修改。")
            return redirect("catalog:detail", code)
    context = {"nav": "catalog", "entry": entry, "form": form, "vote": vote}
    return render(request, "quality/rate.html", context, status=422 if form.errors else 200)


@require_GET
@requires(Permission.QUALITY_RESULT_READ)
def reports(request: HttpRequest) -> HttpResponse:
    """质量月报：本部门的，监管岗位可见全部."""
    months = indices.months()
    month = chosen_month(request, months)
    found = list(reporting.reported(month, actor_of(request))) if month else []
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {"nav": "quality_reports", "months": months[:24], "month": month, "page": page}
    return render(request, "quality/reports.html", context)


@require_GET
@requires(Permission.QUALITY_RESULT_READ)
def report(request: HttpRequest, month: str, key: str, form: str) -> HttpResponse:
    """一份质量月报，PDF 或 xlsx."""
    content = reporting.document(month, key, form, actor_of(request))
    annotate(request, subject=f"{key} {month}")
    answer = HttpResponse(content, content_type=FORMS[form])
    answer["Content-Disposition"] = f'attachment; filename="quality-{key}-{month}.{form}"'
    return answer
