"""Pages that cross rooms, and the pages for errors."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST, require_safe

from tongqu.catalog.vocabulary import SharingType
from tongqu.identity.public import actor_of, mark_read, messages_for, requires
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.policy.public import terms_on
from tongqu.portal import queries
from tongqu.portal.http import samples
from tongqu.portal.http.context import bare
from tongqu.portal.vocabulary import ERRORS

MESSAGES_SHOWN = 100


@require_safe
@requires(Permission.PORTAL_PAGE_READ)
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "overview": queries.overview(actor_of(request)),
        "terms": terms_on(clock.today()),
        "sharing_types": list(SharingType),
    }
    return render(request, "portal/home.html", context)


@require_safe
@requires(Permission.PORTAL_DESK_READ)
def desk(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    todos = queries.todos(actor)
    context = {
        "todos": todos[:8],
        "todo_count": len(todos),
        "counts": queries.by_urgency(todos),
        "notices": messages_for(actor, limit=6),
        "tasks": queries.desk_tasks(actor),
    }
    return render(request, "portal/overview.html", context)


@require_safe
@requires(Permission.PORTAL_DESK_READ)
def todo(request: HttpRequest) -> HttpResponse:
    todos = queries.todos(actor_of(request))
    order = "received" if request.GET.get("order") == "received" else "due"
    if order == "received":
        todos = sorted(todos, key=lambda item: item.received_at)
    context = {
        "todos": todos,
        "todo_count": len(todos),
        "counts": queries.by_urgency(todos),
        "order": order,
    }
    return render(request, "portal/todo.html", context)


@require_safe
@requires(Permission.PORTAL_DESK_READ)
def messages(request: HttpRequest) -> HttpResponse:
    notices = messages_for(actor_of(request), limit=MESSAGES_SHOWN)
    return render(request, "portal/messages.html", {"notices": notices, "shown": MESSAGES_SHOWN})


@require_POST
@requires(Permission.PORTAL_DESK_READ)
def messages_read(request: HttpRequest) -> HttpResponse:
    mark_read(by=actor_of(request))
    return redirect("portal:messages")


@require_safe
@requires(Permission.PORTAL_PAGE_READ)
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/help.html", {"terms": terms_on(clock.today())})


@require_safe
@requires(Permission.PORTAL_PAGE_READ)
def api_guide(request: HttpRequest) -> HttpResponse:
    return render(
        request, "portal/api_guide.html", {"origin": f"{request.scheme}://{request.get_host()}"}
    )


@require_safe
@requires(Permission.PORTAL_PAGE_READ)
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/styleguide.html", samples.context())


def _error(request: HttpRequest, status: int, **more: object) -> HttpResponse:
    context = {"status": status, "error": ERRORS[status], **more}
    return render(request, "portal/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error(request, 403, is_csrf=True)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Render without request and database: either may be what is broken."""
    context = {"status": 500, "error": ERRORS[500], **bare()}
    return HttpResponse(render_to_string("portal/error.html", context), status=500)
