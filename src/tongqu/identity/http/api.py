"""The API of this room, under ``/api/v1/``."""

from django.http import HttpRequest
from ninja import Router, Schema

from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission

router = Router()


class WhoAmI(Schema):
    """Who the platform takes the caller for."""

    kind: str
    key: str
    name: str
    organisation_code: str
    organisation_name: str
    roles: list[str]
    permissions: list[str]


@router.get("/identity/me", response={200: WhoAmI, PROBLEMS: ProblemOut})
@requires(Permission.PORTAL_PAGE_READ)
def who_am_i(request: HttpRequest) -> WhoAmI:
    """Return the caller as resolved from the token or the session."""
    actor = actor_of(request)
    return WhoAmI(
        kind=actor.kind,
        key=actor.key,
        name=actor.name,
        organisation_code=actor.organisation_code,
        organisation_name=actor.organisation_name,
        roles=sorted(actor.roles),
        permissions=sorted(actor.permissions),
    )
