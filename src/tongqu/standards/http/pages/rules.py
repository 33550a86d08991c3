"""Units' rules (制度): who has which, and who has none."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tongqu.identity.public import actor_of, require, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel import clock
from tongqu.kernel.problems import Rejected
from tongqu.standards.actions import library as keeping
from tongqu.standards.actions.rules import run_rule_check
from tongqu.standards.http import forms
from tongqu.standards.http.pages.library import labels
from tongqu.standards.models import RuleCheck, Standard
from tongqu.standards.queries.rules import current_rules, units_without_rule
from tongqu.standards.vocabulary import RuleKind, RuleSubject, StandardKind

NAV = "standards"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.STANDARDS_DRAFT_READ)
def rules(request: HttpRequest) -> HttpResponse:
    """Every unit's rules, the units without a current one, and the yearly check."""
    actor = actor_of(request)
    if request.method == "POST":
        require(actor, P.STANDARDS_LIBRARY_EDIT)
        check = run_rule_check(by=actor)
        messages.success(
            request, f"{check.year} 年度检查完成，{len(check.missing)} 个单位缺少制度。"
        )
        return redirect("standards:rules")
    current = set(current_rules().values_list("pk", flat=True))
    rows = Standard.objects.filter(kind=StandardKind.RULE).select_related("organisation")
    last = RuleCheck.objects.first()
    context = {
        "nav": NAV,
        "rows": [_labels(row, is_current=row.pk in current) for row in rows],
        "missing": units_without_rule(),
        "subject": RuleSubject.SECURITY.label,
        "last": last,
        "last_missing": [{**one, "subject": RuleSubject(one["subject"]).label}
                         for one in (last.missing if last else ())],
        "may_check": actor.may(P.STANDARDS_LIBRARY_EDIT),
        "may_edit": actor.may(P.STANDARDS_RULE_EDIT),
    }  # fmt: skip
    return render(request, "standards/rules.html", context)


def _labels(row: Standard, *, is_current: bool) -> dict[str, object]:
    return {
        **labels(row),
        "rule_kind": RuleKind(row.rule_kind).label,
        "subject": RuleSubject(row.rule_subject).label,
        "is_current": is_current,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.STANDARDS_RULE_EDIT)
def new(request: HttpRequest) -> HttpResponse:
    """Register a rule of a unit."""
    actor = actor_of(request)
    initial = {"organisation": actor.organisation_code, "effective_on": clock.today(),
               "topic": "governance"}  # fmt: skip
    form = forms.RuleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            view = keeping.save_standard(form.document(), by=actor)
        except Rejected as refused:
            form.add_problem(refused.problem)
        else:
            messages.success(request, f"{view.code} 已登记。")
            return redirect("standards:rules")
    context = {"nav": NAV, "form": form, "title": "登记管理制度", "action": "登记制度",
               "back": "standards:rules"}  # fmt: skip
    return render(request, "standards/form.html", context, status=422 if form.errors else 200)
