"""What the catalogue needs from outside: who uses an entry, and a printer of receipts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from tongqu.catalog.vocabulary import EntryView, Panel
from tongqu.kernel.actor import Actor


class UsageOfEntry(Protocol):
    """Delivery knows who uses an entry; the catalogue may not import it."""

    def active_grants(self, entry_code: str) -> int:
        """Return how many grants on this entry are in force today."""
        ...

    def consumers(self, entry_code: str) -> tuple[int, ...]:
        """Return the ids of the organisations that hold them."""
        ...


@dataclass(frozen=True, slots=True)
class PrintedReceipt:
    """What a receipt's PDF says, taken from the file alone.

    ``facts`` is the attached evidence document; ``faults`` names what does not hold.
    """

    facts: bytes
    faults: tuple[tuple[str, str], ...]  # (place, what is wrong)


class ReceiptPrinter(Protocol):
    def print(self, facts: Mapping[str, str], *, url: str, evidence: bytes) -> bytes:
        """Return a signed PDF that shows ``facts`` (label → text) and carries ``evidence``."""
        ...

    def inspect(self, document: bytes) -> PrintedReceipt:
        """Verify the PDF's own signature and take the evidence out."""
        ...


class Projects(Protocol):
    """Supervision keeps the projects that pre-entries belong to (measures, article 20)."""

    def stage(self, project_code: str) -> str | None:
        """Return the project's stage, ``"approval"`` for 立项; None for an unknown code."""
        ...


PanelOf = Callable[[EntryView, Actor], Panel | None]


class _Wired:
    """What project/wiring.py has plugged in."""

    usage: UsageOfEntry | None = None
    printer: ReceiptPrinter | None = None
    projects: Projects | None = None


_panels: list[PanelOf] = []


def use_usage(usage: UsageOfEntry | None) -> None:
    _Wired.usage = usage


def use_printer(printer: ReceiptPrinter | None) -> None:
    _Wired.printer = printer


def use_projects(projects: Projects | None) -> None:
    _Wired.projects = projects


def register_panel(panel: PanelOf) -> PanelOf:
    """Add a block to the detail page of entries: quality, lineage, how to apply."""
    if panel not in _panels:
        _panels.append(panel)
    return panel


def panels(entry: EntryView, actor: Actor) -> tuple[Panel, ...]:
    found = (panel(entry, actor) for panel in _panels)
    return tuple(panel for panel in found if panel is not None)


def active_grants(entry_code: str) -> int:
    """Return the number of grants in force; 0 where no delivery is wired."""
    return _Wired.usage.active_grants(entry_code) if _Wired.usage else 0


def consumers(entry_code: str) -> tuple[int, ...]:
    return _Wired.usage.consumers(entry_code) if _Wired.usage else ()


def projects() -> Projects | None:
    """Return the register of projects; None where no room keeps one."""
    return _Wired.projects


def printer() -> ReceiptPrinter:
    if _Wired.printer is None:
        raise RuntimeError("no receipt printer is wired: project/wiring.py connects one")
    return _Wired.printer
