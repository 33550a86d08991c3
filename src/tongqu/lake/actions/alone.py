"""One at a time, on one machine and across several; the holder's death lets go (kill -9)."""

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Hold a name; give False at once where somebody else holds it.

    On PostgreSQL the control database keeps the lock, else a file beside the landing zone.
    """
    if connection.vendor == "postgresql":
        with _in_database(zlib.crc32(f"tongqu.lake.{name}".encode())) as is_ours:
            yield is_ours
        return
    place = Path(settings.LANDING) / "locks"
    place.mkdir(parents=True, exist_ok=True)
    with (place / f"lake-{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def _in_database(key: int) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
