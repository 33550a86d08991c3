"""Pages of share packages: what is offered, one application for all, where each part stands."""

import re
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tongqu.audit.public import annotate
from tongqu.catalog import public as catalog
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.problems import Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing import public as sharing
from tongqu.sharing import queries
from tongqu.sharing.actions.bundles import NO_BUNDLE
from tongqu.sharing.http.common import accepted, long_text, status_of_form
from tongqu.sharing.http.forms import CHOICES
from tongqu.sharing.models import Bundle, BundleApplication

PER_PAGE = 30
SEPARATOR = re.compile(r"[\s,，、;；]+")


class OfferForm(forms.Form):
    name = forms.CharField(label="专题名称", max_length=120)
    summary = forms.CharField(label="适用工作", max_length=300)
    entry_codes = long_text(
        "数据目录标识", limit=8000, help_text="已发布目录的标识，一行一个或以逗号分隔。"
    )
    matter = forms.ChoiceField(label="履职事项", choices=CHOICES["matters"])
    purpose = long_text("用途模板", limit=500, help_text="申请单位可在此基础上补充。")

    def clean_entry_codes(self) -> list[str]:
        return [code for code in SEPARATOR.split(self.cleaned_data["entry_codes"]) if code]


class WishForm(forms.Form):
    submission = forms.CharField(widget=forms.HiddenInput, max_length=100)
    purpose = long_text("使用用途", limit=500, help_text="已按专题填写，请结合本单位职责补充。")
    duty = forms.CharField(
        label="履职依据", max_length=300, help_text="法规名称和条款，或本单位职责规定。"
    )
    system_name = forms.CharField(label="接收系统", max_length=120)
    frequency = forms.ChoiceField(label="使用频次", choices=CHOICES["frequencies"])
    retention = forms.ChoiceField(label="留存期限", choices=CHOICES["retentions"])


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SHARING_GRANT_READ)
def bundles(request: HttpRequest) -> HttpResponse:
    """共享专题包."""
    actor, post = actor_of(request), request.POST
    form = OfferForm(post or None)
    if request.method == "POST" and form.is_valid():
        made = accepted(form, lambda: sharing.save_bundle(**form.cleaned_data, by=actor))
        if made:
            annotate(request, subject=made.code)
            messages.success(request, f"专题包 {made.code} 已提供。")
            return redirect("sharing:bundle", made.code)
    found = Bundle.objects.filter(is_offered=True)
    context = {
        "nav": "bundles", "form": form,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "mine": queries.bundle_applications(actor)[:20],
        "may_offer": actor.may(Permission.SHARING_REQUEST_MANAGING_APPROVE),
    }  # fmt: skip
    return render(request, "sharing/bundles.html", context, status=status_of_form(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SHARING_GRANT_READ)
def bundle(request: HttpRequest, code: str) -> HttpResponse:
    """One package, and the form by which all its entries are asked for at once."""
    actor, found = actor_of(request), sharing.bundle(code)
    initial = {"purpose": found.purpose, "submission": uuid4().hex}
    form = WishForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        key = given.pop("submission")
        wish = sharing.Wish(**given)
        made = accepted(form, lambda: sharing.apply_for_bundle(code, wish, by=actor, key=key))
        if made:
            annotate(request, subject=made.number, purpose=found.matter)
            messages.success(request, f"专题包申请已提交，编号 {made.number}。")
            return redirect("sharing:bundle_application", made.number)
    lines = {line.code: line for line in catalog.lines(codes=found.entry_codes)}
    context = {
        "nav": "bundles", "found": found, "form": form,
        "lines": [(entry_code, lines.get(entry_code)) for entry_code in found.entry_codes],
        "matter": dict(CHOICES["matters"])[found.matter],
        "may_apply": actor.may(Permission.SHARING_REQUEST_SUBMIT),
    }  # fmt: skip
    return render(request, "sharing/bundle.html", context, status=status_of_form(form))


@require_safe
@requires(Permission.SHARING_REQUEST_READ)
def bundle_application(request: HttpRequest, number: str) -> HttpResponse:
    found: BundleApplication | None = (
        queries.bundle_applications(actor_of(request)).filter(number=number).first()
    )
    if found is None:
        raise Rejected(NO_BUNDLE)
    context = {
        "nav": "bundles", "found": found, "basis": law.PURPOSE,
        "cases": found.cases.select_related("request__provider"),
    }  # fmt: skip
    return render(request, "sharing/bundle_application.html", context)
