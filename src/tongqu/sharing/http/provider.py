"""供数工作台 (/desk/provider/): one list of what a providing department owes, with its days."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission
from tongqu.sharing.queries import desk

PER_PAGE = 50


@require_safe
@requires(Permission.CATALOG_RECEIPT_ISSUE)
def provider(request: HttpRequest) -> HttpResponse:
    duties = desk.provider_duties(actor_of(request))
    chosen = request.GET.get("kind", "")
    shown = [duty for duty in duties if duty.kind == chosen] if chosen in desk.KINDS else duties
    context = {
        "nav": "provider",
        "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "counts": desk.counts(duties),
        "chosen": chosen,
    }
    return render(request, "sharing/provider.html", context)
