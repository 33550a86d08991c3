"""Reads of identity, each starting from what the asker may see."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tongqu.identity.domain.pilots import Scope, admits
from tongqu.identity.models import (
    Abolition,
    ApiClient,
    Assignment,
    Message,
    MessageRead,
    Organisation,
    Person,
    Pilot,
)
from tongqu.identity.vocabulary import PilotState, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class MessageView:
    id: int
    kind: str
    text: str
    url: str
    created_at: datetime
    is_read: bool


@dataclass(frozen=True, slots=True)
class TreeRow:
    organisation: Organisation
    depth: int
    people: int


def messages_for(actor: Actor) -> QuerySet[Message]:
    """Return the messages to this person, and to the offices it holds in its organisation."""
    if actor.user_id is None:
        return Message.objects.none()
    to_office = Q(organisation_id=actor.organisation_id, person=None) & (
        Q(role="") | Q(role__in=actor.roles)
    )
    to_role_anywhere = Q(organisation=None, person=None, role__in=actor.roles)
    mine = Q(person_id=actor.user_id) | to_role_anywhere
    if actor.organisation_id is not None:
        mine |= to_office
    read = MessageRead.objects.filter(message=OuterRef("pk"), person_id=actor.user_id)
    return Message.objects.filter(mine).annotate(is_read=Exists(read))


def message_views(actor: Actor, *, limit: int = 100) -> list[MessageView]:
    return [
        MessageView(m.pk, m.kind, m.text, m.url, m.created_at, m.is_read)  # type: ignore[attr-defined]  # annotated above
        for m in messages_for(actor)[:limit]
    ]


def unread(actor: Actor) -> QuerySet[Message]:
    return messages_for(actor).exclude(readings__person_id=actor.user_id or 0)


def unread_count(actor: Actor) -> int:
    return unread(actor).count()


def organisations() -> QuerySet[Organisation]:
    return Organisation.objects.select_related("parent")


def in_charge(organisation_id: int) -> Organisation:
    """Return who answers for an organisation today: itself, its last successor, else the office.

    Raises: ``Organisation.DoesNotExist`` where there is no managing office to fall back on.
    """
    seen: set[int] = set()
    current: int | None = organisation_id
    while current is not None and current not in seen:
        seen.add(current)
        ended = Abolition.objects.filter(organisation_id=current).first()
        if ended is None:
            return Organisation.objects.get(pk=current)
        current = ended.successor_id
    return Organisation.objects.filter(is_managing_office=True, abolition=None)[0:1].get()


def tree() -> list[TreeRow]:
    """Return the organisations in the order of the tree, with their depth. Two statements."""
    by_parent: dict[int | None, list[Organisation]] = {}
    counts: dict[int, int] = {}
    for organisation_id in Person.objects.filter(is_active=True).values_list(
        "organisation_id", flat=True
    ):
        if organisation_id is not None:
            counts[organisation_id] = counts.get(organisation_id, 0) + 1
    for organisation in Organisation.objects.all():
        by_parent.setdefault(organisation.parent_id, []).append(organisation)

    def below(parent: int | None, depth: int) -> list[TreeRow]:
        rows: list[TreeRow] = []
        for child in by_parent.get(parent, []):
            rows.append(TreeRow(child, depth, counts.get(child.pk, 0)))
            rows += below(child.pk, depth + 1)
        return rows

    return below(None, 0)


def people_with(role: Role | str, organisation_id: int) -> QuerySet[Person]:
    """Return the active people who hold the role in the organisation today."""
    held = current_assignments().filter(
        person=OuterRef("pk"), role=str(role), organisation_id=organisation_id
    )
    return Person.objects.filter(Exists(held), is_active=True).order_by("username")


def holders_of(role: Role | str) -> QuerySet[Person]:
    """Return the active people who hold the role today, in whatever organisation."""
    held = current_assignments().filter(person=OuterRef("pk"), role=str(role))
    return Person.objects.filter(Exists(held), is_active=True).order_by("username")


def current_assignments() -> QuerySet[Assignment]:
    return Assignment.objects.filter(Q(until=None) | Q(until__gte=clock.today()))


def people_of(organisation: Organisation) -> Sequence[Person]:
    return list(
        organisation.people.prefetch_related("assignments__organisation").order_by("username")
    )


def clients_for(actor: Actor) -> QuerySet[ApiClient]:
    """Return the registered systems of the asker's own organisation."""
    if actor.organisation_id is None:
        return ApiClient.objects.none()
    return ApiClient.objects.filter(organisation_id=actor.organisation_id).select_related(
        "organisation", "owner"
    )


def active_client(client_id: str) -> ApiClient | None:
    """Return the registered system behind an OAuth client, if it may still call.

    Whoever keeps its secret must still be of that department and in the office to keep it:
    a person that moved away takes no data with the key that is left.
    """
    office = current_assignments().filter(
        person=OuterRef("owner"), role=Role.CONSUMER, organisation=OuterRef("organisation")
    )
    return (
        ApiClient.objects.filter(
            Exists(office),
            client_id=client_id,
            is_active=True,
            owner__is_active=True,
            owner__organisation=F("organisation"),
        )
        .select_related("organisation", "owner")
        .first()
    )


def is_inside(address: str, client: ApiClient) -> bool:
    """Say whether a call comes from the networks that its department registered."""
    if not client.networks:
        return True
    try:
        where = ipaddress.ip_address(address)
    except ValueError:  # a unix socket has no address: it is in no network
        return False
    return any(where in ipaddress.ip_network(network) for network in client.networks)


def keeps_client(actor: Actor, client_id: str) -> bool:
    """Say whether a person keeps the secret of this registered system."""
    if actor.user_id is None:
        return False
    return ApiClient.objects.filter(client_id=client_id, owner_id=actor.user_id).exists()


def demo_people() -> QuerySet[Person]:
    """Return the example accounts; the log-in page offers them in a demonstration only."""
    return (
        Person.objects.filter(is_example=True, is_active=True, username__startswith="demo-")
        .select_related("organisation")
        .prefetch_related("assignments")
        .order_by("pk")
    )


def closed_pilots(actor: Actor) -> frozenset[str]:
    """Return the keys of functions on trial that are shut to this actor today.

    One statement while nothing is on trial, two otherwise.
    """
    limited = list(Pilot.objects.exclude(state=PilotState.PROMOTED))
    if not limited:
        return frozenset()
    unit = Organisation.objects.filter(pk=actor.organisation_id or 0)
    division = unit.values_list("division_code", flat=True).first() or ""
    return frozenset(
        pilot.key
        for pilot in limited
        if not admits(
            Scope(PilotState(pilot.state), pilot.divisions, pilot.departments, pilot.since,
                  pilot.until),
            division=division, department=actor.organisation_code, on=clock.today(),
        )
    )  # fmt: skip
