"""Message formats (电子单据), each with its sample and validator."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from tongqu.identity.public import requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Rejected
from tongqu.standards.http import forms
from tongqu.standards.queries import messages as reading
from tongqu.standards.vocabulary import Effect, Finding

NAV = "messages_formats"


@require_safe
@requires(P.STANDARDS_LIBRARY_READ)
def messages(request: HttpRequest) -> HttpResponse:
    context = {"nav": NAV, "formats": reading.formats()}
    return render(request, "standards/messages.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.STANDARDS_LIBRARY_READ)
def message(request: HttpRequest, code: str) -> HttpResponse:
    """One format: its fields, its sample, and a message validated; nothing is kept."""
    form_ = reading.message_format(code)
    sample = json.dumps(form_.sample, ensure_ascii=False, indent=2)
    form = forms.MessageForm(request.POST or None, initial={"message": sample})
    findings: tuple[Finding, ...] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            given = reading.read_message(form.cleaned_data["message"])
            findings = reading.validate_message(code, given)
        except Rejected as refused:
            form.add_problem(refused.problem)
    context = {
        "nav": NAV,
        "format": form_,
        "form": form,
        "findings": findings,
        "is_valid": findings is not None and all(f.effect is Effect.WARN for f in findings),
    }
    return render(request, "standards/message.html", context, status=422 if form.errors else 200)
