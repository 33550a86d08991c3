"""The store of tables, and where backups of it lie."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, Protocol, Self, TypeAlias, runtime_checkable

from tongqu.lake.vocabulary import (
    Cleaned,
    Column,
    Compacted,
    Plan,
    Scrubbed,
    Snapshot,
    Standing,
    StoredFile,
    TableRef,
)

if TYPE_CHECKING:  # the light modules do not pay for Arrow
    import pyarrow as pa

FileKind = Literal["parquet", "csv"]
# Named out here, since ``list`` is also the name of a method.
Paths: TypeAlias = list[str]
Refs: TypeAlias = list[TableRef]
Snapshots: TypeAlias = list[Snapshot]
NO_PROPERTIES: Mapping[str, str] = {}


@runtime_checkable
class EngineResult(Protocol):
    """A query that has been checked and bound, not yet run. Call one of the readers once."""

    def schema(self) -> "pa.Schema":
        """Return names and types without running the query."""
        ...

    def arrow(self) -> "pa.Table": ...

    def reader(self, rows_a_batch: int = 100_000) -> "pa.RecordBatchReader":
        """Return batches as the engine makes them: memory stays flat."""
        ...

    def json_rows(self) -> bytes:
        """Return a JSON array of objects, rendered by the engine."""
        ...

    def write(
        self,
        path: Path,
        format: FileKind = "parquet",
        *,
        columns: Sequence[Column] | None = None,
    ) -> int:
        """Write the rows to a file that appears whole or not at all; return how many.

        With ``columns`` of a table the file has exactly these, in their types and with
        their field ids; what the query does not give is NULL.
        """
        ...

    def scalar(self) -> object:
        """Return the first value of the first row; None without rows."""
        ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...


# What a store takes: columns in memory, a stream of them, Parquet files, or a query to run.
TableData: TypeAlias = "pa.Table | pa.RecordBatchReader | Sequence[str | Path] | EngineResult"


class TableStore(Protocol):
    """Tables with atomic snapshots. A commit is seen whole or not at all, also after kill -9.

    Every write names who and why in ``summary`` (keys such as batch, by, clause), which
    becomes part of the snapshot; ``find`` looks it up again, which makes writes idempotent.

    Raises: ``StorageFull``, ``StoreUnreachable``, ``Conflict`` (after many lost races),
    ``SchemaChanged``.
    """

    def ensure(
        self,
        ref: TableRef,
        schema: "pa.Schema",
        properties: Mapping[str, str] = NO_PROPERTIES,
        *,
        exact: bool = False,
    ) -> None:
        """Create the table, or add what it lacks: new columns, wider types, properties.

        ``exact`` also removes columns that the schema does not name.
        """
        ...

    def append(
        self, ref: TableRef, data: TableData, *, summary: Mapping[str, str] = NO_PROPERTIES
    ) -> Snapshot:
        """Add rows in one snapshot.

        Parquet files that carry the table's field ids (``columns(ref)``) are linked into
        the warehouse as they are, the fastest way; files without ids are rewritten.
        """
        ...

    def overwrite(
        self,
        ref: TableRef,
        data: TableData,
        *,
        summary: Mapping[str, str] = NO_PROPERTIES,
        expected: int | None = None,
    ) -> Snapshot:
        """Replace all rows in one snapshot.

        With ``expected`` the table must still stand at that snapshot, else ``Conflict``;
        0 stands for a table without a snapshot.
        """
        ...

    def current(self, ref: TableRef) -> Snapshot | None:
        """Return the newest snapshot; None while the table is absent or has none."""
        ...

    def snapshots(self, ref: TableRef) -> Snapshots:
        """Return all snapshots, oldest first."""
        ...

    def find(self, ref: TableRef, key: str, value: str) -> Snapshot | None:
        """Return the newest snapshot whose summary has this value."""
        ...

    def files(self, ref: TableRef, snapshot_id: int | None = None) -> Paths: ...

    def plan(self, ref: TableRef, snapshot_id: int | None = None) -> Plan:
        """Return columns and files of a snapshot (the newest); a table without rows has no file."""
        ...

    def columns(self, ref: TableRef) -> tuple[Column, ...]: ...

    def standing(self, refs: Collection[TableRef] | None = None) -> Mapping[TableRef, Standing]:
        """Return how tables stand now, all or those of ``refs`` that exist, by one look-up."""
        ...

    def schema(self, ref: TableRef) -> "pa.Schema": ...

    def properties(self, ref: TableRef) -> Mapping[str, str]: ...

    def exists(self, ref: TableRef) -> bool: ...

    def drop(self, ref: TableRef) -> None:
        """Forget the table; its files become orphans until they are cleaned up."""
        ...

    def list(self) -> Refs: ...

    def staging(self, ref: TableRef) -> Path:
        """Return a new path on this machine for a Parquet file of the table.

        A writer that puts a file with the table's field ids there may append it by path; the
        store then owns the file, and over an object store it is gone after the commit.
        """
        ...

    def orphans(self, older_than_seconds: int = 86_400) -> Paths:
        """Return data files that no snapshot holds, left by kills and lost races."""
        ...

    def compact(
        self, ref: TableRef, *, target_bytes: int, least_files: int = 5
    ) -> Compacted | None:
        """Make small files into files of about ``target_bytes``, sorted by the table's key.

        One commit that replaces exactly the files it read; rows added meanwhile stay. Number of
        rows and a hash of their content are compared before it. None: nothing to gain.
        Raises: ``Conflict`` when a file that it replaces was replaced meanwhile.
        """
        ...

    def expire(self, ref: TableRef, keep: frozenset[int]) -> int:
        """Forget the snapshots that are neither kept, tagged nor current; return how many."""
        ...

    def tag(self, ref: TableRef, name: str, snapshot_id: int) -> None:
        """Name a snapshot (an Iceberg ref): it is then never expired."""
        ...

    def untag(self, ref: TableRef, name: str) -> None: ...

    def tags(self, ref: TableRef) -> Mapping[str, int]: ...

    def clean(self, older_than_seconds: int = 86_400) -> Cleaned:
        """Remove files, data and metadata, that no table names and that are older than this."""
        ...

    def stored(self, ref: TableRef, snapshot_id: int | None = None) -> Sequence[StoredFile]:
        """Return the files of a table, all or what one snapshot needs, with their checksums.

        The table's own newest metadata file comes first.
        """
        ...

    def scrub(self, ref: TableRef) -> Scrubbed:
        """Compare every file of a table with the checksum recorded at its commit."""
        ...

    def read(self, uri: str) -> BinaryIO:
        """Open a file of a table as it lies there. Raises: ``FileNotFoundError``."""
        ...

    def adopt(self, ref: TableRef, files: Mapping[str, Path], metadata: str) -> None:
        """Make a table from copies of its files, snapshots and all: for a restored node.

        ``files`` gives the local copy of each former address, ``metadata`` the newest metadata
        file's. Where the warehouse lies elsewhere now, the metadata is rewritten; data is not.
        """
        ...

    def replace(self, uri: str, path: Path) -> None:
        """Put a file of a table back from a local copy: whole or not at all."""
        ...

    def probe(self) -> None:
        """Write, read and remove a few bytes where the tables lie; raise what stands in the way."""
        ...

    def close(self) -> None: ...


class Vault(Protocol):
    """Another place, where backups lie. Objects are named by their SHA-256 and never change."""

    def has(self, key: str) -> bool: ...

    def put(self, key: str, path: Path) -> None:
        """Store a local file: whole or not at all."""
        ...

    def get(self, key: str) -> BinaryIO:
        """Open an object. Raises: ``FileNotFoundError``."""
        ...

    def keys(self, prefix: str) -> Sequence[str]:
        """Return the names below a prefix, sorted."""
        ...


class ControlCopy(Protocol):
    """The control database as files, without tools of the database's own."""

    def dump(self, folder: Path) -> Sequence[tuple[str, Path]]:
        """Write one consistent state as files and return (name, path) of each."""
        ...

    def load(self, files: Mapping[str, Path]) -> None:
        """Fill an empty control database from such files."""
        ...

    def is_empty(self) -> bool:
        """Say whether nobody has worked with this control database yet."""
        ...

    def scratch(self) -> AbstractContextManager[str]:
        """Lend an empty control database for a drill, by its DATABASE_URL; gone afterwards.

        Raises: ``Rejected`` DRILL_PLACE where the server lets us make none.
        """
        ...
