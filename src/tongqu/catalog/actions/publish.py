"""Publish a version that passed, send one back, let a pending change take effect."""

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import ports, queries
from tongqu.catalog.actions import guards
from tongqu.catalog.actions.check import require_compliant
from tongqu.catalog.domain import problems
from tongqu.catalog.domain.compatibility import classify, impacts
from tongqu.catalog.domain.states import ENTRY, RECEIPT, Command, ReceiptCommand
from tongqu.catalog.models import ChangeApplication, EntryVersion, Receipt
from tongqu.catalog.vocabulary import Compatibility, EntryState, EntryView, ReceiptState
from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Rejected
from tongqu.policy.clauses import measures_2021 as law


@transaction.atomic
def publish(code: str, *, by: Actor) -> EntryView:
    """Return the entry, published; a change with a later day of effect waits for that day.

    Raises: ``Rejected`` NOT_COMPLIANT with every finding, whoever asks; NOT_CHECKED for a
    version that was never submitted; FROZEN where nothing is in work.
    """
    guards.shared_duty(code, by=by, permission=Permission.CATALOG_ENTRY_PUBLISH)
    version = queries.working(code)
    if version is None:
        raise Rejected(problems.FROZEN)
    require_compliant(version)
    if version.state != EntryState.IN_REVIEW or version.passed_report is None:
        raise Rejected(problems.not_checked(EntryState(version.state)))
    version.published_by = str(by)
    change = queries.change_of(version)
    if change:
        settle_class(change, version)
        _tell_users(version, change)
    if change and change.effective_on > clock.today():
        version.state = ENTRY.step(EntryState.IN_REVIEW, Command.APPROVE_LATER).target
        version.save(update_fields=["state", "published_by"])
    else:
        _put_in_force(version, Command.APPROVE)
    record(
        "catalog.entry.published",
        by=by,
        subject=code,
        basis=law.COMPLIANCE,
        details={"version": version.number, "state": str(version.state)},
    )
    return queries.view_of(queries.versions().get(pk=version.pk))


def settle_class(change: ChangeApplication, version: EntryVersion) -> None:
    """Keep the class of the change as approved, and hold a breaking one to its notice.

    A grant given since the change was filed counts: whoever uses the data today has three
    months from the filing (STD-13, article 9), unless the managing office overrode that.
    """
    before = queries.versions().get(pk=change.replaces_id)
    found = impacts(queries.view_of(before), queries.view_of(version))
    change.compatibility = classify(found)
    change.save(update_fields=["compatibility"])
    notice = queries.notice_for(version.entry.code, filed_on=change.filed_on)
    is_early = not notice.allows(change.effective_on) and not change.override_by
    if change.compatibility == Compatibility.BREAKING and is_early:
        raise Rejected(problems.too_early(notice.earliest_on, notice.active_grants))


def _put_in_force(version: EntryVersion, command: Command) -> None:
    now = clock.now()
    old = queries.in_force(version.entry.code)
    if old is not None:
        old.state = ENTRY.step(EntryState(old.state), Command.REPLACE).target
        old.valid_to = now
        old.save(update_fields=["state", "valid_to"])
        _outdate_receipts(old)
    version.state = ENTRY.step(EntryState(version.state), command).target
    version.valid_from = now
    version.save(update_fields=["state", "valid_from", "published_by"])
    if version.provider_id and version.provider_id != version.entry.owner_id:
        version.entry.owner_id = version.provider_id  # its function has moved there
        version.entry.save(update_fields=["owner"])


def _outdate_receipts(old: EntryVersion) -> None:
    target = RECEIPT.step(ReceiptState.VALID, ReceiptCommand.UPDATE).target
    Receipt.objects.filter(version__entry_id=old.entry_id, state=ReceiptState.VALID).update(
        state=target, ended_at=clock.now()
    )


def _tell_users(version: EntryVersion, change: ChangeApplication) -> None:
    code = version.entry.code
    for organisation_id in ports.consumers(code):
        notify(
            f"在用目录“{version.name}”将于 {change.effective_on.isoformat()} 变更为 "
            f"{version.number} 版（{Compatibility(change.compatibility).label}）。",
            key=f"catalog.change {version.pk} {organisation_id}",
            kind="变更预告",
            url=f"/catalog/{code}/versions/{change.replaces.number}..{version.number}/",
            organisation_id=organisation_id,
            role=Role.CONSUMER,
        )


@transaction.atomic
def refuse_publication(code: str, *, reason: str, by: Actor) -> EntryView:
    """Return the entry, sent back to its cataloguer with a reason."""
    guards.shared_duty(code, by=by, permission=Permission.CATALOG_ENTRY_PUBLISH)
    if not reason.strip():
        raise Rejected(problems.invalid("reason", "请写明退回原因"))
    version = queries.working(code)
    if version is None:
        raise Rejected(problems.FROZEN)
    version.state = ENTRY.step(EntryState(version.state), Command.REFUSE).target
    version.save(update_fields=["state"])
    record("catalog.entry.refused", by=by, subject=code, basis=law.COMPILE)
    notify(
        f"目录“{version.name}”被退回：{reason.strip()[:120]}",
        key=f"catalog.refused {version.pk} {version.edition}",
        kind="目录退回",
        url=f"/manage/catalog/{code}/edit/",
        organisation_id=version.entry.owner_id,
        role=Role.CATALOGUER,
    )
    return queries.view_of(version)


def take_effect(*, by: Actor = PLATFORM) -> int:
    """Put every pending change whose day has come in force; return how many. Idempotent."""
    due = EntryVersion.objects.filter(
        state=EntryState.CHANGE_PENDING, change__effective_on__lte=clock.today()
    )
    codes = list(due.values_list("entry__code", flat=True))
    return sum(_let_take_effect(code, by=by) for code in codes)


@transaction.atomic
def _let_take_effect(code: str, *, by: Actor) -> bool:
    guards.locked(code)
    version = queries.working(code)
    if version is None or version.state != EntryState.CHANGE_PENDING:
        return False  # it was settled meanwhile
    _put_in_force(version, Command.TAKE_EFFECT)
    record(
        "catalog.change.effective", by=by, subject=code, basis=law.VERSIONED,
        details={"version": version.number},
    )  # fmt: skip
    return True
