"""A drop folder on this machine or a mounted share (报送文件夹)."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from tongqu.adapters.sources.databases.address import folder as listed_folder
from tongqu.adapters.sources.databases.address import refused
from tongqu.adapters.sources.files.landing import storage_errors
from tongqu.adapters.sources.places.puller import (
    Entry,
    PlacePuller,
    Store,
    copy,
    gone,
    no_folder,
)
from tongqu.ingest.ports import Connection


@dataclass(frozen=True, slots=True)
class FolderStore:
    root: Path

    def _at(self, folder: str) -> Path:
        place = (self.root / folder).resolve()
        if not place.is_relative_to(self.root):  # a link that leads out
            raise no_folder()
        return place

    def entries(self, folder: str) -> Iterator[Entry]:
        try:
            with os.scandir(self._at(folder)) as found:
                for one in found:
                    if one.is_file(follow_symlinks=False):
                        stat = one.stat(follow_symlinks=False)
                        yield Entry(one.name, stat.st_size, stat.st_mtime)
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            raise no_folder() from None
        except OSError:
            raise gone() from None

    def is_still(self, folder: str, entry: Entry) -> bool:
        try:
            found = (self._at(folder) / entry.name).lstat()
        except FileNotFoundError:
            return False
        except OSError:
            raise gone() from None
        return entry == Entry(entry.name, found.st_size, found.st_mtime)

    def fetch(self, folder: str, entry: Entry, target: Path) -> None:
        """What was a file when it was listed may be a link or a pipe by now."""
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            with storage_errors():
                handle = os.open(self._at(folder) / entry.name, flags)
                with os.fdopen(handle, "rb") as source:
                    if not S_ISREG(os.fstat(handle).st_mode):
                        raise gone()
                    copy(source, target, size=entry.size)
        except OSError:
            raise gone() from None

    def move(self, folder: str, entry: Entry) -> None:
        """The folder ``done`` is opened and not followed: it may lead out of the place."""
        place = self._at(folder)
        try:
            (place / "done").mkdir(exist_ok=True)
            done = os.open(place / "done", os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                os.replace(place / entry.name, entry.name, dst_dir_fd=done)
            finally:
                os.close(done)
        except OSError:
            raise gone() from None


class FolderPuller(PlacePuller):
    """``allowed``: folders of this machine that may be read (TONGQU_SCAN_ALLOWED)."""

    title = "报送文件夹"

    def __init__(self, *, allowed: Sequence[str]) -> None:
        self.allowed = tuple(allowed)

    def check_connection(self, connection: Connection) -> None:
        self._root(connection)

    @contextmanager
    def opened(self, connection: Connection) -> Iterator[Store]:
        yield FolderStore(self._root(connection))

    def _root(self, connection: Connection) -> Path:
        text = connection.address.strip().removeprefix("file://")
        if not text.startswith("/"):
            raise refused("请写文件夹的完整路径")
        return listed_folder(text, self.allowed)
