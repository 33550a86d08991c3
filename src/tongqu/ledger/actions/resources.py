"""Compile the general ledger (总账): one row a resource, from what the rooms say now."""

from django.db import transaction

from tongqu.audit.public import record
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.ledger.models import ResourceState
from tongqu.ledger.queries.resources import states_now
from tongqu.policy.clauses import gd_2024

_FIELDS = ["name", "provider_id", "provider_name", "version", "grading", "sharing", "opening",
           "operation", "compiled_at"]  # fmt: skip


@transaction.atomic
def compile_ledger(*, by: Actor = PLATFORM) -> int:
    """Replace the ledger by what stands now; return how many resources it holds. Idempotent."""
    now = clock.now()
    rows = [
        ResourceState(
            entry_code=line.code, name=line.name, provider_id=line.provider_id,
            provider_name=line.provider_name, compiled_at=now, **states,
        )
        for line, states in states_now()
    ]  # fmt: skip
    ResourceState.objects.bulk_create(
        rows, batch_size=1_000, update_conflicts=True, unique_fields=["entry_code"],
        update_fields=_FIELDS,
    )  # fmt: skip
    ResourceState.objects.filter(compiled_at__lt=now).delete()
    record("ledger.resources.compiled", by=by, subject="ledger", basis=gd_2024.ONE_LEDGER,
           details={"resources": len(rows)})  # fmt: skip
    return len(rows)
