"""The engine that reads tables."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from tongqu.lake.ports.stores import EngineResult
from tongqu.lake.vocabulary import Plan, TableRef

if TYPE_CHECKING:  # the light modules do not pay for Arrow
    import pyarrow as pa

Source: TypeAlias = "TableRef | tuple[TableRef, int] | Plan | pa.Table | Sequence[str]"


class Engine(Protocol):
    """Runs SELECT statements over the tables handed in and nothing else."""

    def relation(
        self,
        sql: str,
        *,
        tables: "Mapping[str, Source]",
        parameters: Sequence[object] | Mapping[str, object] = (),
        seconds: float | None = None,
        memory_mb: int | None = None,
    ) -> EngineResult:
        """Check and bind a query. ``tables`` names the views that the SQL may read.

        A view is a table at its newest or a given snapshot, some files of one (a ``Plan``), rows
        in memory, or Parquet files inside the warehouse. Values are bound (``?`` or ``$name``),
        never pasted.

        With ``memory_mb`` the query has so much memory of its own, and as much on disk.

        Raises: ``NotReadable``; ``QueryTimeout`` when the rows take longer than ``seconds``;
        ``QueryFailed`` of kind "memory" when they need more than is allowed.
        """
        ...

    def scratch(self) -> Path:
        """Return a new path that the engine may write and read: for steps of a longer job."""
        ...

    def close(self) -> None: ...
