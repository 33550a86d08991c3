"""变更登记: a published entry changes only in a new version, with a reason and notice."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import ports, queries
from tongqu.catalog.actions import guards
from tongqu.catalog.actions.draft import METADATA, refresh_search
from tongqu.catalog.domain import problems
from tongqu.catalog.domain.compatibility import Impact, classify, impacts
from tongqu.catalog.domain.states import ENTRY, Command
from tongqu.catalog.domain.versions import Difference, differences
from tongqu.catalog.models import ChangeApplication, EntryVersion, InformationItem
from tongqu.catalog.vocabulary import (
    ChangeReason,
    Compatibility,
    EntryKind,
    EntryState,
    EntryView,
)
from tongqu.identity.public import notify, require
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.policy.clauses import measures_2021 as law

# What a new version begins with: everything its predecessor says.
_CARRIED = (
    "category", "name", "provider_id", "formats", "update_cycle", "sharing_type", "conditions",
    "scope", "scope_codes", "manners", "source_system", "level", "summary", "materials",
    "withheld_basis", "withheld_note", "basic_class", "admin_level", "mode", "business",
    "strategies", "accountable", "legal_basis", "standards", "tools", "checks", "project",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChangeView:
    """变更登记."""

    code: str
    version: str
    reason: ChangeReason
    explanation: str
    filed_on: date
    effective_on: date
    earliest_on: date
    active_grants: int
    compatibility: Compatibility | None = None  # None: not yet settled
    override_by: str = ""
    override_basis: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a change would do, before anything is registered (STD-13)."""

    code: str
    version: str
    compatibility: Compatibility
    impacts: tuple[Impact, ...]
    differences: tuple[Difference, ...]
    active_grants: int
    earliest_on: date


def propose_change(code: str, *, fields: Mapping[str, Any], by: Actor) -> Proposal:
    """Return the class of a change and its earliest day; nothing is written.

    ``fields``: as in ``edit_draft``. Raises: ``Rejected`` NOT_PUBLISHED, NOT_YOUR_ENTRY.
    """
    guards.may_work(code, by=by, permission=Permission.CATALOG_ENTRY_CHECK)
    version = queries.in_force(code)
    if version is None:
        raise Rejected(problems.NOT_PUBLISHED)
    before = queries.view_of(version)
    known = {name for name in EntryView.__slots__ if name in METADATA | {"items"}}
    given = {name: value for name, value in fields.items() if name in known and value is not None}
    after = replace(before, **given)
    found = impacts(before, after)
    notice = queries.notice_for(code)
    return Proposal(
        code=code,
        version=before.version,
        compatibility=classify(found),
        impacts=found,
        differences=differences(before, after),
        active_grants=notice.active_grants,
        earliest_on=notice.earliest_on,
    )


def propose_view(version: EntryVersion) -> Proposal | None:
    """Return what the change in work does to today's users; None where nothing is replaced."""
    change = queries.change_of(version)
    if change is None:
        return None
    before = queries.view_of(queries.versions().get(pk=change.replaces_id))
    after = queries.view_of(version)
    found = impacts(before, after)
    notice = queries.notice_for(before.code, filed_on=change.filed_on)
    return Proposal(
        code=before.code,
        version=before.version,
        compatibility=classify(found),
        impacts=found,
        differences=differences(before, after),
        active_grants=notice.active_grants,
        earliest_on=notice.earliest_on,
    )


@transaction.atomic
def register_change(
    code: str,
    *,
    reason: ChangeReason,
    explanation: str,
    effective_on: date,
    by: Actor,
    override_basis: str = "",
    new_provider_id: int | None = None,
) -> ChangeView:
    """Return the change; the next version then stands in CHANGE_REGISTERED, to be edited.

    ``new_provider_id``: the department that takes the entry over with its function (MAP-08);
    it becomes the owner when the version comes in force.

    While a grant is active the day of effect must be three calendar months on; only the
    managing office may override that, with a basis, and the override is recorded.
    Raises: ``Rejected`` CHANGE_TOO_EARLY, ALREADY_CHANGING, NOT_PUBLISHED.
    """
    _require_may(code, by=by, is_override=bool(override_basis))
    if not explanation.strip():
        raise Rejected(problems.invalid("explanation", "请写明变更内容和原因"))
    old = queries.in_force(code)
    if old is None:
        raise Rejected(problems.NOT_PUBLISHED)
    if queries.working(code) is not None:
        raise Rejected(problems.ALREADY_CHANGING)
    today = clock.today()
    notice = queries.notice_for(code)
    grants = notice.active_grants
    is_early = not notice.allows(effective_on)
    if is_early and not (override_basis and grants and effective_on >= today):
        raise Rejected(problems.too_early(notice.earliest_on, grants))
    version = _next_version(old, reason=explanation, by=by)
    if new_provider_id is not None:
        version.provider_id = new_provider_id
        version.save(update_fields=["provider"])
        refresh_search(version)
    change = ChangeApplication.objects.create(
        version=version,
        replaces=old,
        reason=reason,
        explanation=explanation.strip(),
        filed_on=today,
        filed_by=str(by),
        effective_on=effective_on,
        earliest_on=notice.earliest_on,
        active_grants=grants,
        override_by=str(by) if is_early else "",
        override_basis=override_basis if is_early else "",
    )
    kept = {
        "version": change.version.number, "reason": reason.value, "active_grants": grants,
        "effective_on": effective_on.isoformat(),
    }  # fmt: skip
    event = "catalog.change.overridden" if is_early else "catalog.change.registered"
    record(event, by=by, subject=code, basis=notice.basis, details=kept)
    if is_early:
        _report_override(change)
    return change_view(change)


@transaction.atomic
def reschedule_change(code: str, *, effective_on: date, by: Actor) -> ChangeView:
    """Return the change in work with a later day of effect. Raises: CHANGE_TOO_EARLY, FROZEN."""
    guards.own(code, by=by, permission=Permission.CATALOG_CHANGE_REGISTER)
    version = queries.working(code)
    change = queries.change_of(version) if version else None
    if version is None or change is None or version.state == EntryState.CHANGE_PENDING:
        raise Rejected(problems.FROZEN)
    notice = queries.notice_for(code, filed_on=change.filed_on)
    if not notice.allows(effective_on) or effective_on < clock.today():
        raise Rejected(problems.too_early(notice.earliest_on, notice.active_grants))
    change.effective_on, change.earliest_on = effective_on, notice.earliest_on
    change.active_grants = notice.active_grants
    change.override_by = change.override_basis = ""
    change.save()
    record("catalog.change.rescheduled", by=by, subject=code, basis=notice.basis,
           details={"effective_on": effective_on.isoformat()})  # fmt: skip
    return change_view(change)


def _report_override(change: ChangeApplication) -> None:
    """Tell those who supervise, and those who use the data, that notice was cut short."""
    version, code = change.version, change.version.entry.code
    text = (
        f"目录“{version.name}”的变更经特批提前至 {change.effective_on.isoformat()} 生效，"
        f"依据：{change.override_basis}。"
    )
    notify(
        text, key=f"catalog.override {change.pk} supervisor", kind="变更特批",
        url="/manage/catalog/changes/", role=Role.SUPERVISOR,
    )  # fmt: skip
    for organisation_id in (*ports.consumers(code), version.entry.owner_id):
        notify(
            text, key=f"catalog.override {change.pk} {organisation_id}", kind="变更特批",
            url=f"/catalog/{code}/", organisation_id=organisation_id,
        )  # fmt: skip


def _require_may(code: str, *, by: Actor, is_override: bool) -> None:
    if is_override:
        require(by, Permission.CATALOG_EXCEPTION_APPROVE)
        guards.locked(code)
    else:
        guards.own(code, by=by, permission=Permission.CATALOG_CHANGE_REGISTER)


@transaction.atomic
def make_formal(code: str, *, by: Actor) -> EntryView:
    """Return the formal draft that follows a pre-catalogue, before trial operation (C.1).

    The pre-catalogue's version and its receipt stay as they are; the entry is formal from
    now on and its new version goes through the formal check. Raises: ``Rejected`` NOT_CHECKED.
    """
    entry = guards.own(code, by=by, permission=Permission.CATALOG_ENTRY_DRAFT)
    pre = queries.working(code)
    if pre is None or pre.state != EntryState.PRE_PASSED:
        raise Rejected(problems.NOT_PRE)
    target = ENTRY.step(EntryState.PRE_PASSED, Command.MAKE_FORMAL).target
    pre.state = ENTRY.step(EntryState.PRE_PASSED, Command.REPLACE).target
    pre.save(update_fields=["state"])
    entry.kind = EntryKind.FORMAL
    entry.save(update_fields=["kind"])
    version = _next_version(pre, reason="由预编目录转为正式目录", by=by, state=target)
    record("catalog.entry.made_formal", by=by, subject=code, basis=law.PRE_CATALOGUE)
    return queries.view_of(queries.versions().get(pk=version.pk))


def _next_version(
    old: EntryVersion,
    *,
    reason: str,
    by: Actor,
    state: EntryState = EntryState.CHANGE_REGISTERED,
) -> EntryVersion:
    now = clock.now()
    last = EntryVersion.objects.filter(entry_id=old.entry_id).order_by("-major", "-minor")[0]
    version = EntryVersion.objects.create(
        entry=old.entry,
        major=last.major,
        minor=last.minor + 1,
        state=state,
        author=str(by),
        reason=reason.strip()[:500],
        created_at=now,
        edited_at=now,
        **{name: getattr(old, name) for name in _CARRIED},
    )
    items = list(old.items.order_by("position"))
    for item in items:
        item.pk, item.version = None, version
    InformationItem.objects.bulk_create(items)
    refresh_search(version)
    return version


def change_view(change: ChangeApplication) -> ChangeView:
    return ChangeView(
        code=change.version.entry.code,
        version=change.version.number,
        reason=ChangeReason(change.reason),
        explanation=change.explanation,
        filed_on=change.filed_on,
        effective_on=change.effective_on,
        earliest_on=change.earliest_on,
        active_grants=change.active_grants,
        compatibility=Compatibility(change.compatibility) if change.compatibility else None,
        override_by=change.override_by,
        override_basis=change.override_basis,
    )
