"""The catalogue for machines at plain addresses: DCAT-AP 3, page by page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tongqu.audit.public import annotate
from tongqu.catalog.http.interchange import TYPES
from tongqu.catalog.queries import exports
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P


@require_safe
@requires(P.CATALOG_ENTRY_READ)
def graph(request: HttpRequest, form: str) -> HttpResponse:
    number = request.GET.get("page", "1")
    wanted = int(number) if number.isascii() and number.isdecimal() and len(number) < 7 else 1
    page = exports.page(actor_of(request), number=max(1, wanted))
    annotate(request, subject="catalog", details={"form": form, "page": page.number})
    response = HttpResponse(exports.write(page, form), content_type=TYPES[form])
    response.headers["X-Content-Type-Options"] = "nosniff"
    if page.number < page.pages:
        response.headers["Link"] = f'<{request.path}?page={page.number + 1}>; rel="next"'
    return response
