"""The store of tables: Apache Iceberg v2 with a catalogue in SQL.

Every commit goes through pyiceberg, so a snapshot is seen whole or not at all. Data files
are written first and committed after; a kill between the two leaves a file that no
snapshot names, which ``orphans`` lists.
"""

import random
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from pyiceberg.exceptions import (
    CommitFailedException,
    NoSuchTableError,
    TableAlreadyExistsError,
)
from pyiceberg.io.pyarrow import schema_to_pyarrow
from pyiceberg.table import Table
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tongqu.adapters.tables import datafiles
from tongqu.adapters.tables.catalogue import open_catalogue
from tongqu.adapters.tables.checksums import sum_of
from tongqu.adapters.tables.commits import signed, snapshot_of
from tongqu.adapters.tables.evolve import evolve
from tongqu.adapters.tables.keeping import Keeping
from tongqu.adapters.tables.types import columns_of, plain_schema
from tongqu.adapters.tables.warehouse import Part, Warehouse
from tongqu.lake.ports import NO_PROPERTIES, EngineResult, Paths, Refs, Snapshots, TableData
from tongqu.lake.vocabulary import (
    Column,
    Conflict,
    Layer,
    Plan,
    Snapshot,
    Standing,
    StorageFull,
    TableRef,
)

if TYPE_CHECKING:
    import pyarrow as pa

ATTEMPTS = 40  # a hundred writers at once still all land; each attempt is cheap
TABLE_PROPERTIES = {
    "format-version": "2",
    "write.parquet.compression-codec": "zstd",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "50",
    "commit.retry.num-retries": "0",  # ours is the outer retry: it sees the table afresh
}


class IcebergStore(Keeping):
    """See ``tongqu.lake.ports.TableStore``."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._catalog = open_catalogue(warehouse)
        self._tables: dict[TableRef, Table] = {}
        self._plans: dict[tuple[str, int | None], Plan] = {}
        self._lock = threading.Lock()

    # -- reading -----------------------------------------------------------------------

    def _location(self, ref: TableRef) -> str | None:
        query = text(
            "SELECT metadata_location FROM iceberg_tables WHERE catalog_name = :catalog "
            "AND table_namespace = :layer AND table_name = :name"
        )
        bound = {"catalog": self._catalog.name, "layer": ref.layer.value, "name": ref.name}
        with self._catalog.engine.connect() as connection:
            return connection.execute(query, bound).scalar()

    def _table(self, ref: TableRef) -> Table | None:
        """Return the table as it stands now, for reading: loaded again only when it moved."""
        location = self._location(ref)
        if location is None:
            return None
        known = self._tables.get(ref)
        if known is None or known.metadata_location != location:
            with datafiles.storage_errors():
                known = self._catalog.load_table((ref.layer.value, ref.name))
            self._tables[ref] = known
        return known

    def _existing(self, ref: TableRef) -> Table:
        table = self._table(ref)
        if table is None:
            raise NoSuchTableError(f"no table {ref.identifier}")
        return table

    def exists(self, ref: TableRef) -> bool:
        return self._location(ref) is not None

    def current(self, ref: TableRef) -> Snapshot | None:
        table = self._table(ref)
        found = table.current_snapshot() if table else None
        return snapshot_of(found) if found else None

    def snapshots(self, ref: TableRef) -> Snapshots:
        table = self._table(ref)
        return [snapshot_of(found) for found in table.snapshots()] if table else []

    def find(self, ref: TableRef, key: str, value: str) -> Snapshot | None:
        matches = (s for s in reversed(self.snapshots(ref)) if s.summary.get(key) == value)
        return next(matches, None)

    def plan(self, ref: TableRef, snapshot_id: int | None = None) -> Plan:
        table = self._existing(ref)
        key = (table.metadata_location, snapshot_id)
        if key not in self._plans:
            if len(self._plans) > 500:
                self._plans.clear()
            with datafiles.storage_errors():
                self._plans[key] = self._plan(table, snapshot_id)
        return self._plans[key]

    def _plan(self, table: Table, snapshot_id: int | None) -> Plan:
        found = table.snapshot_by_id(snapshot_id) if snapshot_id else table.current_snapshot()
        if snapshot_id and found is None:
            raise NoSuchTableError(f"no snapshot {snapshot_id}")
        columns = columns_of(table.schema())
        if found is None:
            return Plan(None, columns, (), 0)
        tasks = table.scan(snapshot_id=found.snapshot_id).plan_files()
        files = tuple(self._warehouse.readable(task.file.file_path) for task in tasks)
        return Plan(found.snapshot_id, columns, files, snapshot_of(found).rows)

    def files(self, ref: TableRef, snapshot_id: int | None = None) -> Paths:
        return [*self.plan(ref, snapshot_id).files] if self.exists(ref) else []

    def columns(self, ref: TableRef) -> tuple[Column, ...]:
        return columns_of(self._existing(ref).schema())

    def standing(self, refs: Collection[TableRef] | None = None) -> Mapping[TableRef, Standing]:
        found = {}
        for ref, location in self._locations().items():
            if refs is None or ref in refs:
                if (table := self._at(ref, location)) is None:
                    continue  # dropped, and cleaned away, since it was listed
                current = table.current_snapshot()
                found[ref] = Standing(
                    columns_of(table.schema()), snapshot_of(current) if current else None,
                    dict(table.properties),
                )  # fmt: skip
        return found

    def _locations(self) -> dict[TableRef, str]:
        query = text(
            "SELECT table_namespace, table_name, metadata_location FROM iceberg_tables "
            "WHERE catalog_name = :catalog ORDER BY table_namespace, table_name"
        )
        with self._catalog.engine.connect() as connection:
            rows = connection.execute(query, {"catalog": self._catalog.name}).all()
        layers = {layer.value: layer for layer in Layer}
        return {TableRef(layers[n], name): where for n, name, where in rows if n in layers}

    def _at(self, ref: TableRef, location: str) -> Table | None:
        known = self._tables.get(ref)
        if known is None or known.metadata_location != location:
            try:
                with datafiles.storage_errors():
                    known = self._catalog.at(ref.layer.value, ref.name, location)
            except FileNotFoundError:
                return self._table(ref)
            self._tables[ref] = known
        return known

    def schema(self, ref: TableRef) -> "pa.Schema":
        return schema_to_pyarrow(self._existing(ref).schema(), include_field_ids=False)

    def properties(self, ref: TableRef) -> Mapping[str, str]:
        return dict(self._existing(ref).properties)

    def list(self) -> Refs:
        return sorted(
            TableRef(layer, name)
            for layer in Layer
            for _, name in self._catalog.list_tables(layer.value)
        )

    # -- shaping -----------------------------------------------------------------------

    def ensure(
        self,
        ref: TableRef,
        schema: "pa.Schema",
        properties: Mapping[str, str] = NO_PROPERTIES,
        *,
        exact: bool = False,
    ) -> None:
        plain = plain_schema(schema)
        if not self.exists(ref):
            self._create(ref, plain, properties)
        self._retry(ref, lambda table: evolve(table, plain, properties, exact=exact))

    def _create(self, ref: TableRef, schema: "pa.Schema", properties: Mapping[str, str]) -> None:
        with datafiles.storage_errors():
            try:
                self._catalog.create_table(
                    (ref.layer.value, ref.name),
                    schema,
                    properties={**TABLE_PROPERTIES, **properties},
                )
            except TableAlreadyExistsError:
                return  # another writer was first: what it lacks is added next

    def drop(self, ref: TableRef) -> None:
        if self.exists(ref):
            self._catalog.drop_table((ref.layer.value, ref.name))
        self._tables.pop(ref, None)

    # -- writing -----------------------------------------------------------------------

    def append(
        self, ref: TableRef, data: TableData, *, summary: Mapping[str, str] = NO_PROPERTIES
    ) -> Snapshot:
        parts = self._written(ref, data)

        def commit(table: Table) -> None:
            with (
                table.transaction() as step,
                step.update_snapshot(signed(table, summary)).merge_append() as change,
            ):
                for part in parts:
                    change.append_data_file(datafiles.describe(table, part.path, part.uri))

        return self._commit(ref, commit, parts)

    def overwrite(
        self,
        ref: TableRef,
        data: TableData,
        *,
        summary: Mapping[str, str] = NO_PROPERTIES,
        expected: int | None = None,
    ) -> Snapshot:
        parts = self._written(ref, data)

        def commit(table: Table) -> None:
            found = table.current_snapshot()
            if expected is not None and (found.snapshot_id if found else 0) != expected:
                raise Conflict(f"{ref.identifier} moved on")
            with (
                table.transaction() as step,
                step.update_snapshot(signed(table, summary)).overwrite() as change,
            ):
                for task in table.scan().plan_files() if found else ():
                    change.delete_data_file(task.file)
                for part in parts:
                    change.append_data_file(datafiles.describe(table, part.path, part.uri))

        return self._commit(ref, commit, parts)

    def staging(self, ref: TableRef) -> Path:
        return self._warehouse.staging(self._existing(ref).location())

    def _written(self, ref: TableRef, data: Any) -> Sequence[Part]:
        """Bring the data into files of the table, none of which any snapshot names yet."""
        table = self._existing(ref)
        columns = columns_of(table.schema())
        target = self.staging(ref)
        with datafiles.storage_errors():
            try:
                if isinstance(data, EngineResult):
                    data.write(target, columns=columns)
                elif isinstance(data, (str, Path)):
                    raise TypeError("pass a list of paths")
                elif isinstance(data, Sequence):
                    return [*self._adopted(table, [Path(item) for item in data])]
                else:
                    datafiles.write(data, target, columns, options=self._options())
                return [self._warehouse.place(target, table.location())]
            except BaseException:
                target.unlink(missing_ok=True)
                raise

    def _adopted(self, table: Table, paths: Sequence[Path]) -> Iterator[Part]:
        """Take files with our ids as they are; rewrite the others together into one."""
        location = table.location()
        bare = [path for path in paths if not datafiles.carries_ids(path, table)]
        for path in paths:
            if path not in bare:
                yield self._warehouse.place(path, location)
        if bare:
            target = self._warehouse.staging(location)
            columns = columns_of(table.schema())
            datafiles.write(bare, target, columns, options=self._options())
            yield self._warehouse.place(target, location)

    def _options(self) -> dict[str, Any]:
        scratch = self._warehouse.folder / ".scratch"
        return {
            "threads": int(str(settings.LAKE["THREADS"])),
            "memory_limit": f"{settings.LAKE['MEMORY_MB']}MB",
            "temp_directory": str(datafiles.spill_folder(scratch)),
        }

    def _commit(
        self, ref: TableRef, commit: Callable[[Table], None], parts: Sequence[Part]
    ) -> Snapshot:
        try:
            with datafiles.storage_errors():
                self._witness(parts)
            table = self._retry(ref, commit)
        except (Conflict, StorageFull):  # surely not landed: nobody will ever name these files
            self._warehouse.discard(parts)
            raise
        finally:
            self._warehouse.settle(parts)
        found = table.current_snapshot()
        assert found is not None  # noqa: S101  # a commit has just made one
        return snapshot_of(found)

    def _retry(self, ref: TableRef, change: Callable[[Table], None]) -> Table:
        """Apply a change to the newest state until it lands; others' commits are kept."""
        for attempt in range(ATTEMPTS):
            try:
                with datafiles.storage_errors():
                    table = self._catalog.load_table((ref.layer.value, ref.name))
                    change(table)
                return table
            except CommitFailedException:
                pass
            except OperationalError as error:
                if "locked" not in str(error):
                    raise
            time.sleep(random.uniform(0.005, 0.03) * min(attempt + 1, 20))  # noqa: S311  # jitter
        raise Conflict(f"{ref.identifier}: {ATTEMPTS} attempts lost")

    def _witness(self, parts: Sequence[Part]) -> None:
        """Record what the data files are, before any snapshot names them."""
        found = {}
        for part in parts:
            with part.path.open("rb") as stream:
                found[part.uri] = sum_of(stream)
        self._catalog.sums.record(found)

    def probe(self) -> None:
        self._warehouse.probe()

    def close(self) -> None:
        self._catalog.engine.dispose()
        self._tables.clear()
        self._plans.clear()
