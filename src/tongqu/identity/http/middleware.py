"""Find out once per request who acts, and keep a form whose session expired."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.idp.oidc.models import Token
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from tongqu.identity.models import Person
from tongqu.identity.public import actor_for, acts_still, client_actor, public_actor
from tongqu.identity.queries import active_client, is_inside
from tongqu.kernel import resume
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem
from tongqu.policy.clauses import measures_2021 as law

TOKEN_INVALID = Problem(
    code="TOKEN_INVALID",
    title="令牌无效、已过期或已撤销。",
    next_step="请用客户端标识和密钥重新获取令牌。",
    basis=law.AUTHENTICATION,
    who="使用部门系统管理人",
)
ENV_NOT_REGISTERED = Problem(
    code="ENV_NOT_REGISTERED",
    title="调用来自登记网络范围之外的地址。",
    next_step="请从登记的网络环境调用，或在“接口调用方”中登记新的网络范围。",
    basis=law.SECURITY_DUTY,
    who="使用部门系统管理人",
)


# Of what the log-in library brings, these are our need; the others are shut: accounts are
# given, no e-mail is written, and systems log in by client credentials alone.
OPEN_OF_LIBRARY = frozenset(
    {
        "account_login", "account_logout", "account_inactive", "account_reauthenticate",
        "account_change_password", "mfa_index", "mfa_authenticate", "mfa_reauthenticate",
        "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "configuration", "jwks",
        "token", "revoke",
    }
)  # fmt: skip


READERS = "/iceberg/"  # where a person's token counts, and nowhere else
WHO = "tongqu_who"  # cookie: the user name, signed
WHO_SECONDS = 30 * 24 * 3600


class WhoActs:
    """Set ``request.actor``. A bearer token that does not hold sets ``request.refusal``:
    the endpoint's guard then refuses, whatever the endpoint, and the trail records it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            actor, refusal = _bearer(token.strip(), request)
            request.refusal = refusal  # type: ignore[attr-defined]  # read by policy.access
        else:
            user = request.user
            known = isinstance(user, Person) and user.is_active
            actor = actor_for(user) if known else public_actor()  # type: ignore[arg-type]  # known
        request.actor = actor  # type: ignore[attr-defined]  # read by actor_of
        response = self.get_response(request)
        if actor.kind == "person":
            _remember(request, response, actor)
        if response.status_code == 401 and scheme.lower() == "bearer":
            response.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        elif response.status_code == 401 and _is_form(request):
            return _to_login(request)
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> None:
        """Shut what the log-in library offers beside our need. Raises: ``Http404``."""
        is_librarys = getattr(view, "__module__", "").startswith("allauth.")
        match = request.resolver_match
        if is_librarys and (match is None or match.url_name not in OPEN_OF_LIBRARY):
            raise Http404


def _bearer(token: str, request: HttpRequest) -> tuple[Actor, Problem | None]:
    found = Token.objects.lookup(Token.Type.ACCESS_TOKEN, token) if token else None
    if found is not None and found.client_id is None and request.path.startswith(READERS):
        by = acts_still("person", found.user.username if found.user else "", "")
        return (by, None) if by else (public_actor(), TOKEN_INVALID)
    client = active_client(found.client_id) if found else None
    if client is None:
        return public_actor(), TOKEN_INVALID
    address = request.META.get("REMOTE_ADDR", "")
    return client_actor(client), None if is_inside(address, client) else ENV_NOT_REGISTERED


def _is_form(request: HttpRequest) -> bool:
    """Return whether a browser posted a form of ours: it brings the cookie that we gave it."""
    return (
        request.method == "POST"
        and not request.path.startswith("/api/")
        and settings.CSRF_COOKIE_NAME in request.COOKIES
        and request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}
    )


def _remember(request: HttpRequest, response: HttpResponse, actor: Actor) -> None:
    """Leave a signed mark of who works here: it outlives the session, and opens nothing.

    What was typed when the session ends is given back to this person and to nobody else.
    """
    if request.get_signed_cookie(WHO, default="", salt=WHO) != actor.key:
        response.set_signed_cookie(
            WHO, actor.key, salt=WHO, max_age=WHO_SECONDS, httponly=True, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip


def _to_login(request: HttpRequest) -> HttpResponse:
    """Keep what was typed, and lead to the log-in page and from there back to the form."""
    page = _page_of(request)
    resume.keep(
        request.session,
        owner=request.get_signed_cookie(WHO, default="", salt=WHO) or "",
        path=request.path,
        page=urlsplit(page).path,
        fields=resume.keepable(request.POST.lists()),
    )
    target = f"{reverse('account_login')}?{urlencode({'next': page})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def _page_of(request: HttpRequest) -> str:
    """Return the page that holds the form: where the browser came from, if that was ours."""
    referer = urlsplit(request.headers.get("Referer", ""))
    if referer.netloc != request.get_host():
        return request.get_full_path()
    return f"{referer.path}?{referer.query}" if referer.query else referer.path
