"""Doors of policy: terms in force, the working calendar, clauses.

Other rooms may also import ``policy.clauses.*`` whole: a citation is a constant.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from tongqu.kernel.law import Clause
from tongqu.kernel.workdays import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Terms:
    """The numbers in force on a day; a case keeps the terms of the day on which it began."""

    profile: str  # key of the profile, e.g. "mot-2021"
    first_review_working_days: int = 3
    provider_review_working_days: int = 7
    idle_months: int = 3
    idle_warning_months: int = 2
    change_notice_months: int = 3
    connect_months: int = 6
    correction_working_days: int = 10
    feedback_months: int = 3
    supplement_working_days: int = 15
    freshness: Mapping[str, timedelta] = field(default_factory=dict)


def terms_on(day: date) -> Terms:
    """Return the terms in force on that day. Raises ``Rejected`` NO_TERMS before any."""
    raise NotImplementedError


def calendar() -> WorkingCalendar:
    """Return the working calendar as entered; cached until somebody edits it."""
    raise NotImplementedError


def clause(code: str) -> Clause | None:
    """Return the first clause with that code, e.g. ``mot-2021-sharing 第十二条``."""
    raise NotImplementedError


def clauses() -> tuple[Clause, ...]:
    raise NotImplementedError


def legal_bases() -> tuple[Clause, ...]:
    """Return the clauses that may be given as a basis of refusal or of withholding."""
    raise NotImplementedError
