"""Fixtures that every kind of test may use."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests import world as worlds
from tongqu.kernel import clock, jobs

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
POLICY = SHARED / "policy"


@pytest.fixture(scope="session", autouse=True)
def the_trail_may_be_emptied_between_tests() -> None:
    """A test with real transactions ends by emptying every table, which the trail refuses."""
    from django.db import connection
    from django.test import TransactionTestCase

    from tongqu.audit import append_only

    empty = TransactionTestCase._fixture_teardown

    def open_then_empty(case: TransactionTestCase) -> None:
        append_only.uninstall(connection)
        empty(case)
        append_only.install(connection)

    TransactionTestCase._fixture_teardown = open_then_empty  # type: ignore[method-assign]  # see above


@pytest.fixture(scope="session", autouse=True)
def passwords_are_hashed_quickly() -> Iterator[None]:
    """Hashing is slow on purpose, and every client's secret and every log-in is hashed."""
    from django.conf import settings
    from django.test import override_settings

    quick = "django.contrib.auth.hashers.MD5PasswordHasher"
    with override_settings(PASSWORD_HASHERS=[quick, *settings.PASSWORD_HASHERS]):
        yield


@pytest.fixture(autouse=True)
def jobs_are_done_at_once() -> None:
    """A test that loads the web process's module leaves its queue to those after it."""
    jobs.use_runner(None)


@pytest.fixture(autouse=True)
def a_search_index_of_its_own(settings) -> None:
    """Each test begins with an empty index in memory, which sees the test's own transaction."""
    from tongqu.catalog import ports

    settings.SEARCH = {"FOLDER": "", "IN_TRANSACTION": True}
    if index := ports.search_index():
        index.forget()  # type: ignore[attr-defined]  # the wired one, not just any of the port


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tables come from the models at once; then what only a migration makes, the trail's guard.

    The migrations themselves are played by the tests of commands, which begin with nothing.
    """
    from django.db import connection

    from tongqu.audit.append_only import install

    with django_db_blocker.unblock():
        install(connection)


@pytest.fixture
def world(db: None) -> worlds.World:
    return worlds.build()


@pytest.fixture
def at() -> Iterator[clock.FixedClock]:
    """A clock that stands on Thursday 2026-09-24, 09:00: set ``at.instant`` to move it."""
    with clock.use(clock.FixedClock.on(date(2026, 9, 24))) as fixed:
        assert isinstance(fixed, clock.FixedClock)
        yield fixed


@pytest.fixture
def browser_of(world: worlds.World):
    """Return a logged-in Django client for a user name of the world."""

    def open_for(username: str) -> Client:
        client = Client()
        client.force_login(
            world.people[username], backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    return open_for


@pytest.fixture
def lake(settings, tmp_path: Path, django_db_setup: None) -> Iterator[Path]:
    """An empty lake of this test's own; gives its warehouse. Use ``lake.public.store()``.

    On PostgreSQL the catalogue shares the test database, under a name of its own.
    """
    from tongqu.lake import public

    settings.LAKE = {
        **settings.LAKE,
        "WAREHOUSE": str(tmp_path / "lake"),
        "CATALOG_NAME": f"test-{tmp_path.name}",
    }
    settings.EXPORTS = tmp_path / "exports"
    settings.LANDING = tmp_path / "landing"
    for folder in (settings.EXPORTS, settings.LANDING):
        folder.mkdir()
    public.reset()
    yield tmp_path / "lake"
    public.reset()
