"""The control database as files: SQLite by its own backup, PostgreSQL table by table.

No tool of the database's own is needed on either side. PostgreSQL is read in one repeatable
read, so that all tables are of one moment; foreign keys are checked at the end of the load.
"""

import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from psycopg import sql

from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law

NAME = "control.sqlite3"
PAGES = 2_000  # a step of SQLite's backup: writers get in between
DRILL_PLACE = Problem(
    code="DRILL_PLACE",
    title="数据库服务器不允许为恢复演练新建数据库。",
    next_step="请给账号 CREATEDB 权限，或以 TONGQU_DRILL_DATABASE_URL 指定可以新建的服务器。",
    basis=law.SECURITY_DUTY,
    who="技术支持部门",
)


class ControlFiles:
    """See ``lake.ports.ControlCopy``."""

    def dump(self, folder: Path) -> Sequence[tuple[str, Path]]:
        if connection.vendor == "sqlite":
            return [(NAME, _dump_sqlite(folder / NAME))]
        return _dump_postgresql(folder)

    def load(self, files: Mapping[str, Path]) -> None:
        if connection.vendor == "sqlite":
            _load_sqlite(files[NAME])
        else:
            call_command("migrate", interactive=False, verbosity=0)
            _load_postgresql(files)

    def is_empty(self) -> bool:
        with connection.cursor() as cursor:
            if "audit_auditentry" not in connection.introspection.table_names(cursor):
                return True
            cursor.execute("SELECT 1 FROM audit_auditentry LIMIT 1")
            return cursor.fetchone() is None

    @contextmanager
    def scratch(self) -> Iterator[str]:
        if connection.vendor == "sqlite":
            yield ""
            return
        server, name = settings.DRILL_DATABASE_URL, f"tongqu_drill_{secrets.token_hex(6)}"
        try:
            _say(server, "CREATE DATABASE {}", name)
        except psycopg.Error:
            raise Rejected(DRILL_PLACE) from None
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            _say(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _say(server: str, statement: Any, name: str) -> None:
    """Have a server do what no transaction may hold."""
    with psycopg.connect(server, autocommit=True, connect_timeout=10) as outside:
        outside.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _dump_sqlite(path: Path) -> Path:
    """Copy what is committed, by a connection of its own: a writer's would wait for itself."""
    path.unlink(missing_ok=True)
    source = sqlite3.connect(str(connection.settings_dict["NAME"]), timeout=60)
    copy = sqlite3.connect(path)
    try:
        source.backup(copy, pages=PAGES)
        copy.execute("PRAGMA journal_mode=DELETE")
    finally:
        copy.close()
        source.close()
    return path


def _load_sqlite(path: Path) -> None:
    connection.ensure_connection()
    source = sqlite3.connect(path)
    try:
        source.backup(connection.connection)
    finally:
        source.close()
    connections.close_all()


def _tables() -> list[str]:
    """Return the platform's own tables; the lake's catalogue is made anew from its files."""
    found = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return sorted({*found, "django_migrations"} - {"django_session"})


def _dump_postgresql(folder: Path) -> Sequence[tuple[str, Path]]:
    found = []
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:  # only the outermost can say what it sees
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        existing = set(connection.introspection.table_names(cursor))
        for table in _tables():
            if table not in existing:
                continue
            columns = ", ".join(f'"{c.name}"' for c in _columns(cursor, table))
            path = folder / f"{table}.copy"
            statement = f'COPY (SELECT {columns} FROM "{table}") TO STDOUT'  # noqa: S608  # our tables
            with path.open("wb") as file, cursor.cursor.copy(statement) as copy:
                file.write(f"{columns}\n".encode())
                for piece in copy:
                    file.write(piece)
            found.append((f"{table}.copy", path))
    return found


def _columns(cursor: Any, table: str) -> Sequence[Any]:
    found: Sequence[Any] = connection.introspection.get_table_description(cursor, table)
    return found


def _load_postgresql(files: Mapping[str, Path]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        filled = [table for table in _tables() if _has_rows(cursor, table)]
        for table in filled:  # what migrating an empty database leaves: types and permissions
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608  # our tables
        for name, path in files.items():
            table = name.removesuffix(".copy")
            with path.open("rb") as file:
                columns = file.readline().decode().strip()
                with cursor.cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                    while piece := file.read(1 << 20):
                        copy.write(piece)
        _count_on(cursor, [name.removesuffix(".copy") for name in files])


def _has_rows(cursor: Any, table: str) -> bool:
    cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')  # noqa: S608  # our tables
    return cursor.fetchone() is not None


def _count_on(cursor: Any, tables: Sequence[str]) -> None:
    """Let the numbers of new rows begin behind those restored."""
    for table in tables:
        for sequence in connection.introspection.get_sequences(cursor, table):
            last = f'SELECT coalesce(max("{sequence["column"]}"), 0) + 1 FROM "{table}"'  # noqa: S608  # our tables
            cursor.execute(
                f"SELECT setval(%s::regclass, ({last}), false)",
                [sequence["name"]],
            )
