"""Supply that repeats: what is due when, who is late, and the score of a layer's batch."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tongqu.catalog.vocabulary import UpdateCycle

MONTHS = {UpdateCycle.MONTHLY: 1, UpdateCycle.QUARTERLY: 3, UpdateCycle.YEARLY: 12}
CYCLES = (UpdateCycle.WEEKLY, *MONTHS)
GATE = Decimal(90)  # a batch below it stays at its layer


@dataclass(frozen=True, slots=True)
class Period:
    """From the day after the last due day to the due day itself, both included."""

    opens: date
    due: date

    @property
    def reminder(self) -> date:
        """Return the day on which who has not delivered is reminded: the day after."""
        return self.due + timedelta(days=1)


def _due_in(year: int, month: int, day: int) -> date:
    """Return the due day of a month; a month too short is due on its last day."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day - 1), following - timedelta(days=1))


def _shifted(year: int, month: int, months: int) -> tuple[int, int]:
    count = year * 12 + (month - 1) + months
    return count // 12, count % 12 + 1


def period_of(cycle: UpdateCycle, due_day: int, on: date) -> Period:
    """Return the period that a day falls in. ``due_day``: of the month, or of the ISO week.

    Quarterly: in the first month of a quarter; yearly: in January.
    """
    if cycle is UpdateCycle.WEEKLY:
        due = on + timedelta(days=(due_day - on.isoweekday()) % 7)
        return Period(due - timedelta(days=6), due)
    step = MONTHS[cycle]
    year, month = on.year, on.month - (on.month - 1) % step
    due = _due_in(year, month, due_day)
    if on > due:
        due = _due_in(*_shifted(year, month, step), due_day)
    last = _due_in(*_shifted(due.year, due.month, -step), due_day)
    return Period(last + timedelta(days=1), due)


def former(cycle: UpdateCycle, due_day: int, period: Period) -> Period:
    return period_of(cycle, due_day, period.opens - timedelta(days=1))


def rate(delivered: int, members: int) -> Decimal | None:
    """Return the share of members that delivered, in percent; None where nobody must."""
    return (Decimal(100) * delivered / members).quantize(Decimal("0.1")) if members else None


def score_of(received: int, rejected: int, warnings: Mapping[str, int]) -> Decimal:
    """Return the quality of a batch, 0 to 100: rows that were neither kept apart nor doubted.

    A row doubted by several checks counts once a check, but never more than all rows.
    """
    if not received:
        return Decimal(0)
    doubted = min(sum(warnings.values()), received - rejected)
    # Half a row for a doubt: it was stored, and somebody has to look at it.
    good = Decimal(received - rejected) - Decimal(doubted) / 2
    return (100 * good / received).quantize(Decimal("0.01"))
