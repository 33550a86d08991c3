"""Lists of the workbench: what to do, what is mine, which basic data is missing."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse

from tongqu.catalog.models import ChangeApplication, EntryVersion, ExternalIdentifier, Receipt
from tongqu.catalog.queries import receipts, sees_all_drafts, versions, visible
from tongqu.catalog.queries.tree import narrowed
from tongqu.catalog.vocabulary import (
    EDITABLE,
    IN_FORCE,
    WORKING,
    BasicClass,
    EntryState,
    SharingType,
)
from tongqu.catalog.vocabulary import UpdateCycle as Cycle
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.work import TodoItem
from tongqu.policy.public import terms_on

_IN_FORCE = sorted(state.value for state in IN_FORCE)
_WORKING = sorted(state.value for state in WORKING)


def managed(actor: Actor) -> QuerySet[EntryVersion]:
    """Return the versions in force or in work that the asker's duty covers, newest first.

    Grain: one row a version: an entry under change shows both.
    """
    shown = [*_IN_FORCE, *_WORKING, EntryState.STOPPED.value]
    found = versions().prefetch_related(None).filter(state__in=shown)
    if not sees_all_drafts(actor):
        found = found.filter(entry__owner_id=actor.organisation_id or 0)
    return found.order_by("-edited_at", "-pk")


def serving(actor: Actor, strategy: str) -> QuerySet[EntryVersion]:
    """Return the entries that serve a strategy or plan, of those that the asker may see."""
    return narrowed(visible(actor), {"strategy": [strategy]}).order_by("entry__code")


def changes(actor: Actor) -> QuerySet[ChangeApplication]:
    """Return the registered changes that the asker's duty covers, newest first."""
    found = ChangeApplication.objects.select_related("version__entry__owner", "replaces")
    if not sees_all_drafts(actor):
        found = found.filter(version__entry__owner_id=actor.organisation_id or 0)
    return found.order_by("-pk")


def external_of(actor: Actor) -> QuerySet[ExternalIdentifier]:
    """Return the external identifiers of the entries that the asker's duty covers."""
    found = ExternalIdentifier.objects.select_related("entry__owner")
    if not sees_all_drafts(actor):
        found = found.filter(entry__owner_id=actor.organisation_id or 0)
    return found.order_by("entry__code", "scheme", "value")


def issued_receipts(actor: Actor) -> QuerySet[Receipt]:
    found = receipts()
    if not sees_all_drafts(actor):
        found = found.filter(version__entry__owner_id=actor.organisation_id or 0)
    return found


def todos(actor: Actor) -> list[TodoItem]:
    """Return what waits for the asker: drafts sent back, checks passed, links to renew."""
    states: list[EntryState] = []
    if actor.may(Permission.CATALOG_ENTRY_DRAFT):
        states += [EntryState.RETURNED, EntryState.TO_UPDATE, EntryState.CHANGE_REGISTERED]
    if actor.may(Permission.CATALOG_ENTRY_PUBLISH):
        states.append(EntryState.IN_REVIEW)
    if not states or not actor.organisation_id:
        return []
    mine = Q(entry__owner_id=actor.organisation_id)
    found = EntryVersion.objects.filter(mine, state__in=states).select_related("entry__owner")
    return [_todo(version) for version in found.order_by("edited_at")]


def _todo(version: EntryVersion) -> TodoItem:
    state = EntryState(version.state)
    code = version.entry.code
    page = "catalog:edit" if state in EDITABLE else "catalog:check"
    if state is EntryState.TO_UPDATE:
        page = "catalog:change"
    return TodoItem(
        kind="目录审核" if state is EntryState.IN_REVIEW else "目录编制",
        reference=code,
        title=f"{version.name or code} {version.number} 版：{state.label}",
        url=reverse(page, args=[code]),
        received_at=version.edited_at,
        from_whom=version.entry.owner.name,
    )


@dataclass(frozen=True, slots=True)
class MustShare:
    """One of the seven basic classes on the must-share board. NULLs: nothing loaded yet."""

    basic_class: BasicClass
    entries: int
    unconditional: int
    connected: int
    fresh: int
    last_loaded_at: datetime | None
    codes: tuple[str, ...]

    @property
    def status(self) -> str:
        if not self.entries:
            return "missing"
        if self.connected < self.entries:
            return "unconnected"
        return "fresh" if self.fresh == self.entries else "stale"

    @property
    def status_label(self) -> str:
        return {
            "missing": "尚未编目",
            "unconnected": "未全部接入",
            "stale": "更新超期",
            "fresh": "已接入、更新及时",
        }[self.status]


def must_share() -> tuple[MustShare, ...]:
    """Return the seven classes with connection and freshness of their entries (article 7)."""
    found = (
        EntryVersion.objects.filter(state__in=_IN_FORCE)
        .exclude(basic_class="")
        .select_related("entry")
        .order_by("entry__code")
    )
    by_class: dict[str, list[EntryVersion]] = {}
    for version in found:
        by_class.setdefault(version.basic_class, []).append(version)
    return tuple(_class_row(kind, by_class.get(kind.value, [])) for kind in BasicClass)


def _class_row(kind: BasicClass, found: list[EntryVersion]) -> MustShare:
    loads = [v.entry.last_loaded_at for v in found if v.entry.last_loaded_at]
    return MustShare(
        basic_class=kind,
        entries=len(found),
        unconditional=sum(v.sharing_type == SharingType.UNCONDITIONAL for v in found),
        connected=sum(v.entry.connected_at is not None for v in found),
        fresh=sum(is_fresh(v) for v in found),
        last_loaded_at=max(loads, default=None),
        codes=tuple(v.entry.code for v in found),
    )


def is_fresh(version: EntryVersion) -> bool:
    """Decide whether the last load is within what the declared cycle allows."""
    loaded = version.entry.last_loaded_at
    if loaded is None:
        return False
    if version.update_cycle == Cycle.IRREGULAR:
        return True
    allowed = terms_on(clock.today()).freshness[version.update_cycle]
    return clock.now() - loaded <= allowed
