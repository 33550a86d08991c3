"""Where the Iceberg catalogue lives, and how it is opened."""

import re
import sqlite3
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from pyiceberg.catalog.sql import IcebergTables, SqlCatalog
from pyiceberg.io import FileIO
from pyiceberg.table import CommitTableResponse, Table
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.update import AddSnapshotUpdate, TableRequirement, TableUpdate
from sqlalchemy.engine import URL

from tongqu.adapters.tables import checksums
from tongqu.adapters.tables.warehouse import Warehouse
from tongqu.lake.vocabulary import Layer


def catalogue_uri(folder: Path) -> str:
    """Return the catalogue's address: as set, else derived from the control database.

    On SQLite it is a file of its own in the lake's folder on this machine: a commit to the
    lake inside a request's transaction would wait for the very lock that the request holds.
    On PostgreSQL it shares the database, where rows and not files are locked.
    """
    if uri := str(settings.LAKE["CATALOG_URI"]):
        return uri
    control = connections["default"]
    if control.vendor == "postgresql":
        return _postgresql(control.settings_dict)
    return f"sqlite:///{folder / 'catalogue.db'}?timeout=60"


def _postgresql(found: dict[str, Any]) -> str:
    host = str(found.get("HOST") or "")
    query = {key: str(value) for key, value in (found.get("OPTIONS") or {}).items()}
    if host.startswith("/"):  # a socket's folder does not fit into the authority part
        query["host"], host = host, ""
    return URL.create(
        "postgresql+psycopg",
        username=found.get("USER") or None,
        password=found.get("PASSWORD") or None,
        host=host or None,
        port=int(found["PORT"]) if found.get("PORT") else None,
        database=str(found["NAME"]),
        query=query,
    ).render_as_string(hide_password=False)


IO = f"{checksums.WitnessedIO.__module__}.{checksums.WitnessedIO.__name__}"
# snap-<snapshot>-<attempt>-<commit>.avro and <commit>-m<n>.avro bear the same commit.
_COMMIT = re.compile(r"snap-\d+-\d+-([0-9a-f-]{36})\.avro$")


class WitnessedCatalog(SqlCatalog):
    """A catalogue that records the checksums of a commit's files before it moves the pointer."""

    sums: checksums.Checksums

    def commit_table(
        self,
        table: Table,
        requirements: tuple[TableRequirement, ...],
        updates: tuple[TableUpdate, ...],
    ) -> CommitTableResponse:
        last = table.metadata.last_updated_ms
        return super().commit_table(
            table, requirements, tuple(_never_earlier(update, last) for update in updates)
        )

    def at(self, layer: str, name: str, location: str) -> Table:
        """Return a table as a metadata file says, without asking where its newest one lies."""
        return self._convert_orm_to_iceberg(
            IcebergTables(
                catalog_name=self.name, table_namespace=layer, table_name=name,
                metadata_location=location, previous_metadata_location=None,
            )
        )  # fmt: skip

    def _write_metadata(  # type: ignore[override]  # theirs is static and called on the instance
        self, metadata: TableMetadata, io: FileIO, metadata_path: str
    ) -> None:
        super()._write_metadata(metadata, io, metadata_path)
        written = [metadata_path]
        snapshot = metadata.current_snapshot()
        if snapshot and (found := _COMMIT.search(snapshot.manifest_list)):
            written += checksums.written_with(found[1])
        self.sums.record(checksums.take(written))


def _never_earlier(update: TableUpdate, last_ms: int) -> TableUpdate:
    """Keep the order of commits in their times, though a clock was set back meanwhile.

    Other readers of Iceberg refuse a table whose newest snapshot is older than its last change.
    """
    if isinstance(update, AddSnapshotUpdate) and update.snapshot.timestamp_ms <= last_ms:
        later = update.snapshot.model_copy(update={"timestamp_ms": last_ms + 1})
        return update.model_copy(update={"snapshot": later})
    return update


def open_catalogue(warehouse: Warehouse) -> WitnessedCatalog:
    """Open the catalogue, making it and the layers' namespaces on the first day."""
    warehouse.prepare()
    uri = catalogue_uri(warehouse.folder)
    if uri.startswith("sqlite:///"):
        _write_ahead(uri.removeprefix("sqlite:///").split("?")[0])
    catalog = WitnessedCatalog(
        str(settings.LAKE.get("CATALOG_NAME", "tongqu")),
        uri=uri,
        warehouse=warehouse.uri,
        pool_pre_ping="true",
        **{**warehouse.properties, "py-io-impl": IO},
    )
    catalog.sums = checksums.Checksums(catalog.engine, catalog.name)
    for layer in Layer:
        catalog.create_namespace_if_not_exists(layer.value)
    return catalog


def _write_ahead(path: str) -> None:
    """Readers must not wait for the writer; the journal mode stays with the file."""
    connection = sqlite3.connect(path, timeout=60)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()
