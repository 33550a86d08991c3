"""The gate of the API: permission and CSRF are checked before a parameter is parsed."""

from collections.abc import Callable

from django.http import HttpRequest
from ninja.utils import check_csrf

from tongqu.identity.public import actor_of, require
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.access import refuse_bad_token
from tongqu.policy.clauses import measures_2021 as law

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def gate(permission: str) -> Callable[[HttpRequest], bool]:
    """Return ninja's ``auth`` callable for an endpoint that needs this permission.

    A browser's session proves who acts but not that the person meant the call, so unsafe
    calls by session carry the CSRF token; a bearer token is never sent by itself.
    """

    def admit(request: HttpRequest) -> bool:
        refuse_bad_token(request)
        actor = actor_of(request)
        if actor.kind == "person" and request.method not in SAFE_METHODS and check_csrf(request):
            raise Rejected(
                Problem(
                    code="CSRF_FAILED",
                    title="请求缺少防伪令牌。",
                    next_step="网页内调用请携带 X-CSRFToken 请求头；系统对接请使用令牌。",
                    basis=law.AUTHENTICATION,
                )
            )
        require(actor, permission)
        return True

    return admit
