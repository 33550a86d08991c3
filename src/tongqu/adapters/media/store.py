"""Files under the SHA-256 of their content: the same file twice is one file."""

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_ADDRESS = re.compile(r"[0-9a-f]{64}")
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class FileStore:
    folder: Path

    def put(self, path: Path) -> tuple[str, int]:
        """Copy and hash in one pass; nothing stays behind when it fails."""
        self.folder.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        descriptor, name = tempfile.mkstemp(prefix=".in-", dir=self.folder)
        part = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as copy, path.open("rb") as file:
                while chunk := file.read(CHUNK):
                    digest.update(chunk)
                    copy.write(chunk)
                    size += len(chunk)
                copy.flush()
                os.fsync(copy.fileno())
            self._place(part, digest.hexdigest())
        finally:
            part.unlink(missing_ok=True)
        return digest.hexdigest(), size

    def put_bytes(self, content: bytes) -> str:
        self.folder.mkdir(parents=True, exist_ok=True)
        sha256 = hashlib.sha256(content).hexdigest()
        descriptor, name = tempfile.mkstemp(prefix=".in-", dir=self.folder)
        part = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as copy:
                copy.write(content)
                copy.flush()
                os.fsync(copy.fileno())
            self._place(part, sha256)
        finally:
            part.unlink(missing_ok=True)
        return sha256

    def open(self, sha256: str) -> IO[bytes]:
        return self._path(sha256).open("rb")

    def holds(self, sha256: str) -> bool:
        return self._path(sha256).is_file()

    def _place(self, part: Path, sha256: str) -> None:
        target = self._path(sha256)
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            part.replace(target)

    def _path(self, sha256: str) -> Path:
        if not _ADDRESS.fullmatch(sha256):  # an address is never a way out of the folder
            raise ValueError("not an address of this store")
        return self.folder / sha256[:2] / sha256
