"""Who may take a step on which entry: asked first by every action."""

from tongqu.catalog import queries
from tongqu.catalog.domain import problems
from tongqu.catalog.models import Entry, EntryVersion
from tongqu.catalog.vocabulary import EDITABLE, EntryState
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected


def locked(code: str) -> Entry:
    """Return the entry, locked until the transaction ends."""
    found = Entry.objects.select_for_update(of=("self",)).select_related("owner")
    entry = found.filter(code=code).first()
    if entry is None:
        raise Rejected(problems.NOT_FOUND)
    return entry


def own(code: str, *, by: Actor, permission: Permission) -> Entry:
    """Return the locked entry for its own department; the platform may act for anybody."""
    if by.kind != "platform":
        require(by, permission)
    entry = locked(code)
    if by.kind != "platform" and by.organisation_id != entry.owner_id:
        # Somebody who may not even see a draft learns nothing about it.
        hidden = queries.in_force(code) is None and not queries.may_see_drafts(entry, by)
        raise Rejected(problems.NOT_FOUND if hidden else problems.NOT_YOUR_ENTRY)
    return entry


def shared_duty(code: str, *, by: Actor, permission: Permission) -> Entry:
    """Return the entry for its department, or for those who look after all of them."""
    if by.kind != "platform":
        require(by, permission)
    entry = locked(code)
    if not queries.may_see_drafts(entry, by):
        hidden = queries.in_force(code) is None
        raise Rejected(problems.NOT_FOUND if hidden else problems.NOT_YOUR_ENTRY)
    return entry


def may_work(code: str, *, by: Actor, permission: Permission) -> None:
    """Refuse like ``shared_duty``, without locking: for steps that write nothing."""
    if by.kind != "platform":
        require(by, permission)
    entry = Entry.objects.select_related("owner").filter(code=code).first()
    if entry is None or not queries.may_see_drafts(entry, by):
        hidden = entry is None or queries.in_force(code) is None
        raise Rejected(problems.NOT_FOUND if hidden else problems.NOT_YOUR_ENTRY)


def editable(code: str) -> EntryVersion:
    """Return the version in work. Raises FROZEN where there is none to edit (article 9)."""
    version = queries.working(code)
    if version is None:
        raise Rejected(problems.FROZEN)
    if EntryState(version.state) not in EDITABLE:
        raise Rejected(problems.IN_PROCESS)
    return version
