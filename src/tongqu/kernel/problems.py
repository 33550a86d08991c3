"""How things go wrong, in three families.

A user's mistake is a ``Problem``: a value the page words. A broken rule of the program is
an ``IllegalStep``. The outside raises ``Unavailable`` or ``Changed``. HTTP status
codes are chosen at the edge (``project/problems.py``) and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tongqu.kernel.law import Basis


@dataclass(frozen=True, slots=True)
class Problem:
    """What stands in the way, on which basis, who can change it and what to do next.

    ``code`` is stable and English (``NOT_PUBLISHED``); ``title`` and ``next_step`` are
    Chinese. ``fields`` maps a form field to its own sentence. Never a value from a row.
    """

    code: str
    title: str
    next_step: str
    basis: Basis | None = None
    who: str = ""  # who can change it, e.g. "提供部门审核人"
    fields: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)


class Rejected(Exception):
    """A user's mistake on its way to the edge. Raised by actions; carries the ``Problem``."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class IllegalStep(RuntimeError):
    """A caller asked for a step that the state table does not hold: a bug, or a lost race."""


class Unavailable(Exception):
    """The outside did not answer; the same call may go through later."""


class Changed(Exception):
    """The outside is not what was agreed; quarantine and tell the provider."""
