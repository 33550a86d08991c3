"""Data elements: what they say, the rules that follow, and a value tried against them."""

import tomli_w
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Problem, Rejected
from tongqu.standards.actions.elements import save_elements
from tongqu.standards.http import forms
from tongqu.standards.models import DataElement
from tongqu.standards.queries import elements as reading
from tongqu.standards.queries.library import standard
from tongqu.standards.queries.messages import try_value
from tongqu.standards.vocabulary import ElementType

NAV = "elements"
PER_PAGE = 100
MOST_VALUE = 4_000


@require_safe
@requires(P.STANDARDS_LIBRARY_READ)
def elements(request: HttpRequest) -> HttpResponse:
    q = request.GET.get("q", "")[:100]
    page = Paginator(reading.search(q), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": NAV,
        "q": q,
        "page": page,
        "rows": [(row, ElementType(row.data_type).label) for row in page],
        "may_edit": actor_of(request).may(P.STANDARDS_LIBRARY_EDIT),
    }
    return render(request, "standards/elements.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.STANDARDS_LIBRARY_READ)
def element(request: HttpRequest, code: str) -> HttpResponse:
    """One element; a value that is tried is posted, judged and not kept."""
    found = reading.get_element(code)
    value = request.POST.get("value", "")
    problem = None
    tried: dict[str, bool] = {}
    if request.method == "POST" and len(value) > MOST_VALUE:
        problem = Problem("VALUE_TOO_LONG", "值过长。", f"请不超过 {MOST_VALUE} 个字符。")
    elif request.method == "POST" and value:
        tried = {check.code: is_right for check, is_right in try_value(found, value)}
    context = {
        "nav": NAV,
        "element": found,
        "checks": [(check, sql, tried.get(check.code)) for check, sql in reading.with_sql(found)],
        "value": value,
        "tried": tried,
        "wrong": [check for check in found.checks if tried.get(check.code) is False],
        "problem": problem,
        "has_standard": bool(found.standard and standard(found.standard)),
        "may_edit": actor_of(request).may(P.STANDARDS_LIBRARY_EDIT),
    }
    return render(request, "standards/element.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.STANDARDS_LIBRARY_EDIT)
def edit(request: HttpRequest, code: str = "") -> HttpResponse:
    """Keep an element; its checks are proven on the engine first."""
    initial: dict[str, object] = {}
    if code:
        reading.get_element(code)  # or the problem that there is none
        initial = _initial(DataElement.objects.get(code=code))
    form = forms.ElementForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            found = save_elements(
                [form.document()], by=actor_of(request), edition=form.cleaned_data["edition"]
            )[0]
        except Rejected as refused:
            form.add_problem(refused.problem)
        else:
            messages.success(request, f"数据元 {found.code} 已保存。")
            return redirect("standards:element", code=found.code)
    context = {"nav": NAV, "form": form, "title": f"维护数据元 {code}" if code else "登记数据元",
               "action": "保存数据元", "back": "standards:elements"}  # fmt: skip
    return render(request, "standards/form.html", context, status=422 if form.errors else 200)


def _initial(row: DataElement) -> dict[str, object]:
    names = ("code", "name_zh", "name_en", "data_type", "length", "code_table", "standard",
             "definition", "is_example", "edition")  # fmt: skip
    checks = tomli_w.dumps({"checks": row.checks}) if row.checks else ""
    return {name: getattr(row, name) for name in names} | {"checks": checks}
