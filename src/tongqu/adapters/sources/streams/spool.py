"""A spool on disk: what was acknowledged to a broker lies here until its batch is closed.

Layout: ``open`` is being written; ``<number>.ndjson`` are sealed pieces, oldest first. Numbers
only grow, so a cursor that names one says which are done.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

WIDTH = 12


@dataclass(slots=True)
class Spool:
    """One writer a folder: the source's lock sees to that."""

    folder: Path
    done: int = 0  # the highest number known to be loaded
    rows: int = 0  # in the open file
    _next: int = 0
    _file: BinaryIO | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._drop_done()
        self._next = max([self.done, *(_number(path) for path in self.sealed())]) + 1
        self._recover()

    def sealed(self) -> list[Path]:
        return sorted(self.folder.glob("*.ndjson"))

    def bytes_waiting(self) -> int:
        return sum(path.stat().st_size for path in self.folder.iterdir())

    def add(self, lines: Iterator[bytes] | list[bytes]) -> None:
        """Write lines; they are safe after ``sync``."""
        for line in lines:
            self._writer().write(line)
            self.rows += 1

    def sync(self) -> None:
        """Make sure of everything written: only then may it be acknowledged."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())

    def seal(self) -> None:
        """End the open file: it becomes the next piece."""
        if self._file is None:
            return
        self.sync()
        self._file.close()
        self._file = None
        self._take(self.folder / "open")

    def drop(self, number: int) -> None:
        """Forget a piece whose batch is closed."""
        self.done = max(self.done, number)
        (self.folder / f"{number:0{WIDTH}}.ndjson").unlink(missing_ok=True)

    def close(self) -> None:
        """Leave nothing half written; what is open is sealed by the next start."""
        if self._file is not None:
            self.sync()
            self._file.close()
            self._file = None

    def _writer(self) -> BinaryIO:
        if self._file is None:
            self._file = (self.folder / "open").open("ab")
        return self._file

    def _take(self, path: Path) -> None:
        path.replace(self.folder / f"{self._next:0{WIDTH}}.ndjson")
        _sync_folder(self.folder)
        self._next += 1
        self.rows = 0

    def _drop_done(self) -> None:
        for path in self.sealed():
            if _number(path) <= self.done:
                path.unlink()

    def _recover(self) -> None:
        """Seal what a killed process left, without the line that it was in the middle of."""
        path = self.folder / "open"
        if not path.exists():
            return
        with path.open("rb+") as file:
            file.truncate(_whole(file))
            size = file.seek(0, os.SEEK_END)
        if size:
            self._take(path)
        else:
            path.unlink()


def number_of(path: Path) -> int:
    return _number(path)


def _number(path: Path) -> int:
    return int(path.name.partition(".")[0])


def _whole(file: BinaryIO) -> int:
    """Return the size up to the last line end. What came after it was never acknowledged."""
    end = file.seek(0, os.SEEK_END)
    while end:
        start = max(0, end - (64 << 10))
        file.seek(start)
        at = file.read(end - start).rfind(b"\n")
        if at >= 0:
            return start + at + 1
        end = start
    return 0


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
