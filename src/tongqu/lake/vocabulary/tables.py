"""Snapshots, columns and tables as they are read and shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tongqu.lake.vocabulary.layers import LAYER_LABELS, LIBRARY_LABELS, Layer, Library


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One committed state of a table. ``rows`` is the number of rows in the whole table."""

    id: int
    sequence: int
    at: datetime
    rows: int
    summary: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``type`` is a DuckDB type; the id outlives every rename."""

    field_id: int
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a reader needs: the columns as they are now and the files of one snapshot."""

    snapshot_id: int | None
    columns: tuple[Column, ...]
    files: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A table as it stands now. ``snapshot`` None: it has none yet."""

    columns: tuple[Column, ...]
    snapshot: Snapshot | None
    properties: Mapping[str, str]


# Property of a table whose rows are cells that count people: {"users": 15} as JSON. Smaller
# counts are held back in the service layer. The empty name: the counts were lost on the way.
MIN_CELLS = "tongqu.min_cells"


@dataclass(frozen=True, slots=True)
class TableView:
    """A table as the pages and the API show it; the numbers are those of its snapshot.

    ``measured_at`` is when the numbers were read. ``broken`` tells why the table is not
    up to date; empty while its jobs run.
    """

    name: str
    layer: Layer
    library: Library | None
    title: str
    owner: str
    columns: tuple[Column, ...]
    rows: int
    snapshot: Snapshot | None
    measured_at: datetime
    broken: str = ""

    @property
    def layer_label(self) -> str:
        return LAYER_LABELS[self.layer]

    @property
    def library_label(self) -> str:
        return LIBRARY_LABELS[self.library] if self.library else ""
