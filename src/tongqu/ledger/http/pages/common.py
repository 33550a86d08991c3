"""What the ledger's pages share: forms that take an action's refusals, files, choices."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tongqu.identity.public import organisations
from tongqu.kernel.problems import Problem, Rejected
from tongqu.ledger.actions.sheets import Cell, as_csv, as_xlsx

T = TypeVar("T")
PER_PAGE = 50
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def accepted(form: forms.Form, act: Callable[[], T]) -> T | None:
    """Return what the action returned; a mistake in a field goes back to that field."""
    try:
        return act()
    except Rejected as refused:
        fields = refused.problem.fields
        if not fields:
            raise
        for name, message in fields.items():
            form.add_error(name if name in form.fields else None, message)
        return None


def done_or_problem(
    request: HttpRequest, act: Callable[[], object], *, said: str, to: Sequence[object]
) -> HttpResponse | Problem:
    """Run a step of a page: lead back with a message, or give the problem to show there."""
    try:
        act()
    except Rejected as refused:
        if refused.problem.code in {"NOT_FOUND", "NOT_PERMITTED"}:
            raise
        return refused.problem
    messages.success(request, said)
    return redirect(str(to[0]), *to[1:])


def status_of(form: forms.Form) -> int:
    return 422 if form.is_bound and form.errors else 200


def government_choices() -> list[tuple[str, str]]:
    return [(o.code, o.name) for o in organisations() if o.is_government]


def file_of(
    form: str,
    name: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    links: Sequence[str] = (),
) -> HttpResponse:
    """Return a list as csv or xlsx to keep."""
    if form == "xlsx":
        content = as_xlsx(heads, rows, title=name, links=links)
    else:
        form, content = "csv", as_csv(heads, rows)
    answer = HttpResponse(content, content_type=_TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer


def number(text: str) -> int:
    """Return a key that came with a form; 0, which names nothing, for what is no number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
