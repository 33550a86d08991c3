"""What ingest needs from outside: somebody who can fetch, read and sort a source's data."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from tongqu.catalog.vocabulary import SourceProfile
from tongqu.ingest.vocabulary import ColumnSpec, FileOptions

if TYPE_CHECKING:  # the light modules do not pay for Arrow
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Contract:
    """What was agreed about a source: how to read it and which columns it has."""

    source_code: str
    options: FileOptions
    columns: tuple[ColumnSpec, ...]


@dataclass(frozen=True, slots=True)
class Landed:
    """A file taken over unchanged. ``first_page`` is text to look for secrecy marks in."""

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
class Sorted:
    """Rows after fixing and checking, as Parquet files beside the landed file.

    ``accepted`` holds the columns of ``schema`` with the technical columns; ``rejected``
    and ``fixed_values`` have fixed schemas. Lists are empty when there are no such rows.
    """

    received: int
    stored: int
    rejected: int
    duplicate: int
    fixed: int
    reasons: Mapping[str, int]
    fixes: Mapping[str, int]
    schema: "pa.Schema"
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

    def profile(self, *, title: str) -> tuple[SourceProfile, tuple[ColumnSpec, ...]]:
        """Return what the columns hold, and the specification proposed from it."""
        ...

    def sort(self, *, batch: str, loaded_at: str, known: Hashes) -> Sorted:
        """Fix, check and tell apart every row.

        ``known`` gives the ``_row_hash`` of the rows already stored, asked for at most once.
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

    def land(self, path: Path, landing: Path) -> Landed:
        """Copy a file to its content address, hashing on the way."""
        ...

    def open(
        self, landed: Path, contract: Contract, *, name: str
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
