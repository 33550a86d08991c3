"""Databases against the contract of all sources: PostgreSQL, MySQL where there is one, SQLite."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pymysql
import pytest
from psycopg import Connection
from tests.adapters.contract_sources import Row, SourceContract
from tests.servers import Maria, Postgres, has_mariadb, mariadb

from tongqu.ingest.vocabulary import Mode


class PostgresSupply:
    connector = "database"
    what = "public.roads"
    settings: Mapping[str, Any] = {}
    options: Mapping[str, Any] = {}
    wrong_secrets = {"password": "wrong-word"}
    keeps_empty = True

    def __init__(self, server: Postgres, mode: Mode, connection: Connection) -> None:
        self.mode = mode
        self.address = server.address()
        self.secrets = {"password": server.password}
        self.connection = connection
        self.connection.execute(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
        )
        self.connection.execute("DROP PUBLICATION IF EXISTS tongqu_roads")
        self.connection.execute("DROP TABLE IF EXISTS roads")
        self.connection.execute(
            "CREATE TABLE roads (id bigint PRIMARY KEY, name text, km double precision)"
        )

    def fill(self, rows: Sequence[Row]) -> None:
        with self.connection.cursor() as cursor:
            cursor.executemany("INSERT INTO roads VALUES (%(id)s, %(name)s, %(km)s)", rows)

    def drift(self) -> None:
        self.connection.execute("ALTER TABLE roads ADD COLUMN surface text")
        self.connection.execute("INSERT INTO roads VALUES (99999, '新', 1, '沥青')")


class SqliteSupply(PostgresSupply):
    what = "roads"
    wrong_secrets = None  # type: ignore[assignment]  # a file has none

    def __init__(self, path: Path, mode: Mode, file: sqlite3.Connection) -> None:
        self.mode = mode
        self.address = f"sqlite:///{path}"
        self.secrets = {}
        self.file = file
        self.file.execute("PRAGMA synchronous = OFF")  # else the disk is waited for at each row
        self.file.execute(
            "CREATE TABLE roads (id INTEGER PRIMARY KEY, name TEXT, km DOUBLE PRECISION)"
        )

    def fill(self, rows: Sequence[Row]) -> None:
        self.file.executemany("INSERT INTO roads VALUES (:id, :name, :km)", rows)

    def drift(self) -> None:
        self.file.execute("ALTER TABLE roads ADD COLUMN surface TEXT")
        self.file.execute("INSERT INTO roads VALUES (99999, '新', 1, '沥青')")


class TestPostgres(SourceContract):
    @pytest.fixture(params=[Mode.FULL, Mode.BY_KEY, Mode.CDC], ids=str)
    def supply(self, request, server: Postgres, settings) -> Iterator[PostgresSupply]:
        settings.SCAN_ALLOWED = (str(server.folder),)
        with server.connect() as connection:
            yield PostgresSupply(server, request.param, connection)


class TestSqlite(SourceContract):
    @pytest.fixture(params=[Mode.FULL, Mode.BY_KEY], ids=str)
    def supply(self, request, tmp_path: Path, settings) -> Iterator[SqliteSupply]:
        settings.SCAN_ALLOWED = (str(tmp_path),)
        with closing(sqlite3.connect(tmp_path / "there.db", isolation_level=None)) as file:
            yield SqliteSupply(tmp_path / "there.db", request.param, file)


@pytest.fixture(scope="module")
def maria() -> Iterator[Maria]:
    with mariadb() as started:
        yield started


class MariaSupply(PostgresSupply):
    what = "roads"

    def __init__(self, server: Maria, mode: Mode, connection: pymysql.Connection) -> None:
        self.mode = mode
        self.address = server.address
        self.secrets = {"password": server.password}
        self.cursor = connection.cursor()
        self.cursor.execute("DROP TABLE IF EXISTS there.roads")
        self.cursor.execute(
            "CREATE TABLE there.roads (id bigint PRIMARY KEY, name varchar(200), km double)"
        )

    def fill(self, rows: Sequence[Row]) -> None:
        self.cursor.executemany(
            "INSERT INTO there.roads VALUES (%(id)s, %(name)s, %(km)s)", list(rows)
        )

    def drift(self) -> None:
        self.cursor.execute("ALTER TABLE there.roads ADD COLUMN surface varchar(20)")
        self.cursor.execute("INSERT INTO there.roads VALUES (99999, '新', 1, '沥青')")


@pytest.mark.skipif(not has_mariadb(), reason="no MariaDB: mariadbd is not on PATH")
class TestMaria(SourceContract):
    @pytest.fixture(params=[Mode.FULL, Mode.BY_KEY], ids=str)
    def supply(self, request, maria: Maria, settings) -> Iterator[MariaSupply]:
        settings.SCAN_ALLOWED = ("127.0.0.1",)
        with maria.connect() as connection:
            yield MariaSupply(maria, request.param, connection)
