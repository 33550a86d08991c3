"""Where the files of tables lie: a folder that all processes share, or an object store.

A file reaches its place whole or not at all: a link in the folder, one upload in the store.
Keys to the store are read from the environment by the S3 client itself; they are in no
setting, no statement and no table.
"""

import os
import re
import shutil
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from pyarrow import fs

from tongqu.adapters.tables.datafiles import storage_errors, take_over

CHUNK = 8 * 1024 * 1024
CONNECT_SECONDS, ANSWER_SECONDS = 5, 30  # the client's own 1 and 3 give up on a busy store
# Else the client sends bodies in chunks with a trailer, which many compatible stores refuse;
# a plain body carries its digest in the signature.
PLAIN_BODIES = ("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required")
_S3 = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9_=][A-Za-z0-9._=-]*)*/?")


@dataclass(frozen=True, slots=True)
class Part:
    """A data file in its place. The local ``path`` lasts until the commit, for its footer."""

    path: Path
    uri: str


class Warehouse(Protocol):
    """What the store of tables asks of the place where files lie."""

    uri: str
    folder: Path  # on this machine: scratch files, and the catalogue while it is SQLite
    properties: Mapping[str, str]  # what pyiceberg needs to reach the files

    def prepare(self) -> None:
        """Make the place on the first day."""
        ...

    def staging(self, location: str) -> Path:
        """Return a new local path for a file that ``place`` then takes without a copy."""
        ...

    def place(self, path: Path, location: str) -> Part:
        """Bring a finished local file to a table; a file from elsewhere stays where it is."""
        ...

    def settle(self, parts: Sequence[Part]) -> None:
        """Let go of local copies, after the commit was tried."""
        ...

    def discard(self, parts: Sequence[Part]) -> None:
        """Remove files that no snapshot will ever name."""
        ...

    def readable(self, uri: str) -> str:
        """Return the form in which the engine opens a data file."""
        ...

    def data_files(self) -> Iterator[tuple[str, float]]:
        """Return every data file, named as ``readable`` does, with the time it was written."""
        ...

    def every_file(self) -> Iterator[tuple[str, float, int]]:
        """Return data, metadata and forgotten scratch files: name, newest time, bytes.

        Names are those of ``readable``. The time is when the file came to lie there: a link to
        an old file is young.
        """
        ...

    def address(self, name: str) -> str:
        """Return the address of a file that ``every_file`` named; undoes ``readable``."""
        ...

    def remove(self, names: Iterable[str]) -> None:
        """Remove files by the names that ``every_file`` gave."""
        ...

    def open(self, uri: str) -> BinaryIO:
        """Open a file for reading. Raises: ``FileNotFoundError``."""
        ...

    def replace(self, uri: str, path: Path) -> None:
        """Put a copy of a local file in the place of a file: whole or not at all."""
        ...

    def probe(self) -> None:
        """Write, read and remove a few bytes."""
        ...


def warehouse_of(lake: Mapping[str, Any]) -> Warehouse:
    """Return the place that the settings name.

    Raises: ``ImproperlyConfigured`` for anything else than a folder or ``s3://bucket/path``:
    taken for a path, it would quietly become a folder on the disk of one container.
    """
    named = str(lake["WAREHOUSE"])
    if named.startswith("s3://"):
        return Bucket(
            named, Path(lake["FOLDER"]), endpoint=lake["S3_ENDPOINT"], region=lake["S3_REGION"]
        )
    if "://" in named and not named.startswith("file://"):
        raise ImproperlyConfigured(
            f"TONGQU_WAREHOUSE={named}：须为各进程共享的目录，或 s3://存储桶/路径"
        )
    return Folder(Path(named.removeprefix("file://")))


class Folder:
    """See ``Warehouse``. Staged files lie beside the table's data from the start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.uri = self.folder.as_uri()
        self.properties: Mapping[str, str] = {}

    def prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    def staging(self, location: str) -> Path:
        data = Path(self.readable(location)) / "data"
        data.mkdir(parents=True, exist_ok=True)
        return data / f"{uuid.uuid4()}.parquet"

    def place(self, path: Path, location: str) -> Part:
        target = self.staging(location)
        if path.parent == target.parent:
            return Part(path, path.as_uri())
        take_over(path, target)
        return Part(target, target.as_uri())

    def settle(self, parts: Sequence[Part]) -> None:
        pass  # the local file is the file

    def discard(self, parts: Sequence[Part]) -> None:
        for part in parts:
            part.path.unlink(missing_ok=True)

    def readable(self, uri: str) -> str:
        return unquote(urlsplit(uri).path)

    def data_files(self) -> Iterator[tuple[str, float]]:
        for path in self.folder.glob("*/*/data/*.parquet"):
            yield str(path), path.stat().st_mtime

    def every_file(self) -> Iterator[tuple[str, float, int]]:
        for pattern in ("*/*/data/*", "*/*/metadata/*", ".scratch/*", ".scratch/*/*"):
            for path in self.folder.glob(pattern):
                try:
                    found = path.stat()
                except FileNotFoundError:  # gone since it was listed
                    continue
                if path.is_file():
                    yield str(path), max(found.st_mtime, found.st_ctime), found.st_size

    def address(self, name: str) -> str:
        return Path(name).as_uri()

    def remove(self, names: Iterable[str]) -> None:
        for name in names:
            _remove(Path(name))

    def open(self, uri: str) -> BinaryIO:
        return Path(self.readable(uri)).open("rb")

    def replace(self, uri: str, path: Path) -> None:
        target = Path(self.readable(uri))
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
        with storage_errors():
            try:
                shutil.copyfile(path, part)
                with part.open("rb") as written:
                    os.fsync(written.fileno())
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)

    def probe(self) -> None:
        path = self.folder / f".probe-{uuid.uuid4()}"
        with storage_errors():
            path.write_bytes(b"tongqu")
            path.unlink()


class Bucket:
    """See ``Warehouse``. Files are made on this machine and uploaded when they are finished."""

    def __init__(self, uri: str, folder: Path, *, endpoint: str, region: str) -> None:
        if not _S3.fullmatch(uri):
            raise ImproperlyConfigured(
                f"TONGQU_WAREHOUSE={uri}：应形如 s3://存储桶/路径，路径用字母、数字、. _ = -"
            )
        self.uri = uri.rstrip("/")
        self.folder = folder.resolve()
        self._endpoint = endpoint
        self._region = region
        if endpoint:
            os.environ.setdefault(*PLAIN_BODIES)
        self.properties: Mapping[str, str] = {
            "py-io-impl": "pyiceberg.io.pyarrow.PyArrowFileIO",
            "s3.region": region,
            "s3.connect-timeout": str(CONNECT_SECONDS),
            "s3.request-timeout": str(ANSWER_SECONDS),
            **({"s3.endpoint": endpoint} if endpoint else {}),
        }

    @cached_property
    def files(self) -> fs.S3FileSystem:
        return fs.S3FileSystem(
            endpoint_override=self._endpoint or None,
            region=self._region,
            connect_timeout=CONNECT_SECONDS,
            request_timeout=ANSWER_SECONDS,
            allow_bucket_creation=True,
            allow_delayed_open=True,  # a small file is one request
        )

    @property
    def _staging(self) -> Path:
        return self.folder / ".staging"

    def prepare(self) -> None:
        self._staging.mkdir(parents=True, exist_ok=True)
        bucket = urlsplit(self.uri).netloc
        with storage_errors():
            if self._is_missing(bucket):
                try:
                    self.files.create_dir(bucket, recursive=False)
                except OSError:
                    if self._is_missing(bucket):  # else another process was first
                        raise

    def _is_missing(self, key: str) -> bool:
        return bool(self.files.get_file_info(key).type == fs.FileType.NotFound)

    def staging(self, location: str) -> Path:  # noqa: ARG002  # one folder for all tables
        return self._staging / f"{uuid.uuid4()}.parquet"

    def place(self, path: Path, location: str) -> Part:
        uri = f"{location}/data/{uuid.uuid4()}.parquet"
        with storage_errors():
            fs.copy_files(
                str(path),
                _key(uri),
                source_filesystem=fs.LocalFileSystem(),
                destination_filesystem=self.files,
                chunk_size=CHUNK,
            )
        return Part(path, uri)

    def settle(self, parts: Sequence[Part]) -> None:
        for part in parts:
            if part.path.parent == self._staging:
                part.path.unlink(missing_ok=True)

    def discard(self, parts: Sequence[Part]) -> None:
        for part in parts:
            with storage_errors():
                self.files.delete_file(_key(part.uri))

    def readable(self, uri: str) -> str:
        return uri

    def data_files(self) -> Iterator[tuple[str, float]]:
        everything = fs.FileSelector(_key(self.uri), recursive=True, allow_not_found=True)
        with storage_errors():
            found = self.files.get_file_info(everything)
        for file in found:
            if file.is_file and "/data/" in file.path and file.extension == "parquet":
                yield f"s3://{file.path}", file.mtime_ns / 1e9
        for path in self._staging.glob("*.parquet"):  # left by a kill before the upload
            yield str(path), path.stat().st_mtime

    def every_file(self) -> Iterator[tuple[str, float, int]]:
        everything = fs.FileSelector(_key(self.uri), recursive=True, allow_not_found=True)
        with storage_errors():
            found = self.files.get_file_info(everything)
        for file in found:
            if file.is_file and ("/data/" in file.path or "/metadata/" in file.path):
                yield f"s3://{file.path}", file.mtime_ns / 1e9, file.size
        scratch = self.folder / ".scratch"
        for folder, pattern in ((self._staging, "*"), (scratch, "*"), (scratch, "*/*")):
            for path in folder.glob(pattern):
                if path.is_file():
                    yield str(path), path.stat().st_mtime, path.stat().st_size

    def address(self, name: str) -> str:
        return name

    def remove(self, names: Iterable[str]) -> None:
        for name in names:
            if name.startswith("s3://"):
                with storage_errors():
                    self.files.delete_file(_key(name))
            else:
                _remove(Path(name))

    def open(self, uri: str) -> BinaryIO:
        with storage_errors():
            return self.files.open_input_stream(_key(uri))  # type: ignore[no-any-return]  # Arrow ships no types

    def replace(self, uri: str, path: Path) -> None:
        with storage_errors():
            fs.copy_files(
                str(path),
                _key(uri),
                source_filesystem=fs.LocalFileSystem(),
                destination_filesystem=self.files,
                chunk_size=CHUNK,
            )

    def probe(self) -> None:
        key = _key(f"{self.uri}/.probe-{uuid.uuid4()}")
        with storage_errors():
            with self.files.open_output_stream(key) as stream:
                stream.write(b"tongqu")
            with self.files.open_input_file(key) as stream:
                stream.read()
            self.files.delete_file(key)


def _remove(path: Path) -> None:
    """Remove a file; the folder of what an engine spilled goes with its last one."""
    path.unlink(missing_ok=True)
    if path.parent.parent.name == ".scratch":
        with suppress(OSError):
            path.parent.rmdir()


def _key(uri: str) -> str:
    """Return bucket and key as Arrow names them."""
    return uri.removeprefix("s3://")
