"""Change data capture from PostgreSQL: a slot, an initial snapshot, then every change.

The slot is made before the snapshot is taken, so no change falls between them; a change that the
snapshot has already seen is told once more and ends in the same state. The slot moves on only
after the batch with its changes has been closed.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
from psycopg import sql

from tongqu.adapters.sources.databases import pgoutput, postgres, problems
from tongqu.adapters.sources.databases.address import Place
from tongqu.adapters.sources.databases.columns import Described
from tongqu.adapters.sources.databases.paging import Page, plain_value
from tongqu.adapters.sources.databases.pgoutput import Change, Committed, lsn_of, lsn_text
from tongqu.ingest.ports import Cursor, Piece, PullFailed, PullOptions
from tongqu.ingest.vocabulary import OP, SEQ, Op

# pg_logical_slot_peek_binary_changes stops behind the transaction that fills this number.
_PEEK = """SELECT data FROM pg_logical_slot_peek_binary_changes(
    %s, %s::pg_lsn, %s, 'proto_version', '1', 'publication_names', %s)"""


@dataclass(slots=True)
class Capture:
    """One source's capture; slot and publication carry the source's code."""

    where: Place
    found: Described
    options: PullOptions
    into: Path
    _count: int = 0

    @property
    def name(self) -> str:
        return f"tongqu_{self.options.source_code}"[:63]

    def pieces(self, cursor: Cursor | None) -> Iterator[Piece]:
        with _connected(self.where) as connection:
            held: Mapping[str, Any] = cursor or {}
            if not held or not self._has_slot(connection):
                held = {"slot": self._make_slot(connection)}
                if cursor or not self.options.is_empty:
                    yield self._emptied(held)
            if "lsn" not in held:
                held = {"until": self._end(connection), **held}
                yield from self._snapshot(held)
                held = {"lsn": held["slot"]}
            yield from self._changes(connection, str(held["lsn"]))

    def _has_slot(self, connection: psycopg.Connection) -> bool:
        row = connection.execute(
            "SELECT 1 FROM pg_replication_slots WHERE slot_name = %s AND wal_status <> 'lost'",
            [self.name],
        ).fetchone()
        return row is not None

    def _make_slot(self, connection: psycopg.Connection) -> str:
        """Make publication and slot anew; return the position from which changes are told."""
        row = connection.execute("SHOW wal_level").fetchone()
        if row is None or row[0] != "logical":
            raise _not_logical()
        exists = connection.execute(
            "SELECT 1 FROM pg_publication WHERE pubname = %s", [self.name]
        ).fetchone()
        if not exists:
            table = sql.Identifier(*filter(None, (self.found.schema, self.found.name)))
            connection.execute(
                sql.SQL("CREATE PUBLICATION {} FOR TABLE {}").format(
                    sql.Identifier(self.name), table
                )
            )
        connection.execute(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
            " WHERE slot_name = %s",
            [self.name],
        )
        made = connection.execute(
            "SELECT lsn::text FROM pg_create_logical_replication_slot(%s, 'pgoutput')", [self.name]
        ).fetchone()
        if made is None:
            raise problems.unreachable()
        return str(made[0])

    def _path(self) -> Path:
        self._count += 1
        return self.into / f"change-{self._count:05d}.parquet"

    def _emptied(self, held: Mapping[str, Any]) -> Piece:
        """Say that what was stored before counts no more: the snapshot behind it is whole."""
        seq = pgoutput.seq_of(lsn_of(held["slot"]), 0)
        columns = [column.name for column in self.found.columns]
        change = Change(Op.TRUNCATE, f"{seq}-t", dict.fromkeys(columns))
        return self._piece([change], held, "快照开始前清空")

    def _order(self) -> tuple[str, ...]:
        return self.found.key or self.options.key

    def _end(self, connection: psycopg.Connection) -> list[str]:
        """Return the last key there is: what comes behind it is told as a change.

        A run reads in one snapshot and so has an end; this gives one to runs that are cut.
        """
        if not self._order():
            return []
        keys = [sql.Identifier(column) for column in self._order()]
        texts, picked, order = (
            sql.SQL(", ").join(sql.SQL(form).format(key) for key in keys)
            for form in ("{}::text", "{}", "{} DESC")
        )
        row = connection.execute(
            # Ordered inside: outside, the names are those of the texts.
            sql.SQL("SELECT {} FROM (SELECT {} FROM {} ORDER BY {} LIMIT 1) AS last").format(
                texts, picked,
                sql.Identifier(*filter(None, (self.found.schema, self.found.name))), order,
            )
        ).fetchone()  # fmt: skip
        return list(row or ())

    def _snapshot(self, held: Mapping[str, Any]) -> Iterator[Piece]:
        seq = pgoutput.seq_of(lsn_of(held["slot"]), 0)
        head = postgres.select(self.found, self.options.columns, seq=seq)
        order = self._order()
        limit = self.options.piece_rows if order else None
        page, seen = Page(order, tuple(held.get("after", ())), limit=limit,
                          until=tuple(held["until"])), 0  # fmt: skip
        with postgres.reader(self.where) as reader:
            while True:
                query = head + postgres.where(page, self.found.types)
                found = reader.write(query, self._path(), last=order)
                if found is None:
                    return
                after = [plain_value(value) for value in found.last]
                is_last = limit is None or found.rows < limit
                cursor = {"lsn": held["slot"]} if is_last else {**held, "after": after}
                name = f"{self.options.what} 快照 第 {seen + 1}–{seen + found.rows} 行"
                yield Piece(found.path, cursor, found.rows, name)
                if is_last:
                    return
                seen += found.rows
                page = replace(page, after=tuple(after))

    def _changes(self, connection: psycopg.Connection, lsn: str) -> Iterator[Piece]:
        """Yield what was committed until now; what comes meanwhile is for the next pull."""
        self._advance(connection, lsn)
        row = connection.execute("SELECT pg_current_wal_lsn()::text").fetchone()
        now = str(row[0]) if row else lsn
        while True:
            changes, end = self._peek(connection, now)
            if not changes:
                self._advance(connection, now)
                return
            yield self._piece(changes, {"lsn": lsn_text(end)}, f"变更 {len(changes)} 条")
            self._advance(connection, lsn_text(end))  # the batch has been closed

    def _peek(self, connection: psycopg.Connection, until: str) -> tuple[list[Change], int]:
        cursor = connection.cursor(binary=True)
        cursor.execute(_PEEK, [self.name, until, self.options.piece_rows, self.name])
        schema = self.found.schema or "public"
        changes, end = list[Change](), 0
        for item in pgoutput.Decoder(schema, self.found.name).decode(row[0] for row in cursor):
            if isinstance(item, Committed):
                end = item.lsn
            else:
                changes.append(item)
        return changes, end

    def _advance(self, connection: psycopg.Connection, lsn: str) -> None:
        """Let the source forget what is stored; never backwards."""
        connection.execute(
            "SELECT pg_replication_slot_advance(slot_name, %s::pg_lsn) FROM pg_replication_slots"
            " WHERE slot_name = %s AND confirmed_flush_lsn < %s::pg_lsn",
            [lsn, self.name, lsn],
        )

    def _piece(self, changes: list[Change], cursor: Cursor, name: str) -> Piece:
        """Write changes as text, in the columns that they came with: others than agreed drift."""
        columns = list(dict.fromkeys(key for change in changes for key in change.values))
        table = pa.table(
            {
                **{c: pa.array([change.values.get(c) for change in changes], pa.string())
                   for c in columns},
                OP: pa.array([change.op.value for change in changes], pa.string()),
                SEQ: pa.array([change.seq for change in changes], pa.string()),
            }
        )  # fmt: skip
        path = self._path()
        pq.write_table(table, path, compression="lz4")
        return Piece(path, cursor, len(changes), f"{self.options.what} {name}")


def release(where: Place, source_code: str) -> None:
    """Drop slot and publication: an abandoned slot would fill the source's disk."""
    name = f"tongqu_{source_code}"[:63]
    with _connected(where) as connection:
        connection.execute(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
            " WHERE slot_name = %s",
            [name],
        )
        connection.execute(sql.SQL("DROP PUBLICATION IF EXISTS {}").format(sql.Identifier(name)))


@contextmanager
def _connected(where: Place) -> Iterator[psycopg.Connection]:
    settings = {"lock_timeout": "5s", "TimeZone": "UTC", "extra_float_digits": "3",
                "DateStyle": "ISO", "IntervalStyle": "postgres"}  # fmt: skip
    try:
        with psycopg.connect(postgres.conninfo(where, **settings), autocommit=True) as connection:
            yield connection
    except psycopg.errors.InsufficientPrivilege:
        raise PullFailed(
            "CDC_PRIVILEGE", "账号没有变更捕获所需的权限。",
            "请源库管理员授予 REPLICATION 权限，并由表的属主建立发布（CREATE PUBLICATION）。",
        ) from None  # fmt: skip
    except psycopg.errors.ConfigurationLimitExceeded:
        raise PullFailed(
            "CDC_SLOTS", "源库的复制槽已用完。", "请源库管理员调大 max_replication_slots。"
        ) from None
    except psycopg.Error as error:
        raise problems.of_state(error.sqlstate or "", str(error)) from None


def _not_logical() -> PullFailed:
    return PullFailed(
        "CDC_NOT_LOGICAL", "源库没有开启逻辑复制，不能捕获变更。",
        "请源库管理员设置 wal_level = logical 并重启数据库；或改用按时间增量。",
    )  # fmt: skip
