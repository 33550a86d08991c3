"""Is this process fit to answer? For proxies and container platforms."""

from django.db import connection
from django.http import HttpRequest, HttpResponse

from tongqu.identity.public import requires
from tongqu.identity.vocabulary import Permission


@requires(Permission.PORTAL_PAGE_READ)
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the control database answers; an exception is a 500 by itself."""
    del request
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")
