"""The page where the managing office puts functions on trial, promotes and withdraws them."""

import re

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tongqu.audit.public import annotate
from tongqu.identity.actions.pilots import end_pilot, start_pilot
from tongqu.identity.models import Pilot
from tongqu.identity.public import actor_of, pilotable, requires
from tongqu.identity.vocabulary import PILOT_LABELS, Permission, PilotState
from tongqu.kernel import clock
from tongqu.kernel.problems import Rejected

_TONES = {"piloting": "busy", "promoted": "ok", "withdrawn": "past"}
_SEPARATOR = re.compile(r"[\s,，、;；]+")


class PilotForm(forms.Form):
    key = forms.ChoiceField(label="功能", choices=lambda: list(pilotable().items()))
    divisions = forms.CharField(
        label="试点地区", max_length=500, required=False,
        help_text="六位行政区划代码，如 360100；多个以顿号分隔。市级代码包含所辖县区。",
    )  # fmt: skip
    departments = forms.CharField(
        label="试点单位", max_length=500, required=False,
        help_text="组织代码，多个以顿号分隔。地区和单位都不填的，期限内所有单位可用。",
    )  # fmt: skip
    since = forms.DateField(
        label="开始日", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    until = forms.DateField(
        label="截止日",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


def _codes(text: str) -> list[str]:
    return [part for part in _SEPARATOR.split(text) if part]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.IDENTITY_PILOT_EDIT)
def pilots(request: HttpRequest) -> HttpResponse:
    """试点管理."""
    if "end" in request.POST:
        return _end(request)
    form = PilotForm(request.POST or None, initial={"since": clock.today()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        annotate(request, subject=given["key"])
        try:
            start_pilot(
                given["key"], known=pilotable(), divisions=_codes(given["divisions"]),
                departments=_codes(given["departments"]), since=given["since"],
                until=given["until"], by=actor_of(request),
            )  # fmt: skip
        except Rejected as refused:
            for name, text in refused.problem.fields.items():
                form.add_error(name, text)
        else:
            messages.success(request, "试点范围已保存，立即生效。")
            return redirect("identity:pilots")
    return _page(request, form)


def _end(request: HttpRequest) -> HttpResponse:
    key = request.POST.get("key", "")[:60]
    promote = request.POST["end"] == "promote"
    state = PilotState.PROMOTED if promote else PilotState.WITHDRAWN
    annotate(request, subject=key)
    try:
        end_pilot(key, state, reason=request.POST.get("reason", ""), by=actor_of(request))
    except Rejected as refused:
        if not refused.problem.fields:
            raise
        return _page(request, PilotForm(), wrong=key, status=422)
    messages.success(request, f"试点已{PILOT_LABELS[state][1:]}。")
    return redirect("identity:pilots")


def _page(
    request: HttpRequest, form: PilotForm, *, wrong: str = "", status: int = 200
) -> HttpResponse:
    titles = pilotable()
    rows = [
        (p, titles.get(p.key, p.key), PILOT_LABELS[PilotState(p.state)], _TONES[p.state])
        for p in Pilot.objects.all()
    ]
    context = {"nav": "pilots", "form": form, "rows": rows, "wrong": wrong}
    if form.is_bound and form.errors:
        status = 422
    return render(request, "identity/pilots.html", context, status=status)
