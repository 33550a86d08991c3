"""One PostgreSQL for all files that pull from one: each empties it before its tests."""

from collections.abc import Iterator

import pytest
from tests.servers import Postgres, postgres


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    with postgres() as started:
        yield started
