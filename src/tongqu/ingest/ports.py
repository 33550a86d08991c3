"""What ingest needs from outside: somebody who can fetch, read and sort a source's data."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from tongqu.catalog.vocabulary import SourceProfile
from tongqu.ingest.vocabulary import ColumnSpec, FileOptions
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


Hashes = Callable[[], "pa.RecordBatchReader | None"]


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

        ``known`` gives the ``_row_hash`` of the rows already stored; asked for once.
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

    def schema(self, columns: Sequence[ColumnSpec]) -> "pa.Schema":
        """Return the schema of the raw-layer table of these columns."""
        ...

    def open(
        self, landed: Landed, contract: Contract, *, name: str
    ) -> AbstractContextManager[Opened]:
        """Make a landed file readable; what it needs for that vanishes at the end."""
        ...


@dataclass(slots=True)
class _Plugs:
    connectors: dict[str, Callable[[], SourceConnector]] = field(default_factory=dict)


_plugs = _Plugs()


def provide(form: str, factory: Callable[[], SourceConnector]) -> None:
    """Plug a connector in for a form of source; called by the wiring."""
    _plugs.connectors[form] = factory


def connector(form: str) -> SourceConnector:
    return _plugs.connectors[form]()
