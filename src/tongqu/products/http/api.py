"""The API of products, under ``/api/v1/products/``."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Query, Router

from tongqu.audit.public import annotate
from tongqu.identity.public import PROBLEMS, ProblemOut, requires
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.opening.public import admit_caller
from tongqu.products.http.schemas import AvoidedOut, RouteIn, RouteOut, TollStopOut
from tongqu.products.public import route as ask
from tongqu.products.vocabulary import Place, RouteView

router = Router()
ANSWERS = PROBLEMS | {429, 503}


def in_time(moment: datetime | None) -> datetime | None:
    """Read a time without a zone as Shanghai's, as people type it."""
    if moment is None or moment.tzinfo:
        return moment
    return moment.replace(tzinfo=clock.SHANGHAI)


@router.get(
    "/products/prd03/route", response={200: RouteOut, ANSWERS: ProblemOut}, summary="PRD03 路径规划"
)
@requires(Permission.OPENING_SET_READ)
def route(request: HttpRequest, asked: Query[RouteIn]) -> RouteOut:
    """The shortest way over the toll network; closed entries are not used until the lift."""
    admit_caller(request.META.get("REMOTE_ADDR", ""))
    found = ask(
        Place(asked.from_lon, asked.from_lat),
        Place(asked.to_lon, asked.to_lat),
        moment=in_time(asked.at),
        vehicle=asked.vehicle,
    )
    annotate(request, subject="PRD03", rows=len(found.stops))
    return told(found)


def told(found: RouteView) -> RouteOut:
    stops = [TollStopOut(code=s.code, name=s.name, route=s.route, km=s.km) for s in found.stops]
    avoided = [
        AvoidedOut(code=a.code, name=a.name, side=a.side, control=a.control, since=a.since)
        for a in found.avoided
    ]
    return RouteOut(
        km=found.km, entry=stops[0], exit=stops[-1], stops=stops, avoided=avoided,
        asked_for=found.asked_for,
    )  # fmt: skip
