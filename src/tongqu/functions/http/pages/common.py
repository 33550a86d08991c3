"""What the pages of this room share: steps by POST, problems shown where one stands."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from tongqu.functions.domain.problems import invalid
from tongqu.functions.queries import lists
from tongqu.functions.vocabulary import PROBLEM_STATUS, FunctionKind
from tongqu.identity.public import actor_of
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected

Act = Callable[[HttpRequest, str, Actor], str]
ELSEWHERE = frozenset({"NOT_FOUND", "NOT_PERMITTED", "NOT_LOGGED_IN"})


def stepped(request: HttpRequest, code: str, acts: dict[str, Act]) -> Problem | None:
    """Carry out the step that a form names; return what stands in its way, to be shown there.

    What the reader may not do, or does not see, is answered with a page of its own.
    """
    act = acts.get(request.POST.get("do", ""))
    if act is None:
        return invalid("do", "没有选择办理动作")
    try:
        done = act(request, code, actor_of(request))
    except Rejected as rejected:
        if rejected.problem.code in ELSEWHERE:
            raise
        return rejected.problem
    messages.success(request, done)
    return None


def status_of(problem: Problem | None) -> int:
    return PROBLEM_STATUS.get(problem.code, 422) if problem else 200


def accepted(form: Any, act: Callable[[], Any]) -> Any:
    """Return what the action returned; a mistake in a field goes back to that field."""
    try:
        return act()
    except Rejected as rejected:
        if not rejected.problem.fields:
            raise
        for name, message in rejected.problem.fields.items():
            form.add_error(name if name in form.fields else None, message)
        if rejected.problem.basis is not None:
            form.add_error(None, f"依据：{rejected.problem.basis}")
        return None


def day(request: HttpRequest, name: str = "on") -> date:
    try:
        return date.fromisoformat(request.POST.get(name, ""))
    except ValueError as error:
        raise Rejected(invalid(name, "请填写日期，如 2026-10-01")) from error


def parents(actor: Actor) -> list[tuple[str, str]]:
    """Return the asker's own functions as choices, indented by depth."""
    own = lists.functions(actor).filter(
        organisation_id=actor.organisation_id or 0, kind=FunctionKind.FUNCTION, ended_on=None
    )
    return [
        (line.function.code, f"{'　' * line.depth}{line.function.name}") for line in lists.tree(own)
    ]
