"""What every file of the lake was when it was committed: its length and its SHA-256.

The table lies in the catalogue's database, beside the pointers to the tables: not on the
disk that it bears witness about, and written before the pointer moves. Files that a lost
race or a kill leaves behind have rows here too; they go when the files are cleaned up.
"""

import hashlib
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import sqlalchemy as sa
from pyiceberg.io import OutputFile, OutputStream
from pyiceberg.io.pyarrow import PyArrowFileIO
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

MOST_WAITING = 50_000  # metadata files written and never committed: lost races of one process
CHUNK = 1024 * 1024
_model = sa.MetaData()
_files = sa.Table(
    "tongqu_files",
    _model,
    sa.Column("catalog_name", sa.String(255), primary_key=True),
    sa.Column("uri", sa.String(1000), primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Sum:
    size: int
    sha256: str


def sum_of(stream: BinaryIO | Any) -> Sum:
    """Return length and digest of what a stream still holds."""
    digest, size = hashlib.sha256(), 0
    while piece := stream.read(CHUNK):
        digest.update(piece)
        size += len(piece)
    return Sum(size, digest.hexdigest())


class Checksums:
    """The rows of one catalogue."""

    def __init__(self, engine: sa.Engine, catalog: str) -> None:
        self._engine = engine
        self._catalog = catalog
        try:
            _model.create_all(engine)
        except DBAPIError:  # another process made it in between
            _model.create_all(engine)

    def record(self, found: Mapping[str, Sum]) -> None:
        """Keep the sums of files; what is known already stays as it is."""
        if not found:
            return
        rows = [
            {"catalog_name": self._catalog, "uri": uri, "size": s.size, "sha256": s.sha256}
            for uri, s in found.items()
        ]
        insert = postgresql.insert if self._engine.dialect.name == "postgresql" else sqlite.insert
        with self._engine.begin() as connection:
            connection.execute(insert(_files).on_conflict_do_nothing(), rows)

    def known(self, uris: Iterable[str]) -> dict[str, Sum]:
        """Return the sums of those files that have one."""
        found: dict[str, Sum] = {}
        with self._engine.connect() as connection:
            for some in _chunks(list(uris), 500):
                query = sa.select(_files.c.uri, _files.c.size, _files.c.sha256).where(
                    _files.c.catalog_name == self._catalog, _files.c.uri.in_(some)
                )
                found |= {uri: Sum(size, sha) for uri, size, sha in connection.execute(query)}
        return found

    def uris(self) -> set[str]:
        query = sa.select(_files.c.uri).where(_files.c.catalog_name == self._catalog)
        with self._engine.connect() as connection:
            return set(connection.execute(query).scalars())

    def forget(self, uris: Iterable[str]) -> None:
        with self._engine.begin() as connection:
            for some in _chunks(list(uris), 500):
                connection.execute(
                    sa.delete(_files).where(
                        _files.c.catalog_name == self._catalog, _files.c.uri.in_(some)
                    )
                )


def _chunks(items: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


_written: dict[str, Sum] = {}  # metadata files of commits under way, by their address
_lock = threading.Lock()


def take(uris: Iterable[str]) -> dict[str, Sum]:
    """Return the sums of metadata files that this process has just written."""
    with _lock:
        return {uri: _written.pop(uri) for uri in uris if uri in _written}


def written_with(mark: str) -> list[str]:
    """Return which of the files just written carry the mark of one commit in their names."""
    with _lock:
        return [uri for uri in _written if mark in uri]


class WitnessedIO(PyArrowFileIO):
    """The file access of pyiceberg, which sums up what it writes while it writes it."""

    def new_output(self, location: str) -> OutputFile:  # type: ignore[override]  # a wrapper of it
        return _Output(super().new_output(location))


class _Output(OutputFile):
    def __init__(self, inner: OutputFile) -> None:
        super().__init__(inner.location)
        self._inner = inner

    def __len__(self) -> int:
        return len(self._inner)

    def exists(self) -> bool:
        return self._inner.exists()

    def to_input_file(self) -> Any:
        return self._inner.to_input_file()

    def create(self, overwrite: bool = False) -> OutputStream:
        return _Stream(self._inner.create(overwrite), self.location)


class _Stream:
    def __init__(self, inner: Any, location: str) -> None:
        self._inner = inner
        self._location = location
        self._digest = hashlib.sha256()
        self._size = 0
        self._is_closed = False

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        self._size += len(data)
        return int(self._inner.write(data) or len(data))

    def tell(self) -> int:
        return self._size

    def close(self) -> None:
        self._inner.close()
        if self._is_closed:
            return
        self._is_closed = True
        with _lock:
            if len(_written) >= MOST_WAITING:
                del _written[next(iter(_written))]
            _written[self._location] = Sum(self._size, self._digest.hexdigest())

    def __enter__(self) -> OutputStream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
