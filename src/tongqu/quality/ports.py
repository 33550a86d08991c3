"""What quality needs from outside: grants, rejected rows, oversight, a printer of reports."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

GrantsOf = Callable[[str, int], Sequence[str]]  # entry, organisation → numbers of live grants


class ReportPrinter(Protocol):
    def print(self, report: Mapping[str, Any]) -> bytes:
        """Return the PDF of a monthly report; see ``queries.reports`` for its parts."""
        ...


@dataclass(frozen=True, slots=True)
class WrongRow:
    """One wrong row for its department: where, by which rule, which value, how to correct it."""

    batch: str
    line: int | None
    rule: str
    column: str
    reason: str
    hint: str
    value: str
    raw: str = ""  # the row as it came, where it was not stored


class Rejections(Protocol):
    """Ingest keeps the rows that it rejected."""

    def rows(self, batch: str, *, limit: int) -> Sequence[WrongRow]:
        """Return the rejected rows of a batch, in the order of its lines."""
        ...

    def left(self, batch: str) -> int:
        """Return how many of them no later batch of the same source has brought corrected."""
        ...


class Oversight(Protocol):
    """Supervision drafts notices of rectification."""

    def unanswered(
        self, *, entry_code: str, organisation_id: int, evidence: Mapping[str, Any]
    ) -> None:
        """Make a draft of article 23 (4): a problem was not checked in time. Once a ticket."""
        ...


class _Wired:
    """What project/wiring.py has plugged in."""

    rejections: Rejections | None = None
    oversight: Oversight | None = None
    grants: GrantsOf | None = None
    printer: Callable[[], ReportPrinter] | None = None


def use_grants(grants_of: GrantsOf | None) -> None:
    _Wired.grants = grants_of


def grants_of(entry_code: str, organisation_id: int) -> Sequence[str]:
    """Return the grants by which an organisation may use an entry now."""
    return _Wired.grants(entry_code, organisation_id) if _Wired.grants else ()


def use_printer(make: Callable[[], ReportPrinter] | None) -> None:
    _Wired.printer = make


def printer() -> ReportPrinter:
    if _Wired.printer is None:
        raise RuntimeError("no printer of reports is wired: project/wiring.py connects one")
    return _Wired.printer()


def use_rejections(found: Rejections | None) -> None:
    _Wired.rejections = found


def rejections() -> Rejections | None:
    """Return who keeps rejected rows; None where no ingest is wired."""
    return _Wired.rejections


def use_oversight(found: Oversight | None) -> None:
    _Wired.oversight = found


def oversight() -> Oversight | None:
    return _Wired.oversight
