"""What the engine sees of an object store: the data files of plans, for reading.

DuckDB has no network of its own here: it asks this object, which holds the connection.
So no key to the store is known to the engine, and nothing but planned files can be named:
not by another key of the bucket, and not by ``..`` in a key, which the engine's own list
of allowed folders lets through.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from fsspec import AbstractFileSystem
from pyarrow import fs

NEVER_CHANGED = datetime(2000, 1, 1, tzinfo=UTC)  # a data file is written once
OPEN_FILES = 2000


class PlannedFiles(AbstractFileSystem):  # type: ignore[misc]  # fsspec ships no types
    """A file system for one engine. Every file is opened once a process and then shared."""

    protocol = "s3"
    cachable = False  # each engine its own: fsspec would hand the first one out again

    def __init__(self, files: fs.S3FileSystem) -> None:
        super().__init__()
        self._allowed: set[str] = set()
        self._opened = lru_cache(OPEN_FILES)(
            lambda path: files.open_input_file(path.removeprefix("s3://"))
        )

    def allow(self, paths: Iterable[str]) -> None:
        self._allowed.update(paths)

    def _file(self, path: str) -> Any:
        if path not in self._allowed:
            raise PermissionError("not a planned file")
        return self._opened(path)

    def open(self, path: str, mode: str = "rb", **_: object) -> "_Reader":
        if mode != "rb":
            raise PermissionError("planned files are read only")
        return _Reader(self._file(path))

    def size(self, path: str) -> int:
        return int(self._file(path).size())

    def modified(self, path: str) -> datetime:  # noqa: ARG002  # the same for every file
        return NEVER_CHANGED

    def glob(self, path: str, *_: object, **__: object) -> list[str]:
        self._file(path)
        return [path]  # a plan names files one by one; nothing is ever listed

    def exists(self, path: str, **_: object) -> bool:
        return path in self._allowed

    isfile = exists


class _Reader:
    """One thread's place in a shared file."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._at = 0

    def read(self, count: int = -1) -> bytes:
        count = self._file.size() - self._at if count < 0 else count
        found = bytes(self._file.read_at(count, self._at))
        self._at += len(found)
        return found

    def seek(self, at: int, _whence: int = 0) -> int:
        self._at = at
        return at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        pass  # the file stays open for the next query
