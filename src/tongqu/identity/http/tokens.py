"""The token endpoint where readers of Iceberg look for it, beside their catalogue."""

from allauth.idp.oidc.views import TokenView
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tongqu.identity.actions.clients import SCOPE
from tongqu.identity.public import requires
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
    return TokenView.as_view()(request)
