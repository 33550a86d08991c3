"""Whose duty covers the whole province, and who sees a department's own."""

from tongqu.identity.vocabulary import Role
from tongqu.kernel.actor import Actor

_ALL = frozenset({Role.MANAGING_OFFICE.value, Role.SUPPORT.value, Role.SUPERVISOR.value})


def sees_all(actor: Actor) -> bool:
    return actor.kind == "platform" or bool(actor.roles & _ALL)


def provider_of(actor: Actor) -> int | None:
    """Return the department to which the reader's sight is limited; None for no limit."""
    return None if sees_all(actor) else actor.organisation_id or 0
