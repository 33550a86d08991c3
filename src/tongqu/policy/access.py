"""Article 5: every step is authenticated and authorised. The guard of pages and API functions.

It lives below audit and identity so that every room, these two included, can declare what
its endpoints need; which role has which permission is identity's table.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest

from tongqu.kernel.actor import PUBLIC, Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law

View = TypeVar("View", bound=Callable[..., Any])

NOT_LOGGED_IN = Problem(
    code="NOT_LOGGED_IN",
    title="尚未登录，或登录已过期。",
    next_step="请登录后重试；接口调用请携带有效令牌。",
    basis=law.AUTHENTICATION,
)


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts in a request, as the middleware resolved it; the public otherwise."""
    actor = getattr(request, "actor", None)
    return actor if isinstance(actor, Actor) else PUBLIC


def require(actor: Actor, permission: str) -> None:
    """Raise ``Rejected`` with NOT_LOGGED_IN or NOT_PERMITTED unless the actor may."""
    if actor.may(permission):
        return
    if actor.kind == "public":
        raise Rejected(NOT_LOGGED_IN)
    raise Rejected(
        Problem(
            code="NOT_PERMITTED",
            title="你的岗位没有办理此事的权限。",
            next_step="请联系本单位系统管理员核对岗位，或请有此权限的岗位办理。",
            basis=law.AUTHENTICATION,
            who="系统管理员",
            facts={"permission": str(permission)},
        )
    )


def refuse_bad_token(request: HttpRequest) -> None:
    """Raise what the middleware found wrong with the credentials that came with the call."""
    refusal = getattr(request, "refusal", None)
    if isinstance(refusal, Problem):
        raise Rejected(refusal)


def requires(permission: str) -> Callable[[View], View]:
    """Declare the permission of a page or an API function; a test fails for one without."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            refuse_bad_token(request)
            require(actor_of(request), permission)
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the matrix test
        return guarded  # type: ignore[return-value]  # wraps keeps the signature

    return declare


def note(request: HttpRequest, *, subject: str, **details: object) -> None:
    """Tell the trail what a page of policy changed; its middleware reads ``audit_facts``.

    Audit lies above policy, so its own ``annotate`` cannot be imported here.
    """
    request.audit_facts = {"subject": subject, "details": details}  # type: ignore[attr-defined]  # read by audit's middleware
