"""Migrations and models make the same tables: new hubs take theirs from the models at once."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import call_command

MAKE = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tongqu.project.settings"
django.setup()
from tongqu.project.tables import bring_up_to_date
bring_up_to_date()
"""
PLAY = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tongqu.project.settings"
django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
"""


@pytest.mark.django_db
def test_no_migration_is_missing(settings) -> None:
    settings.MIGRATION_MODULES = {}  # as outside of tests

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_made_at_once_or_migration_by_migration_the_tables_are_the_same(tmp_path: Path) -> None:
    for name, script in (("made", MAKE), ("made", MAKE), ("played", PLAY), ("played", MAKE)):
        (tmp_path / name).mkdir(exist_ok=True)
        subprocess.run(
            [sys.executable, "-c", script], check=True,
            env={"PATH": "/usr/bin:/bin", "TONGQU_HOME": str(tmp_path / name)},
        )  # fmt: skip

    made, played = (_tables(tmp_path / name / "tongqu.db") for name in ("made", "played"))

    assert made.keys() == played.keys()
    assert {name for name in made if made[name] != played[name]} == set()
    assert made["trigger audit_auditentry_no_update"]


def _tables(path: Path) -> dict[str, object]:
    """Return columns with their types and demands, keys and indexes; in no order."""
    with closing(sqlite3.connect(path)) as db:
        all_of = "SELECT name FROM sqlite_master WHERE type = ?"
        found: dict[str, object] = {
            f"trigger {n}": True for (n,) in db.execute(all_of, ["trigger"])
        }
        for (name,) in db.execute(all_of, ["table"]).fetchall():
            columns = {row[1:] for row in db.execute(f"PRAGMA table_info('{name}')")}
            keys = {row[2:7] for row in db.execute(f"PRAGMA foreign_key_list('{name}')")}
            indexes = sorted(
                (unique, partial, _columns(db, index))
                for _, index, unique, _, partial in db.execute(f"PRAGMA index_list('{name}')")
            )
            (sql,) = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", [name]).fetchone()
            checks = sorted(part.split('"')[1] for part in sql.split("CONSTRAINT ")[1:])
            found[f"table {name}"] = (columns, keys, indexes, checks)
        return found | {"migrations": set(db.execute("SELECT app, name FROM django_migrations"))}


def _columns(db: sqlite3.Connection, index: str) -> tuple[object, ...]:
    return tuple(row[2] for row in db.execute(f"PRAGMA index_info('{index}')"))
