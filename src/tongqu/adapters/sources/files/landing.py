"""Take a file over unchanged, under the address of its content."""

import errno
import hashlib
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO

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
    """Tell a full disk and a full memory, which the file is to blame for, from other failures."""
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
        if "out of memory" in words:
            raise Unreadable(
                "TOO_LARGE_TO_READ",
                "文件展开后超出平台可用的内存，已停止读取。",
                "请拆成几份报送；列数或单个值异常大时请先核对导出程序。",
            ) from error
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
        descriptor, name = tempfile.mkstemp(prefix=own("in"), dir=landing)
        partial = Path(name)
        try:
            with (
                os.fdopen(descriptor, "wb", buffering=0) as copy,
                path.open("rb", buffering=0) as file,
                ThreadPoolExecutor(1) as other,  # hashing and writing let each other run
            ):
                hashed: Future[None] | None = None
                while chunk := file.read(CHUNK):
                    if hashed:
                        hashed.result()
                    hashed = other.submit(sha256.update, chunk)
                    if guard:
                        guard.feed(chunk)
                    _write(copy, chunk)
                os.fsync(copy.fileno())
            target = address(landing, sha256.hexdigest())
            target.parent.mkdir(exist_ok=True)
            size = partial.stat().st_size
            partial.replace(target)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    return Landed(target, sha256.hexdigest(), size)


def _write(file: IO[bytes], chunk: bytes) -> None:
    """Write all of it: an unbuffered file may take less than it is given."""
    while (taken := file.write(chunk)) < len(chunk):
        chunk = chunk[taken:]


def own(kind: str) -> str:
    """Return the prefix of working files that tells whose they are."""
    return f"{kind}-{socket.gethostname()}-{os.getpid()}-"


def sweep(landing: Path) -> None:
    """Remove what dead processes of this machine left in the landing place."""
    for kind in ("in", "work"):
        mine = f"{kind}-{socket.gethostname()}-"
        for path in landing.glob(f"{mine}*"):
            pid = path.name.removeprefix(mine).partition("-")[0]
            if pid.isdigit() and not _lives(int(pid)):
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)  # signal 0 asks and does nothing
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
