"""What delivery needs from outside: a governed result written as a table of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from tongqu.lake.ports import EngineResult


@dataclass(frozen=True, slots=True)
class Written:
    """A table in a folder. ``metadata`` is the name of its metadata file."""

    metadata: str
    rows: int
    size: int


class CopyWriter(Protocol):
    """Writes the rows of a query as an Iceberg table that belongs to no catalogue."""

    def write(
        self,
        result: "EngineResult",
        folder: Path,
        *,
        address: str,
        identity: UUID,
        facts: Mapping[str, str],
    ) -> Written:
        """Write data and metadata below ``folder``; inside they are named by ``address``.

        ``facts`` stand in the snapshot's summary. Raises: ``StorageFull``.
        """
        ...


_made: list[Callable[[], CopyWriter]] = []  # one wiring a process


def use_copy_writer(make: Callable[[], CopyWriter]) -> None:
    """Plug in the writer; called by the wiring."""
    _made[:] = [make]


def copy_writer() -> CopyWriter:
    if not _made:
        raise RuntimeError("no writer of copies is plugged in: see project/wiring.py")
    return _made[0]()
