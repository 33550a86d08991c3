"""What the overview shows: every entry's newest scan, and where things stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Max, QuerySet

from tongqu.quality.domain.assessing import TaskState
from tongqu.quality.domain.gates import GateState
from tongqu.quality.domain.reality import CaseState
from tongqu.quality.models import GateCase, ImprovementTask, IndexValue, RealityCase, Scan
from tongqu.quality.queries import index as indices
from tongqu.quality.vocabulary import IndexScope

LOWEST = 5


def newest() -> QuerySet[Scan]:
    """Return each entry's newest scan, the lowest score first, those without one last."""
    last = Scan.objects.order_by().values("entry_code").annotate(last=Max("pk")).values("last")
    return Scan.objects.filter(pk__in=last).order_by(F("score").asc(nulls_last=True), "pk")


@dataclass(frozen=True, slots=True)
class Glance:
    """Where things stand: the levels, the lowest departments, and what waits for somebody."""

    month: date | None
    levels: Sequence[IndexValue]
    lowest: Sequence[IndexValue]
    held: int
    improving: int
    unlike: int


def glance() -> Glance:
    month = next(iter(indices.months()), None)
    return Glance(
        month=month,
        levels=list(indices.values(month, IndexScope.LEVEL)) if month else (),
        lowest=list(indices.values(month, IndexScope.DEPARTMENT)[:LOWEST]) if month else (),
        held=GateCase.objects.filter(state=GateState.HELD).count(),
        improving=ImprovementTask.objects.exclude(state=TaskState.CLOSED).count(),
        unlike=RealityCase.objects.exclude(state=CaseState.CLOSED).count(),
    )
