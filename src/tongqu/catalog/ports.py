"""What the catalogue needs from outside: who uses an entry, and a printer of receipts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tongqu.catalog.domain.interchange.cells import MOST_TEXT
from tongqu.catalog.domain.interchange.export import entry_document, item_document
from tongqu.catalog.domain.interchange.fields import ENTRY_FIELDS, ITEM_FIELDS, Field, Kind
from tongqu.catalog.domain.interchange.graph import GraphPage
from tongqu.catalog.domain.interchange.layout import Refused
from tongqu.catalog.domain.interchange.sheets import Cell, Sheet, SheetOut
from tongqu.catalog.domain.search.forms import (
    Asked,
    IndexAnswer,
    IndexQuery,
    SearchDocument,
    Wanted,
)
from tongqu.catalog.domain.search.tokens import SEARCH_EDITION
from tongqu.catalog.vocabulary import EntryView, Panel, ScannedTable, SourceOfDatum
from tongqu.kernel.actor import Actor

# Handed on for adapters, which may not look into a room's domain.
__all__ = [
    "ENTRY_FIELDS", "ITEM_FIELDS", "MOST_TEXT", "SEARCH_EDITION", "Asked", "Cell", "Field",
    "GraphPage", "IndexAnswer", "IndexQuery", "Kind", "Refused", "SearchDocument", "Sheet",
    "SheetOut", "Wanted", "entry_document", "item_document",
]  # fmt: skip


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


SourcesOf = Callable[[Iterable[str]], Mapping[str, SourceOfDatum]]  # elements → their sources
NotesOf = Callable[[str], Sequence[str]]  # entry → marks
WordsOf = Callable[[Sequence[str]], Mapping[str, Sequence[str]]]  # entries → further words


class Interchange(Protocol):
    """Files that carry a catalogue. What cannot be read raises ``layout.Refused``."""

    def read_sheets(self, content: bytes, *, name: str) -> Sequence[Sheet]:
        """Return the sheets of a workbook, or a csv as one sheet."""
        ...

    def write_sheets(self, sheets: Sequence[SheetOut]) -> bytes:
        """Return an xlsx workbook in which every text stays a text."""
        ...

    def read_graph(self, content: bytes, *, form: str) -> list[dict[str, Any]]:
        """Return the documents in a DCAT graph; ``form``: jsonld or ttl."""
        ...

    def write_graph(self, page: GraphPage, *, form: str) -> bytes:
        """Return entries as DCAT-AP 3."""
        ...

    def read_contract(self, content: bytes) -> Any:
        """Return a data contract in YAML or JSON as it is written."""
        ...

    def write_contract(self, contract: Mapping[str, Any], *, form: str) -> bytes:
        """Return an ODCS data contract; ``form``: yaml or json."""
        ...


class DatabaseScanner(Protocol):
    def scan(self, address: str, *, schema: str = "") -> Sequence[ScannedTable]:
        """Return what a live database says about its tables.

        Raises: ``Rejected`` ADDRESS_REFUSED, DRIVER_MISSING, SOURCE_UNREACHABLE. Neither
        password nor address reaches a message.
        """
        ...


@dataclass(frozen=True, slots=True)
class Position:
    """How far a reader of the change sequence has come. 0 with no token: nowhere yet."""

    sequence: int = 0
    token: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed after a position. ``is_known``: the position is one of this history."""

    entry_ids: tuple[int, ...]
    upto: Position
    is_known: bool = True
    is_more: bool = False


class SearchFeed(Protocol):
    """What the catalogue tells its search index. Nothing else may go into the index."""

    def head(self) -> Position:
        """Return the newest position; one statement when nothing is new."""
        ...

    def is_safe(self) -> bool:
        """Decide whether what is read now is committed: no transaction of ours is open."""
        ...

    def after(self, position: Position, *, limit: int) -> Changes:
        """Return entries changed after a position, oldest change first, each once."""
        ...

    def documents(self, entry_ids: Sequence[int]) -> Iterable[SearchDocument]:
        """Return the documents of those entries that have one; the others have none now."""
        ...

    def all_ids(self) -> Iterable[tuple[int, ...]]:
        """Return the ids of all entries, in batches."""
        ...

    def size(self) -> int:
        """Return how many entries there are."""
        ...


class SearchIndex(Protocol):
    """A projection of the catalogue on this node, made for searching."""

    def find(self, query: IndexQuery) -> IndexAnswer:
        """Return one page and exact counts, after catching up with the feed within a bound.

        Raises: ``Unavailable`` while there is no index that can be read; it is then being built.
        """
        ...

    def totals(self, queries: Sequence[IndexQuery]) -> tuple[int, ...]:
        """Return how many entries each of the queries finds. Raises ``Unavailable``."""
        ...

    def suggest(self, query: IndexQuery) -> tuple[str, ...]:
        """Return names that begin with, or hold, what is being typed. Raises ``Unavailable``."""
        ...

    def catch_up(self) -> int:
        """Apply everything that is waiting, build what is missing; return the sequence."""
        ...

    def rebuild(self) -> int:
        """Build the index anew beside the old one and put it in its place."""
        ...


PanelOf = Callable[[EntryView, Actor], Panel | None]


class _Wired:
    """What project/wiring.py has plugged in."""

    usage: UsageOfEntry | None = None
    printer: ReceiptPrinter | None = None
    index: SearchIndex | None = None
    interchange: Callable[[], Interchange] | None = None
    scanner: Callable[[], DatabaseScanner] | None = None
    projects: Projects | None = None
    sources: SourcesOf | None = None
    words: WordsOf | None = None
    notes: NotesOf | None = None
    packs: Callable[[str], bool] | None = None


_panels: list[PanelOf] = []


def use_usage(usage: UsageOfEntry | None) -> None:
    _Wired.usage = usage


def use_index(index: SearchIndex | None) -> None:
    _Wired.index = index


def search_index() -> SearchIndex | None:
    """Return the index of this node; None where none is wired: the database answers then."""
    return _Wired.index


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


def use_sources(sources: SourcesOf | None) -> None:
    _Wired.sources = sources


def sources_of(elements: Iterable[str]) -> Mapping[str, SourceOfDatum]:
    """Return the registered source of each element; nothing where no room keeps them."""
    return _Wired.sources(elements) if _Wired.sources else {}


def use_packs(has_pack: Callable[[str], bool] | None) -> None:
    """Let the room of quality say whether an entry has rules of its own (QLT-01)."""
    _Wired.packs = has_pack


def has_rule_pack(entry_code: str) -> bool:
    return _Wired.packs(entry_code) if _Wired.packs else True


def use_words(words: WordsOf | None) -> None:
    """Let another room say by what else entries are found: everybody who searches may tell them.

    Whoever says so calls ``public.tell_search`` when its words change.
    """
    _Wired.words = words


def words_of(entry_codes: Sequence[str]) -> Mapping[str, Sequence[str]]:
    return _Wired.words(entry_codes) if _Wired.words else {}


def use_notes(notes: NotesOf | None) -> None:
    """Let another room say what every output of an entry has to carry, e.g. 有异议."""
    _Wired.notes = notes


def notes_of(entry_code: str) -> Sequence[str]:
    """Return the marks of an entry: whoever hands its data out hands these out with them."""
    return _Wired.notes(entry_code) if _Wired.notes else ()


OnScanned = Callable[[str, Sequence[ScannedTable], Actor], object]
_on_scanned: list[OnScanned] = []


def on_scanned(callback: OnScanned) -> None:
    """Call ``callback(system, tables, actor)`` in the transaction that keeps a scan's outcome."""
    if callback not in _on_scanned:
        _on_scanned.append(callback)


def announce_scan(system: str, tables: Sequence[ScannedTable], by: Actor) -> None:
    for callback in _on_scanned:
        callback(system, tables, by)


def projects() -> Projects | None:
    """Return the register of projects; None where no room keeps one."""
    return _Wired.projects


def printer() -> ReceiptPrinter:
    if _Wired.printer is None:
        raise RuntimeError("no receipt printer is wired: project/wiring.py connects one")
    return _Wired.printer


def use_interchange(factory: Callable[[], Interchange] | None) -> None:
    _Wired.interchange = factory


def use_scanner(factory: Callable[[], DatabaseScanner] | None) -> None:
    _Wired.scanner = factory


def interchange() -> Interchange:
    if _Wired.interchange is None:
        raise RuntimeError("no interchange is wired: project/wiring.py connects one")
    return _Wired.interchange()


def scanner() -> DatabaseScanner:
    if _Wired.scanner is None:
        raise RuntimeError("no scanner is wired: project/wiring.py connects one")
    return _Wired.scanner()
