"""A query's rows as an Iceberg table without a catalogue: one snapshot, files of its own.

The metadata names its files by the address under which the readers' door hands them out;
where they lie is known to this process alone.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from pyiceberg.catalog import Catalog
from pyiceberg.catalog.noop import NoopCatalog
from pyiceberg.io import OutputFile
from pyiceberg.io.pyarrow import PyArrowFileIO
from pyiceberg.partitioning import UNPARTITIONED_PARTITION_SPEC
from pyiceberg.schema import Schema
from pyiceberg.serializers import ToOutputFile
from pyiceberg.table import CommitTableResponse, Table
from pyiceberg.table.metadata import TableMetadata, new_table_metadata
from pyiceberg.table.sorting import UNSORTED_SORT_ORDER
from pyiceberg.table.update import TableRequirement, TableUpdate, update_table_metadata

from tongqu.adapters.tables import datafiles
from tongqu.adapters.tables.commits import signed
from tongqu.adapters.tables.types import columns_of, plain_schema
from tongqu.delivery.ports import Written
from tongqu.lake.ports import EngineResult

METADATA = "metadata/00000.metadata.json"


class IcebergCopies:
    """See ``tongqu.delivery.ports.CopyWriter``."""

    def write(
        self,
        result: EngineResult,
        folder: Path,
        *,
        address: str,
        identity: UUID,
        facts: Mapping[str, str],
    ) -> Written:
        for part in ("data", "metadata"):
            (folder / part).mkdir(parents=True)
        io = _Placed(address, folder)
        metadata = _empty(result, address, identity)
        table = Table(("shared", "copy"), metadata, f"{address}/{METADATA}", io, _NoCatalog())
        name = f"data/{uuid4()}.parquet"
        path = folder / name
        with datafiles.storage_errors():
            rows = result.write(path, columns=columns_of(table.schema()))
            with (
                table.transaction() as step,
                step.update_snapshot(signed(table, facts)).fast_append() as change,
            ):
                change.append_data_file(datafiles.describe(table, path, f"{address}/{name}"))
            ToOutputFile.table_metadata(
                table.metadata, io.new_output(f"{address}/{METADATA}"), overwrite=True
            )
        return Written(METADATA, rows, path.stat().st_size)


def _empty(result: EngineResult, address: str, identity: UUID) -> TableMetadata:
    schema: Schema = Catalog._convert_schema_if_needed(plain_schema(result.schema()))
    return new_table_metadata(
        schema,
        UNPARTITIONED_PARTITION_SPEC,
        UNSORTED_SORT_ORDER,
        address,
        {"format-version": "2"},
        identity,
    )


class _Placed(PyArrowFileIO):
    """Writes files of one address below a folder."""

    def __init__(self, address: str, folder: Path) -> None:
        super().__init__()
        self._address = address
        self._folder = folder

    def new_output(self, location: str) -> OutputFile:  # type: ignore[override]  # theirs names its own class
        name = location.removeprefix(self._address + "/")
        return _Named(super().new_output(str(self._folder / name)), location)


class _Named(OutputFile):
    """A file that calls itself by its address: manifests write down what it says."""

    def __init__(self, inner: OutputFile, location: str) -> None:
        super().__init__(location)
        self._inner = inner

    def __len__(self) -> int:
        return len(self._inner)

    def exists(self) -> bool:
        return self._inner.exists()

    def to_input_file(self) -> Any:
        return self._inner.to_input_file()

    def create(self, overwrite: bool = False) -> Any:
        return self._inner.create(overwrite)


class _NoCatalog(NoopCatalog):
    """Applies a commit to the metadata in memory; the caller writes it down."""

    def __init__(self) -> None:
        super().__init__("copies")

    def commit_table(
        self,
        table: Table,
        requirements: tuple[TableRequirement, ...],  # noqa: ARG002  # nobody else writes here
        updates: tuple[TableUpdate, ...],
    ) -> CommitTableResponse:
        found = update_table_metadata(table.metadata, updates)
        return CommitTableResponse(metadata=found, **{"metadata-location": table.metadata_location})
