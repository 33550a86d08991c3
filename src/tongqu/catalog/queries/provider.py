"""What a provider owes its users by a day: late updates, registered changes and stops."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from tongqu.catalog.models import ChangeApplication, EntryVersion, StopApplication
from tongqu.catalog.vocabulary import IN_FORCE, WORKING, UpdateCycle
from tongqu.kernel import clock
from tongqu.policy.public import terms_on

_IN_FORCE = sorted(state.value for state in IN_FORCE)
_WORKING = sorted(state.value for state in WORKING)


@dataclass(frozen=True, slots=True)
class LateUpdate:
    """An entry in force whose data were not renewed within its cycle."""

    code: str
    name: str
    cycle: UpdateCycle
    last_loaded_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ChangeNotice:
    """变更或停用登记 that users were told of, and the day from which it counts."""

    code: str
    name: str
    version: str
    is_stop: bool
    filed_on: date
    effective_on: date


def late_updates(provider_id: int) -> list[LateUpdate]:
    """Return a provider's entries past their cycle, the longest overdue first. One statement."""
    now, tolerances = clock.now(), terms_on(clock.today()).freshness
    found = EntryVersion.objects.filter(
        provider_id=provider_id, state__in=_IN_FORCE, entry__last_loaded_at__isnull=False
    ).exclude(update_cycle=UpdateCycle.IRREGULAR)
    late = []
    rows = found.values_list("entry__code", "name", "update_cycle", "entry__last_loaded_at")
    for code, name, cycle, last in rows:
        tolerance = tolerances.get(cycle)
        if last is not None and tolerance is not None and now - last > tolerance:
            late.append(LateUpdate(code, name, UpdateCycle(cycle), last, last + tolerance))
    return sorted(late, key=lambda row: (row.due_at, row.code))


def change_notices(provider_id: int) -> list[ChangeNotice]:
    """Return what a provider registered and did not yet carry out, by day. Two statements."""
    today = clock.today()
    mine = Q(version__entry__owner_id=provider_id)
    open_changes = Q(version__state__in=_WORKING) | Q(effective_on__gte=today)
    changes = ChangeApplication.objects.filter(mine & open_changes)
    stops = StopApplication.objects.filter(mine, effective_on__gte=today)
    found: list[tuple[ChangeApplication | StopApplication, bool]] = [
        *((row, False) for row in changes.select_related("version__entry")),
        *((row, True) for row in stops.select_related("version__entry")),
    ]
    notices = [
        ChangeNotice(
            row.version.entry.code, row.version.name, row.version.number, is_stop,
            row.filed_on, row.effective_on,
        )
        for row, is_stop in found
    ]  # fmt: skip
    return sorted(notices, key=lambda row: (row.effective_on, row.code))
