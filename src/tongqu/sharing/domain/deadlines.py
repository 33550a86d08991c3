"""The clock of a stage: when it ends and how it pauses."""

from dataclasses import dataclass
from datetime import date

from tongqu.kernel.workdays import Deadline, WorkingCalendar


@dataclass(frozen=True, slots=True)
class Clock:
    """A running stage: received on day 0, with so many working days left from there."""

    received_on: date
    working_days: int

    def ends(self, calendar: WorkingCalendar) -> Deadline:
        return calendar.after(self.received_on, self.working_days)

    def paused(self, on: date, calendar: WorkingCalendar) -> int:
        """Return the working days still to run when the stage pauses on that day."""
        return max(0, self.working_days - calendar.between(self.received_on, on))


def is_overdue(due_on: date | None, today: date) -> bool:
    """Return whether the last day, inclusive, has passed."""
    return due_on is not None and today > due_on
