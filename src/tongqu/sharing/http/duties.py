"""Pages of responsibility lists: every matter with its share, one matter with who owes what."""

from datetime import date

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tongqu.audit.public import annotate
from tongqu.catalog.vocabulary import UpdateCycle
from tongqu.identity.public import actor_of, organisations, requires
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing import public as sharing
from tongqu.sharing.http.common import accepted, government_choices, long_text, status_of_form
from tongqu.sharing.queries import duties as queries
from tongqu.sharing.vocabulary import DUTY_KIND_LABELS

PER_PAGE = 30
CYCLES = {cycle.label: cycle.value for cycle in UpdateCycle}
NO_LIST = Problem(
    code="NOT_FOUND",
    title="没有这份责任清单。",
    next_step="请在共享责任清单中选择。",
    basis=law.PROVIDER_DUTY,
)


class ListForm(forms.Form):
    code = forms.CharField(
        label="清单编号", max_length=30, help_text="编号已有的，按本次内容修订。"
    )
    name = forms.CharField(label="事项名称", max_length=120)
    kind = forms.ChoiceField(label="场景", choices=list(DUTY_KIND_LABELS.items()))
    lead = forms.ChoiceField(label="牵头部门", choices=government_choices)
    items = long_text(
        "共享事项", limit=40_000, rows=8,
        help_text="一行一项：事项,提供部门（名称或代码）,更新周期,资源编码,应接入日。后两项可空。",
    )  # fmt: skip

    def clean_items(self) -> list[sharing.DutyLine]:
        codes = {unit.name: unit.code for unit in organisations()}
        lines = []
        for n, text in enumerate(filter(str.strip, self.cleaned_data["items"].splitlines()), 1):
            parts = [part.strip() for part in text.replace("，", ",").split(",")]
            name, unit, cycle, entry_code, due = (parts + [""] * 5)[:5]
            try:
                due_on = date.fromisoformat(due) if due else None
            except ValueError:
                raise forms.ValidationError(f"第 {n} 行：应接入日写作 2026-12-31。") from None
            lines.append(
                sharing.DutyLine(
                    name, codes.get(unit, unit), CYCLES.get(cycle, cycle), entry_code, due_on
                )
            )
        return lines


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PORTAL_DESK_READ)
def duties(request: HttpRequest) -> HttpResponse:
    """共享责任清单."""
    actor, post = actor_of(request), request.POST
    form = ListForm(post or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        lead, lines = given.pop("lead"), given.pop("items")
        made = accepted(
            form, lambda: sharing.save_list(**given, lead_code=lead, lines=lines, by=actor)
        )
        if made:
            annotate(request, subject=made.code)
            messages.success(request, f"责任清单“{made.name}”已保存，已通知提供部门。")
            return redirect("sharing:duty", made.code)
    page = Paginator(queries.lists(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "duties", "page": page, "form": form, "rows": queries.standings(list(page)),
        "may_edit": actor.may(Permission.SHARING_REQUEST_MANAGING_APPROVE),
        "cycles": "、".join(CYCLES),
    }  # fmt: skip
    return render(request, "sharing/duties.html", context, status=status_of_form(form))


@require_safe
@requires(Permission.PORTAL_DESK_READ)
def duty(request: HttpRequest, code: str) -> HttpResponse:
    found = queries.lists().filter(code=code).first()
    if found is None:
        raise Rejected(NO_LIST)
    context = {"nav": "duties", "found": found, "standing": queries.standings([found])[0]}
    return render(request, "sharing/duty.html", context)
