"""Where an index lies: a folder with one generation in use, or memory for tests.

``current`` names the generation in use; it is replaced in one step, so that a reader sees the
old index or the new one, whole. Whoever writes holds the lock of the folder, which the system
takes back when a process dies. What a dead builder left is swept by the next one.
"""

import fcntl
import json
import os
import secrets
import shutil
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import tantivy

from tongqu.adapters.search import layout

_MAGIC = 1337  # ends every file that the engine wrote, before it the length of its footer
_LOOK_EVERY_SECONDS = 0.02


class Shelf(Protocol):
    def stamp(self) -> object:
        """Return a value that changes whenever another index or commit is in use."""
        ...

    def taken(self) -> tantivy.Index | None:
        """Open the index in use; None where there is none that can be read whole."""
        ...

    def locked(self, seconds: float) -> AbstractContextManager[bool]:
        """Hold the right to write; gives False where it could not be had in time."""
        ...

    def begun(self) -> tuple[str, tantivy.Index]:
        """Return the name and the empty index of a new generation, not yet in use."""
        ...

    def put(self, name: str) -> None:
        """Put a generation in use and sweep the others away. Under the lock only."""
        ...


class Folder:
    def __init__(self, root: Path) -> None:
        self.root = root

    def stamp(self) -> object:
        try:
            name = (self.root / "current").read_text()
            found = os.stat(self.root / name / "meta.json")
        except OSError:
            return None
        return name, found.st_ino, found.st_mtime_ns, found.st_size

    def taken(self) -> tantivy.Index | None:
        try:
            folder = self.root / (self.root / "current").read_text()
            if not is_whole(folder):
                return None
            return layout.prepared(tantivy.Index.open(str(folder)))
        except (OSError, ValueError):
            return None

    @contextmanager
    def locked(self, seconds: float) -> Iterator[bool]:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        until = time.monotonic() + seconds
        with (self.root / "lock").open("w") as file:
            while not (is_ours := _try_lock(file.fileno())) and time.monotonic() < until:
                time.sleep(_LOOK_EVERY_SECONDS)
            yield is_ours  # closing the file gives the lock back

    def begun(self) -> tuple[str, tantivy.Index]:
        name = f"g-{secrets.token_hex(6)}"
        (self.root / name).mkdir(mode=0o700, parents=True)
        return name, layout.made(str(self.root / name))

    def put(self, name: str) -> None:
        draft = self.root / f"current.{name}"
        with draft.open("w") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.root / "current")
        for left in [*self.root.glob("g-*"), *self.root.glob("current.*")]:
            if left.is_dir() and left.name != name:
                shutil.rmtree(left, ignore_errors=True)
            elif left.is_file():
                left.unlink(missing_ok=True)


class Memory:
    """The same in one process: nothing is kept. For tests, where keeping is not the point."""

    def __init__(self) -> None:
        self._kept: dict[str, tantivy.Index] = {}
        self._name = ""
        self._lock = threading.Lock()

    def stamp(self) -> object:
        return self._name or None

    def taken(self) -> tantivy.Index | None:
        return self._kept.get(self._name)

    @contextmanager
    def locked(self, seconds: float) -> Iterator[bool]:
        is_ours = self._lock.acquire(timeout=seconds)
        try:
            yield is_ours
        finally:
            if is_ours:
                self._lock.release()

    def begun(self) -> tuple[str, tantivy.Index]:
        name = secrets.token_hex(6)
        self._kept[name] = layout.made()
        return name, self._kept[name]

    def put(self, name: str) -> None:
        self._name = name
        self._kept = {name: self._kept[name]}


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def is_whole(folder: Path) -> bool:
    """Decide whether every file of the index is as the engine wrote it, by its checksum.

    The engine itself looks at the end of a file only; a broken middle would answer wrongly.
    """
    try:
        meta = json.loads((folder / "meta.json").read_text())
        names = [row["segment_id"].replace("-", "") for row in meta["segments"]]
        files = [path for name in names for path in folder.glob(f"{name}.*")]
        return len(files) >= len(names) and all(_is_intact(path) for path in files)
    except (OSError, ValueError, KeyError, struct.error):
        return False


def _is_intact(path: Path) -> bool:
    content = path.read_bytes()
    length, magic = struct.unpack("<II", content[-8:])
    if magic != _MAGIC:
        return False
    body = memoryview(content)[: -8 - length]
    return bool(json.loads(content[-8 - length : -8])["crc"] == zlib.crc32(body))
