"""Flags on tables that may be out of date, because a job upstream is broken (断链)."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from tongqu.audit.public import Outcome, record
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.lake import queries
from tongqu.lake.models import TableFlag
from tongqu.policy.clauses.gd_2024 import LINEAGE


@transaction.atomic
def mark_broken(
    cause: str, *, reason: str, by: Actor, known: Mapping[str, Iterable[str]] | None = None
) -> list[str]:
    """Flag a table and everything downstream of it; return the flagged names.

    ``known`` gives what each model reads: a job that never succeeded has no lineage yet.
    """
    flagged = sorted({cause, *queries.downstream(cause, known or {})})
    for table in flagged:
        TableFlag.objects.update_or_create(
            table=table,
            cause=cause,
            cleared_at=None,
            defaults={"reason": reason[:500], "raised_at": clock.now()},
        )
    record(
        "lake.table.broken",
        by=by,
        subject=cause,
        outcome=Outcome.FAILED,
        basis=LINEAGE,
        details={"downstream": flagged},
    )
    return flagged


@transaction.atomic
def mark_sound(cause: str, *, by: Actor) -> None:
    """Clear the flags that this table's broken job had raised."""
    cleared = TableFlag.objects.filter(cause=cause, cleared_at=None).update(cleared_at=clock.now())
    if cleared:
        record("lake.table.sound", by=by, subject=cause, basis=LINEAGE)
