"""Doors of identity: who acts, what they may, and how to reach them."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.db.models import Q
from django.http import HttpRequest

from tongqu.identity.actions.abolish import abolish
from tongqu.identity.actions.messages import mark_read
from tongqu.identity.actions.seed_example import seed_example
from tongqu.identity.models import ApiClient, Message, Organisation, Person
from tongqu.identity.permissions import permissions_of
from tongqu.identity.queries import (
    MessageView,
    active_client,
    closed_pilots,
    holders_of,
    in_charge,
    is_inside,
    keeps_client,
    organisations,
    people_with,
    unread_count,
)
from tongqu.identity.queries import message_views as messages_for
from tongqu.identity.vocabulary import KIND_LABELS, ROLE_LABELS, Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import PUBLIC, Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.kernel.resume import resumed_form
from tongqu.policy.access import NOT_LOGGED_IN, require, requires
from tongqu.policy.problem_out import PROBLEMS, ProblemOut

__all__ = [
    "KIND_LABELS",
    "NOT_LOGGED_IN",
    "PROBLEMS",
    "ROLE_LABELS",
    "MessageView",
    "ProblemOut",
    "abolish",
    "actor_for",
    "actor_of",
    "acts_still",
    "client_actor",
    "closed_pilots",
    "holders_of",
    "in_charge",
    "keeps_client",
    "mark_read",
    "messages_for",
    "notify",
    "organisation",
    "organisation_by_id",
    "organisations",
    "people_with",
    "pilotable",
    "piloted",
    "public_actor",
    "require",
    "requires",
    "resumed_form",
    "seed_example",
    "unread_count",
]

View = TypeVar("View", bound=Callable[..., Any])
PILOT_SCOPE = Problem(
    code="PILOT_SCOPE",
    title="该功能正在部分地区和部门试点，尚未向你单位开放。",
    next_step="需要参加试点的，请联系主管部门。",
    who="主管部门",
)
_pilotable: dict[str, str] = {}  # key → title


def piloted(key: str, title: str) -> Callable[[View], View]:
    """Let a page or API function be tried in some places first (试点先行).

    Put it under ``requires``. While a pilot of this key runs, whoever lies outside is told
    PILOT_SCOPE and the menu leaves the page out; without a pilot it changes nothing.
    """
    _pilotable[key] = title

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if key in closed_pilots(actor_of(request)):
                raise Rejected(PILOT_SCOPE)
            return view(request, *args, **kwargs)

        guarded.pilot = key  # type: ignore[attr-defined]  # read by the portal's menu
        return guarded  # type: ignore[return-value]  # wraps keeps the signature

    return declare


def pilotable() -> dict[str, str]:
    """Return the functions that may be put on trial, key → title."""
    return dict(sorted(_pilotable.items()))


def actor_for(person: Person) -> Actor:
    """Return the person as an actor, with the roles in force today."""
    today = clock.today()
    rows = person.assignments.filter(
        Q(until=None) | Q(until__gte=today), organisation_id=person.organisation_id or 0
    )
    held = list(rows.values_list("role", "organisation__code", "organisation__name"))
    roles = frozenset(role for role, _, _ in held) | {Role.PUBLIC.value}
    code, name = held[0][1:] if held else _named(person.organisation)
    return Actor(
        kind="person",
        key=person.get_username(),
        name=str(person),
        organisation_id=person.organisation_id,
        organisation_code=code,
        organisation_name=name,
        roles=roles,
        permissions=permissions_of(roles),
        assurance=person.assurance,
        user_id=person.pk,
    )


def _named(found: Organisation | None) -> tuple[str, str]:
    return (found.code, found.name) if found else ("", "")


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


def client_actor(client: ApiClient) -> Actor:
    """Return a registered system as an actor: a consumer that acts for its department.

    It may use data; it may not register or rotate clients, its own key included.
    """
    roles = frozenset({Role.CONSUMER.value, Role.PUBLIC.value})
    return Actor(
        kind="client",
        key=client.client_id,
        name=client.system_name,
        organisation_id=client.organisation_id,
        organisation_code=client.organisation.code,
        organisation_name=client.organisation.name,
        roles=roles,
        permissions=permissions_of(roles) - {Permission.IDENTITY_CLIENT_MANAGE},
        assurance=client.owner.assurance,  # never more than whoever keeps its secret
    )


def acts_still(kind: str, key: str, address: str) -> Actor | None:
    """Return a person or a system as an actor again, with today's rights; None: no longer.

    A system must call from its registered networks, as with a token.
    """
    if kind == "client":
        client = active_client(key)
        return client_actor(client) if client and is_inside(address, client) else None
    person = Person.objects.filter(username=key, is_active=True).first()
    return actor_for(person) if kind == "person" and person else None


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
