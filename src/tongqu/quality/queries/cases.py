"""Reads of check requests, objections and hardships, each from what the asker may see."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel.actor import Actor
from tongqu.quality.domain.cases import (
    CHECK_OPEN,
    MARKED,
    CheckState,
    HardshipClass,
    HardshipState,
    ObjectionState,
)
from tongqu.quality.models import CaseEvent, CheckRequest, Hardship, Objection

SEES_ALL = frozenset({Role.MANAGING_OFFICE, Role.SUPPORT, Role.SUPERVISOR, Role.IMPLEMENTER})


def chain_of(number: str) -> QuerySet[CaseEvent]:
    return CaseEvent.objects.filter(case=number)


def chains_of(numbers: Collection[str]) -> dict[str, list[CaseEvent]]:
    """Return the chains of several cases in one statement."""
    found: dict[str, list[CaseEvent]] = {number: [] for number in numbers}
    for event in CaseEvent.objects.filter(case__in=list(numbers)):
        found[event.case].append(event)
    return found


def checks_for(actor: Actor) -> QuerySet[CheckRequest]:
    """Return all to the implementing body and oversight; else those one files or has to correct."""
    found = CheckRequest.objects.select_related("provider", "ticket")
    if actor.roles & SEES_ALL or actor.kind == "platform":
        return found
    unit = actor.organisation_id or 0
    return found.filter(Q(filer_organisation_id=unit) | Q(provider_id=unit))


def objections_at(actor: Actor) -> QuerySet[Objection]:
    """Return the objections that an office may handle or watch, without what they say."""
    found = Objection.objects.select_related("provider", "ticket")
    if actor.roles & SEES_ALL or actor.kind == "platform":
        return found
    return found.filter(provider_id=actor.organisation_id or 0)


def own_objections(actor: Actor) -> QuerySet[Objection]:
    """Return what a data subject filed itself."""
    if actor.user_id is None:
        return Objection.objects.none()
    found = Objection.objects.select_related("provider", "ticket")
    return found.filter(filer_person_id=actor.user_id)


def marked(entry_code: str) -> list[tuple[str, str]]:
    """Return number and item of each objection that an entry's outputs have to carry."""
    found = Objection.objects.filter(entry_code=entry_code, state__in=list(MARKED))
    return list(found.order_by("pk").values_list("number", "item"))


def hardships_for(actor: Actor) -> QuerySet[Hardship]:
    """Return the whole register to oversight and support, to a unit its own lines."""
    found = Hardship.objects.select_related("organisation")
    if actor.roles & SEES_ALL or actor.roles & {Role.AUDITOR} or actor.kind == "platform":
        return found
    return found.filter(organisation_id=actor.organisation_id or 0)


def checks_waiting(actor: Actor) -> QuerySet[CheckRequest]:
    """Return the requests whose next step is the asker's."""
    found = checks_for(actor)
    if not actor.may(Permission.QUALITY_CHECK_ACT):
        return found.none()
    wanted = Q(pk=None)
    if Role.IMPLEMENTER in actor.roles:
        wanted |= Q(state__in=[CheckState.PROPOSED, CheckState.REPAIRED])
        wanted |= Q(wanted_by="department")
    if Role.PROVIDER_REVIEWER in actor.roles:
        wanted |= Q(wanted_by="implementer", provider_id=actor.organisation_id or 0)
    if Role.OPERATOR in actor.roles:
        wanted |= Q(state=CheckState.REPAIRED, filer_organisation_id=actor.organisation_id or 0)
    return found.filter(wanted)


def objections_waiting(actor: Actor) -> QuerySet[Objection]:
    found = objections_at(actor)
    if not actor.may(Permission.QUALITY_OBJECTION_HANDLE):
        return found.none()
    if Role.IMPLEMENTER in actor.roles:
        return found.filter(state=ObjectionState.PROPOSED)
    states = [ObjectionState.PROPOSED, ObjectionState.VERIFYING]
    return found.filter(state__in=states, provider_id=actor.organisation_id or 0)


def filtered_checks(actor: Actor, state: str) -> QuerySet[CheckRequest]:
    found = checks_for(actor)
    if state in set(CheckState):
        return found.filter(state=state)
    return found.filter(state__in=list(CHECK_OPEN)) if state == "open" else found


def filtered_hardships(actor: Actor, kind: str, state: str) -> QuerySet[Hardship]:
    found = hardships_for(actor)
    if kind in set(HardshipClass):
        found = found.filter(hardship=kind)
    return found.filter(state=state) if state in set(HardshipState) else found
