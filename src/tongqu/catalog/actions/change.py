"""变更登记: a published entry changes only in a new version, with a reason and notice."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import queries
from tongqu.catalog.actions import guards
from tongqu.catalog.actions.draft import refresh_search
from tongqu.catalog.domain import problems
from tongqu.catalog.models import ChangeApplication, EntryVersion
from tongqu.catalog.vocabulary import ChangeReason, EntryState
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected

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


@transaction.atomic
def register_change(
    code: str,
    *,
    reason: ChangeReason,
    explanation: str,
    effective_on: date,
    by: Actor,
    override_basis: str = "",
) -> ChangeView:
    """Return the change; the next version then stands in CHANGE_REGISTERED, to be edited.

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
    change = ChangeApplication.objects.create(
        version=_next_version(old, reason=explanation, by=by),
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
    record(
        "catalog.change.overridden" if is_early else "catalog.change.registered",
        by=by,
        subject=code,
        basis=notice.basis,
        details={
            "version": change.version.number,
            "reason": reason.value,
            "effective_on": effective_on.isoformat(),
            "active_grants": grants,
        },
    )
    return change_view(change)


def _require_may(code: str, *, by: Actor, is_override: bool) -> None:
    if is_override:
        require(by, Permission.CATALOG_EXCEPTION_APPROVE)
        guards.locked(code)
    else:
        guards.own(code, by=by, permission=Permission.CATALOG_CHANGE_REGISTER)


def _next_version(old: EntryVersion, *, reason: str, by: Actor) -> EntryVersion:
    now = clock.now()
    last = EntryVersion.objects.filter(entry_id=old.entry_id).order_by("-major", "-minor")[0]
    version = EntryVersion.objects.create(
        entry=old.entry,
        major=last.major,
        minor=last.minor + 1,
        state=EntryState.CHANGE_REGISTERED,
        author=str(by),
        reason=reason.strip()[:500],
        created_at=now,
        edited_at=now,
        **{name: getattr(old, name) for name in _CARRIED},
    )
    for item in old.items.order_by("position"):
        item.pk, item.version = None, version
        item.save(force_insert=True)
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
    )
