"""What ingest needs from outside: somebody who can fetch, read and sort a source's data."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

from tongqu.catalog.vocabulary import SourceProfile
from tongqu.ingest.vocabulary import ColumnSpec, FileOptions, Form, Mode
from tongqu.standards.vocabulary import Check, Facts

if TYPE_CHECKING:  # the light modules do not pay for Arrow
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Contract:
    """What was agreed about a source: how to read it, its columns and what a row must satisfy."""

    source_code: str
    options: FileOptions
    columns: tuple[ColumnSpec, ...]
    checks: tuple[Check, ...] = ()  # of a row; they speak of items
    facts: Facts | None = None  # "now" and code tables of the checks; the same in a resumed load


@dataclass(frozen=True, slots=True)
class Landed:
    """A file taken over unchanged, under the address of its content."""

    path: Path
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Staged:
    """A file made readable. ``records`` is counted without parsing; None: not countable."""

    columns: tuple[str, ...]
    records: int | None
    encoding: str
    format: str


@dataclass(frozen=True, slots=True)
class Target:
    """Where sorted rows go. ``field_ids`` are those of the table, so that the store can link
    the accepted file as it is; ``scratch`` holds what is only passed on."""

    batch: str
    loaded_at: datetime
    accepted: Path
    scratch: Path
    field_ids: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Sorted:
    """Rows after fixing and checking, as Parquet files.

    Shape: accepted: the contract's columns, then ``_batch_id _load_time _source _line
    _row_hash``; rejected: batch, line, rule, column, reason, raw; fixed_values: batch, line,
    column, rule, before, after. A tuple is empty when there are no such rows.
    ``reasons`` counts rejected rows, ``warnings`` stored rows, by the code of rule or check.
    """

    received: int
    stored: int
    rejected: int
    duplicate: int
    fixed: int
    reasons: Mapping[str, int]
    fixes: Mapping[str, int]
    warnings: Mapping[str, int] = field(default_factory=dict)
    accepted: tuple[str, ...] = ()
    rejected_files: tuple[str, ...] = ()
    fixed_values: tuple[str, ...] = ()


class Unreadable(Exception):
    """A file that cannot be taken as it is. ``facts`` holds no value from a row."""

    def __init__(self, code: str, title: str, next_step: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.title = title
        self.next_step = next_step
        self.facts = facts


class Hashes(Protocol):
    """What the lake holds: ``_row_hash`` of the rows stored, or None where there are none.

    With ``contents`` the rows themselves, without it these too where their hashes were made by
    another scheme (then there is no ``_row_hash``). May be asked again.
    """

    def __call__(self, *, contents: bool = False) -> "pa.RecordBatchReader | None": ...


class Opened(Protocol):
    """A landed file that was opened under a contract."""

    staged: Staged
    scratch: Path

    @property
    def received(self) -> int:
        """Return the records of the file: counted without parsing where that is possible."""
        ...

    def profile(self, *, title: str) -> tuple[SourceProfile, tuple[ColumnSpec, ...]]:
        """Return what the columns hold, and the specification proposed from it."""
        ...

    def sort(self, target: Target, known: Hashes) -> Sorted:
        """Fix, check and tell apart every row.

        Two rows are the same if their typed values are; ``_row_hash`` only finds candidates.
        """
        ...


class SourceConnector(Protocol):
    """One form of source. Raises ``Unreadable``; leaves nothing behind when it does."""

    def first_pages(self, path: Path, options: FileOptions) -> Sequence[str]:
        """Return metadata and the beginning of the content as text, without copying."""
        ...

    def digest(self, path: Path) -> str:
        """Return the SHA-256 of a file without keeping a copy."""
        ...

    def sweep(self, landing: Path) -> None:
        """Remove the working files that killed processes left behind."""
        ...

    def land(self, path: Path, landing: Path, options: FileOptions, *, name: str) -> Landed:
        """Copy a file to its content address, hashing and guarding on the way."""
        ...

    def hash_scheme(self) -> str:
        """Return the mark of how ``_row_hash`` is made: hashes of two schemes do not compare."""
        ...

    def schema(self, columns: Sequence[ColumnSpec]) -> "pa.Schema":
        """Return the schema of the raw-layer table of these columns."""
        ...

    def open(
        self, landed: Landed, contract: Contract, *, name: str
    ) -> AbstractContextManager[Opened]:
        """Make a landed file readable; what it needs for that vanishes at the end."""
        ...


# Where the next pull begins. JSON; only the connector knows what it means.
Cursor: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing a connector must be told: the wizard and the API are made of these."""

    name: str
    label: str
    help: str = ""
    kind: str = "text"  # text, number, bool, choice, secret, long
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = True
    default: Any = ""


@dataclass(frozen=True, slots=True)
class Connection:
    """Whom to connect to. ``secrets`` are in clear here and nowhere else: never in a log."""

    address: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class PullOptions:
    """What to take and how. ``settings`` are the connector's own, checked by its ``check``."""

    source_code: str
    mode: Mode = Mode.FULL
    what: str = ""  # table, path, topic …
    key: tuple[str, ...] = ()
    time_column: str = ""
    overlap_seconds: int = 0
    piece_rows: int = 1_000_000
    columns: tuple[ColumnSpec, ...] = ()  # as agreed; empty at the first probe
    settings: Mapping[str, Any] = field(default_factory=dict)
    is_empty: bool = True  # nothing of the source is stored yet


@dataclass(frozen=True, slots=True)
class Probe:
    """What a connection shows: the columns proposed, and what else there is to take."""

    columns: tuple[ColumnSpec, ...] = ()
    rows: int | None = None
    choices: tuple[str, ...] = ()  # tables, topics, folders that could be named as ``what``
    key: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a pull as one file, which becomes one batch.

    The file lies in ``into`` and is removed after its batch ended. ``cursor`` (after it) is
    saved in the transaction that closes the batch: only then does the pull go on.
    ``settled`` tells the source so (advance a slot, commit an offset, move a file); a crash may
    come before it, so the next pull must rely on its cursor alone.
    """

    path: Path
    cursor: Cursor
    rows: int | None = None  # as the source counted them; checked against the ledger
    name: str = ""  # for the ledger: "roads 1–50000", "page 3"; no value from a row
    facts: Mapping[str, Any] = field(default_factory=dict)
    settled: Callable[[], None] | None = None
    # Set when the reading differs from that of a Parquet piece, e.g. another file format.
    options: FileOptions | None = None
    # A file as a department delivered it: read with the source's own options; one that is sent
    # back does not hold up those behind it.
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """What a pull left where it lies and went on: for the source's page and its provider.

    ``text`` may name a file, and holds no value from a row.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Measure:
    """What a source holds now: rows, and the sum of row digests over the agreed columns."""

    rows: int
    checksum: str = ""  # empty: the source can only be counted


class PullFailed(Unreadable):
    """A source that could not be pulled. ``again``: it may work later, so wait and retry."""

    def __init__(
        self, code: str, title: str, next_step: str, *, again: bool = False, **facts: Any
    ) -> None:
        super().__init__(code, title, next_step, **facts)
        self.again = again


class Puller(Protocol):
    """One kind of source that the platform fetches from by itself.

    Raises ``PullFailed`` or ``Rejected`` (a wrong setting), whose words hold neither a secret
    nor what a driver said.
    """

    title: str  # for the wizard: "关系数据库"
    form: Form
    modes: tuple[Mode, ...]
    connection_settings: tuple[Setting, ...]  # beside the address; kind "secret" is encrypted
    option_settings: tuple[Setting, ...]

    def check(self, connection: Connection, options: PullOptions) -> None:
        """Refuse what cannot work, without connecting: addresses, names, modes."""
        ...

    def probe(self, connection: Connection, options: PullOptions) -> Probe:
        """Connect, look, propose columns; with an empty ``what`` say what there is."""
        ...

    def pull(
        self, connection: Connection, options: PullOptions, cursor: Cursor | None, into: Path
    ) -> Iterator[Piece | Remark]:
        """Yield the pieces after ``cursor`` (None: from the beginning), in order.

        Between them a remark on what was passed over.

        A full pull that is complete yields a last cursor of ``{}``: the next begins anew.
        """
        ...


@runtime_checkable
class Measurable(Protocol):
    """A puller that can say what the source holds, for reconciliation (QLT-12)."""

    def measure(self, connection: Connection, options: PullOptions, digest: str) -> Measure:
        """Return rows and checksum; ``digest`` is DuckDB's SQL over the agreed columns."""
        ...


@runtime_checkable
class Releasable(Protocol):
    """A puller for which the source keeps something: given back when the plan changes."""

    def release(self, connection: Connection, options: PullOptions) -> None: ...


@runtime_checkable
class Hooks(Protocol):
    """What rooms to the right do about what ingest finds; plugged in by the wiring."""

    def over_threshold(self, *, entry_code: str, batch: str, rejected: int, received: int) -> None:
        """Open a quality ticket (ING-19). Runs in the transaction that closes the batch."""
        ...

    def came(self, *, entry_code: str, batch: str) -> None:
        """Rows were stored: look whether they are rejected ones, corrected (QLT-04).

        Runs in the transaction that closes the batch.
        """
        ...

    def differs(self, *, entry_code: str, provider_id: int, evidence: Mapping[str, Any]) -> None:
        """Open a §23(三) draft: what is provided differs from what is held (QLT-12)."""
        ...


class Gate(Protocol):
    """The gate of a dataset, kept by the room of quality; plugged in by the wiring."""

    def __call__(
        self, *, entry_code: str, batch: str, score: Decimal, gate: Decimal
    ) -> tuple[Decimal, str]:
        """Return the gate that counts, and the reason of a waiver ("": there is none)."""
        ...


@dataclass(slots=True)
class _Plugs:
    connectors: dict[str, Callable[[], SourceConnector]] = field(default_factory=dict)
    pullers: dict[str, Callable[[], Puller]] = field(default_factory=dict)
    hooks: Hooks | None = None
    gate: Gate | None = None


_plugs = _Plugs()


def provide(form: str, factory: Callable[[], SourceConnector]) -> None:
    """Plug a connector in for a form of source; called by the wiring."""
    _plugs.connectors[form] = factory


def connector(form: str) -> SourceConnector:
    return _plugs.connectors[form]()


def provide_puller(name: str, factory: Callable[[], Puller]) -> None:
    """Plug a puller in under the name that ``Source.connector`` stores; by the wiring."""
    _plugs.pullers[name] = factory


def puller(name: str) -> Puller:
    """Return the puller. Raises ``KeyError`` for a name that nobody plugged in."""
    return _plugs.pullers[name]()


def pullers() -> Mapping[str, Puller]:
    return {name: make() for name, make in sorted(_plugs.pullers.items())}


def use_gate(gate: Gate | None) -> None:
    _plugs.gate = gate


def gate() -> Gate | None:
    return _plugs.gate


def use_hooks(hooks: Hooks | None) -> None:
    _plugs.hooks = hooks


def hooks() -> Hooks | None:
    return _plugs.hooks
