"""A table made from copies of its files, also at another place than before.

Iceberg's metadata names files by their full addresses. At the same place the files are put
back as they were; elsewhere the addresses in the metadata are rewritten, with the numbers of
snapshots, the statistics and the data files themselves unchanged.
"""

import json
from collections.abc import Mapping
from copy import copy
from pathlib import Path
from typing import Any, Literal

from pyiceberg.io import FileIO, InputFile
from pyiceberg.io.pyarrow import PyArrowFileIO
from pyiceberg.manifest import ManifestFile, write_manifest, write_manifest_list
from pyiceberg.table.metadata import TableMetadata, TableMetadataUtil
from pyiceberg.table.snapshots import Snapshot

from tongqu.adapters.tables.warehouse import Warehouse

COMPRESSION: Literal["deflate"] = "deflate"


class CopiesIO(PyArrowFileIO):
    """Reads files at their former addresses from local copies."""

    def __init__(self, copies: Mapping[str, Path]) -> None:
        super().__init__()
        self._copies = copies

    def new_input(self, location: str) -> InputFile:  # type: ignore[override]  # theirs names its own class
        return super().new_input(str(self._copies[location]))


class Move:
    """One table on its way. ``io`` writes at the new place, and sums up what it writes."""

    def __init__(self, files: Mapping[str, Path], warehouse: Warehouse, io: FileIO) -> None:
        self._files = files
        self._warehouse = warehouse
        self._io = io
        self._from = ""
        self._to = ""
        self.written: list[str] = []

    def run(self, metadata: str, location: str) -> str:
        """Put the table's files below ``location``; return the new metadata's address."""
        document = json.loads(self._files[metadata].read_bytes())
        self._from, self._to = document["location"], location
        if self._from == self._to:
            for uri, path in self._files.items():
                self._warehouse.replace(uri, path)
            return metadata
        before = TableMetadataUtil.parse_obj(document)
        copies = CopiesIO(self._files)
        manifests = self._manifests(before, copies)
        for snapshot in before.snapshots:
            self._list(snapshot, copies, manifests)
        for uri, path in self._files.items():
            if "/data/" in uri:
                self._warehouse.replace(self._there(uri), path)
        document["location"] = location
        document["metadata-log"] = []  # the former states are not restored
        for snapshot in document["snapshots"]:
            snapshot["manifest-list"] = self._there(snapshot["manifest-list"])
        target = self._there(metadata)
        with self._io.new_output(target).create(overwrite=True) as stream:
            stream.write(json.dumps(document).encode())
        self.written.append(target)
        return target

    def _there(self, uri: str) -> str:
        if not uri.startswith(self._from + "/"):
            raise ValueError("a file of the table lies outside of it")
        return self._to + uri.removeprefix(self._from)

    def _manifests(self, before: TableMetadata, copies: FileIO) -> dict[str, ManifestFile]:
        """Write every manifest anew, once, and return each under its former address."""
        found: dict[str, ManifestFile] = {}
        for snapshot in before.snapshots:
            for manifest in snapshot.manifests(copies):
                if manifest.manifest_path not in found:
                    found[manifest.manifest_path] = self._manifest(before, manifest, copies)
        return found

    def _manifest(
        self, before: TableMetadata, manifest: ManifestFile, copies: FileIO
    ) -> ManifestFile:
        target = self._there(manifest.manifest_path)
        output = self._io.new_output(target)
        with write_manifest(
            2,
            before.specs()[manifest.partition_spec_id],
            before.schema(),
            output,
            manifest.added_snapshot_id or 0,
            COMPRESSION,
        ) as writer:
            for entry in manifest.fetch_manifest_entry(copies, discard_deleted=False):
                entry.data_file[1] = self._there(entry.data_file.file_path)
                writer.add_entry(entry)
        self.written.append(target)
        moved: Any = copy(manifest)
        moved._data = [*manifest._data]
        moved[0], moved[1] = target, len(output)
        return moved  # type: ignore[no-any-return]  # a copy of its own kind

    def _list(
        self, snapshot: Snapshot, copies: FileIO, manifests: Mapping[str, ManifestFile]
    ) -> None:
        target = self._there(snapshot.manifest_list)
        with write_manifest_list(
            2,
            self._io.new_output(target),
            snapshot.snapshot_id,
            snapshot.parent_snapshot_id,
            snapshot.sequence_number,
            COMPRESSION,
        ) as writer:
            writer.add_manifests([manifests[m.manifest_path] for m in snapshot.manifests(copies)])
        self.written.append(target)
