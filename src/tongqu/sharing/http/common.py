"""What the pages of this room share: a form that takes an action's refusals."""

from collections.abc import Callable
from typing import TypeVar

from django import forms

from tongqu.identity.public import organisations
from tongqu.kernel.problems import Rejected

T = TypeVar("T")


def accepted(form: forms.Form, act: Callable[[], T]) -> T | None:
    """Return what the action returned; a mistake goes back to its field, or over the form."""
    try:
        return act()
    except Rejected as refused:
        problem = refused.problem
        if problem.code in {"NOT_PERMITTED", "NOT_LOGGED_IN"}:
            raise
        named = {name: text for name, text in problem.fields.items() if name in form.fields}
        for name, text in named.items():
            form.add_error(name, text)
        if not named:
            form.add_error(None, f"{problem.title}{problem.next_step}")
        return None


def status_of_form(form: forms.Form) -> int:
    return 422 if form.is_bound and form.errors else 200


def day_field(label: str, *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, required=required)


def long_text(label: str, *, limit: int, rows: int = 3, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=limit, widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )  # fmt: skip


def government_choices() -> list[tuple[str, str]]:
    return [(unit.code, unit.name) for unit in organisations() if unit.is_government]
