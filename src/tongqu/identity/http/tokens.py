"""The token endpoint where readers of Iceberg look for it, beside their catalogue."""

from allauth.idp.oidc.views import TokenView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tongqu.identity.actions.clients import SCOPE
from tongqu.identity.actions.reader_tokens import issue_reader_token
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P


@csrf_exempt
@require_POST
@requires(P.PORTAL_PAGE_READ)
def reader_token(request: HttpRequest) -> HttpResponseBase:
    """Give a registered system a token; whatever scope its reader asks by habit, it is ours.

    The secret decides, not the permission: a caller has no account before.
    """
    asked = request.POST.copy()
    asked["scope"] = SCOPE
    request.POST = asked  # type: ignore[assignment]  # a QueryDict like the former one
    answer: HttpResponseBase = TokenView.as_view()(request)
    return answer


@require_POST
@requires(P.LAKE_TABLE_READ)
def own_reader_token(request: HttpRequest) -> HttpResponse:
    """Show a person a token for attaching the own unit's tables, once."""
    value, until = issue_reader_token(by=actor_of(request))
    context = {
        "nav": "lake",
        "token": value,
        "until": until,
        "address": request.build_absolute_uri("/iceberg"),
    }
    answer = render(request, "identity/reader_token.html", context)
    answer["Cache-Control"] = "private, no-store"
    return answer
