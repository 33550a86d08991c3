"""One at a time, on one machine and across several; the holder's death lets go (kill -9)."""

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection


@contextmanager
def alone(name: str, *, wait: bool = False) -> Iterator[bool]:
    """Hold a name, and give True; where somebody else holds it, wait or give False at once.

    A file beside the landing zone keeps the lock, and on PostgreSQL, where several machines
    share the control database, that too.
    """
    place = Path(settings.LANDING) / "locks"
    place.mkdir(parents=True, exist_ok=True)
    with (place / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        if connection.vendor != "postgresql":
            yield True
            return
        with _in_database(zlib.crc32(f"tongqu.{name}".encode()), wait=wait) as is_ours:
            yield is_ours


@contextmanager
def _in_database(key: int, *, wait: bool) -> Iterator[bool]:
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_lock(%s)", [key])
        else:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        is_ours = wait or bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
