"""Months, quarters and years of an assessment; a period is named by its first day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tongqu.kernel.words import Word
from tongqu.kernel.workdays import add_months


class Cycle(Word):
    """评估周期."""

    MONTHLY = "monthly", "月度"
    QUARTERLY = "quarterly", "季度"
    YEARLY = "yearly", "年度"


MONTHS = {Cycle.MONTHLY: 1, Cycle.QUARTERLY: 3, Cycle.YEARLY: 12}


@dataclass(frozen=True, slots=True)
class Period:
    cycle: Cycle
    opens: date  # first day

    @property
    def closes(self) -> date:
        return add_months(self.opens, MONTHS[self.cycle]) - timedelta(days=1)

    @property
    def label(self) -> str:
        match self.cycle:
            case Cycle.MONTHLY:
                return f"{self.opens:%Y-%m}"
            case Cycle.QUARTERLY:
                return f"{self.opens.year}-Q{(self.opens.month + 2) // 3}"
            case _:
                return f"{self.opens.year}"

    @property
    def months(self) -> tuple[date, ...]:
        return tuple(add_months(self.opens, n) for n in range(MONTHS[self.cycle]))


def month_of(day: date) -> date:
    return day.replace(day=1)


def last_day(month: date) -> date:
    return add_months(month, 1) - timedelta(days=1)


def period_of(cycle: Cycle, day: date) -> Period:
    months = MONTHS[cycle]
    return Period(cycle, date(day.year, (day.month - 1) // months * months + 1, 1))


def closing_with(month: date) -> tuple[Period, ...]:
    """Return the periods whose last month this is, the shortest first."""
    found = (period_of(cycle, month) for cycle in Cycle)
    return tuple(period for period in found if period.months[-1] == month)


def months_between(first: date, last: date) -> Iterator[date]:
    """Yield the months from ``first`` to ``last``, both included."""
    while first <= last:
        yield first
        first = add_months(first, 1)
