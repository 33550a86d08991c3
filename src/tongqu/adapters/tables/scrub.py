"""Which files the tables need, and whether they are what was committed."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pyiceberg.io import FileIO
from pyiceberg.manifest import DataFile, ManifestFile
from pyiceberg.table.metadata import TableMetadata

from tongqu.adapters.tables.checksums import Checksums, Sum, sum_of
from tongqu.adapters.tables.warehouse import Warehouse
from tongqu.lake.vocabulary import Damage, Harm, Scrubbed, StoredFile, StoredKind, TableRef

THREADS = 4  # hashing leaves the interpreter's lock alone
_T = TypeVar("_T")


def needed(
    metadata: TableMetadata,
    location: str,
    io: FileIO,
    snapshot_id: int | None = None,
    *,
    is_sound: Callable[[str], bool] = lambda _: True,
) -> Iterator[StoredFile]:
    """Return every file that the table's snapshots need, each once, without checksums.

    What lies behind a file that is not sound cannot be read and is left out.
    """
    snapshots = [s for s in metadata.snapshots if snapshot_id in {None, s.snapshot_id}]
    yield _plain(location, StoredKind.METADATA, [s.snapshot_id for s in snapshots])
    if snapshot_id is None:
        for former in metadata.metadata_log:
            yield _plain(former.metadata_file, StoredKind.METADATA, [], rows=0)
    manifests: dict[str, tuple[ManifestFile, list[int]]] = {}
    for snapshot in snapshots:
        total = snapshot.summary["total-records"] if snapshot.summary else None
        rows = int(total) if total else None
        yield _plain(snapshot.manifest_list, StoredKind.LIST, [snapshot.snapshot_id], rows=rows)
        if is_sound(snapshot.manifest_list):
            for manifest in snapshot.manifests(io):
                manifests.setdefault(manifest.manifest_path, (manifest, []))[1].append(
                    snapshot.snapshot_id
                )
    files: dict[str, tuple[DataFile, set[int]]] = {}
    for path, (manifest, ids) in manifests.items():
        rows = (manifest.added_rows_count or 0) + (manifest.existing_rows_count or 0)
        size = manifest.manifest_length
        yield StoredFile(path, StoredKind.MANIFEST, size, "", tuple(ids), rows)
        if is_sound(path):
            for entry in manifest.fetch_manifest_entry(io, discard_deleted=True):
                found = files.setdefault(entry.data_file.file_path, (entry.data_file, set()))
                found[1].update(ids)
    for uri, (file, needing) in files.items():
        yield StoredFile(
            uri,
            StoredKind.DATA,
            file.file_size_in_bytes,
            "",
            tuple(sorted(needing)),
            file.record_count,
        )


def _plain(
    uri: str, kind: StoredKind, snapshots: Sequence[int], *, rows: int | None = None
) -> StoredFile:
    return StoredFile(uri, kind, 0, "", tuple(snapshots), rows)


def with_sums(files: Sequence[StoredFile], sums: Checksums) -> list[StoredFile]:
    """Return the files with the checksums on record."""
    known = sums.known(file.uri for file in files)
    return [
        replace(file, size=known[file.uri].size, sha256=known[file.uri].sha256)
        if file.uri in known
        else file
        for file in files
    ]


@dataclass(slots=True)
class Scrub:
    """One pass over one table, which must not stumble over what it is looking for."""

    ref: TableRef
    warehouse: Warehouse
    sums: Checksums
    checked: dict[str, Harm | None] = field(default_factory=dict)
    adopted: dict[str, Sum] = field(default_factory=dict)
    size: int = 0

    def run(self, location: str, load: Callable[[], tuple[TableMetadata, FileIO]]) -> Scrubbed:
        """Look at every file; ``load`` reads the table's metadata, once that is sound."""
        if not self._is_sound(location):
            files = [_plain(location, StoredKind.METADATA, [])]
        else:
            metadata, io = load()
            files = list(needed(metadata, location, io, is_sound=self._is_sound))
        files = with_sums(files, self.sums)
        waiting = [file for file in files if file.uri not in self.checked]
        with ThreadPoolExecutor(THREADS) as pool:
            for file, harm in zip(waiting, pool.map(self._harm, waiting), strict=True):
                self.checked[file.uri] = harm
        self.sums.record(self.adopted)
        damages = [
            Damage(self.ref, file, harm)
            for file in files
            if (harm := self.checked[file.uri]) and not _is_past(file, harm)
        ]
        return Scrubbed(len(files), self.size, len(self.adopted), tuple(damages))

    def _is_sound(self, uri: str) -> bool:
        """Check a metadata file before it is read."""
        if uri not in self.checked:
            (file,) = with_sums([_plain(uri, StoredKind.METADATA, [])], self.sums)
            self.checked[uri] = self._harm(file)
        return self.checked[uri] is None

    def _harm(self, file: StoredFile) -> Harm | None:
        try:
            with self.warehouse.open(file.uri) as stream:
                found = sum_of(stream)
        except FileNotFoundError:
            return Harm.MISSING
        self.size += found.size
        if file.size and found.size != file.size:
            return Harm.TRUNCATED
        if not file.sha256:
            self.adopted[file.uri] = found
            return None
        return None if found.sha256 == file.sha256 else Harm.ALTERED


def _is_past(file: StoredFile, harm: Harm) -> bool:
    """Say whether only an older state of the metadata is gone: the store removes these itself."""
    return harm is Harm.MISSING and file.kind is StoredKind.METADATA and file.rows == 0
