"""The API of one source."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission
from tongqu.onesource import public, queries
from tongqu.onesource.vocabulary import Following, PairCommand, PairState

router = Router()
Text = Annotated[str, Field(max_length=120)]


class AuthorityIn(Schema):
    """``datum``: a data element's code, or a name; ``department``: an organisation's code."""

    datum: Text
    name: Text = ""
    system: Text
    department: Text
    standard: Text


class AuthorityOut(Schema):
    id: int
    datum: str
    name: str
    system: str
    department_name: str
    standard: str
    since: date
    until: date | None


class EndIn(Schema):
    reason: Annotated[str, Field(max_length=300)]


class PairOut(Schema):
    """Two items that look like one datum; ``told`` names them and their sources."""

    id: int
    first_entry: str
    first_item: str
    second_entry: str
    second_item: str
    told: dict[str, str]
    score: float
    reasons: list[str]
    state: PairState
    note: str
    found_at: datetime
    decided_at: datetime | None


class PairsOut(Schema):
    total: int
    items: list[PairOut]


class DetectedOut(Schema):
    open: int


class DecideIn(Schema):
    note: Annotated[str, Field(max_length=300)] = ""


class FollowingOut(Schema):
    """贯标率: items bound to a data element, in per cent; NULL without items."""

    code: str
    name: str
    items: int
    bound: int
    rate: Decimal | None
    unbound: list[str]

    @staticmethod
    def of(found: Following) -> "FollowingOut":
        return FollowingOut(
            code=found.code, name=found.name, items=found.items, bound=found.bound,
            rate=found.rate, unbound=list(found.unbound),
        )  # fmt: skip


@router.get("/onesource/authorities", response={200: list[AuthorityOut], PROBLEMS: ProblemOut})
@requires(Permission.ONESOURCE_REGISTER_READ)
def list_authorities(
    request: HttpRequest, datum: Annotated[str, Query(max_length=120)] = "", ended: bool = False
) -> object:
    """Return the authoritative sources in force; with ``ended`` the past ones, too."""
    return list(queries.authorities(datum=datum, ended=ended))


@router.post("/onesource/authorities", response={201: AuthorityOut, PROBLEMS: ProblemOut})
@requires(Permission.ONESOURCE_AUTHORITY_EDIT)
def register(request: HttpRequest, body: AuthorityIn) -> object:
    """Register the one source of a datum; 409 SOURCE_TAKEN while another is in force."""
    return Status(201, public.register_authority(**body.dict(), by=actor_of(request)))


@router.post(
    "/onesource/authorities/{number}/end", response={200: AuthorityOut, PROBLEMS: ProblemOut}
)
@requires(Permission.ONESOURCE_AUTHORITY_EDIT)
def end(request: HttpRequest, number: int, body: EndIn) -> object:
    """End a source, so that another may be registered."""
    return public.end_authority(number, reason=body.reason, by=actor_of(request))


@router.get("/onesource/pairs", response={200: PairsOut, PROBLEMS: ProblemOut})
@requires(Permission.ONESOURCE_REGISTER_READ)
def list_pairs(
    request: HttpRequest,
    state: PairState | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> object:
    """Return the look-alikes, likeliest first."""
    found = queries.pairs(state.value if state else "", actor=actor_of(request))
    return {"total": found.count(), "items": list(found[offset : offset + limit])}


@router.post("/onesource/pairs/detect", response={200: DetectedOut, PROBLEMS: ProblemOut})
@requires(Permission.ONESOURCE_PAIR_DECIDE)
def detect(request: HttpRequest) -> object:
    """Compare every declared item anew."""
    return {"open": public.detect(by=actor_of(request))}


@router.post("/onesource/pairs/{number}/{command}", response={200: PairOut, PROBLEMS: ProblemOut})
@requires(Permission.ONESOURCE_PAIR_DECIDE)
def decide(request: HttpRequest, number: int, command: PairCommand, body: DecideIn) -> object:
    """Say that a pair is one datum, or that it is not."""
    return public.decide(number, command, note=body.note, by=actor_of(request))


@router.get("/onesource/following", response={200: list[FollowingOut], PROBLEMS: ProblemOut})
@requires(Permission.ONESOURCE_REGISTER_READ)
def following(request: HttpRequest, by: Literal["entry", "provider"] = "entry") -> object:
    """Return the rate at which items follow a data element, by entry or by department."""
    read = queries.following if by == "entry" else queries.following_by_provider
    found = read(actor_of(request))
    return [FollowingOut.of(row) for row in found]
