"""Doors of policy: terms in force, the working calendar, clauses.

Other rooms may also import ``policy.clauses.*`` whole: a citation is a constant.
"""

from collections.abc import Callable

from tongqu.kernel.law import Clause
from tongqu.policy.actions.calendar import on_calendar_changed as _on_calendar_changed
from tongqu.policy.actions.seed import seed
from tongqu.policy.actions.texts import import_text
from tongqu.policy.coverage import count_for, coverage, coverage_markdown
from tongqu.policy.domain.terms import Terms
from tongqu.policy.queries import CLAUSES, calendar, clause, legal_bases, terms_on, wording

__all__ = [
    "Terms",
    "calendar",
    "clause",
    "clauses",
    "count_for",
    "coverage",
    "coverage_markdown",
    "import_text",
    "legal_bases",
    "on_calendar_changed",
    "seed",
    "terms_on",
    "wording",
]


def clauses() -> tuple[Clause, ...]:
    """Return every clause that the platform cites, document by document."""
    return CLAUSES


def on_calendar_changed(callback: Callable[[int], object]) -> None:
    """Call ``callback(year)`` in the transaction that enters or edits a year.

    A room with provisional deadlines registers here from the project's wiring.
    """
    _on_calendar_changed(callback)
