"""The control database's tables: made at once where there are none, else brought up to date."""

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tongqu.audit.append_only import install


def bring_up_to_date() -> None:
    """Make or migrate the tables. Safe to run twice, and after a run that was cut."""
    recorder = MigrationRecorder(connection)
    if recorder.has_table() and recorder.applied_migrations():
        call_command("migrate", interactive=False, verbosity=0)
    else:
        _make(recorder)


def _make(recorder: MigrationRecorder) -> None:
    """Make all tables straight from the models, and note the migrations as applied.

    Playing them one after the other on nothing leads to the same tables (a test compares both)
    and takes ten times as long. Tables that a cut run left are kept: what is missing is added,
    and the note comes last.
    """
    usual = settings.MIGRATION_MODULES
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    try:
        call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
    finally:
        settings.MIGRATION_MODULES = usual
    install(connection)  # the one thing that migrations make beside the models
    recorder.ensure_schema()
    with (
        transaction.atomic()
    ):  # all or none: half a note would have the rest played on what is there
        for app, name in MigrationLoader(None).disk_migrations:
            recorder.record_applied(app, name)
