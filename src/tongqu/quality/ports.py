"""What quality needs from outside: who holds grants, and a printer of reports."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

GrantsOf = Callable[[str, int], Sequence[str]]  # entry, organisation → numbers of live grants


class ReportPrinter(Protocol):
    def print(self, report: Mapping[str, Any]) -> bytes:
        """Return the PDF of a monthly report; see ``queries.reports`` for its parts."""
        ...


class _Wired:
    """What project/wiring.py has plugged in."""

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
