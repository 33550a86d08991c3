"""Take an uploaded file over, so that a crash between page and batch loses nothing."""

import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from tongqu.ingest.actions.guards import landing


class Upload(Protocol):
    """What the web hands over: a name and chunks."""

    name: str | None

    def chunks(self) -> Iterable[bytes]: ...


def safe_name(name: str | None) -> str:
    """Return the last part of a name without anything a path could mean."""
    last = re.split(r"[/\\]", name or "")[-1].strip().lstrip(".")
    kept = "".join(c for c in last if c.isprintable())[-120:]
    return kept or "file"


@contextmanager
def received(upload: Upload) -> Iterator[Path]:
    """Write the upload under its own name in a folder of its own; it is gone afterwards."""
    folder = landing() / "incoming" / uuid.uuid4().hex
    folder.mkdir(parents=True)
    path = folder / safe_name(upload.name)
    try:
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        yield path
    finally:
        path.unlink(missing_ok=True)
        folder.rmdir()
