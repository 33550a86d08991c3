"""Pages of security: events."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tongqu.audit.public import annotate
from tongqu.identity.public import requires
from tongqu.security.permissions import EVENT_READ
from tongqu.security.queries import events as find
from tongqu.security.vocabulary import DETAIL_LABELS, EVENT_LABELS, EventKind

PAGE = 50


@requires(EVENT_READ)
def events(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("kind", "")
    kind = asked if asked in set(EventKind) else ""
    before = request.GET.get("before", "")
    older_than = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    found = list(find(kind=kind, before=older_than)[: PAGE + 1])
    rows = found[:PAGE]
    annotate(request, subject="security.events", rows=len(rows))
    context = {
        "nav": "risks",
        "rows": rows,
        "kind": kind,
        "words": DETAIL_LABELS,
        "kinds": [(each.value, EVENT_LABELS[each]) for each in EventKind],
        "next": rows[-1].pk if len(found) > PAGE else None,
        "is_first": older_than is None,
    }
    return render(request, "security/events.html", context)
