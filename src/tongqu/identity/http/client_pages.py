"""Pages where a consumer registers its systems and changes their secrets."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tongqu.identity.actions.clients import register_client, rotate_secret, switch_client
from tongqu.identity.http.forms import RegisterClient
from tongqu.identity.models import ApiClient
from tongqu.identity.public import actor_of, requires
from tongqu.identity.queries import clients_for
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.problems import Rejected
from tongqu.kernel.resume import typed_before


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.IDENTITY_CLIENT_MANAGE)
def clients(request: HttpRequest) -> HttpResponse:
    form = RegisterClient(request.POST or None, initial=typed_before(request))
    if request.method == "POST" and form.is_valid():
        try:
            client, secret = register_client(
                system_name=form.cleaned_data["system_name"],
                networks=form.cleaned_data["networks"].splitlines(),
                by=actor_of(request),
            )
        except Rejected as refused:
            form.add_problem(refused.problem)
        else:
            return _page(request, RegisterClient(), shown=client, secret=secret)
    return _page(request, form)


@never_cache
@require_POST
@requires(Permission.IDENTITY_CLIENT_MANAGE)
def rotate(request: HttpRequest, client_id: str) -> HttpResponse:
    client, secret = rotate_secret(client_id, by=actor_of(request))
    return _page(request, RegisterClient(), shown=client, secret=secret)


@require_POST
@requires(Permission.IDENTITY_CLIENT_MANAGE)
def switch(request: HttpRequest, client_id: str) -> HttpResponse:
    switch_client(client_id, is_active=request.POST.get("to") == "on", by=actor_of(request))
    return HttpResponseRedirect(reverse("identity:clients"))


def _page(
    request: HttpRequest,
    form: RegisterClient,
    *,
    shown: ApiClient | None = None,
    secret: str = "",
) -> HttpResponse:
    """The secret is in this one answer and nowhere else: only its hash is kept."""
    context = {
        "clients": clients_for(actor_of(request)),
        "form": form,
        "shown": shown,
        "secret": secret,
        "token_url": request.build_absolute_uri(reverse("idp:oidc:token")),
        "nav": "sys",
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "identity/clients.html", context, status=status)
