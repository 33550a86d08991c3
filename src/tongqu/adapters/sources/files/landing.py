"""Take a file over unchanged, under the address of its content."""

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tongqu.adapters.sources.files.guards import CHUNK, LineGuard
from tongqu.ingest.ports import Landed, Unreadable

# EFBIG: a quota on file size; to the provider it is the same story.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def storage_full() -> Unreadable:
    return Unreadable(
        "STORAGE_FULL",
        "平台存储空间不足，本次未接收任何数据。",
        "请通知技术支持部门扩容后重新报送；已入湖的数据不受影响。",
    )


@contextmanager
def storage_errors() -> Iterator[None]:
    """Tell a full disk apart from every other failure."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise storage_full() from error
        raise
    except Exception as error:
        # DuckDB and Arrow wrap the system's error in their own classes.
        words = str(error).casefold()
        if "no space left" in words or "file too large" in words or "disk quota" in words:
            raise storage_full() from error
        raise


def address(landing: Path, sha256: str) -> Path:
    return landing / sha256[:2] / sha256


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def land(path: Path, landing: Path, guard: LineGuard | None) -> Landed:
    """Copy, hash and guard in one pass; nothing stays behind when it fails."""
    landing.mkdir(parents=True, exist_ok=True)
    sha256 = hashlib.sha256()
    with storage_errors():
        descriptor, name = tempfile.mkstemp(prefix="in-", dir=landing)
        partial = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as copy, path.open("rb") as file:
                while chunk := file.read(CHUNK):
                    if guard:
                        guard.feed(chunk)
                    sha256.update(chunk)
                    copy.write(chunk)
                copy.flush()
                os.fsync(copy.fileno())
            target = address(landing, sha256.hexdigest())
            target.parent.mkdir(exist_ok=True)
            size = partial.stat().st_size
            partial.replace(target)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    return Landed(target, sha256.hexdigest(), size)
