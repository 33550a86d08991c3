"""Doors of identity: who acts, what they may, and how to reach them."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.db.models import Q
from django.http import HttpRequest
from ninja import Schema

from tongqu.identity.models import Message, Organisation, Person
from tongqu.identity.permissions import permissions_of
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import PUBLIC, Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law

View = TypeVar("View", bound=Callable[..., Any])


class ProblemOut(Schema):
    """The RFC 9457 problem document of every refused call, with code, clause and next step."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    next_step: str
    clause: str | None = None  # code of the clause it rests on
    clause_gist: str | None = None
    who: str | None = None  # who can change it
    fields: dict[str, str] | None = None
    facts: dict[str, Any] | None = None


# For ``response={200: X, PROBLEMS: ProblemOut}``.
PROBLEMS = frozenset({400, 401, 403, 404, 409, 422})

NOT_LOGGED_IN = Problem(
    code="NOT_LOGGED_IN",
    title="尚未登录，或登录已过期。",
    next_step="请登录后重试；接口调用请携带有效令牌。",
    basis=law.AUTHENTICATION,
)


def actor_for(person: Person) -> Actor:
    """Return the person as an actor, with the roles in force today."""
    today = clock.today()
    rows = person.assignments.filter(Q(until=None) | Q(until__gte=today))
    roles = frozenset(rows.values_list("role", flat=True)) | {Role.PUBLIC.value}
    organisation = person.organisation
    return Actor(
        kind="person",
        key=person.get_username(),
        name=str(person),
        organisation_id=organisation.pk if organisation else None,
        organisation_code=organisation.code if organisation else "",
        organisation_name=organisation.name if organisation else "",
        roles=roles,
        permissions=permissions_of(roles),
        assurance=person.assurance,
        user_id=person.pk,
    )


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts in a request: resolved once, by the middleware or the API's token."""
    actor = getattr(request, "actor", None)
    return actor if isinstance(actor, Actor) else public_actor()


def public_actor() -> Actor:
    return Actor(
        kind=PUBLIC.kind,
        key=PUBLIC.key,
        name=PUBLIC.name,
        roles=PUBLIC.roles,
        permissions=permissions_of(PUBLIC.roles),
    )


def require(actor: Actor, permission: Permission) -> None:
    """Raise ``Rejected`` with NOT_LOGGED_IN or NOT_PERMITTED unless the actor may."""
    if actor.may(permission):
        return
    if actor.kind == "public":
        raise Rejected(NOT_LOGGED_IN)
    raise Rejected(
        Problem(
            code="NOT_PERMITTED",
            title="你的岗位没有办理此事的权限。",
            next_step="请联系本单位系统管理员核对岗位，或请有此权限的岗位办理。",
            basis=law.AUTHENTICATION,
            who="系统管理员",
            facts={"permission": permission.value},
        )
    )


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare the permission of a page or an API function; a test fails for one without."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            require(actor_of(request), permission)
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the matrix test
        return guarded  # type: ignore[return-value]  # wraps keeps the signature

    return declare


def organisation(code: str) -> Organisation | None:
    return Organisation.objects.filter(code=code).first()


def organisation_by_id(pk: int) -> Organisation:
    return Organisation.objects.get(pk=pk)


def notify(
    text: str,
    *,
    key: str,
    kind: str,
    url: str = "",
    organisation_id: int | None = None,
    person_id: int | None = None,
    role: str = "",
) -> None:
    """Send a message once: the same ``key`` again changes nothing."""
    Message.objects.get_or_create(
        key=key,
        defaults={
            "text": text,
            "kind": kind,
            "url": url,
            "organisation_id": organisation_id,
            "person_id": person_id,
            "role": role,
            "created_at": clock.now(),
        },
    )
