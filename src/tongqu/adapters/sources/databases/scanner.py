"""Scan a live database by SQLAlchemy: tables, columns, keys and comments, in few statements."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Inspector
from sqlalchemy.engine.reflection import ObjectKind

from tongqu.adapters.sources.databases.address import Place, place
from tongqu.catalog.vocabulary import DataType, ScannedColumn, ScannedTable
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law

MOST_TABLES = 5_000
CONNECT_SECONDS = 10
STATEMENT_SECONDS = 60
READ_SECONDS = 300
_TYPES: tuple[tuple[type[Any], DataType], ...] = (
    (sa.Boolean, DataType.BOOLEAN),
    (sa.Integer, DataType.INTEGER),
    (sa.Numeric, DataType.DECIMAL),
    (sa.DateTime, DataType.DATETIME),
    (sa.Date, DataType.DATE),
    (sa.Time, DataType.TIME),
    (sa.Text, DataType.TEXT),
    (sa.String, DataType.STRING),
)
# pg_class.reltuples: -1 where the table was never analysed.
_ESTIMATES = """
SELECT c.relname, c.reltuples::bigint FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = :schema AND c.relkind IN ('r', 'p', 'm') AND c.reltuples >= 0
"""


class SqlScanner:
    """``allowed``: hosts, networks and folders that may be scanned; empty: none."""

    def __init__(self, *, allowed: Sequence[str]) -> None:
        self.allowed = tuple(allowed)

    def shown(self, address: str) -> str:
        return place(address, allowed=self.allowed).shown

    def scan(self, address: str, *, schema: str = "") -> tuple[ScannedTable, ...]:
        """Return the tables and views of a schema, by name.

        Raises: ``Rejected`` ADDRESS_REFUSED, DRIVER_MISSING, SOURCE_UNREACHABLE,
        TOO_MANY_TABLES, SCHEMA_UNKNOWN. No message holds the address or what the driver said.
        """
        where = place(address, allowed=self.allowed)
        with _connected(where) as connection:
            return _tables(connection, where, schema)


@contextmanager
def _connected(where: Place) -> Iterator[Connection]:
    """Yield a connection that reads only. What breaks on the way becomes one clear problem."""
    try:
        engine = engine_of(where)
    except (ImportError, sa.exc.NoSuchModuleError):
        raise Rejected(_driver_missing(where.kind)) from None
    try:
        with engine.connect() as connection:
            yield connection
    except sa.exc.SQLAlchemyError:
        # The driver's words may hold the address and the user: they go nowhere.
        raise Rejected(_UNREACHABLE) from None
    finally:
        engine.dispose()


def engine_of(where: Place) -> sa.Engine:
    """Return an engine that goes where the address was found to lead, and only reads there."""
    return sa.create_engine(
        _address(where), poolclass=sa.NullPool, hide_parameters=True, **_options(where)
    )


def _address(where: Place) -> sa.URL:
    """Return the address with the host as it was looked up: a name may lead elsewhere by now."""
    has_own_way = where.kind in ("sqlite", "postgresql")  # see ``_options``
    return where.url if has_own_way else where.url.set(host=where.numeric)


def _options(where: Place) -> dict[str, Any]:
    match where.kind:
        case "sqlite":
            return {"creator": lambda: _read_only(str(where.url.database))}
        case "postgresql":
            settings = (
                f"-c default_transaction_read_only=on -c statement_timeout={STATEMENT_SECONDS}s"
                f" -c lock_timeout=5s"
            )
            place_of = {"host": where.numeric} if where.url.host is None else {
                "hostaddr": where.numeric
            }  # fmt: skip
            return {"connect_args": place_of
                    | {"connect_timeout": CONNECT_SECONDS, "options": settings}}  # fmt: skip
        case "mysql" | "mariadb":
            # A server that stops in the middle of an answer must not hold a worker for ever.
            return {"connect_args": {"connect_timeout": CONNECT_SECONDS, "charset": "utf8mb4",
                                     "read_timeout": READ_SECONDS,
                                     "write_timeout": READ_SECONDS}}  # fmt: skip
        case "oracle" | "mssql" | "dm":  # their drivers know no such argument
            return {}
        case _:
            return {"connect_args": {"connect_timeout": CONNECT_SECONDS}}


def _read_only(path: str) -> Any:
    import sqlite3
    from urllib.parse import quote

    return sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True, timeout=CONNECT_SECONDS)


def _tables(connection: Connection, where: Place, schema: str) -> tuple[ScannedTable, ...]:
    inspector = sa.inspect(connection)
    name = schema or inspector.default_schema_name or None
    if schema and schema not in inspector.get_schema_names():
        raise Rejected(_SCHEMA_UNKNOWN)
    given = {"schema": schema or None, "kind": ObjectKind.ANY}
    columns = inspector.get_multi_columns(**given)  # type: ignore[arg-type]  # the stubs want literals
    if len(columns) > MOST_TABLES:
        raise Rejected(_TOO_MANY)
    parts = _Parts(inspector, given)
    rows = _estimates(connection, where.kind, str(name or ""), [key[1] for key in columns])
    views = set(inspector.get_view_names(schema=schema or None))
    found = [
        ScannedTable(
            schema=schema,
            name=table,
            columns=parts.columns((owner, table), described),
            comment=parts.comment((owner, table)),
            rows=rows.get(table),
            is_view=table in views,
        )
        for (owner, table), described in columns.items()
    ]
    return tuple(sorted(found, key=lambda table: table.name))


class _Parts:
    """Keys, foreign keys and comments of all tables, fetched at once."""

    def __init__(self, inspector: Inspector, given: Mapping[str, Any]) -> None:
        self.keys: Mapping[Any, Any] = inspector.get_multi_pk_constraint(**given)
        self.foreign: Mapping[Any, Any] = inspector.get_multi_foreign_keys(**given)
        try:
            self.comments: Mapping[Any, Any] = inspector.get_multi_table_comment(**given)
        except NotImplementedError:  # SQLite has none
            self.comments = {}

    def comment(self, table: tuple[str | None, str]) -> str:
        return str((self.comments.get(table) or {}).get("text") or "").strip()

    def columns(self, table: Any, described: Sequence[Any]) -> tuple[ScannedColumn, ...]:
        keys = set((self.keys.get(table) or {}).get("constrained_columns") or ())
        refers = {
            column: f"{key['referred_table']}.{other}"
            for key in self.foreign.get(table) or ()
            for column, other in zip(
                key["constrained_columns"], key["referred_columns"], strict=False
            )
        }
        return tuple(
            ScannedColumn(
                name=str(column["name"]),
                position=position,
                source_type=_type_name(column["type"]),
                data_type=_data_type(column["type"]),
                length=getattr(column["type"], "length", None),
                nullable=bool(column["nullable"]) and column["name"] not in keys,
                is_key=column["name"] in keys,
                comment=str(column.get("comment") or "").strip(),
                refers_to=refers.get(column["name"], ""),
            )
            for position, column in enumerate(described, start=1)
        )


def _type_name(kind: Any) -> str:
    try:
        return str(kind)[:60]
    except (sa.exc.CompileError, NotImplementedError):  # a type without a name of its own
        return type(kind).__name__[:60]


def _data_type(kind: Any) -> DataType:
    return next((word for base, word in _TYPES if isinstance(kind, base)), DataType.STRING)


def _estimates(
    connection: Connection, kind: str, schema: str, tables: Sequence[str]
) -> dict[str, int]:
    """Return row estimates from the database's own statistics: nothing is counted."""
    if kind == "postgresql":
        found = connection.execute(sa.text(_ESTIMATES), {"schema": schema})
        return {str(name): int(rows) for name, rows in found}
    if (
        kind == "sqlite"
        and connection.execute(
            sa.text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
        ).first()
    ):
        stats = connection.execute(sa.text("SELECT tbl, stat FROM sqlite_stat1"))
        pairs = [(str(name), str(stat).split(" ", 1)[0]) for name, stat in stats]
        return {name: int(rows) for name, rows in pairs if rows.isdecimal() and name in tables}
    return {}


def _driver_missing(kind: str) -> Problem:
    return Problem(
        code="DRIVER_MISSING",
        title=f"本平台没有安装 {kind} 的驱动，不能扫描。",
        next_step="请技术支持部门安装驱动；或导出为 xlsx、csv 后导入。",
        basis=law.COMPILE,
        who="技术支持部门",
        fields={"secret_address": f"没有安装 {kind} 的驱动"},
    )


_UNREACHABLE = Problem(
    code="SOURCE_UNREACHABLE",
    title="数据库连接不上，或在扫描途中断开；没有写入任何内容。",
    next_step="请核对地址、账号和网络，待数据库恢复后重新扫描。",
    basis=law.COMPILE,
    who="提供部门",
    fields={"secret_address": "连接不上，或在扫描途中断开"},
)
_SCHEMA_UNKNOWN = Problem(
    code="SCHEMA_UNKNOWN",
    title="数据库里没有这个模式，或账号看不到它。",
    next_step="请核对模式的名称和账号的权限。",
    basis=law.COMPILE,
    fields={"schema": "没有这个模式，或账号看不到它"},
)
_TOO_MANY = Problem(
    code="TOO_MANY_TABLES",
    title=f"表和视图超过 {MOST_TABLES} 张，没有扫描。",
    next_step="请按模式分别扫描，或用只能看到业务表的账号。",
    basis=law.COMPILE,
    fields={"schema": f"超过 {MOST_TABLES} 张表"},
)
