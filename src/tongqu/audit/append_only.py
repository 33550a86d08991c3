"""The database itself refuses to change what the trail holds.

Whoever owns the database can take the triggers off; then the chain and its signed heads
tell. The triggers stop programs and mistakes, the chain finds owners.
"""

from collections.abc import Callable

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("audit_auditentry", "audit_seal", "audit_head")
VERBS = ("UPDATE", "DELETE")
MESSAGE = "the trail is append-only"


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers on; twice is the same as once."""
    _run(connection, _install_postgresql if connection.vendor == "postgresql" else _install_sqlite)


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers off: for going back in the migrations, and for tests."""
    _run(connection, _drop_postgresql if connection.vendor == "postgresql" else _drop_sqlite)


def _run(connection: BaseDatabaseWrapper, statements: Callable[[str], list[str]]) -> None:
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        for table in TABLES:
            if table in existing:
                for statement in statements(table):
                    cursor.execute(statement)


def _install_sqlite(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        for verb in VERBS
    ]


def _drop_sqlite(table: str) -> list[str]:
    return [f"DROP TRIGGER IF EXISTS {table}_no_{verb.lower()}" for verb in VERBS]


def _install_postgresql(table: str) -> list[str]:
    return [
        "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$",
        f"CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
        f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
    ]


def _drop_postgresql(table: str) -> list[str]:
    return [f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}"]
