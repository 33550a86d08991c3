"""Take an uploaded file over, so that a crash between page and batch loses nothing."""

import errno
import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from tongqu.ingest.actions.guards import landing
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law

NAME_BYTES = 200


class Upload(Protocol):
    """What the web hands over: a name and chunks."""

    name: str | None

    def chunks(self) -> Iterable[bytes]: ...


def safe_name(name: str | None) -> str:
    """Return the last part of a name without anything a path could mean."""
    last = re.split(r"[/\\]", name or "")[-1].strip().lstrip(".")
    kept = "".join(c for c in last if c.isprintable())
    # A file system counts bytes; the end holds what tells the format.
    return kept.encode()[-NAME_BYTES:].decode(errors="ignore") or "file"


@contextmanager
def received(upload: Upload) -> Iterator[Path]:
    """Write the upload under its own name in a folder of its own; it is gone afterwards."""
    folder = landing() / "incoming" / uuid.uuid4().hex
    folder.mkdir(parents=True)
    path = folder / safe_name(upload.name)
    try:
        _write(upload, path)
        yield path
    finally:
        path.unlink(missing_ok=True)
        folder.rmdir()


def _write(upload: Upload, path: Path) -> None:
    try:
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise
        raise Rejected(
            Problem(
                code="STORAGE_FULL",
                title="平台存储空间不足，文件未接收。",
                next_step="请通知技术支持部门扩容后重新报送；已入湖的数据不受影响。",
                basis=law.SUPPORT_UNIT,
                who="技术支持部门",
            )
        ) from error
