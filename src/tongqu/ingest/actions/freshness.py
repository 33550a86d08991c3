"""The freshness clock: each resource against its update cycle (ING-13)."""

from datetime import datetime

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import UpdateCycle
from tongqu.identity.public import notify, organisations
from tongqu.identity.vocabulary import Role
from tongqu.ingest.domain.freshness import state_of
from tongqu.ingest.models import Source
from tongqu.ingest.vocabulary import Freshness
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.policy.clauses import measures_2021 as law
from tongqu.policy.public import terms_on


def check_freshness(*, by: Actor) -> int:
    """Set the state of every source that was ever loaded; return how many are late."""
    now = clock.now()
    tolerances = terms_on(clock.today()).freshness
    late = 0
    for source in Source.objects.filter(last_loaded_at__isnull=False).select_related("provider"):
        cycle = source.cycle or _cycle_of(source.entry_code)
        state = state_of(source.last_loaded_at, cycle, now=now, tolerances=tolerances)
        late += state is Freshness.LATE
        if state.value != source.freshness:
            _turn(source, state, cycle, by=by)
    return late


def _cycle_of(entry_code: str) -> str:
    entry = catalog.entry(entry_code) if entry_code else None
    return entry.update_cycle.value if entry else UpdateCycle.IRREGULAR.value


@transaction.atomic
def _turn(source: Source, state: Freshness, cycle: str, *, by: Actor) -> None:
    Source.objects.filter(pk=source.pk).update(freshness=state.value)
    record("ingest.freshness.turned", by=by, subject=source.entry_code or source.code,
           basis=law.LATE_DATA, details={"source": source.code, "state": state.value})  # fmt: skip
    if state is Freshness.LATE and source.last_loaded_at:
        _tell(source, cycle, source.last_loaded_at)


def _tell(source: Source, cycle: str, last: datetime) -> None:
    """Tell the owner and the managing office, once for each time it turns late."""
    local = last.astimezone(clock.SHANGHAI)
    text = (
        f"“{source.name}”更新周期为{UpdateCycle(cycle).label}，"
        f"最近一次更新是 {local:%Y-%m-%d %H:%M}，已超期。"
    )
    readers = [(source.provider_id, Role.CATALOGUER.value)]
    offices = organisations().filter(is_managing_office=True).values_list("pk", flat=True)
    readers += [(pk, Role.MANAGING_OFFICE.value) for pk in offices]
    for organisation_id, role in readers:
        notify(
            text,
            key=f"late-{source.code}-{last.isoformat()}-{organisation_id}",
            kind="数据超期",
            url=f"/manage/ingest/{source.code}/",
            organisation_id=organisation_id,
            role=role,
        )
