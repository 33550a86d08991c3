"""Somebody's word on a full state that would withdraw more than was declared."""

from django.db import transaction

from tongqu.audit.public import record
from tongqu.ingest.actions import guards, load, withdrawals
from tongqu.ingest.queries import batch_view, seen_batch
from tongqu.ingest.vocabulary import BatchView
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law

NOTHING_HELD = Problem(
    code="NOTHING_HELD",
    title="这个批次没有待确认的撤下。",
    next_step="可能已确认，或已有更新的报送；请查看来源最近的批次。",
    basis=law.PROVIDER_DUTY,
)


def confirm_withdrawal(number: str, *, by: Actor) -> BatchView:
    """Withdraw what the delivery does not name, although it is so much; return the delivery.

    Judged anew under the lock of the source. Raises: ``Rejected`` BATCH_UNKNOWN,
    NOT_YOUR_SOURCE, NOTHING_HELD.
    """
    source = seen_batch(number, by).source
    guards.may_load(source, by)
    with guards.exclusive(source.code):
        delivery = seen_batch(number, by)
        if not (withdrawals.is_held(delivery) and withdrawals.is_newest(delivery)):
            raise Rejected(NOTHING_HELD)
        held = delivery.facts[withdrawals.HELD]
        with transaction.atomic():
            delivery.facts = {**delivery.facts, withdrawals.CONFIRMED: by.key}
            delivery.save(update_fields=["facts"])
            record("ingest.withdrawal.confirmed", by=by, subject=number, basis=law.PROVIDER_DUTY,
                   rows=held["rows"], details={"source": source.code, **held})  # fmt: skip
        load.withdraw(delivery.source, by=by)
    delivery.refresh_from_db()
    return batch_view(delivery)
