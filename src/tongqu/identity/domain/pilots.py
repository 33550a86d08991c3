"""试点先行: whether somebody lies inside a pilot's regions, departments and days."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from tongqu.identity.vocabulary import PilotState


@dataclass(frozen=True, slots=True)
class Scope:
    """``divisions`` are six-digit codes, a city's holding its counties; ``departments`` codes
    of organisations. Neither given: everybody, on the days named. ``until`` is its last day."""

    state: PilotState
    divisions: Collection[str]
    departments: Collection[str]
    since: date
    until: date | None


def admits(scope: Scope, *, division: str, department: str, on: date) -> bool:
    """Decide whether a function is open to somebody of this department on this day."""
    if scope.state is PilotState.PROMOTED:
        return True
    if scope.state is PilotState.WITHDRAWN or on < scope.since:
        return False
    if scope.until is not None and on > scope.until:
        return False
    if not scope.divisions and not scope.departments:
        return True
    inside = any(division.startswith(_digits(code)) for code in scope.divisions if division)
    return inside or department in scope.departments


def _digits(code: str) -> str:
    """Return what every division inside begins with: 360100 → 3601, 360000 → 36."""
    plain = code[:6]
    while len(plain) > 2 and plain.endswith("00"):
        plain = plain[:-2]
    return plain
