"""The migrations make what the models say: tests take their tables from the models."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_migration_is_missing(settings) -> None:
    settings.MIGRATION_MODULES = {}  # as outside of tests

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
