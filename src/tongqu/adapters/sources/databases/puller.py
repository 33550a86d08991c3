"""The puller of database tables: PostgreSQL by ADBC, all others by SQLAlchemy."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from tongqu.adapters.sources.ahead import ahead
from tongqu.adapters.sources.databases import alchemy, problems
from tongqu.adapters.sources.databases.address import Place, place
from tongqu.adapters.sources.databases.columns import TECHNICAL, Described, described
from tongqu.adapters.sources.databases.paging import Page, Pages
from tongqu.adapters.sources.databases.pieces import Written
from tongqu.ingest.ports import (
    Connection,
    Cursor,
    Measure,
    Piece,
    Probe,
    PullFailed,
    PullOptions,
    Setting,
)
from tongqu.ingest.vocabulary import Form, Mode

MOST_CHOICES = 500


class DatabasePuller:
    """``allowed``: hosts, networks and folders that may be reached; empty: none."""

    title = "关系数据库（PostgreSQL、MySQL/MariaDB、达梦、人大金仓、openGauss/GaussDB、SQLite）"
    form = Form.DATABASE
    modes: tuple[Mode, ...] = (Mode.FULL, Mode.BY_KEY, Mode.BY_TIME, Mode.CDC)
    connection_settings: tuple[Setting, ...] = (
        Setting("password", "口令", "平台加密保存，不再显示", "secret", required=False),
    )
    option_settings: tuple[Setting, ...] = ()

    def __init__(self, *, allowed: Sequence[str]) -> None:
        self.allowed = tuple(allowed)

    def _place(self, connection: Connection) -> Place:
        where = place(connection.address, allowed=self.allowed)
        password = connection.secrets.get("password")
        return replace(where, url=where.url.set(password=password)) if password else where

    def check(self, connection: Connection, options: PullOptions) -> None:
        where = self._place(connection)
        if options.mode is Mode.CDC and where.kind != "postgresql":
            raise PullFailed(
                "CDC_NOT_SUPPORTED", f"{where.kind} 不支持变更捕获。",
                "请改用按时间增量或按键增量。",
            )  # fmt: skip

    def probe(self, connection: Connection, options: PullOptions) -> Probe:
        where = self._place(connection)
        with alchemy.connected(where) as opened:
            if not options.what:
                inspector = sa.inspect(opened)
                names = [*inspector.get_table_names(), *inspector.get_view_names()]
                return Probe(choices=tuple(sorted(names)[:MOST_CHOICES]))
            found = self._described(opened, options)
            key = found.key or options.key
            columns = tuple(
                replace(c, is_key=True, nullable=False) if c.name in key else c
                for c in found.columns
            )
            if options.mode is Mode.CDC:
                columns += TECHNICAL
                _check_capturable(found)
            return Probe(columns, rows=_count(opened, found), key=tuple(key))

    def _described(self, opened: sa.Connection, options: PullOptions) -> Described:
        found = described(opened, options.what)
        if found is None:
            raise problems.table_unknown()
        wrong = [c for c in (*options.key, options.time_column) if c and c not in found.types]
        if wrong:
            raise PullFailed(
                "COLUMN_UNKNOWN", f"源表没有登记的列：{'、'.join(wrong)}。",
                "请重新探查，核对键列和时间列。",
            )  # fmt: skip
        skip = options.settings.get("skip", ())
        columns = tuple(c for c in found.columns if c.name not in skip)
        return replace(found, columns=columns)

    def pull(
        self, connection: Connection, options: PullOptions, cursor: Cursor | None, into: Path
    ) -> Iterator[Piece]:
        where = self._place(connection)
        with alchemy.connected(where) as opened:
            found = self._described(opened, options)
        if options.mode is Mode.CDC:
            from tongqu.adapters.sources.databases.capture import Capture

            yield from Capture(where, found, options, into).pieces(cursor)
        elif where.kind == "postgresql":
            yield from _by_adbc(where, found, options, cursor, into)
        else:
            yield from _by_alchemy(where, found, options, cursor, into)

    def release(self, connection: Connection, options: PullOptions) -> None:
        """Give back what the source keeps for us."""
        if options.mode is Mode.CDC:
            from tongqu.adapters.sources.databases.capture import release

            release(self._place(connection), options.source_code)

    def measure(self, connection: Connection, options: PullOptions, digest: str) -> Measure:
        """Count the source's rows and sum the digests of their agreed columns."""
        from tongqu.adapters.sources.databases.measuring import measured

        where = self._place(connection)
        with alchemy.connected(where) as opened:
            found = self._described(opened, options)
        return measured(where, found, options, digest)


def _count(opened: sa.Connection, found: Described) -> int:
    table = sa.table(found.name, schema=found.schema or None)
    return int(opened.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def _check_capturable(found: Described) -> None:
    if not found.key:
        raise PullFailed(
            "CDC_NO_KEY", "源表没有主键，修改和删除无法对应到行。",
            "请源库管理员为表建立主键；或改用全量。",
        )  # fmt: skip


def _by_adbc(where: Place, found: Described, options: PullOptions, cursor: Cursor | None,
             into: Path) -> Iterator[Piece]:  # fmt: skip
    from tongqu.adapters.sources.databases import postgres

    head = postgres.select(found, options.columns)

    def fetch(page: Page, path: Path) -> Written | None:
        return reader.write(head + postgres.where(page, found.types), path, last=page.order)

    with postgres.reader(where) as reader:
        pages = Pages(options, found.key or options.key, fetch, into)
        yield from ahead(pages.pieces(cursor))


def _by_alchemy(where: Place, found: Described, options: PullOptions, cursor: Cursor | None,
                into: Path) -> Iterator[Piece]:  # fmt: skip
    with alchemy.connected(where) as opened:

        def fetch(page: Page, path: Path) -> Written | None:
            return alchemy.write(opened, found, options.columns, page, path)

        yield from Pages(options, found.key or options.key, fetch, into).pieces(cursor)
