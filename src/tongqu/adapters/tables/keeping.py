"""Keeping house: compaction, forgetting, tags, cleaning, scrubbing. Part of the Iceberg store."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.table import Table
from pyiceberg.table.refs import SnapshotRefType

from tongqu.adapters.tables import datafiles
from tongqu.adapters.tables.catalogue import WitnessedCatalog
from tongqu.adapters.tables.checksums import take
from tongqu.adapters.tables.commits import signed
from tongqu.adapters.tables.scrub import Scrub, needed, with_sums
from tongqu.adapters.tables.warehouse import Part, Warehouse
from tongqu.kernel import clock
from tongqu.lake.ports import Paths, Refs
from tongqu.lake.vocabulary import (
    Cleaned,
    Compacted,
    Conflict,
    Plan,
    Scrubbed,
    Snapshot,
    StoredFile,
    StoredKind,
    TableRef,
)

list_of = list  # ``list`` is a method below


class Keeping:
    """What the store of tables does when nobody asks for data; see ``lake.ports.TableStore``."""

    _warehouse: Warehouse
    _catalog: WitnessedCatalog
    _tables: dict[TableRef, Table]
    _plans: dict[tuple[str, int | None], Plan]

    @abstractmethod
    def _existing(self, ref: TableRef) -> Table: ...

    @abstractmethod
    def _location(self, ref: TableRef) -> str | None: ...

    @abstractmethod
    def _retry(self, ref: TableRef, change: Callable[[Table], Any]) -> Table: ...

    @abstractmethod
    def _commit(
        self, ref: TableRef, commit: Callable[[Table], None], parts: Sequence[Part]
    ) -> Snapshot: ...

    @abstractmethod
    def _options(self) -> dict[str, Any]: ...

    @abstractmethod
    def staging(self, ref: TableRef) -> Path: ...

    @abstractmethod
    def list(self) -> Refs: ...

    def compact(
        self, ref: TableRef, *, target_bytes: int, least_files: int = 5
    ) -> Compacted | None:
        from tongqu.adapters.tables import compaction

        table = self._existing(ref)
        chosen = compaction.bins(table, target_bytes=target_bytes, least_files=least_files)
        if not chosen:
            return None
        parts: list[Part] = []
        rows = 0
        replaced = [file for one in chosen for file in one.files]
        for one in chosen:
            target = self.staging(ref)
            try:
                rows += compaction.rewrite(table, one, target, self._warehouse, self._options())
            except BaseException:
                target.unlink(missing_ok=True)
                self._warehouse.discard(parts)
                raise
            parts.append(self._warehouse.place(target, table.location()))

        def commit(now: Table) -> None:
            live = {task.file.file_path: task.file for task in now.scan().plan_files()}
            if any(file.file_path not in live for file in replaced):
                raise Conflict(f"{ref.identifier}: what was rewritten was replaced meanwhile")
            facts = {**compaction.carried(now), "upkeep": "compact", "by": "platform"}
            with (
                now.transaction() as step,
                step.update_snapshot(signed(now, facts)).overwrite() as change,
            ):
                for file in replaced:
                    change.delete_data_file(live[file.file_path])
                for part in parts:
                    change.append_data_file(datafiles.describe(now, part.path, part.uri))

        snapshot = self._commit(ref, commit, parts)
        return Compacted(len(replaced), len(parts), rows, snapshot)

    def expire(self, ref: TableRef, keep: frozenset[int]) -> int:
        gone: list[int] = []

        def forget(table: Table) -> None:
            named = {found.snapshot_id for found in table.refs().values()}
            gone[:] = [
                s.snapshot_id for s in table.snapshots() if s.snapshot_id not in keep | named
            ]
            if gone:
                table.maintenance.expire_snapshots().by_ids(gone).commit()

        self._retry(ref, forget)
        return len(gone)

    def tag(self, ref: TableRef, name: str, snapshot_id: int) -> None:
        self._retry(
            ref, lambda table: table.manage_snapshots().create_tag(snapshot_id, name).commit()
        )

    def untag(self, ref: TableRef, name: str) -> None:
        self._retry(ref, lambda table: table.manage_snapshots().remove_tag(name).commit())

    def tags(self, ref: TableRef) -> Mapping[str, int]:
        return {
            name: found.snapshot_id
            for name, found in self._existing(ref).refs().items()
            if found.snapshot_ref_type is SnapshotRefType.TAG
        }

    def stored(self, ref: TableRef, snapshot_id: int | None = None) -> Sequence[StoredFile]:
        table = self._existing(ref)
        files = needed(table.metadata, table.metadata_location, table.io, snapshot_id)
        with datafiles.storage_errors():
            return with_sums([*files], self._catalog.sums)

    def scrub(self, ref: TableRef) -> Scrubbed:
        location = self._location(ref)
        if location is None:
            raise NoSuchTableError(f"no table {ref.identifier}")

        def load() -> Any:
            table = self._catalog.load_table((ref.layer.value, ref.name))
            return table.metadata, table.io

        return Scrub(ref, self._warehouse, self._catalog.sums).run(location, load)

    def read(self, uri: str) -> BinaryIO:
        return self._warehouse.open(uri)

    def adopt(self, ref: TableRef, files: Mapping[str, Path], metadata: str) -> None:
        from tongqu.adapters.tables.moving import Move

        location = f"{self._warehouse.uri}/{ref.layer.value}/{ref.name}"
        io = self._catalog._load_file_io(location=location)
        move = Move(files, self._warehouse, io)
        with datafiles.storage_errors():
            found = move.run(metadata, location)
        self._catalog.sums.record(take(move.written))
        self._catalog.register_table((ref.layer.value, ref.name), found)

    def replace(self, uri: str, path: Path) -> None:
        self._warehouse.replace(uri, path)
        self._tables.clear()
        self._plans.clear()

    def clean(self, older_than_seconds: int = 86_400) -> Cleaned:
        """List first and ask the tables after: what is committed in between is then held."""
        before = clock.now().timestamp() - older_than_seconds
        summed = self._catalog.sums.uris()
        everything = list_of(self._warehouse.every_file())
        listed = [found for found in everything if found[1] <= before]
        held = {
            self._warehouse.readable(file.uri) for ref in self.list() for file in self.stored(ref)
        }
        gone = [(name, size) for name, _, size in listed if name not in held]
        self._warehouse.remove(name for name, _ in gone)
        left = {name for name, _, _ in everything} - {name for name, _ in gone}
        self._catalog.sums.forget(summed - {self._warehouse.address(name) for name in left})
        return Cleaned(len(gone), sum(size for _, size in gone))

    def orphans(self, older_than_seconds: int = 86_400) -> Paths:
        held = {self._warehouse.readable(uri) for ref in self.list() for uri in self._ever(ref)}
        before = clock.now().timestamp() - older_than_seconds
        return sorted(
            name for name, at in self._warehouse.data_files() if name not in held and at <= before
        )

    def _ever(self, ref: TableRef) -> set[str]:
        """Return every data file that any snapshot of a table names."""
        return {file.uri for file in self.stored(ref) if file.kind is StoredKind.DATA}
