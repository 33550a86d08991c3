"""停用 and 归档: a published entry ends with notice and two signatures, and is never deleted."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import ports, queries
from tongqu.catalog.actions import guards
from tongqu.catalog.actions.issue import void_all
from tongqu.catalog.domain import problems
from tongqu.catalog.domain.states import ENTRY, Command
from tongqu.catalog.models import EntryVersion, StopApplication
from tongqu.catalog.vocabulary import EntryState
from tongqu.identity.public import notify, require
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.law import Assumption
from tongqu.kernel.problems import Rejected
from tongqu.kernel.workdays import add_months
from tongqu.policy.clauses import measures_2021 as law

ARCHIVE_MONTHS = 3
ARCHIVED_LATER = Assumption(f"停用满 {ARCHIVE_MONTHS} 个月的目录转入归档，永久保留")


@dataclass(frozen=True, slots=True)
class StopView:
    """停用申请. ``state``: of the version now."""

    code: str
    version: str
    state: EntryState
    reason: str
    filed_on: date
    effective_on: date
    earliest_on: date
    active_grants: int
    approved_by: str


@transaction.atomic
def request_stop(code: str, *, reason: str, effective_on: date, by: Actor) -> StopView:
    """Return the application of the provider's reviewer to stop an entry.

    Raises: ``Rejected`` CHANGE_TOO_EARLY while a grant is active and three months have not
    passed by that day; ALREADY_CHANGING, NOT_PUBLISHED.
    """
    guards.own(code, by=by, permission=Permission.CATALOG_ENTRY_PUBLISH)
    version = queries.in_force(code)
    if version is None:
        raise Rejected(problems.NOT_PUBLISHED)
    if queries.working(code) is not None or _open(version):
        raise Rejected(problems.ALREADY_CHANGING)
    if not reason.strip():
        raise Rejected(problems.invalid("reason", "请写明停用原因"))
    notice = queries.notice_for(code)
    if not notice.allows(effective_on):
        raise Rejected(problems.too_early(notice.earliest_on, notice.active_grants))
    stop = StopApplication.objects.create(
        version=version,
        reason=reason.strip()[:500],
        filed_by=str(by),
        filed_on=clock.today(),
        effective_on=effective_on,
        earliest_on=notice.earliest_on,
        active_grants=notice.active_grants,
    )
    record("catalog.stop.requested", by=by, subject=code, basis=notice.basis)
    notify(
        f"目录“{version.name}”申请停用，待批准。",
        key=f"catalog.stop {stop.pk}",
        kind="目录停用",
        url=f"/manage/catalog/{code}/check/",
        role=Role.MANAGING_OFFICE,
    )
    return stop_view(stop)


@transaction.atomic
def approve_stop(code: str, *, by: Actor) -> StopView:
    """Return the application, approved by the managing office; users are told at once.

    Raises: ``Rejected`` NOT_FOUND where nobody asked for it.
    """
    require(by, Permission.CATALOG_EXCEPTION_APPROVE)
    guards.locked(code)
    version = queries.in_force(code)
    stop = _open(version) if version else None
    if version is None or stop is None:
        raise Rejected(problems.NO_STOP)
    stop.approved_by, stop.approved_at = str(by), clock.now()
    stop.save(update_fields=["approved_by", "approved_at"])
    record("catalog.stop.approved", by=by, subject=code, basis=law.CHANGE_NOTICE)
    _tell_users(version, stop)
    _stop_if_due(stop, by=by)
    return stop_view(StopApplication.objects.select_related("version__entry").get(pk=stop.pk))


def stops_take_effect(*, by: Actor = PLATFORM) -> int:
    """Stop every entry whose approved day has come; return how many. Idempotent."""
    due = StopApplication.objects.filter(
        approved_at__isnull=False,
        effective_on__lte=clock.today(),
        version__state__in=[EntryState.PUBLISHED, EntryState.TO_UPDATE],
    )
    return sum(_locked_stop(stop, by=by) for stop in due.select_related("version__entry"))


@transaction.atomic
def _locked_stop(stop: StopApplication, *, by: Actor) -> bool:
    guards.locked(stop.version.entry.code)
    stop.version.refresh_from_db()
    return _stop_if_due(stop, by=by)


def _stop_if_due(stop: StopApplication, *, by: Actor) -> bool:
    """Stop the entry when its day has come; a grant given since then needs notice, too."""
    version = stop.version
    if EntryState(version.state) not in {EntryState.PUBLISHED, EntryState.TO_UPDATE}:
        return False
    if stop.effective_on > clock.today():
        return False
    notice = queries.notice_for(version.entry.code, filed_on=stop.filed_on)
    if not notice.allows(clock.today()):
        return False
    version.state = ENTRY.step(EntryState(version.state), Command.STOP).target
    version.valid_to = clock.now()
    version.save(update_fields=["state", "valid_to"])
    void_all(version.entry_id, reason="目录已停用")
    record("catalog.entry.stopped", by=by, subject=version.entry.code, basis=law.CHANGE_NOTICE)
    return True


def archive_stopped(*, by: Actor = PLATFORM) -> int:
    """Move entries stopped long enough to the archive; return how many. Nothing is deleted."""
    now = clock.now()
    found = EntryVersion.objects.filter(state=EntryState.STOPPED).select_related("entry")
    done = 0
    for version in found:
        since = clock.legal_day(version.valid_to or now)
        if add_months(since, ARCHIVE_MONTHS) <= clock.today():
            with transaction.atomic():
                version.state = ENTRY.step(EntryState.STOPPED, Command.ARCHIVE).target
                version.save(update_fields=["state"])
                record(
                    "catalog.entry.archived", by=by, subject=version.entry.code,
                    basis=ARCHIVED_LATER,
                )  # fmt: skip
                done += 1
    return done


def _open(version: EntryVersion) -> StopApplication | None:
    found = StopApplication.objects.filter(version=version, approved_at=None)
    return found.select_related("version__entry").first()


def _tell_users(version: EntryVersion, stop: StopApplication) -> None:
    for organisation_id in ports.consumers(version.entry.code):
        notify(
            f"在用目录“{version.name}”将于 {stop.effective_on.isoformat()} 停用："
            f"{stop.reason[:80]}",
            key=f"catalog.stopping {stop.pk} {organisation_id}",
            kind="变更预告",
            url=f"/catalog/{version.entry.code}/",
            organisation_id=organisation_id,
            role=Role.CONSUMER,
        )


def stop_view(stop: StopApplication) -> StopView:
    return StopView(
        code=stop.version.entry.code,
        version=stop.version.number,
        state=EntryState(stop.version.state),
        reason=stop.reason,
        filed_on=stop.filed_on,
        effective_on=stop.effective_on,
        earliest_on=stop.earliest_on,
        active_grants=stop.active_grants,
        approved_by=stop.approved_by,
    )
